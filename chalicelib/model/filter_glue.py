"""Mautic's flat form of a segment's filters, read into a tree.

A list of `{"glue", "field", "operator", "filter"}` (or `properties.filter`, as since Mautic 4; or `value`): conditions
hold together, and one whose `glue` is `or` opens a new group. The first one's glue says nothing. What Mautic adds for
its screens (`type`, `object`, `display`, ...) is not read. Its names of built-in fields become ours (FIELDS).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.model.deeds import DEEDS
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import (
    MAX_CONDITIONS,
    UNTYPED,
    All,
    Any,
    Condition,
    Filter,
    Types,
    condition,
    within_limits,
)

GLUES = ("and", "or", None)
# By Mautic's names: https://github.com/mautic/mautic ContactSegmentFilterDictionary; "received" is its word for read.
FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "date_added": "created_at",
        "date_modified": "updated_at",
        "leadlist": "segment",
        "lead_email_sent": "sent",
        "lead_email_received": "opened",
    }
)
# Built in at Mautic, and asked otherwise here: read as a custom field they would find nobody, without a word.
ASKED_OTHERWISE: Mapping[str, str] = MappingProxyType(
    {
        "lead_email_read_count": "Ask `opened` with `times`.",
        "lead_email_read_date": "Ask `opened` with `days`.",
        "lead_email_sent_date": "Ask `sent` with `days`.",
        "email_id": "Ask `clicked` with `emails`.",
        "email_clicked_link_date": "Ask `clicked` with `days`.",
        "dnc_bounced": "Ask `do_not_contact_reason` for bounced.",
        "dnc_unsubscribed": "Ask `do_not_contact_reason` for unsubscribed.",
        "dnc_manual_email": "Ask `do_not_contact_reason` for suppressed.",
    }
)
DEED_OPERATORS: Mapping[object, str] = MappingProxyType({"in": "=", "=": "=", "!in": "!=", "!=": "!="})


def parsed_glue(json: object, place: str = "filter", types: Types = UNTYPED) -> Filter:
    """The tree; Invalid names the place (`filter[2].glue`), the value and the mend."""
    if not isinstance(json, list | tuple) or not 0 < len(json) <= MAX_CONDITIONS:
        raise Invalid(
            place, json, f'Give a list of 1 to {MAX_CONDITIONS} objects {{"glue", "field", "operator", "filter"}}.'
        )
    groups: list[list[Condition]] = []
    for number, each in enumerate(json):
        here = f"{place}[{number}]"
        if _opens(each, here) or not groups:
            groups.append([])
        groups[-1].append(condition(_ours(each), here, types))
    parts = tuple(group[0] if len(group) == 1 else All(tuple(group)) for group in groups)
    return within_limits(parts[0] if len(parts) == 1 else Any(parts), place)


def _opens(each: object, place: str) -> bool:
    """Whether it opens a group; Invalid where it is none of what a tree can hold."""
    if not isinstance(each, Mapping):
        raise Invalid(place, each, 'Give an object: {"glue", "field", "operator", "filter"}.')
    if each.get("glue") not in GLUES:
        raise Invalid(f"{place}.glue", each["glue"], "Give `and` or `or`.")
    if each.get("object") == "company":
        raise Invalid(f"{place}.object", "company", "Filters read a contact's own fields, not its company's.")
    if each.get("field") in ASKED_OTHERWISE:
        raise Invalid(f"{place}.field", each["field"], ASKED_OTHERWISE[str(each["field"])])
    return each.get("glue") == "or"


def _ours(each: Mapping[str, object]) -> dict[str, object]:
    field = FIELDS.get(str(each.get("field")), each.get("field"))
    operator, value = each.get("operator"), _value(each)
    if field in DEEDS:
        deed = (
            value if isinstance(value, Mapping) else {"emails": value if isinstance(value, list | tuple) else [value]}
        )
        return {"field": field, "operator": DEED_OPERATORS.get(operator, operator), "value": deed}
    if operator in ("empty", "!empty"):
        return {"field": field, "operator": operator}
    return {"field": field, "operator": operator, "value": value}


def _value(each: Mapping[str, object]) -> object:
    properties = each.get("properties")
    inner = properties.get("filter") if isinstance(properties, Mapping) else None
    found = next((given for given in (each.get("value"), each.get("filter"), inner) if given is not None), None)
    if isinstance(found, Mapping) and found.keys() == {"date_from", "date_to"}:
        return [found["date_from"], found["date_to"]]
    return found
