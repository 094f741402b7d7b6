"""Reads a filter's text form (`model/filter_text.py`) into its tree. Errors name line and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NoReturn, TypeVar

from chalicelib.model.built_in import MEMBERSHIP
from chalicelib.model.comparing import Scalar
from chalicelib.model.deeds import Deed
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import (
    UNTYPED,
    All,
    Any,
    Condition,
    Filter,
    Not,
    Types,
    checked_field,
    condition,
    within_limits,
)
from chalicelib.model.filter_text import BY_ID, Names
from chalicelib.model.filter_words import (
    ANY_EMAIL,
    DEED_OF,
    KEPT,
    OPERATOR_OF,
    Word,
    as_number,
    position,
    words,
)
from chalicelib.model.ids import is_id
from chalicelib.model.nearest import offered

# Parentheses and `not`s within one another: some more than the tree has levels.
MAX_OPEN = 40
MAX_VALUES = 500
LONGEST = 4
TRUTH: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})

Found = TypeVar("Found")


def parsed_text(text: str, names: Names = BY_ID, place: str = "filter", types: Types = UNTYPED) -> Filter:
    """The tree of a text form. E-mails and segments are ids, or names that `names` knows. Invalid names the place
    (`filter (line 1, column 9)`), what stands there and what was expected.
    """
    return within_limits(_Reading(text, names, place, types).whole(), place)


class _Reading:
    """Goes through the words once, from left to right."""

    def __init__(self, text: str, names: Names, place: str, types: Types) -> None:
        self._text, self._names, self._place, self._types = text, names, place, types
        self._words = words(text, place)
        self._at = 0
        self._open = 0

    def whole(self) -> Filter:
        tree = self._any()
        if self._word.kind != "end":
            self._refuse("Here `and`, `or` or the end was expected. Text of several words stands in quotes.")
        return tree

    @property
    def _word(self) -> Word:
        return self._words[self._at]

    def _any(self) -> Filter:
        parts = self._joined("or", self._all)
        return parts[0] if len(parts) == 1 else Any(parts)

    def _all(self) -> Filter:
        parts = self._joined("and", self._one)
        return parts[0] if len(parts) == 1 else All(parts)

    def _joined(self, between: str, read: Callable[[], Filter]) -> tuple[Filter, ...]:
        parts = [read()]
        while self._took(between):
            parts.append(read())
        return tuple(parts)

    def _one(self) -> Filter:
        self._open += 1
        if self._open > MAX_OPEN:
            self._refuse(f"At most {MAX_OPEN} parentheses and `not` may stand in one another.")
        tree = self._group() or self._deed() or self._condition()
        self._open -= 1
        return tree

    def _group(self) -> Filter | None:
        if self._took("not"):
            return Not(self._one())
        if self._took("("):
            return self._closed()
        if self._took("all", "("):
            return All((self._closed(),))
        return Any((self._closed(),)) if self._took("any", "(") else None

    def _closed(self) -> Filter:
        tree = self._any()
        if not self._took(")"):
            self._refuse("Here `)`, `and` or `or` was expected.")
        return tree

    def _condition(self) -> Condition:
        field = self._field()
        start = self._word
        operator = self._phrase(OPERATOR_OF)
        if operator is None:
            near = offered(f"{start.text} {self._next.text}".strip(), OPERATOR_OF) or offered(start.text, OPERATOR_OF)
            self._refuse(f"After {field} an operator was expected: is, is not, is in, contains, starts with …{near}")
        value = self._values(field, operator)
        json = {"field": field, "operator": operator} | ({} if value is None else {"value": value})
        return condition(json, self._where(start), self._types)

    def _field(self) -> str:
        word = self._word
        if word.kind not in ("word", "quoted") or word.small in KEPT:
            self._refuse("Here a condition was expected, such as: country is FR; opened any e-mail.")
        field = checked_field(word.meant, self._where(word))
        self._at += 1
        return field

    def _values(self, field: str, operator: str) -> object:
        if operator in ("empty", "!empty"):
            return None
        if operator in ("between", "!between"):
            low = self._value(field)
            if not self._took("and"):
                self._refuse("Here `and` and the highest value were expected: is between 1 and 5.")
            return [low, self._value(field)]
        if operator not in ("in", "!in"):
            return self._value(field)
        enclosed = self._took("(")
        values = self._several(lambda: self._value(field))
        if enclosed and not self._took(")"):
            self._refuse("Here `,` and another value or `)` was expected.")
        return values

    def _several(self, read: Callable[[], object]) -> list[object]:
        values = [read()]
        while self._took(","):
            if len(values) == MAX_VALUES:
                self._refuse(f"Give at most {MAX_VALUES} values.")
            values.append(read())
        return values

    def _value(self, field: str) -> Scalar:
        word = self._word
        if field == MEMBERSHIP:
            return self._identifier("segment")
        if word.kind not in ("word", "quoted") or (word.small in KEPT and word.small not in TRUTH):
            self._refuse("Here a value was expected. The form's own words stand in quotes where they are values.")
        self._at += 1
        if word.kind == "quoted":
            return word.meant
        number = as_number(word.text)
        return TRUTH.get(word.small, word.text) if number is None else number

    def _deed(self) -> Condition | None:
        start = self._word
        found = self._phrase(DEED_OF)
        if found is None:
            return None
        field, operator = found
        emails = () if self._took(*ANY_EMAIL.split()) else self._emails()
        link = self._link() if self._took("on") else ""
        times = self._count("times", "time") if self._took("at", "least") else 1
        days = self._count("days", "day") if self._took("within") else None
        deed = Deed(emails, times, days, link)
        return condition({"field": field, "operator": operator, "value": deed}, self._where(start), self._types)

    def _emails(self) -> tuple[str, ...]:
        if self._word.kind != "quoted" and not is_id(self._word.text):
            self._refuse(f"Here `{ANY_EMAIL}`, or the id or the name of an e-mail in quotes was expected.")
        return tuple(map(str, self._several(lambda: self._identifier("email"))))

    def _link(self) -> str:
        word = self._word
        if word.kind != "quoted":
            self._refuse("Here a part of a link's address was expected, in quotes.")
        self._at += 1
        return word.meant

    def _count(self, *units: str) -> int:
        number, unit = as_number(self._word.text), self._next
        if not isinstance(number, int) or unit.small not in units:
            self._refuse(f"Here a whole number and `{units[0]}` were expected.")
        self._at += 2
        return number

    def _identifier(self, kind: str) -> str:
        word = self._word
        if word.kind not in ("word", "quoted"):
            self._refuse(f"Here the id or the name of a {kind} was expected.")
        found = word.meant if is_id(word.meant) else self._names.id_of(kind, word.meant)
        if found is None:
            self._refuse(f"This name is not that of exactly one {kind}: give another, or the id.")
        self._at += 1
        return found

    @property
    def _next(self) -> Word:
        return self._words[min(self._at + 1, len(self._words) - 1)]

    def _took(self, *wanted: str) -> bool:
        """Whether these words stand here; goes behind them."""
        found = tuple(each.small for each in self._words[self._at : self._at + len(wanted)])
        if found != wanted:
            return False
        self._at += len(wanted)
        return True

    def _phrase(self, table: Mapping[str, Found]) -> Found | None:
        """What the longest phrase that stands here means; goes behind it."""
        for length in range(LONGEST, 0, -1):
            here = self._words[self._at : self._at + length]
            found = table.get(" ".join(each.small for each in here))
            if found is not None:
                self._at += length
                return found
        return None

    def _where(self, word: Word) -> str:
        return f"{self._place} ({position(self._text, word.at)})"

    def _refuse(self, mend: str) -> NoReturn:
        raise Invalid(self._where(self._word), self._word.text or "the end", mend)
