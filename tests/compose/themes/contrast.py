"""Contrast of every text of a letter with what is behind it, light and dark. WCAG 2.2, success criterion 1.4.3."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

UNSEEN = {"head", "style", "title", "script"}
_RULE = re.compile(r"\.([a-z]+) \{([^}]*)\}")
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True)
class Text:
    words: str
    colour: str
    behind: str

    @property
    def ratio(self) -> float:
        light, dark = sorted((luminance(self.colour), luminance(self.behind)), reverse=True)
        return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def texts(html: str, *, dark: bool) -> list[Text]:
    rules = dark_rules(html) if dark else {}
    body = LexborHTMLParser(html).body
    assert body is not None
    return list(_texts(body, "#000000", "#ffffff", rules))


def dark_rules(html: str) -> dict[str, dict[str, str]]:
    """The dark media query's rules by class; all of them are of one class."""
    block = html[html.index("prefers-color-scheme: dark") : html.index("</style>", html.index("prefers-color-scheme"))]
    rules: dict[str, dict[str, str]] = {}
    for name, declarations in _RULE.findall(block):
        rules.setdefault(name, {}).update(_declared(declarations))
    assert {"page", "sheet", "ink", "text", "soft", "link"} <= rules.keys()
    return rules


def _texts(node: LexborNode, colour: str, behind: str, rules: dict[str, dict[str, str]]) -> Iterator[Text]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            if child.text().strip():
                yield Text(" ".join(child.text().split()), colour, behind)
        elif child.tag not in UNSEEN and "display: none" not in (child.attributes.get("style") or ""):
            found = _look(child, rules)
            yield from _texts(child, found.get("color", colour), found.get("background-color", behind), rules)


def _look(node: LexborNode, rules: dict[str, dict[str, str]]) -> dict[str, str]:
    """A dark rule is !important: it goes before what stands inline."""
    found = _declared(node.attributes.get("style") or "")
    for name in (node.attributes.get("class") or "").split():
        found |= rules.get(name, {})
    return found


def _declared(text: str) -> dict[str, str]:
    pairs = (each.split(":", 1) for each in text.split(";") if ":" in each)
    found = {name.strip(): _HEX.search(value) for name, value in pairs}
    return {name: value[0] for name, value in found.items() if value and name in ("color", "background-color")}
