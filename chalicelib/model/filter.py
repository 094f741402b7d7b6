"""A filter: a tree of conditions on a contact, and its JSON form.

`{"all": [...]}`, `{"any": [...]}`, `{"not": ...}` and `{"field", "operator", "value"}`. The operators are in
`model/operators.py`. Fields are those of the contact by alias and the built-in ones (`model/built_in.py`). Days may be
relative (`model/relative_date.py`); what a contact did with e-mails is a condition on `sent`, `opened` or `clicked`
(`model/deeds.py`). The same tree can be read from text (`model/filter_reading.py`) and from Mautic's flat list
(`model/filter_glue.py`); `model/predicate.py` makes a function of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.model.built_in import INSTEAD, MEMBERSHIP, READABLE, UNREADABLE
from chalicelib.model.contact import ALIAS, MAX_VALUE
from chalicelib.model.deeds import Deed
from chalicelib.model.definition import FieldType
from chalicelib.model.errors import Invalid
from chalicelib.model.nearest import offered
from chalicelib.model.operators import Operand, allowed, checked_value

MAX_DEPTH = 10
MAX_CONDITIONS = 100
MAX_TEXT = 50_000
SHAPES = '{"all": [...]}, {"any": [...]}, {"not": {...}} or {"field", "operator", "value"}.'

Types = Mapping[str, FieldType]
UNTYPED: Types = MappingProxyType({})


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
    """`value` is a tuple for `in` and `between`, None for `empty`, a Deed for what a contact did."""

    field: str
    operator: str
    value: Operand = None


Filter = All | Any | Not | Condition


def parsed(json: object, place: str = "filter", types: Types = UNTYPED) -> Filter:
    """The tree of a JSON form; Invalid names the place (`filter.all[2].not.operator`), the value and the mend.

    `types` are those of the fields that are known: they narrow operators and values.
    """
    return within_limits(_node(json, place, MAX_DEPTH, types), place)


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
            return {"field": field, "operator": operator, "value": _operand_json(value)}


def conditions(tree: Filter) -> Iterator[Condition]:
    match tree:
        case All(parts) | Any(parts):
            for part in parts:
                yield from conditions(part)
        case Not(part):
            yield from conditions(part)
        case Condition():
            yield tree


def memberships(tree: Filter) -> tuple[str, ...]:
    """The ids of the segments that its conditions name, each once."""
    named = (condition.value for condition in conditions(tree) if condition.field == MEMBERSHIP)
    return tuple(
        dict.fromkeys(str(each) for value in named for each in (value if isinstance(value, tuple) else (value,)))
    )


def condition(json: Mapping[str, object], place: str, types: Types = UNTYPED) -> Condition:
    """One condition of its parts; Invalid names the part."""
    unknown = sorted(str(key) for key in json.keys() - {"field", "operator", "value"})
    if unknown:
        raise Invalid(f"{place}.{unknown[0]}"[:MAX_VALUE], json[unknown[0]], "Give field, operator and value alone.")
    field, operator = checked_field(json.get("field"), f"{place}.field"), json.get("operator")
    kind, known = allowed(field, types)
    if not isinstance(operator, str) or operator not in known:
        near = offered(str(operator), {each.lower(): each for each in known})
        raise Invalid(f"{place}.operator", operator, f"{field} takes one of: {', '.join(known)}.{near}")
    return Condition(field, operator, checked_value(field, operator, kind, json.get("value"), f"{place}.value"))


def checked_field(field: object, place: str) -> str:
    if field == "":
        raise Invalid(place, field, "Choose what to look at.")
    if not isinstance(field, str) or not ALIAS.fullmatch(field):
        raise Invalid(place, field, "Give a field's alias: a small letter, then letters, digits or _, up to 50.")
    if field in UNREADABLE:
        raise Invalid(place, field, INSTEAD.get(field, "No filter reads this: " + READABLE))
    return field


def within_limits(tree: Filter, place: str) -> Filter:
    """The tree itself; Invalid where it is too deep, has too many conditions or too much text."""
    if _depth(tree) > MAX_DEPTH:
        raise Invalid(place, "…", f"Nest at most {MAX_DEPTH} levels.")
    found = list(conditions(tree))
    if len(found) > MAX_CONDITIONS:
        raise Invalid(place, f"{len(found)} conditions", f"Use at most {MAX_CONDITIONS} conditions.")
    size = sum(map(_size, found))
    if size > MAX_TEXT:
        raise Invalid(place, f"values of {size} characters", f"Keep all values together within {MAX_TEXT} characters.")
    return tree


def _operand_json(value: Operand) -> object:
    if isinstance(value, Deed):
        return value.as_json()
    return list(value) if isinstance(value, tuple) else value


def _depth(tree: Filter) -> int:
    match tree:
        case All(parts) | Any(parts):
            return 1 + max(map(_depth, parts))
        case Not(part):
            return 1 + _depth(part)
        case Condition():
            return 1


def _size(found: Condition) -> int:
    value = found.value
    texts = value if isinstance(value, tuple) else (*value.emails, value.link) if isinstance(value, Deed) else (value,)
    return sum(len(str(each)) for each in texts)


def _node(json: object, place: str, depth: int, types: Types) -> Filter:
    if depth == 0:
        raise Invalid(place, "…", f"Nest at most {MAX_DEPTH} levels.")
    if not isinstance(json, Mapping):
        raise Invalid(place, json, "Give an object: " + SHAPES)
    if "field" in json or "operator" in json:
        return condition(json, place, types)
    if len(json) != 1 or not json.keys() <= {"all", "any", "not"}:
        raise Invalid(place, dict(json), "Give exactly one of these: " + SHAPES)
    [(key, inner)] = json.items()
    if key == "not":
        return Not(_node(inner, f"{place}.not", depth - 1, types))
    return (All if key == "all" else Any)(_nodes(inner, f"{place}.{key}", depth - 1, types))


def _nodes(json: object, place: str, depth: int, types: Types) -> tuple[Filter, ...]:
    if not isinstance(json, list | tuple) or not 0 < len(json) <= MAX_CONDITIONS:
        raise Invalid(place, json, f"Give a list of 1 to {MAX_CONDITIONS} filters.")
    return tuple(_node(each, f"{place}[{n}]", depth, types) for n, each in enumerate(json))
