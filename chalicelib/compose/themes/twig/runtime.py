"""Twig's filters, tests and functions as they behave on data, for Jinja2. Loaded in the child process alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from jinja2 import Undefined
from jinja2.filters import do_batch, do_urlencode
from markupsafe import Markup, escape

from chalicelib.compose.themes.twig.dates import php_date

Value = Any  # whatever a theme's values hold

MOST_RANGE = 10_000
_BETWEEN_TAGS = re.compile(r">\s+<")
_PRINTF = re.compile(r"%(?:%|(?P<zero>0?)(?P<width>\d{0,3})(?:\.(?P<places>\d{1,2}))?(?P<kind>[sdf]))")


class Unfit(ValueError):
    """What stands there and the mend, where that can be told."""

    def __init__(self, shown: str, mend: str) -> None:
        super().__init__(shown)
        self.mend = mend


def escaped(value: Value, strategy: str = "html") -> Value:
    if strategy in ("html", "html_attr"):
        return escape(value)
    if strategy == "url":
        return do_urlencode(str(value))
    raise Unfit(f"escape({strategy!r})", "Values are escaped for html, html_attr or url: e-mails hold no scripts.")


def printed(value: Value) -> Value:
    """How PHP prints: nothing for null and false, 1 for true, 3 for 3.0."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    return int(value) if isinstance(value, float) and value.is_integer() else value


def empty(value: Value) -> bool:
    """Twig's `empty`: "", false, null, an empty list or hash, and what is not there; 0 is not empty."""
    return isinstance(value, Undefined) or value is None or value is False or (_sized(value) and not len(value))


def default(value: Value, other: Value = "") -> Value:
    return other if empty(value) else value


def either(value: Value, other: Value) -> Value:
    """`??`"""
    return other if isinstance(value, Undefined) or value is None else value


def values_of(value: Value) -> list[Value]:
    """What a loop goes over."""
    if isinstance(value, Undefined) or value is None:
        return []
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if not isinstance(value, str) else [value]


def pairs_of(value: Value) -> list[tuple[Value, Value]]:
    return list(value.items()) if isinstance(value, Mapping) else list(enumerate(values_of(value)))


def stretch(first: Value, last: Value, step: int = 1) -> list[Value]:
    """Both ends belong to it; downwards where the first is greater; letters too."""
    if isinstance(first, str) and isinstance(last, str) and len(first) == len(last) == 1:
        return [chr(code) for code in stretch(ord(first), ord(last), step)]
    start, end, by = int(first), int(last), max(1, abs(int(step)))
    size = abs(end - start) // by + 1
    if size > MOST_RANGE:
        raise Unfit(f"{start}..{end} has {size} numbers", f"A range has at most {MOST_RANGE}: take fewer.")
    return [start + (by if end >= start else -by) * n for n in range(size)]


def cut(value: Value, start: int, length: int | None = None) -> Value:
    """PHP's array_slice and substr: a negative start or length counts from the end."""
    size = len(value)
    first = max(0, size + start) if start < 0 else start
    last = size if length is None else (size + length if length < 0 else first + length)
    return value[first : max(first, last)]


def merge(value: Value, other: Value) -> Value:
    return {**value, **other} if isinstance(value, Mapping) else [*value, *other]


def replace_all(value: Value, pairs: Mapping[str, str]) -> Value:
    """PHP's strtr: all at once, the longest first."""
    if not pairs:
        return value
    found = re.compile("|".join(re.escape(each) for each in sorted(pairs, key=len, reverse=True)))
    return found.sub(lambda each: str(pairs[each[0]]), str(value))


def trans(value: Value, pairs: Mapping[str, str] | None = None, domain: str = "", locale: str = "") -> Value:  # noqa: ARG001  # Twig's
    """A theme has one language: the text itself, with its %placeholders% filled."""
    return replace_all(value, pairs or {})


def trimmed(value: Value, characters: str | None = None, side: str = "both") -> str:
    strip = {"left": str.lstrip, "right": str.rstrip}.get(side, str.strip)
    return strip(str(value), characters)


