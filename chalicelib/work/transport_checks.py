"""What a transport's fields may be, each by its own check; the settings are checked by their provider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from chalicelib.model.chunk import CHUNK
from chalicelib.model.errors import Invalid
from chalicelib.model.pacing import SLOWEST
from chalicelib.model.transport_setup import MAX_SHARE, USES, Limits, Use, WarmUp
from chalicelib.work import keeping

MOST = 100_000_000
MOST_INTERVAL_MS = 3_600_000
MAX_POSITION = 1_000
MAX_SETTINGS = 20
MAX_DOMAINS = 20
MAX_DAYS = 365
MAX_DOMAIN = 253
# No budget moves slower: a lower limit would be passed over without a word.
LEAST_A_MINUTE = round(60 * SLOWEST)


def _whole(value: object, place: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Invalid(place, value, f"Give a whole number from {least} to {most}.")
    return value


def _uses(value: object) -> tuple[Use, ...]:
    given = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    wrong = [each for each in given if each not in USES]
    if wrong:
        raise Invalid("uses", wrong[0], f"Give a list of {', '.join(USES)}.")
    return tuple(each for each in USES if each in given)


def _active(value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid("active", value, "Give true or false.")
    return value


def _settings(value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping) or len(value) > MAX_SETTINGS:
        raise Invalid("settings", value, 'Give an object of settings, such as {"host": "smtp.example.com"}.')
    return dict(value)


def _limits(value: object) -> Limits:
    """Without those that are null: they have no limit."""
    if not isinstance(value, Mapping):
        raise Invalid("limits", value, f"Give an object with any of {', '.join(_LIMITS)}.")
    for name, given in value.items():
        if name not in _LIMITS:
            raise Invalid(f"limits.{name}", given, f"These are known: {', '.join(_LIMITS)}.")
    found = {name: _LIMITS[name](given) for name, given in value.items() if given is not None}
    return Limits(**found)


def _per_second(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not SLOWEST <= value <= MOST:
        raise Invalid("limits.per_second", value, f"Give a number of recipients from {SLOWEST:g} up, such as 0.5.")
    return float(value)


def _domains(value: object) -> dict[str, int]:
    if not isinstance(value, Mapping) or len(value) > MAX_DOMAINS:
        mend = f'Give at most {MAX_DOMAINS} domains with recipients a minute, such as {{"gmail.com": 600}}.'
        raise Invalid("limits.domains", value, mend)
    return {_domain(name): _whole(most, f"limits.domains.{name}", LEAST_A_MINUTE, MOST) for name, most in value.items()}


def _domain(name: object) -> str:
    domain = name.strip().lower() if isinstance(name, str) else ""
    if not domain or len(domain) > MAX_DOMAIN or "." not in domain or "@" in domain:
        raise Invalid("limits.domains", name, "Name a domain such as gmail.com.")
    return domain


def _warm_up(value: object) -> WarmUp | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) != {"starts", "volumes"}:
        mend = 'Give {"starts": "2031-05-04", "volumes": [50, 100, 500]}, or null for none.'
        raise Invalid("warm_up", value, mend)
    volumes = value["volumes"]
    if not isinstance(volumes, Sequence) or isinstance(volumes, str) or not 1 <= len(volumes) <= MAX_DAYS:
        raise Invalid("warm_up.volumes", volumes, f"Give recipients a day for 1 to {MAX_DAYS} days.")
    return WarmUp(_day(value["starts"]), tuple(_whole(each, "warm_up.volumes", 1, MOST) for each in volumes))


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Invalid("warm_up.starts", value, 'Give a day (UTC) such as "2031-05-04".') from None


_LIMITS: Mapping[str, Any] = MappingProxyType(
    {
        "per_second": _per_second,
        "per_minute": lambda value: _whole(value, "limits.per_minute", LEAST_A_MINUTE, MOST),
        "per_hour": lambda value: _whole(value, "limits.per_hour", 1, MOST),
        "per_day": lambda value: _whole(value, "limits.per_day", 1, MOST),
        "batch": lambda value: _whole(value, "limits.batch", 1, CHUNK),
        "interval_ms": lambda value: _whole(value, "limits.interval_ms", 0, MOST_INTERVAL_MS),
        "domains": _domains,
    }
)
CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {
        "position": lambda _world, value: _whole(value, "position", 0, MAX_POSITION),
        "share": lambda _world, value: _whole(value, "share", 0, MAX_SHARE),
        "uses": lambda _world, value: _uses(value),
        "active": lambda _world, value: _active(value),
        "settings": lambda _world, value: _settings(value),
        "limits": lambda _world, value: _limits(value),
        "warm_up": lambda _world, value: _warm_up(value),
    }
)
