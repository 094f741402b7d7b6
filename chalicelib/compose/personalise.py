"""The hot path: one recipient's values for the slots of a revision. Nothing is parsed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

from chalicelib.compose.escape import escape_of, shown
from chalicelib.compose.kept import Kept
from chalicelib.compose.revision import Revision, Slot
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import ADDRESS_ALIASES
from chalicelib.model.token import Signer

NONE: Mapping[str, str] = MappingProxyType({})

# Addressee, tracking token, signer, per-send tokens, and the values so far (a target is made of slots before it).
Fill = Callable[[Addressee, str, Signer, Mapping[str, str], list[str]], str]


def values(
    revision: Revision, to: Addressee, token: str, signer: Signer, tokens: Mapping[str, str] = NONE
) -> tuple[str, ...]:
    """The values of the program's slots, in their order, escaped for their places.

    `token` is the recipient's tracking token; `tokens` are per-send values by name, with or without braces, upper
    or lower case. A field that is empty or missing gives the slot's default.
    """
    given = {name.strip("{}").lower(): value for name, value in tokens.items()} if tokens else NONE
    done: list[str] = []
    for fill in _fills(revision):
        done.append(fill(to, token, signer, given, done))  # fills read what is done so far
    return tuple(done)


def _fill(revision: Revision, slot: Slot) -> Fill:
    return _MAKERS[slot.kind](revision, slot)


@Kept
def _fills(revision: Revision) -> tuple[Fill, ...]:
    return tuple(_fill(revision, slot) for slot in revision.program.slots)


def _track(_revision: Revision, _slot: Slot) -> Fill:
    return lambda _to, token, _signer, _given, _done: token


def _field(_revision: Revision, slot: Slot) -> Fill:
    escape = escape_of(slot.place, slot.modifier)
    alias, default = slot.name, escape(slot.default)
    if alias in ADDRESS_ALIASES:
        return lambda to, _token, _signer, _given, _done: escape(to.contact.address)

    def fill(to: Addressee, _token: str, _signer: Signer, _given: Mapping[str, str], _done: list[str]) -> str:
        text = shown(to.value(alias))
        return escape(text) if text else default

    return _or_default(fill, default) if slot.modifier == "link" else fill


def _or_default(fill: Fill, default: str) -> Fill:
    """A value that is no URL counts as empty."""

    def filled(to: Addressee, token: str, signer: Signer, given: Mapping[str, str], done: list[str]) -> str:
        value = fill(to, token, signer, given, done)
        return default if value in _NO_LINK else value

    return filled


_NO_LINK = frozenset({"", "#"})


def _token(_revision: Revision, slot: Slot) -> Fill:
    escape = escape_of(slot.place, slot.modifier)
    name, default = slot.name, slot.default

    def fill(_to: Addressee, _token: str, _signer: Signer, given: Mapping[str, str], _done: list[str]) -> str:
        value = given.get(name)
        return default if value is None else escape(value)

    return fill


def _target(revision: Revision, slot: Slot) -> Fill:
    parts, begins = slot.target, _begins(revision, slot)
    head, path = f"{revision.base_url}/c/", f"/{slot.link}?u="
    seal = "&amp;s=" if slot.place == "html" else "&s="

    def fill(_to: Addressee, token: str, signer: Signer, _given: Mapping[str, str], done: list[str]) -> str:
        target = "".join([done[part] if isinstance(part, int) else part for part in parts])
        if begins is not None and not done[begins]:
            return "#"
        return f"{head}{token}{path}{quote(target, safe='')}{seal}{signer.seal(token, target)}"

    return fill


def _begins(revision: Revision, slot: Slot) -> int | None:
    """The number of the slot that a target begins with: without a URL from it there is no link."""
    first = slot.target[0]
    return first if isinstance(first, int) and revision.program.slots[first].modifier == "link" else None


_MAKERS: Mapping[str, Callable[[Revision, Slot], Fill]] = MappingProxyType(
    {"track": _track, "field": _field, "token": _token, "target": _target}
)
