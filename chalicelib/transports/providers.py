"""How each provider's transport is made of a setup: which settings it has, whether it needs a secret, its class.

Clients are imported when a transport is made: a process that never sends waits for none of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.errors import Invalid
from chalicelib.model.outcome import Halted, Outcome
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.model.token import Signer
from chalicelib.model.transport_setup import BASE_URLS, Provider, TransportSetup
from chalicelib.transports.attached import Contents
from chalicelib.transports.smtp_settings import SmtpSettings

if TYPE_CHECKING:
    from chalicelib.transports.json_call import Api

Kind = type[str] | type[int] | type[float]
Secret = Callable[[], str]

MAX_TEXT = 255
FASTEST = 10_000.0
# Beside BASE_URLS, a simulator on this machine, to the end: `http://127.0.0.1:80@example.com` is somebody else's.
LOOPBACK = re.compile(r"http://127\.0\.0\.1:[0-9]{1,5}")
_OF_AN_API: Mapping[str, Kind] = MappingProxyType({"base_url": str, "per_second": float})
_KINDS: Mapping[str, Kind] = MappingProxyType({"str": str, "int": int, "float": float, "Security": str})
_OF_SMTP = MappingProxyType({each.name: _KINDS[str(each.type)] for each in fields(SmtpSettings) if each.compare})
SETTINGS: Mapping[Provider, Mapping[str, Kind]] = MappingProxyType(
    {
        "ses": MappingProxyType({}),
        "smtp": _OF_SMTP,
        "sendgrid": _OF_AN_API,
        "mailjet": _OF_AN_API,
        "mandrill": _OF_AN_API,
    }
)
_NAMES: Mapping[Kind, str] = MappingProxyType({str: "text", int: "a whole number", float: "a number"})


class Transport(Protocol):
    """As in `work/ports/transports.py`."""

    def send(
        self, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER
    ) -> Sequence[Outcome]: ...
    def quota(self) -> Quota: ...


@dataclass(frozen=True, slots=True)
class House:
    """What every transport of a deployment is given: `ses` makes SES's, the rest is for all others."""

    ses: Callable[[], Transport]
    signer: Signer
    workspace: str
    timeout_ms: int
    contents: Contents


def check(setup: TransportSetup) -> None:
    """Invalid names the setting (`settings.host`) that its provider does not have, or not with this value."""
    known = SETTINGS[setup.provider]
    for name, value in setup.settings.items():
        if name not in known:
            mend = f"{setup.provider} has {', '.join(known)}." if known else f"{setup.provider} has no settings."
            raise Invalid(f"settings.{name}", value, mend)
        _check_kind(name, value, known[name])
    if setup.provider in BASE_URLS:
        _check_api(setup)
    elif setup.provider == "smtp":
        _check_smtp(setup)


def made(setup: TransportSetup, house: House, secret: Secret) -> Transport:
    """Raises SendingFault where the provider needs its secret at once and it cannot be had, and where it cannot be one
    of this provider's.
    """
    return MAKERS[setup.provider](setup, house, secret)


def _check_kind(name: str, value: object, kind: Kind) -> None:
    fits = isinstance(value, (int, float) if kind is float else kind) and not isinstance(value, bool)
    if not fits or (isinstance(value, str) and len(value) > MAX_TEXT):
        raise Invalid(f"settings.{name}", value, f"Give {_NAMES[kind]}.")


def _check_api(setup: TransportSetup) -> None:
    base_url, places = str(setup.settings.get("base_url", "")), BASE_URLS[setup.provider]
    if base_url and base_url not in places and not LOOPBACK.fullmatch(base_url):
        raise Invalid("settings.base_url", base_url, f"Give one of {', '.join(places)}, or leave it out.")
    per_second = float(setup.settings.get("per_second", 1))
    if not 0 < per_second <= FASTEST:
        raise Invalid("settings.per_second", per_second, f"Give a number of recipients a second, at most {FASTEST:g}.")


def _check_smtp(setup: TransportSetup) -> None:
    if "host" not in setup.settings:
        raise Invalid("settings.host", None, "This field is needed.")
    try:
        _smtp_settings(setup, str)
    except Invalid as fault:
        raise Invalid(f"settings.{fault.field}", fault.value, fault.hint or "") from None


def _smtp_settings(setup: TransportSetup, password: Secret) -> SmtpSettings:
    given: dict[str, Any] = dict(setup.settings)
    return SmtpSettings(**given, password=password)


def _smtp(setup: TransportSetup, house: House, secret: Secret) -> Transport:
    from chalicelib.transports.smtp import SmtpTransport  # noqa: PLC0415  # see above

    return SmtpTransport(_smtp_settings(setup, secret), house.signer, house.timeout_ms, house.contents)


def _sendgrid(setup: TransportSetup, house: House, secret: Secret) -> Transport:
    from chalicelib.transports.sendgrid import API, SendGridTransport  # noqa: PLC0415  # as above

    return SendGridTransport(secret(), house.workspace, house.contents, _at(API, setup, house))


def _mailjet(setup: TransportSetup, house: House, secret: Secret) -> Transport:
    from chalicelib.transports.mailjet import API, MailjetTransport  # noqa: PLC0415  # as above

    key = secret()
    try:
        return MailjetTransport(key, house.workspace, house.contents, _at(API, setup, house))
    except ValueError as why:
        raise Halted(f"{why} Put it into SSM so, then resume.") from None


def _mandrill(setup: TransportSetup, house: House, secret: Secret) -> Transport:
    from chalicelib.transports.mandrill import API, MandrillTransport  # noqa: PLC0415  # as above

    return MandrillTransport(secret(), house.workspace, house.contents, _at(API, setup, house))


def _at(api: Api, setup: TransportSetup, house: House) -> Api:
    given: dict[str, Any] = dict(setup.settings)
    return replace(api, **given, timeout_ms=house.timeout_ms)


MAKERS: Mapping[Provider, Callable[[TransportSetup, House, Secret], Transport]] = MappingProxyType(
    {
        "ses": lambda _setup, house, _secret: house.ses(),
        "smtp": _smtp,
        "sendgrid": _sendgrid,
        "mailjet": _mailjet,
        "mandrill": _mandrill,
    }
)
