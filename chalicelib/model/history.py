"""What was changed of a contact, when and by whom: the newest changes, in short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.model.contact import Contact, Edit, Value

# How many edits of a contact are kept, the newest; how many values one names, and how much of a value it shows.
KEPT = 50
MAX_NAMED = 10
MAX_SHOWN = 60
MORE = "…"
OWN = ("consent", "tracking", "owner_id", "company_id", "points", "stage", "merged_into")
CHOSEN = ("most_per_week", "paused_until")


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit, and whose it is."""

    contact: str
    edit: Edit


def edited(before: Contact, after: Contact, at: int, by: str) -> Contact:
    """`after` with the edit that made it; itself where nothing that people see has changed."""
    what = tuple(differences(before, after))
    if not what:
        return after
    number = before.edit.number + 1 if before.edit else 1
    left = len(what) - MAX_NAMED
    shown = (*what[:MAX_NAMED], (MORE, "", f"{left} more")) if left > 0 else what
    return replace(after, edit=Edit(number, at, by, shown))


def differences(before: Contact, after: Contact) -> Iterator[tuple[str, str, str]]:
    """Name, old and new value of everything that is another, as short texts."""
    if before.address != after.address:
        yield "address", masked(before.address), masked(after.address)
    for alias in sorted(before.fields.keys() | after.fields.keys()):
        if before.fields.get(alias) != after.fields.get(alias):
            yield f"fields.{alias}", shown(before.fields.get(alias)), shown(after.fields.get(alias))
    for name in OWN:
        if getattr(before, name) != getattr(after, name):
            yield name, shown(getattr(before, name)), shown(getattr(after, name))
    yield from _sets(before, after)
    for name in CHOSEN:
        old, new = getattr(before.preferences, name), getattr(after.preferences, name)
        if old != new:
            yield name, shown(old), shown(new)


def shown(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + MORE


def masked(address: str) -> str:
    """Enough to know it again, too little to write to: former addresses are not kept."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}{MORE}@{domain}"[: 2 * MAX_SHOWN]


def _sets(before: Contact, after: Contact) -> Iterator[tuple[str, str, str]]:
    """What was taken away stands as old, what was added as new."""
    sets = {
        "tags": (before.tags, after.tags),
        "segments": (before.lists, after.lists),
        "absorbed": (frozenset(before.absorbed), frozenset(after.absorbed)),
        "kept_out_of": (before.barred, after.barred),
        "categories_left": (before.preferences.left, after.preferences.left),
    }
    for name, (old, new) in sets.items():
        if old != new:
            yield name, _listed(old - new), _listed(new - old)


def _listed(names: frozenset[str]) -> str:
    return shown(tuple(sorted(names)))


def newest_first(edits: Sequence[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda each: each.number, reverse=True)
