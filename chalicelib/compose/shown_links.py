"""The links of a finished letter, as its reader could follow them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.compose.html_part import is_tracked
from chalicelib.compose.revision import Letter
from chalicelib.compose.tags import UNTRACKED, attributes, is_link, spans
from chalicelib.compose.text_part import urls
from chalicelib.compose.token import URLS
from chalicelib.compose.url import decoded, trimmed


@dataclass(frozen=True, slots=True)
class ShownLink:
    """`tracked` says whether clicks on it are counted when the letter is sent to its audience."""

    part: Literal["html", "text"]
    url: str
    tracked: bool


def shown_links(letter: Letter, base_url: str) -> Iterator[ShownLink]:
    """In their order, those of the HTML first. Those to our own endpoints, at `base_url`, are not tracked."""
    own = tuple(f"{base_url}/{endpoint}/" for endpoint in URLS.values())
    for each in (*_html_links(letter.html), *_text_links(letter.text)):
        yield replace(each, tracked=each.tracked and not each.url.startswith(own))


def _text_links(text: str) -> Iterator[ShownLink]:
    for url in urls(text):
        yield ShownLink("text", url, tracked=is_tracked(url, []))


def _html_links(html: str) -> Iterator[ShownLink]:
    for span in spans(html):
        if span.kind != "open" or not is_link(span.name):
            continue
        found = {each.name: html[each.start : each.end] for each in attributes(html, span)}
        url = trimmed(decoded(found.get("href", "")))
        if url:
            yield ShownLink("html", url, tracked=is_tracked(url, []) and not UNTRACKED & found.keys())
