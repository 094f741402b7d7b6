"""A live segment's filter: a tree of conditions, and its JSON form.

`{"all": [...]}`, `{"any": [...]}`, `{"not": ...}` and `{"field", "operator", "value"}`. Operators are Mautic's:
`=`, `!=` (also where the field is empty), `empty`, `!empty`, `contains`, `startsWith`, `in`, `gt`, `gte`, `lt`,
`lte`. Fields are those of the contact by alias, and `email` (`address`), `created_at`, `updated_at`, `consent` (true
or false), `segment` (membership of a static list, by its id). The other reserved names are refused: a filter that
reads nothing would find nobody. `model/predicate.py` makes a function of a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType
from typing import cast

from chalicelib.model.comparing import ORDER, Scalar, moment_of, number_of
from chalicelib.model.contact import ADDRESS_ALIASES, ALIAS, MAX_VALUE, RESERVED
from chalicelib.model.errors import Invalid
from chalicelib.model.ids import is_id

MAX_DEPTH = 10
MAX_CONDITIONS = 100
MAX_CHOICES = 500
MAX_TEXT = 50_000

MOMENTS = frozenset({"created_at", "updated_at"})
MEMBERSHIP = "segment"
CONSENT = "consent"
UNREADABLE = RESERVED - ADDRESS_ALIASES - MOMENTS - {MEMBERSHIP, CONSENT}


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Filter


@dataclass(frozen=True, slots=True)
class Condition:
    """`value` is a tuple for `in`, None for `empty` and `!empty`."""

    field: str
    operator: str
    value: Scalar | tuple[Scalar, ...] | None = None


Filter = All | Any | Not | Condition


def parsed(json: object, place: str = "filter") -> Filter:
    """The tree of a JSON form; Invalid names the place (`filter.all[2].not.operator`), the value and the mend."""
    tree = _node(json, place, MAX_DEPTH)
    found = list(conditions(tree))
    if len(found) > MAX_CONDITIONS:
        raise Invalid(place, f"{len(found)} conditions", f"Use at most {MAX_CONDITIONS} conditions.")
    size = sum(len(str(each.value)) for each in found)
    if size > MAX_TEXT:
        raise Invalid(place, f"values of {size} characters", f"Keep all values together within {MAX_TEXT} characters.")
    return tree


def as_json(tree: Filter) -> dict[str, object]:
    """The JSON form; `parsed` gives the same tree back."""
    match tree:
        case All(parts):
            return {"all": [as_json(part) for part in parts]}
        case Any(parts):
            return {"any": [as_json(part) for part in parts]}
        case Not(part):
            return {"not": as_json(part)}
        case Condition(field, operator, None):
            return {"field": field, "operator": operator}
        case Condition(field, operator, value):
            return {"field": field, "operator": operator, "value": list(value) if isinstance(value, tuple) else value}


def conditions(tree: Filter) -> Iterator[Condition]:
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from conditions(part)
        case Not(part):
            yield from conditions(part)
        case Condition():
            yield tree


def _node(json: object, place: str, depth: int) -> Filter:
    if depth == 0:
        raise Invalid(place, "…", f"Nest at most {MAX_DEPTH} levels.")
    if not isinstance(json, Mapping):
        raise Invalid(place, json, "Give an object: " + SHAPES)
    if "field" in json or "operator" in json:
        return _condition(json, place)
    if len(json) != 1 or not json.keys() <= {"all", "any", "not"}:
        raise Invalid(place, dict(json), "Give exactly one of these: " + SHAPES)
    [(key, inner)] = json.items()
    if key == "not":
        return Not(_node(inner, f"{place}.not", depth - 1))
    return (All if key == "all" else Any)(_nodes(inner, f"{place}.{key}", depth - 1))


def _nodes(json: object, place: str, depth: int) -> tuple[Filter, ...]:
    if not isinstance(json, list | tuple) or not 0 < len(json) <= MAX_CONDITIONS:
        raise Invalid(place, json, f"Give a list of 1 to {MAX_CONDITIONS} filters.")
    return tuple(_node(each, f"{place}[{n}]", depth) for n, each in enumerate(json))


def _condition(json: Mapping[str, object], place: str) -> Condition:
    unknown = sorted(str(key) for key in json.keys() - {"field", "operator", "value"})
    if unknown:
        raise Invalid(f"{place}.{unknown[0]}"[:MAX_VALUE], json[unknown[0]], "Give field, operator and value alone.")
    field, operator, value = json.get("field"), json.get("operator"), json.get("value")
    if not isinstance(field, str) or not ALIAS.fullmatch(field):
        raise Invalid(
            f"{place}.field", field, "Give a field's alias: a small letter, then letters, digits or _, up to 50."
        )
    if field in UNREADABLE:
        raise Invalid(f"{place}.field", field, INSTEAD.get(field, "No filter reads this: " + READABLE))
    known = _operators(field)
    if not isinstance(operator, str) or operator not in known:
        raise Invalid(f"{place}.operator", operator, f"{field} takes one of: {', '.join(known)}.")
    return Condition(field, operator, known[operator](_kind(field), value, f"{place}.value"))


Kind = Callable[[object], bool]
Take = Callable[[Kind, object, str], "Scalar | tuple[Scalar, ...] | None"]


def _is_scalar(value: object) -> bool:
    """Text that is not empty, a finite number or a boolean."""
    if isinstance(value, str):
        return 0 < len(value) <= MAX_VALUE
    return isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value))


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and moment_of(value) is not None


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


def _is_segment(value: object) -> bool:
    return isinstance(value, str) and is_id(value)


MENDS: Mapping[Kind, str] = MappingProxyType(
    {
        _is_scalar: f"Give text (1 to {MAX_VALUE} characters), a number, true or false; for no value there is `empty`.",
        _is_moment: "Give a day (2026-11-24) or a date-time (2026-11-24T09:30:00Z), ISO 8601.",
        _is_boolean: "Give true or false.",
        _is_segment: "Give the id of a segment.",
    }
)
KINDS: Mapping[str, Kind] = MappingProxyType(
    {MEMBERSHIP: _is_segment, CONSENT: _is_boolean, **dict.fromkeys(MOMENTS, _is_moment)}
)


def _kind(field: str) -> Kind:
    return KINDS.get(field, _is_scalar)


def _one(kind: Kind, value: object, place: str) -> Scalar:
    if not kind(value):
        raise Invalid(place, value, MENDS[kind])
    return cast(Scalar, value)


def _several(kind: Kind, value: object, place: str) -> tuple[Scalar, ...]:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_CHOICES:
        raise Invalid(place, value, f"Give a list of 1 to {MAX_CHOICES} values.")
    return tuple(_one(kind, each, f"{place}[{n}]") for n, each in enumerate(value))


def _none(_kind: Kind, value: object, place: str) -> None:
    if value is not None:
        raise Invalid(place, value, "Leave the value away: this operator takes none.")


def _text(_kind: Kind, value: object, place: str) -> str:
    if not isinstance(value, str) or not _is_scalar(value):
        raise Invalid(place, value, f"Give text, 1 to {MAX_VALUE} characters.")
    return value


def _comparable(kind: Kind, value: object, place: str) -> Scalar:
    known = _one(kind, value, place)
    if isinstance(known, bool) or (number_of(known) is None and moment_of(known) is None):
        raise Invalid(place, value, "Give a number, a day (2026-11-24) or a date-time (2026-11-24T09:30:00Z).")
    return known


OPERATORS: Mapping[str, Take] = MappingProxyType(
    {
        "=": _one,
        "!=": _one,
        "empty": _none,
        "!empty": _none,
        "contains": _text,
        "startsWith": _text,
        "in": _several,
        **dict.fromkeys(ORDER, _comparable),
    }
)
OF_MOMENTS = ("=", "!=", *ORDER)
OF_MEMBERSHIP = ("=", "!=", "in")
OF_CONSENT = ("=", "!=")
NARROWED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {MEMBERSHIP: OF_MEMBERSHIP, CONSENT: OF_CONSENT, **dict.fromkeys(MOMENTS, OF_MOMENTS)}
)
READABLE = "use a field's alias, email, created_at, updated_at, consent or segment."
INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "fields": "Name the field itself, by its alias.",
        "lists": "Use `segment` with the id of a static list.",
        "segments": "Use `segment` with the id of a static list.",
    }
)
SHAPES = '{"all": [...]}, {"any": [...]}, {"not": {...}} or {"field", "operator", "value"}.'


def _operators(field: str) -> Mapping[str, Take]:
    return {each: OPERATORS[each] for each in NARROWED.get(field, OPERATORS)}
