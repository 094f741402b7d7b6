"""The filter builder: a form whose parts come and go by clicks. Each part has an id, its inputs are named by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Any

from chalicelib.api.console.segment_choices import every_segment
from chalicelib.api.console.visit import Visit
from chalicelib.console.words import known as word
from chalicelib.console.words import said
from chalicelib.model import draft_values
from chalicelib.model.built_in import BUILT_IN
from chalicelib.model.countries import NAMES
from chalicelib.model.definition import Definition
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.filter import MAX_CONDITIONS, MAX_DEPTH, Filter, Types
from chalicelib.model.filter_draft import (
    JOINS,
    ROOT,
    Group,
    Row,
    as_filter_json,
    depth,
    draft_of,
    fitting,
    free_id,
    is_complete,
    joined,
    parts,
    row_at,
    without,
)
from chalicelib.model.filter_text import as_text
from chalicelib.model.operators import allowed
from chalicelib.model.suppression import STRENGTH
from chalicelib.model.zones import known_zones
from chalicelib.work import definitions, fields_in_use, keeping, segments, stages
from chalicelib.work.filter_names import NamesShown

Choices = Sequence[tuple[str, str]]

TEXT, PART, ACT = "text", "part", "act"
MOST = 300
ID = re.compile(r"n[0-9]{1,6}")
OTHER = "…"
INPUTS = ("value", "how", "count", "unit", "value2", "how2", "count2", "unit2", "emails", "times", "days", "link")
# Fields whose values are among their choices alone; of all others the choices are offers.
CLOSED = frozenset({"select", "multiselect", "boolean", "owner_id", "company_id", "do_not_contact_reason"})
MOST_CHECKS = 40


@dataclass(frozen=True, slots=True)
class Shown:
    """What a row lets choose. `looks` is how its value is asked for: a kind of value, `select` or `checks`."""

    operators: Choices = ()
    kind: str = ""
    looks: str = ""
    choices: Choices = ()
    complete: bool = False

    @property
    def names(self) -> dict[str, str]:
        return dict(self.choices)


@dataclass(frozen=True)
class Builder:
    """All that the builder shows of one draft."""

    visit: Visit
    known: Mapping[str, Definition]
    draft: Group
    segment_id: str = ""

    @property
    def types(self) -> Types:
        return {alias: each.type for alias, each in self.known.items()}

    def values(self) -> dict[str, Any]:
        """For the template."""
        rows = [each for each in parts(self.draft) if isinstance(each, Row)]
        labels = fields_in_use.labels(self.visit.world, dict(self.known))
        labels = labels | {each.field: each.field for each in rows if each.field not in (*labels, *BUILT_IN, "")}
        return {
            "draft": self.draft,
            "rows": {each.id: self._shown(each) for each in rows},
            "labels": labels | {name: said(self.visit.language, f"filters.field.{name}") for name in OFFERED},
            "own": list(labels),
            "offered": OFFERED,
            "joins": self._said("join", JOINS),
            "moments": self._said("how", draft_values.HOWS),
            "units": self._said("unit", draft_values.UNITS),
            "deepest": {each.id for each in parts(self.draft) if depth(self.draft, each.id) >= MAX_DEPTH - 1},
            "complete": bool(rows) and all(is_complete(each, self.types) for each in rows),
            "other": OTHER,
        }

    def _said(self, part: str, names: Iterable[str]) -> list[tuple[str, str]]:
        return [(name, said(self.visit.language, f"filters.{part}.{name}")) for name in names]

    def _operators(self, row: Row, kind: str) -> list[tuple[str, str]]:
        """By words that fit what is compared: `is after` for moments, `did not` for deeds."""
        language = self.visit.language
        return [
            (name, word(language, f"filters.operator.{name}.{kind}", said(language, f"filters.operator.{name}")))
            for name in allowed(row.field, self.types)[1]
        ]

    def _shown(self, row: Row) -> Shown:
        if not row.field or row.field == OTHER:
            return Shown()
        kind = draft_values.kind_of(row.field, row.operator, self.types)
        choices = self._choices(row.field)
        looks = _looks(kind, closed=self._is_closed(row.field), number=len(choices))
        complete = is_complete(row, self.types)
        return Shown(self._operators(row, _family(row.field, self.types)), kind, looks, choices, complete)

    def _is_closed(self, field: str) -> bool:
        return field in CLOSED or self.types.get(field, "") in CLOSED or field == "segment"

    def _choices(self, field: str) -> Choices:
        if field in self.known:
            definition = self.known[field]
            if definition.choices:
                return [(each.value, each.label) for each in definition.choices]
            return OF_TYPES[definition.type]() if definition.type in OF_TYPES else ()
        return OF_FIELDS[field](self) if field in OF_FIELDS else ()


OFFERED = tuple(name for name in BUILT_IN if name != "address")


def begun(visit: Visit, tree: Filter | None, segment_id: str = "") -> Builder:
    known = definitions.by_alias(visit.world)
    return Builder(visit, known, draft_of(tree, {alias: each.type for alias, each in known.items()}), segment_id)


def posted(visit: Visit, segment_id: str = "") -> Builder:
    """As the form has it, or its text. Raises Invalid where the text is none."""
    if visit.one("form") == TEXT:
        return begun(visit, segments.checked_filter(visit.world, visit.one(TEXT), segment_id), segment_id)
    known = definitions.by_alias(visit.world)
    builder = Builder(visit, known, _draft(visit), segment_id)
    fit = {each.id: fitting(each, builder.types) for each in parts(builder.draft) if isinstance(each, Row)}
    return replace(builder, draft=_with_rows(builder.draft, fit))


def acted(builder: Builder) -> Builder:
    """With what was clicked: `row n1` and `group n1` put one into that group, `remove n2` takes a part out."""
    act, _, part_id = builder.visit.one(ACT).partition(" ")
    draft = builder.draft
    room = sum(isinstance(each, Row) for each in parts(draft)) < MAX_CONDITIONS
    if act == "row" and room:
        draft = joined(draft, part_id, Row(free_id(draft)))
    elif act == "group" and room and 0 < depth(draft, part_id) < MAX_DEPTH - 1:
        inner = free_id(draft)
        draft = joined(draft, part_id, Group(inner, "any", (Row(f"n{int(inner[1:]) + 1}"),)))
    elif act == "remove":
        draft = without(draft, part_id)
    return replace(builder, draft=draft)


def filter_of(builder: Builder) -> object:
    """The filter's JSON form; Invalid where nothing is said yet."""
    json, _ = as_filter_json(builder.draft, builder.types)
    if json is None:
        raise Invalid("filter", "nothing", "Add a condition: without any it would be everybody.")
    return json


