"""Patterns: SQL's LIKE and regular expressions, both in a time that grows with the text alone.

Python's own `re` tries one path after the other, and a user's pattern (`(a+)+$`) can keep it busy for years. Patterns
of filters are judged by RE2, which walks all paths at once: linear in the text, whatever the pattern, within MEMORY
bytes. It has no backreferences and no look-around, which is the price. Its syntax: https://github.com/google/re2/wiki/Syntax.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from unicodedata import normalize

from chalicelib.model.errors import Invalid

MAX_PATTERN = 500
MEMORY = 1024 * 1024

# SQL's signs, each possibly escaped by a backslash (MySQL's default escape).
LIKE = re.compile(r"\\(?P<literal>.)|(?P<many>%+)|(?P<one>_)|(?P<text>[^%_\\]+|\\)", re.DOTALL)


def like(pattern: str) -> Callable[[str], bool]:
    """Whether a text is like the pattern: `%` any text, `_` one character, a backslash before them makes them plain.

    What stands between two `%` is taken where it is first found and never again elsewhere (an atomic group): without
    that, `%a%a%a%a%` would try every choice.
    """
    pieces = [""]
    for found in LIKE.finditer(pattern):
        if found["many"]:
            pieces.append("")
        else:
            pieces[-1] += "." if found["one"] else re.escape(found["literal"] or found["text"])
    first, *middle = pieces
    last = f".*{middle.pop()}" if middle else ""
    written = first + "".join(f"(?>.*?{piece})" for piece in middle) + last
    fits = re.compile(written, re.DOTALL).fullmatch
    return lambda text: fits(text) is not None


def regexp(pattern: str) -> Callable[[str], bool]:
    """Whether the pattern is found somewhere in a text, without regard to case, as by MySQL's REGEXP. ValueError where
    RE2 cannot take the pattern.
    """
    import re2  # noqa: PLC0415  # 10 ms, which only filters with such a condition pay

    options = re2.Options()
    options.case_sensitive, options.log_errors, options.never_capture = False, False, True
    options.max_mem = MEMORY
    try:
        search = re2.compile(_readable(pattern), options).search
    except re2.error as why:
        raise ValueError(_said(why)) from None
    return lambda text: search(_readable(text)) is not None


def checked_pattern(value: str, place: str) -> str:
    if len(value) > MAX_PATTERN:
        raise Invalid(place, value, f"A regular expression has at most {MAX_PATTERN} characters.")
    try:
        regexp(value)
    except ValueError as why:
        raise Invalid(
            place, value, f"Give a regular expression in RE2's syntax (no backreferences, no look-around): {why}."
        ) from None
    return value


def _readable(text: str) -> str:
    """Composed, and without the halves of characters that UTF-8 cannot write."""
    return text if text.isascii() else normalize("NFC", text).encode("utf-8", "replace").decode("utf-8")


def _said(why: Any) -> str:  # noqa: ANN401  # re2 has no types
    [text] = why.args
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
