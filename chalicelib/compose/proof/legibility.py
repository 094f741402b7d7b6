"""Text that is hard to read: too little contrast, too small (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from chalicelib.compose.css import declarations
from chalicelib.compose.proof.colour import Colour, colour_of, contrast, hex_of, readable
from chalicelib.compose.proof.dark import Rule, dark_rules, in_the_dark
from chalicelib.compose.proof.page import Element, Page, stretches
from chalicelib.model.finding import Finding

ENOUGH, ENOUGH_LARGE = 4.5, 3.0
LARGE_PX, LARGE_BOLD_PX, TINY_PX = 24.0, 18.66, 9.0
_UNSEEN = frozenset(("style", "script", "title", "head", "template"))
_HEADINGS = {"h1": 32.0, "h2": 24.0, "h3": 18.72, "h4": 16.0, "h5": 13.28, "h6": 10.72}
_SIZE = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)(px|pt)")
_BOLD = frozenset(("bold", "bolder", "700", "800", "900"))
_FACTOR = {"px": 1.0, "pt": 4 / 3}


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks: colours as mail programs begin with, size in pixels. None where it cannot be told."""

    colour: Colour | None = (0, 0, 0)
    ground: Colour | None = (255, 255, 255)
    size: float = 16.0
    bold: bool = False
    hidden: bool = False


# In the dark a mail program begins with colours of its own.
UNKNOWN = Look(colour=None, ground=None)


def legibility(page: Page) -> Iterator[Finding]:
    """Only what styles in the elements themselves tell, and the rules for the dark: other rules of <style> count once
    they are inlined.
    """
    for stretch in stretches(page, Look(), _within):
        look = stretch.state
        if not look.hidden and 0 < look.size < TINY_PX:
            message = f"Text of {look.size:g} pixels: {stretch.text.strip()[:40]!r}."
            yield page.found(
                "warning", "text_tiny", _begin(stretch.text, stretch.at), message, "14 pixels are readable."
            )
    for each in unreadable(page):
        where = "text and ground in the dark" if each.dark else "text and ground"
        message = f"Contrast {each.ratio:.1f}:1 between {where}, {each.needed:g}:1 is needed: {each.shown!r}."
        better, colour, ground = each.shades
        mend = f"Write {better} in place of {colour} on {ground}, or give it another ground."
        yield page.found("warning", "contrast", each.at, message, mend)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Text with too little contrast; `dark` where it is only so in the dark."""

    colour: Colour
    ground: Colour
    needed: float
    shown: str
    at: int
    dark: bool

    @property
    def ratio(self) -> float:
        return contrast(self.colour, self.ground)

    @property
    def shades(self) -> tuple[str, str, str]:
        """What could be read, in place of which colour, on which ground."""
        better = readable(self.colour, self.ground, self.needed)
        return hex_of(better), hex_of(self.colour), hex_of(self.ground)


def unreadable(page: Page) -> Iterator[Unreadable]:
    """Each pair of colours once, light and dark."""
    rules = dark_rules(page.html)
    first: tuple[Look, Look | None] = (Look(), UNKNOWN if rules else None)

    def within(looks: tuple[Look, Look | None], element: Element) -> tuple[Look, Look | None]:
        light, dark = looks
        return _within(light, element), dark and _within(dark, element, rules)

    seen: set[tuple[Colour, Colour, bool]] = set()
    for stretch in stretches(page, first, within):
        for look, dark in _pairs(*stretch.state):
            if look.hidden or look.colour is None or look.ground is None or (look.colour, look.ground, dark) in seen:
                continue
            if contrast(look.colour, look.ground) < _needed(look):
                seen.add((look.colour, look.ground, dark))
                at, shown = _begin(stretch.text, stretch.at), stretch.text.strip()[:40]
                yield Unreadable(look.colour, look.ground, _needed(look), shown, at, dark)


def _pairs(light: Look, dark: Look | None) -> Iterator[tuple[Look, bool]]:
    """The look in the dark only where it is another."""
    yield light, False
    if dark is not None and (dark.colour, dark.ground) != (light.colour, light.ground):
        yield dark, True


def _needed(look: Look) -> float:
    large = look.size >= LARGE_PX or (look.bold and look.size >= LARGE_BOLD_PX)
    return ENOUGH_LARGE if large else ENOUGH


def _begin(text: str, at: int) -> int:
    return at + len(text) - len(text.lstrip())


def _within(look: Look, element: Element, rules: tuple[Rule, ...] = ()) -> Look:
    if element.name in _UNSEEN or "hidden" in element.attributes:
        return replace(look, hidden=True)
    if element.name in _HEADINGS:
        look = replace(look, size=_HEADINGS[element.name], bold=True)
    if element.name in ("b", "strong", "th"):
        look = replace(look, bold=True)
    if element.name == "a":
        look = replace(look, colour=(0, 0, 238))
    if ground := element.attributes.get("bgcolor"):
        look = replace(look, ground=colour_of(ground))
    if "background" in element.attributes:
        look = replace(look, ground=None)
    return _styled(look, _styles(element, rules))


def _styles(element: Element, rules: tuple[Rule, ...]) -> dict[str, str]:
    styles = {each.name: each for each in declarations(element.attributes.get("style", ""))}
    if rules:
        classes = frozenset(element.attributes.get("class", "").split())
        styles = in_the_dark(styles, tuple(each for each in rules if each.fits(element.name, classes)))
    return {name: each.value.lower() for name, each in styles.items()}


def _styled(look: Look, styles: Mapping[str, str]) -> Look:
    if styles.get("display") == "none" or styles.get("visibility") == "hidden":
        return replace(look, hidden=True)
    if "color" in styles:
        look = replace(look, colour=look.colour if styles["color"] == "inherit" else colour_of(styles["color"]))
    ground = styles.get("background-color", styles.get("background"))
    if ground is not None and ground not in ("transparent", "none", "inherit"):
        look = replace(look, ground=colour_of(ground))
    if "background-image" in styles and styles["background-image"] != "none":
        look = replace(look, ground=None)
    if found := _SIZE.fullmatch(styles.get("font-size", "")):
        look = replace(look, size=float(found[1]) * _FACTOR[found[2]])
    if "font-weight" in styles:
        look = replace(look, bold=styles["font-weight"] in _BOLD)
    return look