def split(value: Value, by: str, limit: int = -1) -> list[str]:
    return str(value).split(by, limit - 1 if limit > 0 else -1) if by else list(str(value))


def nl2br(value: Value) -> Markup:
    return Markup(str(escape(value)).replace("\n", "<br />\n"))  # noqa: S704  # escaped just before


def spaceless(value: Value) -> Markup:
    return Markup(_BETWEEN_TAGS.sub("><", str(value)).strip())  # noqa: S704  # the theme's own markup


def number_format(value: Value, places: int = 0, point: str = ".", thousands: str = ",") -> str:
    text = f"{float(value):,.{min(int(places), 20)}f}"
    return text.translate({ord(","): thousands, ord("."): point})


def printf(value: Value, *parts: Value) -> str:
    """`%s`, `%d`, `%f` and `%%`, with width and places."""
    left = iter(parts)

    def filled(found: re.Match[str]) -> str:
        if found["kind"] is None:
            return "%"
        form = f"{found['zero']}{found['width']}"
        part = next(left, "")
        if found["kind"] == "s":
            return f"{part!s:>{found['width'] or 0}}"
        return f"{int(part):{form}d}" if found["kind"] == "d" else f"{float(part):{form}.{found['places'] or 6}f}"

    return _PRINTF.sub(filled, str(value))


def dated(now: datetime) -> Callable[..., str]:
    """The filter `date` on `'now'`, an ISO date or epoch seconds, in PHP's letters."""

    def date(value: Value, form: str = "F j, Y H:i", zone: str = "") -> str:  # noqa: ARG001  # all dates are UTC's
        if isinstance(value, Undefined) or value in ("now", None, ""):
            return php_date(now, form)
        if isinstance(value, int | float):
            return php_date(datetime.fromtimestamp(value, UTC), form)
        return php_date(datetime.fromisoformat(str(value)), form)

    return date


def _sized(value: Value) -> bool:
    return isinstance(value, str | Sequence | Mapping)


FILTERS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "e": escaped,
        "batch": lambda value, size, fill=None: list(do_batch(values_of(value), int(size), fill)),
        "cut": cut,
        "default": default,
        "first": lambda value: next(iter(values_of(value)), "") if not isinstance(value, str) else value[:1],
        "keys": lambda value: [key for key, _ in pairs_of(value)],
        "last": lambda value: (values_of(value) or [""])[-1] if not isinstance(value, str) else value[-1:],
        "length": lambda value: len(value) if _sized(value) else len(str(printed(value))),
        "merge": merge,
        "nl2br": nl2br,
        "number_format": number_format,
        "printed": printed,
        "printf": printf,
        "replace_all": replace_all,
        "reversed": lambda value: value[::-1] if isinstance(value, str) else values_of(value)[::-1],
        "spaceless": spaceless,
        "split": split,
        "trans": trans,
        "trimmed": trimmed,
    }
)
# Jinja2's own, taken as they are.
TAKEN = (
    *("abs", "capitalize", "join", "lower", "round", "safe", "sort"),
    *("striptags", "title", "tojson", "upper", "urlencode"),
)
TESTS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "empty": empty,
        "iterable": lambda value: not isinstance(value, str | Undefined) and _sized(value),
        "none": lambda value: value is None or isinstance(value, Undefined),
        "same_as": lambda value, other: type(value) is type(other) and value == other,
    }
)
TAKEN_TESTS = ("defined", "divisibleby", "even", "odd")
FUNCTIONS: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "_cycle": lambda values, place: values[int(place) % len(values)],
        "_either": either,
        "_ends": lambda value, end: str(value).endswith(str(end)),
        "_max": lambda *values: max(values_of(values[0]) if len(values) == 1 else values),
        "_min": lambda *values: min(values_of(values[0]) if len(values) == 1 else values),
        "_nothing": lambda *_: "",
        "_pairs": pairs_of,
        "_range": stretch,
        "_starts": lambda value, start: str(value).startswith(str(start)),
        "_values": values_of,
    }
)
