"""What is typed into a condition's inputs, and the value that it means: by the kind of inputs that field and operator
ask for. Nothing is checked here: `model/filter.py` names what cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from chalicelib.model.built_in import BUILT_IN, MEMBERSHIP
from chalicelib.model.deeds import DEEDS, Deed
from chalicelib.model.filter import Condition, Types
from chalicelib.model.filter_words import as_number
from chalicelib.model.operators import CHOICE, PRESENCE, Operand
from chalicelib.model.relative_date import ANNIVERSARY, RELATIVE, moment_of

# `lines`: one value a line; `any`: a field that no definition names holds texts, numbers and booleans alike.
Kind = Literal["none", "text", "any", "lines", "number", "moment", "boolean", "segment", "segments", "deed"]
# What is in each input, by its name: `value`, and for moments `how`, `count`, `unit`; those of a second value end in 2.
Typed = Mapping[str, tuple[str, ...]]

BETWEEN = ("between", "!between")
DAY_LENGTH = len("2026-11-24")
# Relative dates that are words alone.
WORDS = (
    *("today", "yesterday", "tomorrow"),
    *(f"{which} {period}" for which in ("this", "last", "next") for period in ("week", "month", "year")),
)
HOWS = ("day", "ago", "ahead", *WORDS, "birthday", "birthday ahead", "exact")
UNITS = ("day", "week", "month", "year", "hour", "minute")
TRUTH: Mapping[str, bool] = MappingProxyType({"1": True, "0": False})
WRITTEN: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})


def kind_of(field: str, operator: str, types: Types) -> Kind:
    if field in DEEDS:
        return "deed"
    if operator in PRESENCE:
        return "none"
    if field == MEMBERSHIP:
        return "segments" if operator in CHOICE else "segment"
    if operator in CHOICE:
        return "lines"
    return _kind_of_one(BUILT_IN[field].kind if field in BUILT_IN else types.get(field, ""), operator)


def _kind_of_one(kind: str, operator: str) -> Kind:
    if operator in TEXTUAL:
        return "text"
    known: Mapping[str, Kind] = {"number": "number", "boolean": "boolean", "": "any"}
    return known.get(kind, "moment" if kind in ("moment", "date", "datetime") else "text")


TEXTUAL = ("like", "!like", "regexp", "!regexp", "startsWith", "endsWith", "contains")


def operand(kind: Kind, operator: str, typed: Typed) -> object:
    """The value as a filter's JSON form has it."""
    if operator in BETWEEN:
        return [VALUES[kind](typed, ""), VALUES[kind](typed, "2")]
    return VALUES[kind](typed, "")


def typed_of(condition: Condition, types: Types) -> Typed:
    """What would have to be typed for this condition."""
    kind, value = kind_of(condition.field, condition.operator, types), condition.value
    if isinstance(value, Deed):
        return _of_deed(value)
    if value is None:
        return {}
    if kind in ("lines", "segments") and isinstance(value, tuple):
        return {"value": tuple(map(_written, value))}
    values = value if isinstance(value, tuple) else (value,)
    found: dict[str, tuple[str, ...]] = {}
    for each, suffix in zip(values, ("", "2"), strict=False):
        parts = _of_moment(str(each)) if kind == "moment" else {"value": _answer(each, kind)}
        found |= {f"{name}{suffix}": (text,) for name, text in parts.items()}
    return found


def one(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "").strip()


def _number(typed: Typed, suffix: str) -> object:
    text = one(typed, f"value{suffix}")
    number = as_number(text.replace(",", "."))
    return text if number is None else number


def _any(typed: Typed, suffix: str) -> object:
    """As the text form reads what stands without quotes."""
    text = one(typed, f"value{suffix}")
    number = as_number(text)
    return WRITTEN.get(text, text) if number is None else number


def _lines(typed: Typed, _suffix: str) -> object:
    found = (line.strip() for text in typed.get("value", ()) for line in text.splitlines())
    return list(dict.fromkeys(filter(None, found)))


def _moment(typed: Typed, suffix: str) -> object:
    how = one(typed, f"how{suffix}") or "day"
    text, count = one(typed, f"value{suffix}"), one(typed, f"count{suffix}")
    unit = one(typed, f"unit{suffix}") or "day"
    relative = {
        "ago": f"{count} {unit}s ago",
        "ahead": f"+{count} {unit}s",
        "birthday ahead": f"birthday +{count} days",
    }
    if how in relative:
        return relative[how] if count else ""
    return text if how in ("day", "exact") else how


def _deed(typed: Typed, _suffix: str) -> object:
    given = {name: one(typed, name) for name in ("times", "days", "link")}
    deed: dict[str, object] = {"emails": list(typed["emails"])} if typed.get("emails") else {}
    deed |= {name: _whole(given[name]) for name in ("times", "days") if given[name]}
    return deed | ({"link": given["link"]} if given["link"] else {})


def _whole(text: str) -> object:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text


VALUES: Mapping[Kind, Callable[[Typed, str], object]] = MappingProxyType(
    {
        "none": lambda _typed, _suffix: None,
        "text": lambda typed, suffix: one(typed, f"value{suffix}"),
        "any": _any,
        "lines": _lines,
        "number": _number,
        "moment": _moment,
        "boolean": lambda typed, suffix: TRUTH.get(one(typed, f"value{suffix}"), ""),
        "segment": lambda typed, suffix: one(typed, f"value{suffix}"),
        "segments": lambda typed, _suffix: list(typed.get("value", ())),
        "deed": _deed,
    }
)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _answer(value: Operand, kind: Kind) -> str:
    return {True: "1", False: "0"}[value] if kind == "boolean" and isinstance(value, bool) else _written(value)


def _of_deed(deed: Deed) -> Typed:
    given = {"times": str(deed.times) if deed.times > 1 else "", "days": str(deed.days or ""), "link": deed.link}
    return {"emails": deed.emails} | {name: (text,) for name, text in given.items() if text}


def _of_moment(text: str) -> dict[str, str]:
    if moment_of(text) is not None:
        return {"how": "day" if len(text) == DAY_LENGTH else "exact", "value": text}
    small = text.lower()
    if small in WORDS:
        return {"how": small}
    found = RELATIVE.fullmatch(small)
    if found is not None and not found["day"] and not found["which"]:
        return _step(found)
    return _of_anniversary(small) or {"how": "exact", "value": text}


def _step(found: re.Match[str]) -> dict[str, str]:
    if found["ago"]:
        return {"how": "ago", "count": found["ago"], "unit": found["ago_unit"]}
    return {"how": "ago" if found["sign"] == "-" else "ahead", "count": found["count"], "unit": found["unit"]}


def _of_anniversary(text: str) -> dict[str, str]:
    found = ANNIVERSARY.fullmatch(text)
    if found is None:
        return {}
    if not found["sign"]:
        return {"how": "birthday"}
    plain = found["sign"] == "+" and found["unit"] == "day"
    return {"how": "birthday ahead", "count": found["count"]} if plain else {}
