r"""Dates in PHP's format letters, as Mautic's tokens write them (https://www.php.net/manual/en/datetime.format.php).

Names of months and days come in the letter's language. A backslash makes a letter plain; what is no letter of PHP's
stays as it is.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from chalicelib.compose.words import ENGLISH, Words

MAX_FORMAT = 64

Piece = Callable[[datetime, Words], str]

_ESCAPED = re.compile(r"\\(.)|(.)", re.DOTALL)
_OF_A_DAY = frozenset("dDjlNSwzWFmMntLoYycrU")


def formatter(format_: str, words: Words) -> Callable[[datetime], str]:
    """A function that writes an aware date-time in this format."""
    pieces = [_piece(letter, words) for letter in _ESCAPED.finditer(format_)]
    return lambda moment: "".join([each if isinstance(each, str) else each(moment) for each in pieces])


def needs_a_day(format_: str) -> bool:
    """Whether the format says anything that a time of day alone does not tell."""
    return any(letter[2] in _OF_A_DAY for letter in _ESCAPED.finditer(format_) if letter[2])


def _piece(found: re.Match[str], words: Words) -> str | Callable[[datetime], str]:
    letter = LETTERS.get(found[2] or "")
    return (found[1] or found[2]) if letter is None else lambda moment: letter(moment, words)


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _signed(moment: datetime, between: str) -> str:
    minutes = int(_offset(moment).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}{between}{rest:02}"


def _ordinal(day: int, words: Words) -> str:
    if words is not ENGLISH or 11 <= day <= 13:  # noqa: PLR2004  # the eleventh to the thirteenth
        return words.first if day == 1 else "th" if words is ENGLISH else ""
    return {1: words.first, 2: "nd", 3: "rd"}.get(day % 10, "th")


def _rfc5322(moment: datetime) -> str:
    return formatter("D, d M Y H:i:s O", ENGLISH)(moment)


LETTERS: Mapping[str, Piece] = MappingProxyType(
    {
        "d": lambda moment, _: f"{moment.day:02}",
        "D": lambda moment, words: words.short_days[moment.weekday()],
        "j": lambda moment, _: str(moment.day),
        "l": lambda moment, words: words.days[moment.weekday()],
        "N": lambda moment, _: str(moment.isoweekday()),
        "S": lambda moment, words: _ordinal(moment.day, words),
        "w": lambda moment, _: str(moment.isoweekday() % 7),
        "z": lambda moment, _: str(moment.timetuple().tm_yday - 1),
        "W": lambda moment, _: f"{moment.isocalendar().week:02}",
        "F": lambda moment, words: words.months[moment.month - 1],
        "m": lambda moment, _: f"{moment.month:02}",
        "M": lambda moment, words: words.short_months[moment.month - 1],
        "n": lambda moment, _: str(moment.month),
        "t": lambda moment, _: str(monthrange(moment.year, moment.month)[1]),
        "L": lambda moment, _: str(int(isleap(moment.year))),
        "o": lambda moment, _: str(moment.isocalendar().year),
        "Y": lambda moment, _: f"{moment.year:04}",
        "y": lambda moment, _: f"{moment.year % 100:02}",
        "a": lambda moment, _: "am" if moment.hour < 12 else "pm",  # noqa: PLR2004  # noon
        "A": lambda moment, _: "AM" if moment.hour < 12 else "PM",  # noqa: PLR2004  # noon
        "g": lambda moment, _: str((moment.hour - 1) % 12 + 1),
        "G": lambda moment, _: str(moment.hour),
        "h": lambda moment, _: f"{(moment.hour - 1) % 12 + 1:02}",
        "H": lambda moment, _: f"{moment.hour:02}",
        "i": lambda moment, _: f"{moment.minute:02}",
        "s": lambda moment, _: f"{moment.second:02}",
        "u": lambda moment, _: f"{moment.microsecond:06}",
        "v": lambda moment, _: f"{moment.microsecond // 1000:03}",
        "e": lambda moment, _: str(moment.tzinfo),
        "I": lambda moment, _: str(int(bool(moment.dst()))),
        "O": lambda moment, _: _signed(moment, ""),
        "P": lambda moment, _: _signed(moment, ":"),
        "p": lambda moment, _: _signed(moment, ":") if _offset(moment) else "Z",
        "T": lambda moment, _: moment.tzname() or "",
        "Z": lambda moment, _: str(int(_offset(moment).total_seconds())),
        "c": lambda moment, _: moment.isoformat(timespec="seconds"),
        "r": lambda moment, _: _rfc5322(moment),
        "U": lambda moment, _: str(int(moment.timestamp())),
    }
)
