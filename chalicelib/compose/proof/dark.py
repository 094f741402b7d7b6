"""What a letter's style sheets change in the dark: `@media (prefers-color-scheme: dark)`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.compose.css import Declaration, declarations, plain
from chalicelib.compose.tags import EVERY, spans

# So many rules are looked at: each is held against every element.
MAX_RULES = 200
COLOURS = frozenset(("color", "background", "background-color", "background-image"))
_MEDIA = re.compile(r"@media[^{};]*prefers-color-scheme\s*:\s*dark[^{};]*\{", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)(?:\}|\Z)")
_SIMPLE = re.compile(r"(?P<name>[a-z][a-z0-9]*)?(?P<classes>(?:\.[\w-]+)*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """`name` of elements, "" for any; `classes` that all of them have."""

    name: str
    classes: frozenset[str]
    declarations: tuple[Declaration, ...]

    def fits(self, name: str, classes: frozenset[str]) -> bool:
        return self.name in ("", name) and self.classes <= classes


def dark_rules(html: str) -> tuple[Rule, ...]:
    """Those that speak of colours, in their order. None at all where one of them is for more than an element's name and
    classes, or where there are more than MAX_RULES: what they mean together cannot be told here.
    """
    found: list[Rule] = []
    for selector, style in _rules(html):
        meant = tuple(each for each in declarations(style) if each.name in COLOURS)
        for each in selector.split(",") if meant else ():
            match = _SIMPLE.fullmatch(each.strip())
            if match is None or not each.strip() or len(found) == MAX_RULES:
                return ()
            classes = frozenset(filter(None, match["classes"].split(".")))
            found.append(Rule((match["name"] or "").lower(), classes, meant))
    return tuple(found)


def _rules(html: str) -> Iterator[tuple[str, str]]:
    for sheet in _sheets(html):
        for media in _MEDIA.finditer(sheet):
            for match in _RULE.finditer(_block(sheet, media.end())):
                yield match[1], match[2]


def _sheets(html: str) -> Iterator[str]:
    for span in spans(html, EVERY):
        if (span.kind, span.name) == ("dead", "style") and not span.inside:
            yield plain(html[span.start : span.end])


def _block(sheet: str, start: int) -> str:
    """Up to the brace that closes what was opened before `start`."""
    depth = 1
    for match in re.finditer(r"[{}]", sheet[start:]):
        depth += 1 if match[0] == "{" else -1
        if not depth:
            return sheet[start : start + match.start()]
    return sheet[start:]


def in_the_dark(styles: Mapping[str, Declaration], rules: tuple[Rule, ...]) -> dict[str, Declaration]:
    """An element's own declarations with those of the rules that fit it: the own ones win, unless a rule is
    `!important`.
    """
    found = dict(styles)
    for rule in rules:
        for each in rule.declarations:
            own = styles.get(each.name)
            if own is None or (each.important and not own.important):
                found[each.name] = each
                if each.important and each.name == "background":
                    found.pop("background-color", None)
    return found
