"""Dates in PHP's letters, as Twig's filter `date` takes them. https://www.php.net/manual/datetime.format.php"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

_LETTER = re.compile(r"\\(.)|([A-Za-z])", re.DOTALL)
_TEENS = (11, 12, 13)


def php_date(moment: datetime, form: str) -> str:
    """Letters that PHP does not know stand for themselves, and so does a letter behind a backslash. In English."""

    def written(found: re.Match[str]) -> str:
        if found[1] is not None:
            return str(found[1])
        letter = LETTERS.get(found[2])
        return letter(moment) if letter else str(found[2])

    return _LETTER.sub(written, form)


def _ending(moment: datetime) -> str:
    day = moment.day
    return "th" if day in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _as(form: str) -> Callable[[datetime], str]:
    return lambda moment: moment.strftime(form)


LETTERS: Mapping[str, Callable[[datetime], str]] = MappingProxyType(
    {
        "d": _as("%d"),
        "D": _as("%a"),
        "j": lambda moment: str(moment.day),
        "l": _as("%A"),
        "N": lambda moment: str(moment.isoweekday()),
        "S": _ending,
        "F": _as("%B"),
        "M": _as("%b"),
        "m": _as("%m"),
        "n": lambda moment: str(moment.month),
        "Y": lambda moment: str(moment.year),
        "y": _as("%y"),
        "a": lambda moment: "am" if moment.hour < 12 else "pm",  # noqa: PLR2004  # noon
        "A": _as("%p"),
        "g": lambda moment: str((moment.hour - 1) % 12 + 1),
        "G": lambda moment: str(moment.hour),
        "h": _as("%I"),
        "H": _as("%H"),
        "i": _as("%M"),
        "s": _as("%S"),
        "c": lambda moment: moment.isoformat(timespec="seconds"),
        "U": lambda moment: str(int(moment.timestamp())),
    }
)
