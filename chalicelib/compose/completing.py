"""What a page needs and its author left out: language, direction, <head>, <title>; a fragment gets all of a page.

Mautic adds head, title and language too. Everything is inserted, on the line where it belongs: no byte that was written
changes, and faults name the author's own lines. A doctype is not added to a page, whose look it would change; a bare
fragment becomes a page with one, since filters mark HTML without <html> as spam and screen readers ask for a language.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.compose.edit import Edit, edited
from chalicelib.compose.language import direction
from chalicelib.compose.tags import DOCTYPE, Span, attributes, spans

# Compiling fills it in, escaped and with its tokens.
TITLE = "{subject}"
_CHARSET = '<meta charset="utf-8">'
_VIEWPORT = '<meta name="viewport" content="width=device-width,initial-scale=1">'
_LANDMARKS = frozenset(("html", "head", "body"))
_NAMES = _LANDMARKS | {"title", "meta", "svg"}


def completed(html: str, tag: str) -> str:
    """A page with all of it. `tag` is the letter's language (BCP 47) or "": then no language is added."""
    if not html.strip():
        return html
    page = _page(html)
    return edited(html, [*_html(page, tag), *_head(page), *_body(page)])


@dataclass(frozen=True, slots=True)
class _Page:
    """`first` are the first open landmarks by name; `tags` are all but those of drawings, whose <title> is no page's;
    `top` is where something in front of everything may be put.
    """

    html: str
    first: Mapping[str, Span]
    tags: list[Span]
    top: int
    is_fragment: bool
    is_closed: bool


def _page(html: str) -> _Page:
    found = [span for span in spans(html, _NAMES) if not span.inside]
    tags = list(_outside_svg(found))
    first: dict[str, Span] = {}
    for span in tags:
        if span.kind == "open" and span.name in _LANDMARKS:
            first.setdefault(span.name, span)
    doctype = DOCTYPE.match(html)
    top = doctype.end() if doctype else int(html.startswith("\ufeff"))
    is_fragment = not first and not doctype
    is_closed = any(span.kind == "close" and span.name in _LANDMARKS for span in found) or _is_open_at_its_end(
        html, found
    )
    return _Page(html, first, tags, top, is_fragment, is_closed)


def _outside_svg(found: list[Span]) -> Iterator[Span]:
    depth = 0
    for span in found:
        if span.name == "svg":
            depth = max(0, depth + (1 if span.kind == "open" else -1))
        elif not depth:
            yield span


def _is_open_at_its_end(html: str, found: list[Span]) -> bool:
    """Whether what is put behind would become part of a comment, a tag or a style sheet."""
    last = found[-1] if found else Span("open", "", 0, 0)
    return last.kind == "unclosed" or (last.kind == "dead" and last.name != "!--" and last.end == len(html))


def _html(page: _Page, tag: str) -> Iterator[Edit]:
    if span := page.first.get("html"):
        at, written = span.start + 1 + len("html"), {each.name for each in attributes(page.html, span)}
        yield Edit(at, at, _language(tag, written))
        return
    landmarks = [span.start for span in page.first.values()]
    at = min(landmarks, default=page.top)
    doctype = "<!doctype html>" if page.is_fragment else ""
    yield Edit(at, at, f"{doctype}<html{_language(tag, set())}>")


def _language(tag: str, written: Collection[str]) -> str:
    lang = f' lang="{tag}"' if tag and "lang" not in written else ""
    return lang + (' dir="rtl"' if direction(tag) == "rtl" and "dir" not in written else "")


def _head(page: _Page) -> Iterator[Edit]:
    if span := page.first.get("head"):
        yield Edit(span.end, span.end, _missing(page))
    else:
        html, landmarks = page.first.get("html"), [span.start for span in page.first.values()]
        at = html.end if html else min(landmarks, default=page.top)
        yield Edit(at, at, f"<head>{_missing(page)}</head>")


def _missing(page: _Page) -> str:
    """A page keeps the viewport that it was made for, or none: only a fragment gets one, and a charset."""
    opened = [span for span in page.tags if span.kind == "open"]
    names = {_values(page.html, span).get("name") for span in opened if span.name == "meta"}
    viewport = _VIEWPORT if page.is_fragment and "viewport" not in names else ""
    title = "" if any(span.name == "title" for span in opened) else f"<title>{TITLE}</title>"
    return (_CHARSET if page.is_fragment else "") + viewport + title


def _values(html: str, span: Span) -> dict[str, str]:
    return {each.name: html[each.start : each.end].strip().lower() for each in attributes(html, span)}


def _body(page: _Page) -> Iterator[Edit]:
    """Around a fragment. Where a person already closed what was never opened, the end stays as it is."""
    if page.is_fragment:
        yield Edit(page.top, page.top, "<body>")
        if not page.is_closed:
            yield Edit(len(page.html), len(page.html), "</body></html>")
