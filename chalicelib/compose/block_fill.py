"""Fills a block: the first content whose filter holds for the contact."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from html import escape

from chalicelib.compose.escape import Escape, escape_of
from chalicelib.compose.fill import Fill
from chalicelib.compose.letter import joined
from chalicelib.compose.part import same
from chalicelib.compose.revision import Branch, Part, Revision, Slot
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.filter import Filter, parsed
from chalicelib.model.inlined import Holds
from chalicelib.model.predicate import predicate
from chalicelib.model.setting import Setting
from chalicelib.model.token import Signer
from chalicelib.model.zones import zone_of

# Whether a content is for this contact, at this moment (epoch milliseconds).
Fits = Callable[[Contact, int], bool]


def block_fill(revision: Revision, slot: Slot) -> Fill:
    choose, finish = branch_chooser(revision, slot), _finish(slot)

    def fill(to: Addressee, _token: str, _signer: Signer, _given: Mapping[str, str], done: list[str]) -> str:
        return finish(joined(choose(to), done))

    return fill


def block_value(slot: Slot, chosen: Part, done: Sequence[str]) -> str:
    """What a block comes to with this content chosen."""
    return _finish(slot)(joined(chosen, done))


def _finish(slot: Slot) -> Escape:
    """A content is ready for its place; in a URL it is a piece of one, and what begins a link must be one."""
    if slot.place not in ("html_url", "text_url"):
        return same
    if slot.modifier == "link":
        return escape_of(slot.place, slot.modifier)
    return escape if slot.place == "html_url" else same


def branch_chooser(revision: Revision, slot: Slot) -> Callable[[Addressee], Part]:
    """What a block comes to for somebody; () where no branch is for them."""
    branches = tuple((_fits(revision, branch), branch.part) for branch in slot.branches)

    def choose(to: Addressee) -> Part:
        return next((part for fits, part in branches if fits(to.contact, to.now)), ())

    return choose


def _fits(revision: Revision, branch: Branch) -> Fits:
    if not branch.filter:
        return lambda _contact, _now: True
    tree = parsed(json.loads(branch.filter))
    setting = Setting(zone=zone_of(revision.zone) or UTC)
    try:
        holds = predicate(tree, setting)
    except ValueError:  # it counts from now (`Setting.now`)
        return _from_now(tree, setting)
    return lambda contact, _now: holds(contact)


def _from_now(tree: Filter, setting: Setting) -> Fits:
    """Compiled again only when the moment changes: it is one for all recipients of a call."""
    last: tuple[int, Holds] | None = None

    def fits(contact: Contact, now: int) -> bool:
        nonlocal last
        found = last
        if found is None or found[0] != now:
            found = last = (now, predicate(tree, Setting(now=now, zone=setting.zone)))
        return found[1](contact)

    return fits
