"""Which part of a letter a tracked link stands in: told by the program, so that every revision can be asked."""

from __future__ import annotations

from itertools import pairwise

from chalicelib.compose.revision import Part, Revision


def html_links(revision: Revision) -> int:
    """How many links the HTML has, those of its blocks and the one that nobody sees with them. The HTML is compiled
    first: from this number on they are the text part's.
    """
    return _links(revision, revision.program.html)


def _links(revision: Revision, part: Part) -> int:
    slots, endpoint, found = revision.program.slots, f"{revision.base_url}/c/", 0
    for before, each in pairwise(("", *part)):
        if not isinstance(each, int):
            continue
        slot = slots[each]
        found += slot.kind == "target" or (
            slot.kind == "track" and isinstance(before, str) and before.endswith(endpoint)
        )
        found += sum(_links(revision, branch.part) for branch in slot.branches)
    return found
