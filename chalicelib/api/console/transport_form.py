"""A transport's form: an input for each setting of its provider, its limits, its warm-up; and what was typed as values.

Numbers are written with a point or a comma. What is left empty is not set: the provider's default holds.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from chalicelib.api.console.visit import Visit, whole
from chalicelib.console.words import said
from chalicelib.model.errors import Invalid
from chalicelib.model.transport_setup import BASE_URLS, Provider, TransportSetup, WarmUp

LIMITS = ("per_minute", "per_hour", "per_day", "batch")
SECURITIES = ("starttls", "tls", "plain")
# More attributes of <input>, by the setting; those that are numbers among them.
INPUTS: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        "host": {"required": True, "autocomplete": "off", "spellcheck": "false", "placeholder": "smtp.example.com"},
        "port": {"inputmode": "numeric", "placeholder": 587},
        "user": {"autocomplete": "off", "spellcheck": "false"},
        "return_domain": {"autocomplete": "off", "spellcheck": "false", "placeholder": "bounces.example.com"},
        "per_second": {"inputmode": "decimal"},
        "per_day": {"inputmode": "numeric"},
        "largest": {"inputmode": "numeric"},
    }
)
_OF_AN_API = ("base_url", "per_second")
SETTINGS: Mapping[Provider, Sequence[str]] = MappingProxyType(
    {
        "ses": (),
        "smtp": ("host", "port", "security", "user", "return_domain", "per_second", "per_day", "largest"),
        "sendgrid": _OF_AN_API,
        "mailjet": _OF_AN_API,
        "mandrill": _OF_AN_API,
    }
)


@dataclass(frozen=True, slots=True)
class Input:
    """`name` is the form's, `setting` the provider's. With `choices`, (value, label), it is one of them."""

    name: str
    setting: str
    value: str
    choices: Sequence[tuple[str, str]] = ()
    more: Mapping[str, object] = field(default_factory=dict)


def inputs(visit: Visit, provider: Provider, settings: Mapping[str, str | int | float]) -> list[Input]:
    return [_input(visit, provider, name, settings.get(name, "")) for name in SETTINGS[provider]]


def settings(visit: Visit, provider: Provider) -> dict[str, str | int | float]:
    """What was typed; without what was left empty. Raises Invalid for what is no number."""
    typed = {name: visit.one(f"settings.{name}") for name in SETTINGS[provider]}
    return {name: _value(name, text) for name, text in typed.items() if text}


def limits(visit: Visit, before: TransportSetup) -> Mapping[str, object]:
    """Those of the form; the interval stays as it is."""
    text = visit.one("limits.per_second")
    per_second = _number("limits.per_second", text) if text else None
    wholes = {name: visit.whole(f"limits.{name}") for name in LIMITS}
    return {"per_second": per_second, "interval_ms": before.limits.interval_ms, "domains": _domains(visit), **wholes}


def domains_text(setup: TransportSetup) -> str:
    """A domain a line, with its recipients a minute."""
    return "\n".join(f"{domain} {most}" for domain, most in sorted(setup.limits.domains.items()))


def warm_up(visit: Visit) -> dict[str, object] | None:
    """None where the form has neither a day nor volumes."""
    starts, text = visit.one("warm_up.starts"), visit.one("warm_up.volumes")
    if not starts and not text:
        return None
    return {"starts": starts, "volumes": [whole("warm_up.volumes", each) for each in text.replace(",", " ").split()]}


def volumes_text(plan: WarmUp | None) -> str:
    return ", ".join(str(each) for each in plan.volumes) if plan else ""


def _input(visit: Visit, provider: Provider, name: str, value: str | float) -> Input:
    choices = tuple(_choices(visit, provider, name, str(value)))
    return Input(f"settings.{name}", name, _text(value), choices, INPUTS.get(name, {}))


def _choices(visit: Visit, provider: Provider, name: str, value: str) -> Iterator[tuple[str, str]]:
    if name == "security":
        yield from ((each, said(visit.language, f"transports.security.{each}")) for each in SECURITIES)
    if name == "base_url":
        usual, *others = BASE_URLS[provider]
        own = [value] if value not in ("", usual, *others) else []
        yield from [("", usual), *((each, each) for each in [*others, *own])]


def _text(value: str | float) -> str:
    """Nothing for -1, which is no limit."""
    if isinstance(value, str):
        return value
    return f"{value:.15g}" if value >= 0 else ""


def _value(name: str, text: str) -> str | int | float:
    kind, place = INPUTS.get(name, {}).get("inputmode"), f"settings.{name}"
    if kind == "numeric":
        return whole(place, text)
    return _number(place, text) if kind == "decimal" else text


def _number(place: str, text: str) -> float:
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise Invalid(place, text, "Give a number above 0, such as 0.5.")
    return found


def _domains(visit: Visit) -> dict[str, int]:
    lines = (text.split() for text in visit.one("limits.domains").splitlines() if text.strip())
    return dict(_domain(parts) for parts in lines)


def _domain(parts: Sequence[str]) -> tuple[str, int]:
    try:
        domain, most = parts
    except ValueError:
        mend = "Write a line for each domain, with its recipients a minute: gmail.com 600"
        raise Invalid("limits.domains", " ".join(parts), mend) from None
    return domain, whole("limits.domains", most)
