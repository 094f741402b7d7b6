"""A contact's fields as a form has them: an input of the field's type for each, and what was typed as values again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from chalicelib.api.console.visit import Visit
from chalicelib.model.comparing import number_of
from chalicelib.model.contact import Value
from chalicelib.model.definition import Definition, FieldType
from chalicelib.model.relative_date import moment_of

PLACE = "fields"
NEW_ALIAS, NEW_VALUE = "new_alias", "new_value"
# More attributes of <input>, by the field's type.
INPUTS: Mapping[FieldType, Mapping[str, object]] = MappingProxyType(
    {
        "number": {"inputmode": "decimal"},
        "date": {"type": "date"},
        "datetime": {"type": "datetime-local", "step": "any"},
        "time": {"type": "time", "step": "any"},
        "email": {"type": "email"},
        "tel": {"type": "tel"},
        "url": {"inputmode": "url"},
        "country": {"list": "countries"},
        "timezone": {"list": "zones"},
    }
)
AREAS: tuple[FieldType, ...] = ("textarea", "html")
TRUTH: Mapping[str, bool] = MappingProxyType({"1": True, "0": False})


@dataclass(frozen=True, slots=True)
class Input:
    """`kind` is what it looks like: field, area, select, checks, or kept for a value that takes no other. `text` or
    `texts` stand in it, and `choices` are (value, label).
    """

    alias: str
    label: str
    kind: str
    text: str = ""
    texts: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{PLACE}.{self.alias}"


def inputs(visit: Visit, known: Mapping[str, Definition], values: Mapping[str, Value]) -> list[Input]:
    """For all fields in use, in the order of their labels, and for whatever else this contact has."""
    defined = sorted(known.values(), key=lambda each: each.label.casefold())
    shown = [each for each in defined if not each.retired or each.alias in values]
    others = sorted(values.keys() - known.keys())
    return [_of_definition(visit, each, values.get(each.alias)) for each in shown] + [
        _of_value(alias, values[alias]) for alias in others
    ]


def typed_values(visit: Visit, known: Mapping[str, Definition], before: Mapping[str, Value]) -> dict[str, object]:
    """What the form says of every field that it showed, by alias; None removes one."""
    found = dict(_typed(visit, known, before))
    alias = visit.one(NEW_ALIAS)
    if alias:
        found[alias] = visit.one(NEW_VALUE) or None
    return found


def typed_and_kept(visit: Visit, shown: Input) -> tuple[str, str]:
    """As text, to tell whether they differ."""
    if shown.kind == "checks":
        return ", ".join(visit.many(shown.name)), ", ".join(shown.texts)
    return visit.one(shown.name), shown.text


def _typed(visit: Visit, known: Mapping[str, Definition], before: Mapping[str, Value]) -> Iterator[tuple[str, object]]:
    form = visit.browser.form
    for each in inputs(visit, known, before):
        if each.kind == "kept" or (each.name not in form and f"{each.name}.shown" not in form):
            continue
        if each.kind == "checks":
            yield each.alias, visit.many(each.name) or None
        elif each.alias in known:
            yield each.alias, _of_text(visit, known[each.alias].type, visit.one(each.name))
        else:
            yield each.alias, _like(before.get(each.alias), visit.one(each.name))


def _of_text(visit: Visit, kind: FieldType, text: str) -> object:
    return in_utc(text, visit.zone) if kind == "datetime" else text or None


def _like(before: Value, text: str) -> object:
    """A field without a definition keeps the kind of value that it has, where the text can be one."""
    if isinstance(before, bool):
        return TRUTH.get(text)
    if isinstance(before, tuple):
        return [each.strip() for each in text.splitlines() if each.strip()] or None
    number = number_of(text) if isinstance(before, int | float) else None
    return (text or None) if number is None else number


def _of_definition(visit: Visit, known: Definition, value: Value) -> Input:
    choices = tuple((each.value, each.label) for each in known.choices)
    if known.retired:
        return Input(known.alias, known.label, "kept", plain(value))
    if known.type == "multiselect":
        texts = value if isinstance(value, tuple) else (plain(value),)
        return Input(known.alias, known.label, "checks", texts=texts, choices=choices)
    if known.type == "boolean":
        answers = dict(choices)
        yes_no = tuple((each, answers.get(each, "")) for each in TRUTH)
        return Input(known.alias, known.label, "answer", _answer(value), choices=yes_no)
    if known.type == "select":
        return Input(known.alias, known.label, "select", plain(value), choices=(("", "\N{EN DASH}"), *choices))
    text = in_zone(value, visit.zone) if known.type == "datetime" else plain(value)
    kind = "area" if known.type in AREAS else "field"
    return Input(known.alias, known.label, kind, text, choices=choices, more=_attributes(known))


def _attributes(known: Definition) -> dict[str, object]:
    more = dict(INPUTS.get(known.type, {}))
    return more | {"list": f"of-{known.alias}"} if known.type == "lookup" and known.choices else more


def _of_value(alias: str, value: Value) -> Input:
    if isinstance(value, bool):
        return Input(alias, alias, "answer", _answer(value), choices=tuple((each, "") for each in TRUTH))
    if isinstance(value, tuple):
        return Input(alias, alias, "area", "\n".join(value))
    text = plain(value)
    return Input(alias, alias, "area" if "\n" in text else "field", text)


def _answer(value: Value) -> str:
    return {True: "1", False: "0"}.get(value, "") if isinstance(value, bool) else ""


def plain(value: Value) -> str:
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def in_zone(value: Value, zone: str) -> str:
    """A stored date-time on the reader's clock, as <input type="datetime-local"> takes it; other text as it is."""
    moment = moment_of(value) if isinstance(value, str) else None
    if not isinstance(moment, datetime):
        return plain(value)
    there = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return there.isoformat(timespec="seconds" if there.second else "minutes")


def in_utc(text: str, zone: str) -> str | None:
    """What was typed on the reader's clock, in UTC; text that is no moment as it is, for the fault to name."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text or None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
