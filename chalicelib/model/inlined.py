"""Conditions as expressions of Python, of which a whole filter is written as one function (`model/predicate.py`).

Calling a function costs more than most comparisons do. So each condition is written out for the type that its field
nearly always holds, and whatever else it may hold goes to the function that knows all types (`model/comparing.py`):

    (v < k0 if type(v := get(k1)) is int or type(v) is float else v is not None and k2(v))

An expression is put together of the fixed texts below alone. Whatever a user wrote is a constant, handed over by
place (`{}`), and never becomes part of the text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any as Json

from chalicelib.model.comparing import Fits, Scalar, When, falling, folded_text, is_dated, number_of, when
from chalicelib.model.contact import Contact
from chalicelib.model.operators import Operand
from chalicelib.model.relative_date import Clock, Span

Holds = Callable[[Contact], bool]

# What a condition costs, roughly: the cheap ones of a group are judged first.
NUMBER, TEXT, CALL, PAST = 1, 2, 5, 10_000
SHAPES = 500
MILLISECOND = 1_000

OF_NUMBER = "type(v := {}) is int or type(v) is float"
OF_TEXT = "type(v := {}) is str"
OF_BOOLEAN = "type(v := {}) is bool"
FOLDED = "(v.lower() if v.isascii() else folded(v))"
FUNCTION = """
def made({names}):
    def holds(contact):
        get = contact.fields.get
        return {text}
    return holds
"""


@dataclass(frozen=True, slots=True)
class Expression:
    """`text` has a `{}` for each of the constants, in their order."""

    text: str
    constants: tuple[object, ...] = ()
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Quick:
    """A `test` of `v`, where it is of the type that `guard` asks for."""

    guard: str
    test: Expression


def function(whole: Expression) -> Holds:
    """The function that the expression stands for."""
    names = [f"k{number}" for number in range(len(whole.constants))]
    return _maker(FUNCTION.format(names=", ".join(names), text=whole.text.format(*names)))(*whole.constants)


@lru_cache(SHAPES)
def _maker(source: str) -> Callable[..., Holds]:
    """Filters of one shape share one source, whatever their values are."""
    scope: dict[str, Json] = {"folded": folded_text}
    exec(source, scope)  # noqa: S102  # fixed words and numbered names: nothing in it comes from a user
    made: Callable[..., Holds] = scope["made"]
    return made


def joined(word: str, parts: list[Expression]) -> Expression:
    """`word` is `and` or `or`; the cheapest first, in their order where they cost the same."""
    ordered = sorted(parts, key=lambda each: each.cost)
    text = "(" + f" {word} ".join(each.text for each in ordered) + ")"
    return Expression(text, sum((each.constants for each in ordered), ()), sum(each.cost for each in ordered))


def negated(part: Expression) -> Expression:
    return Expression(f"(not {part.text})", part.constants, part.cost)


def called(holds: Holds, cost: int = CALL) -> Expression:
    return Expression("{}(contact)", (holds,), cost)


def field(alias: str) -> Expression:
    return Expression("get({})", (alias,))


def attribute(name: str) -> Expression:
    """One of the contact's own, by a name of ours."""
    return Expression(f"contact.{name}")


def judged(read: Expression, fits: Fits, quick: Quick | None) -> Expression:
    """Whether what is read fits; `quick` says the same as `fits`, of values of its own type alone."""
    if quick is None:
        return Expression(f"{{}}({read.text})", (fits, *read.constants), CALL)
    test = quick.test
    guard = quick.guard.replace("{}", read.text)
    return Expression(
        f"({test.text} if {guard} else v is not None and {{}}(v))",
        (*test.constants, *read.constants, fits),
        test.cost,
    )


def empty(read: Expression) -> Expression:
    """As `comparing.is_empty`."""
    return Expression(f"({read.text} in (None, '', ()))", read.constants, NUMBER)


def absent(read: Expression) -> Expression:
    return Expression(f"({read.text} is None)", read.constants, NUMBER)


def on_lists(ids: frozenset[str]) -> Expression:
    """Whether the contact is on one of them."""
    return Expression("(not {}.isdisjoint(contact.lists))", (ids,), NUMBER)


def within(read: Expression, wanted: Span) -> Expression:
    """Whether milliseconds since 1970 lie within; None does not."""
    bounds = tuple(-(-each // MILLISECOND) for each in (wanted.start, wanted.end))
    return Expression(f"({{}} <= v < {{}} if type(v := {read.text}) is int else False)", bounds, NUMBER)


def quick(operator: str, value: Operand, clock: Clock) -> Quick | None:
    """The quick way for this operator and value, where there is one."""
    return QUICK[operator](value, clock) if operator in QUICK else None


def _among(choices: tuple[Scalar, ...], clock: Clock) -> Quick | None:
    if len(choices) == 1 and isinstance(choices[0], bool):
        return Quick(OF_BOOLEAN, Expression("v is {}", choices, NUMBER))
    if all(isinstance(each, str) and each and not is_dated(each, clock) for each in choices):
        return Quick(OF_TEXT, Expression(f"{FOLDED} in {{}}", (frozenset(map(folded_text, choices)),), TEXT))
    if all(isinstance(each, int | float) and not isinstance(each, bool) for each in choices):
        return Quick(OF_NUMBER, Expression("v in {}", (frozenset(map(number_of, choices)),), NUMBER))
    if len(choices) == 1 and is_dated(choices[0], clock):
        return _dated(when("=", str(choices[0]), clock), clock)
    return None


def _ordered(operator: str) -> Callable[[Json, Clock], Quick]:
    def quick(value: Scalar, clock: Clock) -> Quick:
        bound = number_of(value)
        if bound is None:
            return _dated(when(operator, str(value), clock), clock)
        return Quick(OF_NUMBER, Expression(f"v {SIGNS[operator]} {{}}", (bound,), NUMBER))

    return quick


def _between(pair: tuple[Scalar, Scalar], _clock: Clock) -> Quick | None:
    bounds = tuple(map(number_of, pair))
    return None if None in bounds else Quick(OF_NUMBER, Expression("{} <= v <= {}", bounds, NUMBER))


def _dated(wanted: When, clock: Clock) -> Quick:
    return Quick(OF_TEXT, Expression("{}(v)", (falling(wanted, clock),), CALL))


def _of_text(test: str) -> Callable[[Json, Clock], Quick | None]:
    def quick(value: str, _clock: Clock) -> Quick:
        return Quick(OF_TEXT, Expression(test, (folded_text(value),), TEXT))

    return quick


SIGNS: Mapping[str, str] = MappingProxyType({"gt": ">", "gte": ">=", "lt": "<", "lte": "<="})
QUICK: Mapping[str, Callable[[Json, Clock], Quick | None]] = MappingProxyType(
    {
        "=": lambda value, clock: _among((value,), clock),
        "in": _among,
        "between": _between,
        "contains": _of_text(f"{{}} in {FOLDED}"),
        "startsWith": _of_text(f"{FOLDED}.startswith({{}})"),
        "endsWith": _of_text(f"{FOLDED}.endswith({{}})"),
        **{name: _ordered(name) for name in SIGNS},
    }
)
