"""A person with one address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.model.preference import Preferences

Value = str | int | float | bool | None | tuple[str, ...]

ALIAS = re.compile(r"[a-z][a-z0-9_]{0,49}")
# What a contact has beside its fields: no field may take one of these names.
RESERVED = frozenset(
    {
        "id",
        "email",
        "address",
        "segment",
        "segments",
        "lists",
        "fields",
        "created_at",
        "updated_at",
        "consent",
        "tracking",
        "preferences",
        "version",
        "owner_id",
        "company_id",
        "sent",
        "opened",
        "clicked",
        "last_active",
        "tags",
        "points",
        "stage",
        "do_not_contact",
        "do_not_contact_reason",
        "do_not_contact_at",
    }
)
MAX_FIELDS = 100
MAX_VALUE = 1_000
MAX_TEXTS = 100
MAX_LISTS = 200
# The newest are kept.
MAX_FORMER = 20


@dataclass(frozen=True, slots=True)
class Former:
    """An address that the contact had until then: its keyed hash alone, by which it is known again and never read."""

    hash: str
    until: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the contact, the `number`-th: who made it (a member or a key by name, `person`, `import <id>`,
    `merge <id>`), and what was changed: names with old and new value, cut short. Epoch milliseconds.
    """

    number: int
    at: int
    by: str
    what: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """`address` is normalised (lower case, punycode domain); `fields` hold all else by alias.

    `lists` are the static segments that hold this contact. Times are epoch milliseconds, UTC.
    `merged_into` names the contact that took this one over. `owner_id` and `company_id` (the primary one) are "" where
    there is none. `imported` are the marks of the imports that
    wrote it last (`model/importing.py`). `former` addresses are newest first. Without
    `tracking` a letter has no pixel and no link of its own for them. `edit` is the last change: those before it stand
    by themselves (`work/history.py`). `absorbed` are the contacts that were merged into this one, in order; while some
    of them are `settling` no segment e-mail is sent to it (`work/merging.py`). By hand somebody is in a live segment
    that `lists` names, and out of one that `barred` names, whatever its filter says.
    """

    id: str
    address: str
    fields: Mapping[str, Value] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    version: int = 1
    created_at: int = 0
    updated_at: int = 0
    merged_into: str | None = None
    consent: bool = True
    imported: tuple[str, ...] = ()
    owner_id: str = ""
    company_id: str = ""
    tracking: bool = True
    preferences: Preferences = field(default_factory=Preferences)
    tags: frozenset[str] = frozenset()
    points: int = 0
    stage: str = ""
    former: tuple[Former, ...] = ()
    edit: Edit | None = None
    absorbed: tuple[str, ...] = ()
    settling: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


def value_of(contact: Contact, alias: str) -> Value:
    """What a token reads: a field by alias; `email` and `address` are the address, `points` and `stage` themselves."""
    if alias in ADDRESS_ALIASES:
        return contact.address
    if alias in OWN_ALIASES:
        return contact.points if alias == "points" else contact.stage
    return contact.fields.get(alias)


ADDRESS_ALIASES = frozenset({"email", "address"})
OWN_ALIASES = frozenset({"points", "stage"})
