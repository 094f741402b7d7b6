"""The words of a filter's text form: what may be written, and where each word stands.

Text stands in single or double quotes, and a quote within it is doubled (`'it''s'`), as in SQL. A single word needs no
quotes where it is none of the form's own words (KEPT).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.model.deeds import DEEDS
from chalicelib.model.errors import Invalid

# Holds the text of any tree within the limits.
MAX_LENGTH = 400_000
WORD = re.compile(
    r"(?P<quoted>'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\")|(?P<sign><>|!=|<=|>=|[(),<>=])|(?P<word>!?[^\s()'\",<>=!]+)|(?P<other>\S)"
)
NUMBER = re.compile(r"[+-]?[0-9]{1,38}(?:\.[0-9]{1,310})?(?:[eE][+-]?[0-9]{1,3})?")
# What is read as text without quotes. Days need none either.
BARE = re.compile(r"[^\W\d_][\w@.+%/:-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}")

# How each operator may be written; the first is how it is printed.
PHRASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "=": ("is", "="),
        "!=": ("is not", "!=", "<>"),
        "gt": ("is more than", "is after", ">", "gt"),
        "gte": ("is at least", "is on or after", ">=", "gte"),
        "lt": ("is less than", "is before", "<", "lt"),
        "lte": ("is at most", "is on or before", "<=", "lte"),
        "empty": ("is empty", "empty"),
        "!empty": ("is not empty", "!empty"),
        "like": ("is like", "like"),
        "!like": ("is not like", "!like"),
        "between": ("is between", "between"),
        "!between": ("is not between", "!between"),
        "in": ("is in", "is one of", "in"),
        "!in": ("is not in", "is none of", "!in"),
        "regexp": ("matches", "regexp"),
        "!regexp": ("does not match", "!regexp"),
        "startsWith": ("starts with", "startswith"),
        "endsWith": ("ends with", "endswith"),
        "contains": ("contains",),
    }
)
# How they are printed before a date.
OF_DATES: Mapping[str, str] = MappingProxyType(
    {"gt": "is after", "gte": "is on or after", "lt": "is before", "lte": "is on or before"}
)
DID: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("sent", "="): "was sent",
        ("sent", "!="): "was not sent",
        ("opened", "="): "opened",
        ("opened", "!="): "did not open",
        ("clicked", "="): "clicked",
        ("clicked", "!="): "did not click",
    }
)
ANY_EMAIL = "any e-mail"
OPERATOR_OF: Mapping[str, str] = MappingProxyType(
    {phrase: operator for operator, phrases in PHRASES.items() for phrase in phrases}
)
DEED_OF: Mapping[str, tuple[str, str]] = MappingProxyType({phrase: deed for deed, phrase in DID.items()})
KEPT = frozenset(
    {"and", "or", "not", "all", "any", "at", "within", "on", "was", "did", "true", "false", *DEEDS}
    | {word for phrase in OPERATOR_OF for word in phrase.split()}
)


@dataclass(frozen=True, slots=True)
class Word:
    """`text` as it is written; `kind` is quoted, sign, word, other or end. `at` is its place in the whole text."""

    kind: str
    text: str
    at: int

    @property
    def small(self) -> str:
        """How it compares with the form's own words; "" for what is quoted."""
        return "" if self.kind == "quoted" else self.text.lower()

    @property
    def meant(self) -> str:
        """What stands between the quotes."""
        if self.kind != "quoted":
            return self.text
        return self.text[1:-1].replace(self.text[0] * 2, self.text[0])


def words(text: str, place: str) -> list[Word]:
    """All of them, and an end. Raises Invalid for a quote that is not closed and for a text that is too long."""
    if len(text) > MAX_LENGTH:
        raise Invalid(place, text, f"A filter has at most {MAX_LENGTH} characters as text.")
    found = [Word(str(each.lastgroup), each[0], each.start()) for each in WORD.finditer(text)]
    for each in found:
        if each.kind == "other":
            mend = "Close this quote." if each.text in "'\"" else "Put text with such a character into quotes."
            raise Invalid(f"{place} ({position(text, each.at)})", text[each.at :], mend)
    return [*found, Word("end", "", len(text))]


def position(text: str, at: int) -> str:
    """`line 2, column 14`, both from 1."""
    before = text[:at]
    return f"line {before.count(chr(10)) + 1}, column {at - before.rfind(chr(10))}"


def as_number(text: str) -> int | float | None:
    if not NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else float(text)
