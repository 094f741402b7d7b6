"""Colours of CSS, and the contrast between two of them (WCAG 2.2, relative luminance and contrast ratio)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

Colour = tuple[int, int, int]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)
STEPS = 50

_HEX = re.compile(r"#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*([0-9.]+%?))?\s*\)")
_NAMED: Mapping[str, Colour] = MappingProxyType(
    {
        "black": (0, 0, 0),
        "silver": (192, 192, 192),
        "gray": (128, 128, 128),
        "grey": (128, 128, 128),
        "white": (255, 255, 255),
        "maroon": (128, 0, 0),
        "red": (255, 0, 0),
        "purple": (128, 0, 128),
        "fuchsia": (255, 0, 255),
        "green": (0, 128, 0),
        "lime": (0, 255, 0),
        "olive": (128, 128, 0),
        "yellow": (255, 255, 0),
        "navy": (0, 0, 128),
        "blue": (0, 0, 255),
        "teal": (0, 128, 128),
        "aqua": (0, 255, 255),
        "orange": (255, 165, 0),
        "lightgray": (211, 211, 211),
        "lightgrey": (211, 211, 211),
        "darkgray": (169, 169, 169),
        "darkgrey": (169, 169, 169),
        "whitesmoke": (245, 245, 245),
    }
)


def colour_of(text: str) -> Colour | None:
    """None for what is no plain opaque colour: transparent, gradients, variables, names that are rare in letters."""
    value = text.strip().lower()
    if value in _NAMED:
        return _NAMED[value]
    if found := _HEX.fullmatch(value):
        return _of_hex(found[1])
    found = _RGB.fullmatch(value)
    if found is None or found[4] not in (None, "1", "1.0", "100%"):
        return None
    red, green, blue = (min(255, int(found[n])) for n in (1, 2, 3))
    return red, green, blue


def contrast(one: Colour, other: Colour) -> float:
    """1 (the same) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def hex_of(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def readable(colour: Colour, ground: Colour, least: float) -> Colour:
    """The nearest shade of a colour, darker or lighter, that has this contrast to the ground; black or white where no
    shade has.
    """
    shades = (_mixed(colour, end, step) for step in range(STEPS + 1) for end in (BLACK, WHITE))
    found = next((each for each in shades if contrast(each, ground) >= least), None)
    return found or max((BLACK, WHITE), key=lambda each: contrast(each, ground))


def _mixed(colour: Colour, end: Colour, step: int) -> Colour:
    red, green, blue = (round(a + (b - a) * step / STEPS) for a, b in zip(colour, end, strict=True))
    return red, green, blue


def _of_hex(digits: str) -> Colour | None:
    pairs = [digit * 2 for digit in digits] if len(digits) in (3, 4) else re.findall("..", digits)
    if len(pairs) > len(("red", "green", "blue")) and pairs[3] != "ff":
        return None
    red, green, blue = (int(pair, 16) for pair in pairs[:3])
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    low = 0.04045
    return channel / 12.92 if channel <= low else ((channel + 0.055) / 1.055) ** 2.4
