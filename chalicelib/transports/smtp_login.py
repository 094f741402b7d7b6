"""The beginning of an SMTP session: greeting, EHLO, STARTTLS, AUTH. What fails here took no mail."""

from __future__ import annotations

import base64
import hmac
import ssl
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from chalicelib.model.outcome import CallNotSent, Halted
from chalicelib.transports.smtp_replies import LOGIN, Phase, judged
from chalicelib.transports.smtp_settings import SmtpSettings
from chalicelib.transports.smtp_wire import Deadline, Reply, Wire, dialled

# What the server offers, by keyword in upper case: its parameters in upper case.
Offers = Mapping[str, tuple[str, ...]]

NO_STARTTLS = "The SMTP server offers no STARTTLS. Give its TLS port, or allow plain text, then resume."
NO_AUTH = (
    "The SMTP server offers no way to log in that we know (PLAIN, LOGIN, CRAM-MD5). Mend its settings, then resume."
)
CERTIFICATE = (
    "The SMTP server's certificate is not to be trusted: {}. Mend the host name or the certificate, then resume."
)

# Given user, password and the server's challenge: the answer. "" where the mechanism is not used yet.
Step = Callable[[str, str, bytes], bytes]


def _cram_md5(user: str, password: str, challenge: bytes) -> bytes:
    return f"{user} {hmac.new(password.encode(), challenge, 'md5').hexdigest()}".encode()


MECHANISMS: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {
        "CRAM-MD5": (_cram_md5,),  # RFC 2195
        "PLAIN": (lambda user, password, _: f"\0{user}\0{password}".encode(),),  # RFC 4616
        "LOGIN": (lambda user, _p, _c: user.encode(), lambda _u, password, _c: password.encode()),
    }
)
# Inside TLS the server need not keep the password itself; in the clear the password is better not said.
ENCRYPTED: Sequence[str] = ("PLAIN", "LOGIN", "CRAM-MD5")
CLEAR: Sequence[str] = ("CRAM-MD5", "PLAIN", "LOGIN")


def opened(settings: SmtpSettings, trust: ssl.SSLContext, deadline: Deadline) -> tuple[Wire, Offers]:
    """A connection that is ready for mail, and what its server offers.

    Halted where a person must act, CallNotSent for all that may go by itself.
    """
    try:
        wire = dialled(settings.host, settings.port, deadline)
    except OSError as error:
        raise CallNotSent(f"Could not connect to {settings.host}:{settings.port}: {_shown(error)}") from None
    try:
        return wire, _ready(wire, settings, trust)
    except ssl.SSLCertVerificationError as error:
        wire.close()
        raise Halted(CERTIFICATE.format(error.verify_message)) from None
    except OSError as error:
        wire.close()
        raise CallNotSent(f"{settings.host}:{settings.port} did not become ready: {_shown(error)}") from None
    except BaseException:
        wire.close()
        raise


def _ready(wire: Wire, settings: SmtpSettings, trust: ssl.SSLContext) -> Offers:
    name = settings.return_domain or wire.name
    if settings.security == "tls":
        wire.encrypt(trust)
    _passed("hello", wire.reply())
    offers = _greeted(wire, name)
    if settings.security == "starttls":
        if "STARTTLS" not in offers:
            raise Halted(NO_STARTTLS)
        _passed("hello", _asked(wire, b"STARTTLS"))
        wire.encrypt(trust)
        # what was offered in the clear may be a stranger's word (RFC 3207 section 4.2)
        offers = _greeted(wire, name)
    if settings.user:
        _log_in(wire, settings, offers)
    return offers


def _greeted(wire: Wire, name: str) -> Offers:
    """HELO for a server that knows no EHLO, as RFC 5321 section 3.2 asks for: it offers nothing."""
    answer = _asked(wire, f"EHLO {name}".encode("ascii"))
    if answer.code in (500, 502, 504):
        _passed("hello", _asked(wire, f"HELO {name}".encode("ascii")))
        return {}
    _passed("hello", answer)
    words = (line.upper().replace("AUTH=", "AUTH ").split() for line in answer.lines[1:])
    return {each[0]: tuple(each[1:]) for each in words if each}


def _log_in(wire: Wire, settings: SmtpSettings, offers: Offers) -> None:
    """By the first mechanism that both know. A refusal is not tried again by another: servers lock users out."""
    order = CLEAR if settings.security == "plain" else ENCRYPTED
    mechanism = next((each for each in order if each in offers.get("AUTH", ())), None)
    if mechanism is None:
        raise Halted(NO_AUTH)
    password = settings.password()
    answer = _asked(wire, f"AUTH {mechanism}".encode("ascii"))
    for step in MECHANISMS[mechanism]:
        if answer.code != 334:  # noqa: PLR2004  # "go on" of RFC 4954
            break
        said = step(settings.user, password, _challenge(answer))
        answer = _asked(wire, base64.b64encode(said))
    if answer.code == 334:  # noqa: PLR2004
        raise Halted(f"{LOGIN} It asked for more than {mechanism} has.")
    _passed("login", answer)


def _challenge(answer: Reply) -> bytes:
    try:
        return base64.b64decode(answer.text)
    except ValueError:
        return b""


def _asked(wire: Wire, command: bytes) -> Reply:
    wire.write(command + b"\r\n")
    return wire.reply()


def _passed(phase: Phase, answer: Reply) -> None:
    if 200 <= answer.code < 300:  # noqa: PLR2004  # "yes" of RFC 5321
        return
    judgement = judged(phase, answer)
    raise Halted(judgement.reason) if judgement.fate == "halt" else CallNotSent(judgement.reason)


def _shown(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__
