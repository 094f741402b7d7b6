"""The links of a finished letter, as its reader could follow them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from chalicelib.compose.html_part import UNTRACKED, is_tracked
from chalicelib.compose.revision import Letter
from chalicelib.compose.tags import attributes, is_link, spans
from chalicelib.compose.text_part import urls
from chalicelib.compose.url import decoded, trimmed


@dataclass(frozen=True, slots=True)
class ShownLink:
    """`tracked` says whether clicks on it are counted when the letter is sent to its audience."""

    part: Literal["html", "text"]
    url: str
    tracked: bool


def shown_links(letter: Letter) -> Iterator[ShownLink]:
    """In their order, those of the HTML first."""
    yield from _html_links(letter.html)
    for url in urls(letter.text):
        yield ShownLink("text", url, tracked=is_tracked(url, []))


def _html_links(html: str) -> Iterator[ShownLink]:
    for span in spans(html):
        if span.kind != "open" or not is_link(span.name):
            continue
        found = {each.name: html[each.start : each.end] for each in attributes(html, span)}
        url = trimmed(decoded(found.get("href", "")))
        if url:
            yield ShownLink("html", url, tracked=is_tracked(url, []) and not UNTRACKED & found.keys())
