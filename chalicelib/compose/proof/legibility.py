"""Text that is hard to read: too little contrast, too small (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.compose.css import declarations
from chalicelib.compose.proof.colour import Colour, colour_of, contrast
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


def legibility(page: Page) -> Iterator[Finding]:
    """Only what styles in the elements themselves tell: rules of <style> count once they are inlined."""
    seen: set[tuple[Colour, Colour]] = set()
    for stretch in stretches(page):
        look = _look(stretch.inside)
        if look.hidden:
            continue
        if 0 < look.size < TINY_PX:
            message = f"Text of {look.size:g} pixels: {stretch.text.strip()[:40]!r}."
            yield page.found(
                "warning", "text_tiny", _begin(stretch.text, stretch.at), message, "14 pixels are readable."
            )
        if look.colour is None or look.ground is None or (look.colour, look.ground) in seen:
            continue
        ratio, needed = contrast(look.colour, look.ground), _needed(look)
        if ratio < needed:
            seen.add((look.colour, look.ground))
            shown = stretch.text.strip()[:40]
            message = f"Contrast {ratio:.1f}:1 between text and ground, {needed:g}:1 is needed: {shown!r}."
            at = _begin(stretch.text, stretch.at)
            yield page.found("warning", "contrast", at, message, "Make the text darker or the ground lighter.")


def _needed(look: Look) -> float:
    large = look.size >= LARGE_PX or (look.bold and look.size >= LARGE_BOLD_PX)
    return ENOUGH_LARGE if large else ENOUGH


def _begin(text: str, at: int) -> int:
    return at + len(text) - len(text.lstrip())


def _look(inside: Sequence[Element]) -> Look:
    look = Look()
    for element in inside:
        look = _within(look, element)
    return look


def _within(look: Look, element: Element) -> Look:
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
    return _styled(look, element)


def _styled(look: Look, element: Element) -> Look:
    styles = {each.name: each.value.lower() for each in declarations(element.attributes.get("style", ""))}
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
