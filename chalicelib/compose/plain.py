"""A text part made of the HTML, for letters that come without one. Tokens in it stay tokens.

Links become `label (URL)`; compiled as text they are tracked with numbers of their own, so that clicks in the text
part are told apart from clicks in the HTML. Those that the HTML says not to track are marked, and lead where they lead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote

from selectolax.lexbor import LexborHTMLParser, LexborNode

from chalicelib.compose.tags import UNTRACKED

_SKIPPED = frozenset(
    {"head", "style", "script", "title", "template", "object", "svg", "select", "!doctype", "-comment"}
)
_BREAKS: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "hr"), 2)
    | dict.fromkeys(("div", "tr", "li", "br", "center", "section", "header", "footer", "pre", "body"), 1)
)
# Stands before a link that begins with a token: only so does `text_part` know it from a token in a sentence.
LINK = "\x02"
# Stands before every URL that is not to be tracked.
AS_IT_IS = "\x03"
MARK = re.compile(f"[{LINK}{AS_IT_IS}]")
_WEB = re.compile(r"(?=(?<![A-Za-z0-9])https?://)", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_FIRST_FIELD = re.compile(r"(?:\{|%7B)(?:contactfield|leadfield|assetlink|dynamiccontent)(?:=|%3D)", re.IGNORECASE)
_PIXEL = re.compile(r"(?:\{|%7B)tracking_pixel(?:\}|%7D)", re.IGNORECASE)
# Tokens stay; a blank, or punctuation at the end, would cut the URL off in plain text.
_UNSAFE = re.compile(r"\{[^{}]*+\}|[\s<>\"]")
_UNBALANCED = re.compile(r"\{[^{}]*+\}|[()]")
_BALANCED = re.compile(r"(?:\{[^{}]*+\}|[^()]|\((?:\{[^{}]*+\}|[^()])*+\))*+")
_TRAILING = "],.:;'!"
# What stands right behind a link's URL and is not taken for a part of it.
_BEHIND = "])}>,.:;'\"!?\u2019\u201d\u00bb"
# A person reads the address, and not how a mail to it begins.
_MAILBOX = re.compile(r"(?:mailto|tel|sms):(?P<to>(?:\{[^{}]*+\}|[^?])*+)", re.IGNORECASE)
_MAX_LABEL = 8


def plain_text(html: str) -> str:
    """Lines as people read them, at most one of them empty in a row."""
    page = _Page()
    root = LexborHTMLParser(html).root
    for node, entering in _walk(root) if root else ():
        if entering:
            page.enter(node)
        else:
            page.leave(node)
    return "".join(page.pieces).strip() + "\n" if page.pieces else ""


@dataclass(slots=True)
class _Page:
    """`breaks` and `space` wait until something follows them; `links` are where open links began, and whether they are
    tracked; `behind` tells that a URL was put last.
    """

    pieces: list[str] = field(default_factory=list)
    breaks: int = 0
    space: bool = False
    links: list[tuple[int, bool]] = field(default_factory=list)
    behind: bool = False

    def enter(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self.text(node.text_content or "")
        elif tag == "a":
            self.links.append((len(self.pieces), UNTRACKED.isdisjoint(node.attributes)))
        elif tag == "img":
            self.text(f" {node.attributes.get('alt') or ''} ")
        elif tag in ("td", "th"):
            self.space = True
        self.breaks = max(self.breaks, _BREAKS.get(tag, 0))
        if tag in ("li", "hr"):
            self.text("- " if tag == "li" else "-" * 20)

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a":
            # a label of many pieces is no URL, and joining them for nested links would take quadratic time
            start, tracked = self.links.pop()
            label = MARK.sub("", "".join(self.pieces[start : start + _MAX_LABEL])).strip()
            self._target(label, node.attributes.get("href") or "", tracked=tracked)
        if tag != "br":
            self.breaks = max(self.breaks, _BREAKS.get(tag, 0))

    def text(self, text: str) -> None:
        text = _PIXEL.sub("", MARK.sub("", text))
        self._put(text if not self.links or self.links[-1][1] else _WEB.sub(AS_IT_IS, text))

    def _put(self, text: str) -> None:
        words = " ".join(text.split())
        self.space = self.space or text[:1].isspace()
        if not words:
            return
        space = self.space or (self.behind and words[0] not in _BEHIND)
        before = "\n" * self.breaks if self.breaks else " " * space
        self.pieces.append((before if self.pieces else "") + words)
        self.breaks, self.space, self.behind = 0, text[-1:].isspace(), False

    def _target(self, label: str, href: str, *, tracked: bool) -> None:
        url = _readable(href)
        if url and url != label and not url.startswith("#"):
            url = _mark(href.strip(), tracked=tracked) + url
            self._put(f" ({url})" if label else f" {url}")
            self.behind = True


def _mark(href: str, *, tracked: bool) -> str:
    if _FIRST_FIELD.match(href):
        return LINK if tracked else AS_IT_IS
    return AS_IT_IS if not tracked and _WEB.match(href) else ""


def _readable(href: str) -> str:
    url = href.strip()
    if mailbox := _MAILBOX.match(url):
        url = mailbox["to"]
    if not _BALANCED.fullmatch(url):
        url = _UNBALANCED.sub(_kept_or_quoted, url)
    inner = url.rstrip(_TRAILING)
    return _UNSAFE.sub(_kept_or_quoted, inner) + "".join(f"%{ord(each):02X}" for each in url[len(inner) :])


def _kept_or_quoted(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("{") else quote(match[0], safe="")


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Every node that people see, entered and left, in order; without recursion, however deep."""
    node: LexborNode | None = root
    while node is not None:
        yield node, True
        if node.child is not None and not _is_skipped(node):
            node = node.child
            continue
        while node is not None:
            yield node, False
            if node.mem_id == root.mem_id:
                return
            if node.next is not None:
                node = node.next
                break
            node = node.parent


def _is_skipped(node: LexborNode) -> bool:
    if node.tag in _SKIPPED:
        return True
    attributes = node.attributes
    return "preheader" in (attributes.get("class") or "") or bool(_HIDDEN.search(attributes.get("style") or ""))
