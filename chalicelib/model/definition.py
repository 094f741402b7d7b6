"""What is known of a custom field: type, label, choices. A field without a definition holds what it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

FieldType = Literal[
    "text",
    "textarea",
    "multiselect",
    "select",
    "boolean",
    "lookup",
    "date",
    "datetime",
    "time",
    "timezone",
    "email",
    "html",
    "number",
    "tel",
    "url",
    "country",
    "region",
    "locale",
]
FIELD_TYPES: tuple[FieldType, ...] = get_args(FieldType)
# Those that take any text.
FREE: tuple[FieldType, ...] = ("text", "textarea", "html", "lookup")
MAX_CHOICES = 300
# One list of all is read with every write of a contact.
MAX_DEFINITIONS = 200

_PLAIN: tuple[FieldType, ...] = ("text", "textarea", "lookup")
# What else a field of this type may become. Contacts keep the values that they have, and every reader takes them as
# they are: so a type may only become one that takes all its values. Nothing becomes `html`, where text would become
# markup; from text to number, say, make a new field and retire the old one.
_WIDER: Mapping[FieldType, tuple[FieldType, ...]] = MappingProxyType(
    {"date": ("datetime",), "select": ("multiselect",)}
)


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what is stored, `label` what people read (`{contactfield=plan|label}`)."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Definition:
    """`choices` of a select, multiselect, lookup or boolean (`1`, `0`); a lookup only offers them. `default` is the
    text that a new contact's value is made of; a multiselect's are separated by `|`. A `retired` field keeps its
    values, and takes no new ones. Epoch milliseconds.
    """

    alias: str
    label: str
    type: FieldType = "text"
    choices: tuple[Choice, ...] = ()
    default: str = ""
    retired: bool = False
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def id(self) -> str:
        return self.alias


def successors(before: FieldType) -> tuple[FieldType, ...]:
    """The types that a field of this type may have from now on."""
    return tuple(dict.fromkeys((before, *_PLAIN, *_WIDER.get(before, ()))))
