"""What may be changed of a contact, each by its own check, and the contact after it. Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.fields import merged
from chalicelib.model.tagging import checked_points, checked_stage, checked_tags, with_tags
from chalicelib.work import companies, definitions, owners
from chalicelib.work.addresses import normalised
from chalicelib.work.keeping import Check
from chalicelib.work.world import World


def _address(_world: World, value: object) -> str:
    if not isinstance(value, str):
        raise Invalid("address", value, "Give one address such as ann@example.com.")
    return normalised(value)


def _yes(name: str) -> Check:
    def check(_world: World, value: object) -> bool:
        if not isinstance(value, bool):
            raise Invalid(name, value, "Give true or false.")
        return value

    return check


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "address": _address,
        "fields": definitions.checked,
        "consent": _yes("consent"),
        "tracking": _yes("tracking"),
        "owner_id": owners.named,
        "company_id": companies.named,
        "tags": lambda _world, value: checked_tags(value),
        "add_tags": lambda _world, value: checked_tags(value, "add_tags"),
        "remove_tags": lambda _world, value: checked_tags(value, "remove_tags"),
        "points": lambda _world, value: checked_points(value),
        "add_points": lambda _world, value: checked_points(value, "add_points"),
        "stage": lambda _world, value: checked_stage(value),
    }
)


def changed(before: Contact, wanted: Mapping[str, Any]) -> Contact:
    """`wanted` has passed CHECKS. Raises Invalid and TooLarge where it does not fit with what is there."""
    changes = dict(wanted) | {"fields": merged(before.fields, wanted.get("fields", {}))}
    added, removed = changes.pop("add_tags", frozenset()), changes.pop("remove_tags", frozenset())
    tags = with_tags(changes.get("tags", before.tags), added, removed)
    points = checked_points(changes.get("points", before.points) + changes.pop("add_points", 0))
    return replace(before, **(changes | {"tags": tags, "points": points}))