def checked(builder: Builder) -> Filter:
    return segments.checked_filter(builder.visit.world, filter_of(builder), builder.segment_id)


def text_of(builder: Builder) -> str:
    """The same as text, with names where they are clear. Raises Invalid for what is not complete."""
    return as_text(checked(builder), NamesShown(builder.visit.world))


def place_of(builder: Builder, fault: Fault | None) -> str:
    """The id of the part that a fault is about; "" for none."""
    if fault is None or not (fault.field or "").startswith("filter"):
        return ""
    return row_at(as_filter_json(builder.draft, builder.types)[1], fault.field or "")


def _draft(visit: Visit) -> Group:
    """The parts in the order of the page: each says in which group it is. What is no part of ours is left out."""
    root = Group(ROOT, _join(visit, ROOT))
    told = [each.split(":") for each in islice(visit.many(PART), MAX_CONDITIONS * MAX_DEPTH)]
    for identifier, group_id, kind in (each for each in told if len(each) == len(("id", "group", "kind"))):
        if not ID.fullmatch(identifier) or identifier == root.id or depth(root, group_id) == 0:
            continue
        part = Group(identifier, _join(visit, identifier)) if kind == "group" else _row(visit, identifier)
        root = joined(root, group_id, part)
    return root


def _join(visit: Visit, group_id: str) -> Any:  # noqa: ANN401  # one of JOINS
    wished = visit.one(f"{group_id}.join")
    return wished if wished in JOINS else "all"


def _row(visit: Visit, row_id: str) -> Row:
    form = visit.browser.form
    field = visit.one(f"{row_id}.field")
    field = visit.one(f"{row_id}.alias") or OTHER if field == OTHER else field
    typed = {name: tuple(filter(None, form.get(f"{row_id}.{name}", ()))) for name in INPUTS}
    negated = visit.one(f"{row_id}.not") == "1"
    return Row(
        row_id, field, visit.one(f"{row_id}.operator"), negated, {name: each for name, each in typed.items() if each}
    )


def _with_rows(draft: Group, rows: Mapping[str, Row]) -> Group:
    inner = (_with_rows(each, rows) if isinstance(each, Group) else rows[each.id] for each in draft.parts)
    return replace(draft, parts=tuple(inner))


def _looks(kind: str, *, closed: bool, number: int) -> str:
    if kind == "lines":
        return "checks" if 0 < number <= MOST_CHECKS else kind
    if kind in ("text", "segment") and closed:
        return "select"
    return "checks" if kind == "segments" else kind


def _family(field: str, types: Types) -> str:
    """Which words of the operators fit: moment, deed, or nothing special."""
    if field in BUILT_IN:
        return BUILT_IN[field].kind
    return "moment" if types.get(field) in ("date", "datetime") else ""


def _owners(builder: Builder) -> Choices:
    return [(each.id, each.name or each.address) for each in keeping.every(builder.visit.world.owners)]


def _companies(builder: Builder) -> Choices:
    return [(each.id, each.name) for each in builder.visit.world.companies.page(MOST, None)[0]]


def _tags(builder: Builder) -> Choices:
    return [(each.name, each.name) for each in builder.visit.world.tags.page(MOST, None)[0]]


def _stages(builder: Builder) -> Choices:
    return [(each.name, each.name) for each in stages.every(builder.visit.world)]


def _segments(builder: Builder) -> Choices:
    return [(each.id, each.name) for each in every_segment(builder.visit) if each.id != builder.segment_id]


def _emails(builder: Builder) -> Choices:
    return [(each.id, each.name) for each in builder.visit.world.emails.page(MOST, None)[0]]


def _reasons(builder: Builder) -> Choices:
    return [(each, word(builder.visit.language, f"reason.{each}", each)) for each in STRENGTH]


OF_FIELDS: Mapping[str, Callable[[Builder], Choices]] = MappingProxyType(
    {
        "owner_id": _owners,
        "company_id": _companies,
        "tags": _tags,
        "stage": _stages,
        "segment": _segments,
        "do_not_contact_reason": _reasons,
        **dict.fromkeys(("sent", "opened", "clicked"), _emails),
    }
)
OF_TYPES: Mapping[str, Callable[[], Choices]] = MappingProxyType(
    {
        "country": lambda: [(each, "") for each in sorted(NAMES.values())],
        "timezone": lambda: [(each, "") for each in sorted(set(known_zones().values()))],
    }
)
