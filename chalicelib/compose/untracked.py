"""The letter for somebody who wants no tracking: no pixel, no hidden link, and links that lead where they lead.

Made of the tracked program and its link table, so that whatever was published has this form too. The ways out
(unsubscribing, preferences) keep the recipient's token: without it they would lead nobody out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape

from chalicelib.compose.added import without_added
from chalicelib.compose.kept import Kept
from chalicelib.compose.part import TRACK
from chalicelib.compose.revision import Part, Program, Revision, Slot

_NUMBER = re.compile(r"/(\d+)")


def for_contact(revision: Revision, *, tracking: bool) -> Revision:
    """The revision as a contact with or without `tracking` gets it."""
    return revision if tracking or not revision.tracked else _plain(revision)


@Kept
def _plain(revision: Revision) -> Revision:
    program = revision.program
    slots = tuple(_slot(revision, slot) for slot in program.slots)
    program = replace(
        program,
        slots=slots,
        html=_led(revision, without_added(revision), in_html=True),
        text=_led(revision, program.text, in_html=False),
    )
    return replace(revision, program=program, tracked=False, decoy=-1)


def _slot(revision: Revision, slot: Slot) -> Slot:
    """A block's contents have links of their own."""
    in_html = slot.place.startswith("html")
    return replace(
        slot,
        branches=tuple(replace(each, part=_led(revision, each.part, in_html=in_html)) for each in slot.branches),
    )


def _led(revision: Revision, part: Part, *, in_html: bool) -> Part:
    """Each `/c/<token>/<n>` as its target."""
    endpoint, program = f"{revision.base_url}/c/", revision.program
    done: list[str | int] = []
    at = 0
    while at < len(part):
        each, before = part[at], done[-1] if done else ""
        at += 1
        number = _NUMBER.match(str(part[at])) if isinstance(each, int) and at < len(part) else None
        if not (number and _is_link(program, each, before, endpoint)):
            done.append(each)
            continue
        target = revision.links[int(number[1])]
        rest = str(part[at])[number.end() :]
        done[-1] = str(before)[: -len(endpoint)] + (escape(target) if in_html else target) + rest
        at += 1
    return tuple(done)


def _is_link(program: Program, each: str | int, before: str | int, endpoint: str) -> bool:
    return (
        isinstance(each, int) and program.slots[each] == TRACK and isinstance(before, str) and before.endswith(endpoint)
    )
