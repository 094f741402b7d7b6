"""What a field's definition may say: each part checked by itself, then together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, get_args

from chalicelib.model.definition import MAX_CHOICES, Choice, Definition, FieldType
from chalicelib.model.errors import Invalid
from chalicelib.model.line import line
from chalicelib.model.typed import NO, SEPARATOR, YES

MAX_LABEL = 100
MAX_CHOICE = 100
MAX_DEFAULT = 1_000
# Those that have choices, and those that cannot be without.
CHOOSING: tuple[FieldType, ...] = ("select", "multiselect", "lookup", "boolean")
NEEDING: tuple[FieldType, ...] = ("select", "multiselect")


def edited(before: Definition, given: Mapping[str, object], types: Sequence[FieldType]) -> Definition:
    """The definition with what was given (names of CHECKS), its type one of `types`. Whether the default is a value
    of the type is for the caller to see. Raises Invalid.
    """
    unknown = sorted(given.keys() - CHECKS.keys())
    if unknown:
        raise Invalid(unknown[0], given[unknown[0]], f"These can be given: {', '.join(CHECKS)}.")
    after = replace(before, **{name: CHECKS[name](value) for name, value in given.items()})
    if after.type not in types:
        mend = f"A {before.type} field may become {', '.join(types)}. Else make a new field and retire this one."
        raise Invalid("type", after.type, mend)
    if after.type not in CHOOSING and "choices" not in given:
        after = replace(after, choices=())
    _check_choices(after)
    return after


def _check_choices(definition: Definition) -> None:
    choices = definition.choices
    if definition.type not in CHOOSING and choices:
        mend = f"A {definition.type} field has no choices; these have: {', '.join(CHOOSING)}."
        raise Invalid("choices", [each.value for each in choices], mend)
    if definition.type in NEEDING and not choices:
        raise Invalid("choices", [], f"A {definition.type} field needs at least one choice.")
    if definition.type == "boolean":
        _check_answers(choices)


def _check_answers(choices: Sequence[Choice]) -> None:
    for n, each in enumerate(choices):
        if each.value not in ("1", "0"):
            raise Invalid(f"choices[{n}].value", each.value, 'A boolean has the choices "1" (yes) and "0" (no).')
        if each.label.lower() in (NO if each.value == "1" else YES):
            raise Invalid(f"choices[{n}].label", each.label, "This label says the opposite of its value.")


def _type(value: object) -> FieldType:
    for each in get_args(FieldType):
        if value == each:
            return each  # type: ignore[no-any-return]  # get_args has no types
    raise Invalid("type", value, f"It is one of {', '.join(get_args(FieldType))}.")


def _choices(value: object) -> tuple[Choice, ...]:
    if not isinstance(value, list | tuple) or len(value) > MAX_CHOICES:
        raise Invalid("choices", value, f'Give a list of at most {MAX_CHOICES} of {{"value", "label"}}.')
    choices = tuple(_choice(each, f"choices[{n}]") for n, each in enumerate(value))
    for name in ("value", "label"):
        _refuse_doubles([getattr(each, name) for each in choices], name)
    return choices


def _refuse_doubles(texts: Sequence[str], name: str) -> None:
    """Values and labels are both taken without regard to case: each has to mean one choice."""
    seen: set[str] = set()
    for n, text in enumerate(texts):
        if text.lower() in seen:
            raise Invalid(f"choices[{n}].{name}", text, f"This {name} stands twice (case does not count).")
        seen.add(text.lower())


def _choice(given: object, place: str) -> Choice:
    if not isinstance(given, Mapping) or not {"value"} <= given.keys() <= {"value", "label"}:
        raise Invalid(place, given, 'Give {"value", "label"}; without a label the value is its own.')
    value = line(given["value"], f"{place}.value", MAX_CHOICE, needed=True)
    if SEPARATOR in value:
        raise Invalid(f"{place}.value", value, f"Take out the {SEPARATOR}: it separates the values of a multiselect.")
    return Choice(value, line(given.get("label") or value, f"{place}.label", MAX_CHOICE, needed=True))


def _default(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_DEFAULT:
        raise Invalid("default", value, f'Give text of at most {MAX_DEFAULT} characters, such as "0"; "" is none.')
    return value.strip()


def _retired(value: object) -> bool:
    if not isinstance(value, bool):
        raise Invalid("retired", value, "Give true or false.")
    return value


CHECKS: Mapping[str, Callable[[object], Any]] = MappingProxyType(
    {
        "label": lambda value: line(value, "label", MAX_LABEL, needed=True),
        "type": _type,
        "choices": _choices,
        "default": _default,
        "retired": _retired,
    }
)
