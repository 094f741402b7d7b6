"""What is known of a custom field: type, label, choices. A field without a definition holds what it holds."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is what is stored, `label` what people read (`{contactfield=plan|label}`)."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Definition:
    """`choices` of a select, multiselect, lookup or boolean (`1`, `0`). A `retired` field keeps its values, and
    takes no new ones. Epoch milliseconds.
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
