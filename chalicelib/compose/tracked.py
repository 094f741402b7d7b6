"""Which part of a letter a tracked link stands in: told by the program, so that every revision can be asked."""

from __future__ import annotations

from itertools import pairwise

from chalicelib.compose.revision import Revision


def html_links(revision: Revision) -> int:
    """How many links the HTML has. The HTML is compiled first: from this number on they are the text part's."""
    slots, html = revision.program.slots, revision.program.html
    targets = sum(isinstance(each, int) and slots[each].kind == "target" for each in html)
    endpoint = f"{revision.base_url}/c/"
    return targets + sum(
        isinstance(before, str) and before.endswith(endpoint) and isinstance(each, int) and slots[each].kind == "track"
        for before, each in pairwise(html)
    )
