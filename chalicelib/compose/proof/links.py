"""Links that lead nowhere, or not where their readers think."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.compose.proof.page import Element, Page
from chalicelib.compose.source import NOWHERE
from chalicelib.compose.url import is_relative, scheme, trimmed
from chalicelib.model.finding import Finding

_TOKEN = re.compile(r"(?:\{|%7B)[^{}]{1,1000}?(?:\}|%7D)", re.IGNORECASE)
# What RFC 3986 does not allow to stand in a URL as it is.
_UNENCODED = re.compile(r"[\s\"<>\\^`|\x00-\x1f\x7f-\U0010ffff]")
_HOLLOW = frozenset(("#", "http://", "https://", "javascript:;", "javascript:void(0)"))


def links(page: Page) -> Iterator[Finding]:
    for element in page.elements:
        if element.name in ("a", "area") and "href" in element.attributes:
            yield from _link(page, element)


def _link(page: Page, element: Element) -> Iterator[Finding]:
    url = trimmed(element.attributes["href"])
    literal = _TOKEN.sub("", url)
    if not url or url.lower() in _HOLLOW:
        yield page.found("error", "link_empty", element.at, NOWHERE, "Write its address, or take the link out.")
    elif literal and literal == url and is_relative(url):
        message = f"The link to {url[:60]} leads nowhere in a mail."
        yield page.found("error", "link_relative", element.at, message, "Begin it with https:// and the host.")
    elif found := _UNENCODED.search(literal):
        message = f"The link to {url[:60]} has {found[0]!r} in it, which some mail programs cut it off at."
        yield page.found("warning", "link_unencoded", element.at, message, "Percent-encode it (a blank is %20).")
    elif scheme(literal) == "http":
        message = f"The link to {url[:60]} is not encrypted."
        yield page.found("note", "link_insecure", element.at, message, "Begin it with https://.")
