"""CSS inlined into HTML: only `style` attributes are written, every other byte stays where it is.

Inliners parse a page and write it anew, which moves template loops out of tables and damages Outlook's conditional
comments. So css-inline gets a skeleton in which each element has a number, and only the styles that it found for the
numbers are written into the original. What stands in conditional comments has none, and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from types import MappingProxyType

from css_inline import CSSInliner, InlineError
from selectolax.lexbor import LexborHTMLParser

from chalicelib.compose.css import around
from chalicelib.compose.edit import Edit, edited
from chalicelib.compose.parsing_cost import check
from chalicelib.compose.skeleton import MARK, Revealed, Skeleton, attribute, skeleton, value
from chalicelib.compose.source import Cautions, Source
from chalicelib.compose.tags import EVERY, Span, spans
from chalicelib.model.errors import Invalid, TooLarge

# What css-inline may have to do, at the worst, in about a third of a second: styles written, declarations compared.
MAX_WRITTEN = 60_000_000
MAX_COMPARED = 250_000_000

_NAME = re.compile(r"(?<![\w-])([\w-]++)\s*+:")
_DOUBLE = '"'
_QUOTES: Mapping[str, str] = MappingProxyType({_DOUBLE: "&quot;", "'": "&#39;"})
_INLINER = CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)


def inlined(source: Source, cautions: Cautions) -> str:
    """The HTML with the rules of its <style> elements in `style` attributes too; they also stay where they are, for
    media queries, `:hover` and the like. `data-css-inline="ignore"` on an element leaves it alone.

    Nothing is loaded: <link rel="stylesheet"> is cautioned about. Raises Invalid or TooLarge for what would take too
    long.
    """
    found = [span for span in spans(source.text, EVERY) if not span.inside]
    revealed = Revealed(source.text)
    _warn_of_linked(source, found, revealed, cautions)
    if not any(span.name == "style" for span in found):
        return source.text
    check(source, found)
    copy = skeleton(source.text, found, revealed)
    _check_work(len(copy.elements), copy.css)
    styles = _styles(source, copy)
    edits = (edit for at, style in styles.items() for edit in _written(source, copy.elements[at], style))
    return edited(source.text, edits)


def _styles(source: Source, copy: Skeleton) -> Mapping[int, str]:
    """What css-inline found, by the elements' numbers. Elements that the parser took twice count once."""
    try:
        made = _INLINER.inline(copy.html)
    except InlineError as error:
        raise Invalid(source.part, source.text, f"Its CSS cannot be inlined: {error}.") from None
    found: dict[int, str] = {}
    for node in LexborHTMLParser(made).css(f"[{MARK}][style]"):
        values = node.attributes
        found.setdefault(int(values[MARK] or 0), values["style"] or "")
    return {at: style for at, style in found.items() if style}


def _written(source: Source, span: Span, rules: str) -> list[Edit]:
    own = attribute(source.text, span, "style")
    if own is None:
        at, style = span.start + 1 + len(span.name), _escaped("".join(around(rules, "")), _DOUBLE)
        return [Edit(at, at, f' style="{style}"')] if style else []
    raw, quote = source.text[own.start : own.end], own.quote or _DOUBLE
    before, after = (_escaped(each, quote) for each in around(rules, unescape(raw)))
    if own.quote:
        return [Edit(own.start, own.start, before), Edit(own.end, own.end, after)]
    begun = "" if source.text[: own.start].rstrip().endswith("=") else "="
    return [Edit(own.start, own.end, begun + _DOUBLE + before + raw.replace(_DOUBLE, "&quot;") + after + _DOUBLE)]


def _escaped(style: str, quote: str) -> str:
    return style.replace("&", "&amp;").replace(quote, _QUOTES[quote])


def _warn_of_linked(source: Source, found: list[Span], revealed: Revealed, cautions: Cautions) -> None:
    for span in found:
        linked = (span.kind, span.name) == ("open", "link") and "stylesheet" in _words(source.text, span, "rel")
        if linked and not revealed.at(span.start):
            url = value(source.text, span, "href")[:60]
            message = f"The style sheet {url} is not inlined: nothing is loaded."
            cautions.add(
                source, span.start, message, "Put its rules into a <style> element: few mail programs load it."
            )


def _words(html: str, span: Span, name: str) -> list[str]:
    return value(html, span, name).lower().split()


def _check_work(elements: int, css: str) -> None:
    names = _NAME.findall(css)
    compared = elements * len(names) * len(set(names))
    if elements * len(css) > MAX_WRITTEN or compared > MAX_COMPARED:
        message = f"{len(css)} characters of CSS for {elements} elements are too much to inline."
        raise TooLarge(message, field="html", hint="Take rules out that are not used, or switch inlining off.")
