"""A letter with its clicks in it: each link wears how many people followed it, the more the warmer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from math import ceil

from chalicelib.compose.edit import Edit, edited
from chalicelib.compose.tags import EVERY, Attribute, Span, attributes, is_link, spans

STEPS = 5
STYLE = """<style>
a[data-heat] { outline: 2px solid rgba(180, 35, 24, var(--heat)); outline-offset: 2px; position: relative; }
[data-heat="0"] { --heat: .25 } [data-heat="1"] { --heat: .4 } [data-heat="2"] { --heat: .55 }
[data-heat="3"] { --heat: .7 } [data-heat="4"] { --heat: .85 } [data-heat="5"] { --heat: 1 }
.envoi-heat { position: absolute; z-index: 9; margin: -4px 0 0 6px; padding: 1px 6px; border-radius: 8px;
  background: #7f1d1d; color: #fff; font: bold 12px/16px system-ui, sans-serif; white-space: nowrap;
  text-decoration: none; letter-spacing: 0; text-transform: none; }
</style>"""


def without_ways(html: str, clicks: Mapping[int, int] | None = None) -> str:
    """The letter to be looked at: no link leads anywhere. With `clicks` (people by the link's number in the link
    table) each tracked link shows its own; the pattern of its address is `/c/<token>/<number>`.
    """
    edits = list(_edits(html, clicks))
    style = [] if clicks is None else [Edit(_head(html), _head(html), STYLE)]
    return edited(html, [*style, *edits])


_TRACKED = re.compile(r"https?://[^/]+/c/[^/]+/(\d+)(?:[?&].*)?", re.DOTALL)
_HEAD = re.compile(r"<(?:head|body|html)\b[^>]*+>", re.IGNORECASE)


def _edits(html: str, clicks: Mapping[int, int] | None) -> Iterator[Edit]:
    """A link's badge stands at its end."""
    badge = ""
    for span in spans(html, EVERY):
        if span.kind == "close" and span.name == "a" and badge:
            yield Edit(span.start, span.start, badge)
            badge = ""
        href = _href(html, span)
        if href is None:
            continue
        yield Edit(href.start, href.end, "#")
        tracked = _TRACKED.fullmatch(html[href.start : href.end])
        if tracked and clicks is not None and span.name == "a":
            people = clicks.get(int(tracked[1]), 0)
            yield Edit(span.start + 2, span.start + 2, f' data-heat="{_heat(people, clicks)}"')
            badge = f'<span class="envoi-heat">{people}</span>'


def _href(html: str, span: Span) -> Attribute | None:
    if span.kind != "open" or not is_link(span.name):
        return None
    return next((each for each in attributes(html, span) if each.name == "href"), None)


def _heat(people: int, clicks: Mapping[int, int]) -> int:
    most = max(clicks.values(), default=0)
    return ceil(STEPS * people / most) if most else 0


def _head(html: str) -> int:
    """Where a style sheet may stand."""
    found = _HEAD.search(html)
    return found.end() if found else 0
