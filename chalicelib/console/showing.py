"""Numbers, shares, times and durations as people of a language write them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from types import MappingProxyType
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Unit:
    """Of `least` bytes; `names` are by language."""

    least: int
    decimals: int
    names: Mapping[str, str]


UNITS = (
    Unit(10**9, 1, {"en": "GB", "fr": "Go"}),
    Unit(10**6, 1, {"en": "MB", "fr": "Mo"}),
    Unit(10**3, 0, {"en": "kB", "fr": "ko"}),
    Unit(0, 0, {"en": "bytes", "fr": "octets"}),
)
NONE = "\N{EN DASH}"
NARROW = "\N{NARROW NO-BREAK SPACE}"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
MILLISECONDS = 1_000
TENTH = 0.1


@dataclass(frozen=True, slots=True)
class Ways:
    """How a language writes: what parts thousands and the decimals, what stands before a per cent sign, the months.
    `days` is the sign of a number of days.
    """

    thousands: str
    decimals: str
    percent: str
    months: tuple[str, ...]
    at: str
    days: str


WAYS: Mapping[str, Ways] = MappingProxyType(
    {
        "en": Ways(
            ",",
            ".",
            "",
            ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
            ", ",
            "d",
        ),
        "fr": Ways(
            NARROW,
            ",",
            NARROW,
            ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."),
            " à ",
            "j",
        ),
    }
)


def number(value: float, language: str, decimals: int = 0) -> str:
    ways = WAYS[language]
    return f"{value:,.{decimals}f}".replace(",", "\0").replace(".", ways.decimals).replace("\0", ways.thousands)


def percent(share: float | None, language: str, decimals: int = 1) -> str:
    """A share between 0 and 1; a dash where there is none. One that is very small keeps two decimals."""
    if share is None:
        return NONE
    value = share * 100
    decimals = max(decimals, 2) if 0 < value < TENTH else decimals
    return f"{number(value, language, decimals)}{WAYS[language].percent}%"


def money(dollars: float, language: str) -> str:
    """US dollars: what AWS charges in."""
    shown = number(dollars, language, 2)
    return f"{shown}{NARROW}$" if language == "fr" else f"${shown}"


def size(octets: int, language: str) -> str:
    """In the largest unit of which there is at least one; units of a thousand, as file managers and S3 count."""
    unit = next(each for each in UNITS if octets >= each.least)
    return f"{number(octets / max(1, unit.least), language, unit.decimals)} {unit.names[language]}"


def moment(at: int, language: str, zone: str) -> str:
    """Epoch milliseconds as day and minute in this zone."""
    there = datetime.fromtimestamp(at / MILLISECONDS, ZoneInfo(zone))
    return f"{day(at, language, zone)}{WAYS[language].at}{there:%H:%M}"


def clock(local: str, language: str) -> str:
    """A time on some wall clock (`2031-05-04T09:30`), written as `moment` writes it."""
    there = datetime.fromisoformat(local).replace(tzinfo=UTC)
    return moment(int(there.timestamp()) * MILLISECONDS, language, "UTC")


def day(at: int, language: str, zone: str) -> str:
    there = datetime.fromtimestamp(at / MILLISECONDS, ZoneInfo(zone))
    return f"{there.day} {WAYS[language].months[there.month - 1]} {there.year}"


def iso(at: int) -> str:
    """As the attribute `datetime` has it."""
    return f"{datetime.fromtimestamp(at // MILLISECONDS, UTC):%Y-%m-%dT%H:%M:%SZ}"


def span(seconds: float, language: str) -> str:
    """Two units at most: people plan by hours and days."""
    if not isfinite(seconds):
        return "∞"
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s" if whole % MINUTE else f"{whole // MINUTE} min"
    if whole < DAY:
        return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"
    return f"{whole // DAY} {WAYS[language].days} {whole % DAY // HOUR} h"


def readable(address: str) -> str:
    """An address or a domain as people write it: punycode in its letters."""
    if "xn--" not in address:
        return address
    import idna  # noqa: PLC0415  # its tables are large, and few addresses need them

    name, at, domain = address.rpartition("@")
    try:
        return f"{name}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address
