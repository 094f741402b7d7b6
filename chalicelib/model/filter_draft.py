"""A filter that is being made: a tree like the filter itself (`model/filter.py`), where all may still be empty."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from types import MappingProxyType
from typing import Literal

from chalicelib.model import draft_values
from chalicelib.model.draft_values import Typed
from chalicelib.model.filter import All, Any, Condition, Filter, Not, Types
from chalicelib.model.operators import allowed

# How a group joins its parts: all of them hold, at least one, at least one does not, none.
Join = Literal["all", "any", "not all", "none"]
JOINS: tuple[Join, ...] = ("all", "any", "not all", "none")
ROOT = "n1"
OPPOSITE: Mapping[Join, Join] = MappingProxyType({"all": "not all", "any": "none", "not all": "all", "none": "any"})


@dataclass(frozen=True, slots=True)
class Row:
    """A condition: what is chosen, and what is in its inputs. `negated` is shown where the filter's text says so."""

    id: str
    field: str = ""
    operator: str = ""
    negated: bool = False
    typed: Typed = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    join: Join = "all"
    parts: tuple[Part, ...] = ()


Part = Group | Row


def draft_of(tree: Filter | None, types: Types) -> Group:
    """The draft that would make this filter; an empty group, with a condition to begin with, for none."""
    ids = (f"n{n}" for n in count(2))
    found = Row(next(ids)) if tree is None else _drafted(tree, types, ids)
    return replace(found, id=ROOT) if isinstance(found, Group) else Group(ROOT, parts=(found,))


def fitting(row: Row, types: Types) -> Row:
    """The row with an operator that its field takes; what was typed for another kind of value is left out."""
    if not row.field:
        return replace(row, operator="")
    known = allowed(row.field, types)[1]
    return row if row.operator in known else replace(row, operator="=" if "=" in known else known[0])


def joined(draft: Group, group_id: str, part: Part) -> Group:
    """With another part at the end of this group."""

    def change(group: Group) -> Group:
        return replace(group, parts=(*group.parts, part)) if group.id == group_id else group

    return _each_group(draft, change)


def without(draft: Group, part_id: str) -> Group:
    def change(group: Group) -> Group:
        return replace(group, parts=tuple(each for each in group.parts if each.id != part_id))

    return _each_group(draft, change)


def free_id(draft: Group) -> str:
    used = {int(each.id[1:]) for each in parts(draft)}
    return f"n{max(used) + 1}"


def parts(draft: Group) -> Iterator[Part]:
    """All of them, each group before its own."""
    yield draft
    for each in draft.parts:
        if isinstance(each, Group):
            yield from parts(each)
        else:
            yield each


def depth(draft: Group, part_id: str, level: int = 1) -> int:
    """How deep a group lies, from 1; 0 where it is not there."""
    if draft.id == part_id:
        return level
    inner = (depth(each, part_id, level + 1) for each in draft.parts if isinstance(each, Group))
    return max(inner, default=0)


def as_filter_json(draft: Group, types: Types) -> tuple[object, dict[str, str]]:
    """The filter's JSON form, None where nothing is said yet; and each part's id by its place in it (`.all[0]`)."""
    places: dict[str, str] = {}
    return _group_json(draft, types, "", places), places


def is_complete(row: Row, types: Types) -> bool:
    """Whether something is in each of its inputs that cannot be empty."""
    if not row.field or not row.operator:
        return False
    value = draft_values.operand(draft_values.kind_of(row.field, row.operator, types), row.operator, row.typed)
    return value not in ("", []) and not (isinstance(value, list) and "" in value)


def row_at(places: Mapping[str, str], place: str) -> str:
    """The id of the part that a fault's field (`filter.all[0].value[1]`) means; "" for none."""
    inner = place.removeprefix("filter")
    fits = [each for each in places if inner.startswith(each)]
    return places[max(fits, key=len)] if fits else ""


def _group_json(group: Group, types: Types, place: str, places: dict[str, str]) -> object:
    """A group of one is its part: `all` and `any` say nothing then. Groups without any are left out."""
    kept = [each for each in group.parts if isinstance(each, Row) or _says(each)]
    negated, key = group.join in ("not all", "none"), "all" if group.join in ("all", "not all") else "any"
    inner = f"{place}.not" if negated else place
    places[place] = group.id
    if not kept:
        return None
    if len(kept) == 1:
        json = _part_json(kept[0], types, inner, places)
    else:
        json = {key: [_part_json(each, types, f"{inner}.{key}[{n}]", places) for n, each in enumerate(kept)]}
    return {"not": json} if negated else json


def _part_json(part: Part, types: Types, place: str, places: dict[str, str]) -> object:
    if isinstance(part, Group):
        return _group_json(part, types, place, places)
    places[place] = part.id
    condition: dict[str, object] = {"field": part.field, "operator": part.operator}
    kind = draft_values.kind_of(part.field, part.operator, types)
    if kind != "none":
        condition["value"] = draft_values.operand(kind, part.operator, part.typed)
    if part.negated:
        places[f"{place}.not"] = part.id
        return {"not": condition}
    return condition


def _says(group: Group) -> bool:
    return any(isinstance(each, Row) or _says(each) for each in group.parts)


def _each_group(draft: Group, change: Callable[[Group], Group]) -> Group:
    inner = tuple(_each_group(each, change) if isinstance(each, Group) else each for each in draft.parts)
    return change(replace(draft, parts=inner))


def _drafted(tree: Filter, types: Types, ids: Iterator[str]) -> Part:
    match tree:
        case All(inner) | Any(inner):
            identifier = next(ids)
            join: Join = "all" if isinstance(tree, All) else "any"
            return Group(identifier, join, tuple(_drafted(each, types, ids) for each in inner))
        case Not(part):
            return _negated(_drafted(part, types, ids), ids)
        case Condition(name, operator):
            return Row(next(ids), name, operator, typed=draft_values.typed_of(tree, types))


def _negated(part: Part, ids: Iterator[str]) -> Part:
    if isinstance(part, Group):
        return replace(part, join=OPPOSITE[part.join])
    return Group(next(ids), "none", (part,)) if part.negated else replace(part, negated=True)
