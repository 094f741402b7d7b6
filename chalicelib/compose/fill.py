"""How one slot is filled for one recipient: what a fill is told, and the fills of the contact's own values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType

from chalicelib.compose.escape import Escape, escape_of, shown
from chalicelib.compose.letter import joined
from chalicelib.compose.moments import read, shifted, steps
from chalicelib.compose.php_date import formatter, needs_a_day
from chalicelib.compose.revision import Revision, Slot
from chalicelib.compose.words import words_of
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import ADDRESS_ALIASES, Value
from chalicelib.model.owner import Owner
from chalicelib.model.token import Signer
from chalicelib.model.zones import ZONE_FIELD, moment_at, zone_of

FROM_NAME = "|FROM_NAME|"

# Addressee, tracking token, signer, per-send tokens, and the values so far (a slot is made of slots before it).
Fill = Callable[[Addressee, str, Signer, Mapping[str, str], list[str]], str]

_NO_LINK = frozenset({"", "#"})


def field_fill(revision: Revision, slot: Slot) -> Fill:
    escape = escape_of(slot.place, slot.modifier)
    if slot.format:
        return _date(revision, slot, escape)
    alias, default = slot.name, escape(slot.default)
    if slot.labels:
        return _label(slot, escape)
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


def _label(slot: Slot, escape: Escape) -> Fill:
    alias, labels = slot.name, dict(slot.labels)

    def fill(to: Addressee, _token: str, _signer: Signer, _given: Mapping[str, str], _done: list[str]) -> str:
        value = to.value(alias)
        many = value if isinstance(value, tuple) else (value,)
        return escape(", ".join([_labelled(each, labels) for each in many]))

    return fill


def _labelled(value: Value, labels: Mapping[str, str]) -> str:
    """What has no label is its own."""
    key = ("true" if value else "false") if isinstance(value, bool) else shown(value)
    return labels.get(key, key)


def _date(revision: Revision, slot: Slot, escape: Escape) -> Fill:
    alias, zone, day = slot.name, zone_of(revision.zone) or UTC, needs_a_day(slot.format)
    write = _written(revision, slot, escape)

    def fill(to: Addressee, _token: str, _signer: Signer, _given: Mapping[str, str], _done: list[str]) -> str:
        return write(read(to.value(alias), _zone(to, zone), needs_a_day=day))

    return fill


def today_fill(revision: Revision, slot: Slot) -> Fill:
    zone, by = zone_of(revision.zone) or UTC, steps(slot.shift) or ()
    write = _written(revision, slot, escape_of(slot.place, slot.modifier))

    def fill(to: Addressee, _token: str, _signer: Signer, _given: Mapping[str, str], _done: list[str]) -> str:
        return write(shifted(moment_at(to.now, _zone(to, zone)), by))

    return fill


def _written(revision: Revision, slot: Slot, escape: Escape) -> Callable[[datetime | None], str]:
    write = formatter(slot.format, words_of(revision.language))
    return lambda moment: "" if moment is None else escape(write(moment))


def _zone(to: Addressee, otherwise: tzinfo) -> tzinfo:
    """The contact's own; the workspace's where there is none, or none that is known."""
    name = to.value(ZONE_FIELD)
    return (zone_of(name) or otherwise) if name and isinstance(name, str) else otherwise


OWNER_VALUES: Mapping[str, Callable[[Owner], str]] = MappingProxyType(
    {
        "email": lambda owner: owner.address,
        "firstname": lambda owner: owner.first_name,
        "lastname": lambda owner: owner.last_name,
        "position": lambda owner: owner.position,
    }
)
_SENDER_VALUES: Mapping[str, Callable[[Owner], str]] = MappingProxyType(
    {"name": lambda owner: owner.name, "address": lambda owner: owner.address}
)


def owner_fill(_revision: Revision, slot: Slot) -> Fill:
    if slot.name == "signature":
        return _signature(slot)
    escape, otherwise = escape_of(slot.place, slot.modifier), slot.target
    value = OWNER_VALUES.get(slot.name) or _SENDER_VALUES[slot.name]

    def fill(to: Addressee, _token: str, _signer: Signer, _given: Mapping[str, str], done: list[str]) -> str:
        return joined(otherwise, done) if to.owner is None else escape(value(to.owner))

    return fill


def _signature(slot: Slot) -> Fill:
    """In an owner's own |FROM_NAME| is the owner's name (as in Mautic), in the team's it is the letter's sender."""
    escape, default, from_name = escape_of(slot.place, slot.modifier), slot.default, slot.target

    def fill(to: Addressee, _token: str, _signer: Signer, _given: Mapping[str, str], done: list[str]) -> str:
        own = to.owner.signature if to.owner else ""
        name = to.owner.name if to.owner and own else ""
        text = own or default
        return escape(text.replace(FROM_NAME, name or joined(from_name, done).strip()) if FROM_NAME in text else text)

    return fill
