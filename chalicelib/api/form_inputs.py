"""What a sign-up form asks for, as inputs of HTML: on our own page, and in the snippet for anybody's."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from chalicelib.model.definition import Definition
from chalicelib.model.form import Asked

MAX_SHOWN = 1_000
# HTML's kinds of input for the types of fields; text for all others.
INPUTS: Mapping[str, str] = MappingProxyType(
    {"boolean": "boolean", "number": "number", "email": "email", "tel": "tel", "url": "url", "date": "date"}
)
# WCAG 2.2, 1.3.5: what a field is about, where HTML has a word for it.
AUTOCOMPLETE: Mapping[str, str] = MappingProxyType(
    {"firstname": "given-name", "lastname": "family-name", "company": "organization", "phone": "tel"}
)


def input_of(asked: Asked, known: Definition | None, value: object = None) -> dict[str, Any]:
    choices = known.choices if known and known.type in ("select", "multiselect") else ()
    return {
        "alias": asked.alias,
        "label": known.label if known else asked.alias,
        "kind": INPUTS.get(known.type, "text") if known else "text",
        "needed": asked.needed,
        "choices": [(each.value, each.label) for each in choices],
        "value": str(value or "")[:MAX_SHOWN],
        "autocomplete": AUTOCOMPLETE.get(asked.alias, ""),
    }
