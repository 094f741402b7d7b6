"""A theme's colours: what goes with the brand's own so that it can be read, and which of those chosen cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from chalicelib.compose.proof.colour import BLACK, WHITE, Colour, colour_of, contrast, hex_of, readable
from chalicelib.compose.proof.legibility import ENOUGH, Unreadable, unreadable
from chalicelib.compose.proof.page import Page
from chalicelib.compose.source import Caution
from chalicelib.model.email import Email
from chalicelib.model.errors import Invalid
from chalicelib.model.workspace import Workspace

# The darkest ground of our themes in the light, and the lightest in the dark, that links stand on.
LIGHT: Colour = (228, 229, 245)
DARK: Colour = (39, 44, 51)
# Words on a colour: white where that can be read, else the ink of our themes, else black.
WORDS: tuple[Colour, ...] = (WHITE, (29, 32, 37), BLACK)


def _on(brand: Colour) -> Colour:
    return next(each for each in WORDS if contrast(each, brand) >= ENOUGH)


# What goes with the colour `brand`, where nobody chose it: words on it, links in the light, links in the dark.
COMPANIONS: Mapping[str, Callable[[Colour], Colour]] = MappingProxyType(
    {
        "brand_text": _on,
        "brand_link": lambda brand: readable(brand, LIGHT, ENOUGH),
        "brand_dark": lambda brand: readable(brand, DARK, ENOUGH),
    }
)


def companions(values: Mapping[str, Any]) -> dict[str, str]:
    """Colours that go with `brand` and that `values` do not have; none without a `brand`."""
    brand = colour_of(str(values.get("brand", "")))
    if brand is None:
        return {}
    return {name: hex_of(made(brand)) for name, made in COMPANIONS.items() if name not in values}


def check_colours(values: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Raises Invalid for a value that is no colour, where the theme's own default is one."""
    for name, value in values.items():
        default = defaults.get(name)
        is_colour = isinstance(default, str) and default.startswith("#") and colour_of(default) is not None
        if is_colour and (not isinstance(value, str) or colour_of(value) is None):
            raise Invalid(f"values.{name}", value, f"Give a colour such as {default}.")


def cautions(html: str, values: Mapping[str, Any]) -> Iterator[Caution]:
    """Of a letter that has just been begun: the colours, of these values or of the theme, that cannot be read."""
    page = Page(Email("", "segment", "", "", "", family=""), Workspace(), html)
    for each in unreadable(page):
        ratio = int(each.ratio * 10) / 10
        where = "in the dark" if each.dark else "in the light"
        better, colour, ground = each.shades
        needed = f"{each.needed:g}:1"
        message = f"{each.shown!r} can hardly be read {where}: {colour} on {ground} has {ratio}:1, {needed} is needed."
        mend = f"Write {better} in place of {colour} on {ground}, for example."
        yield Caution(_where(each, page, values), message, mend)


def _where(found: Unreadable, page: Page, values: Mapping[str, Any]) -> str:
    """The value that it comes from: of two, the text's; and `brand` itself only where no other has its colour."""
    names = sorted(values, key=lambda name: name == "brand")
    colours = {name: colour_of(values[name]) for name in names if isinstance(values[name], str)}
    for wanted in (found.colour, found.ground):
        name = next((name for name, colour in colours.items() if colour == wanted), None)
        if name is not None:
            return f"values.{name}"
    return f"html, {page.source.place(found.at)}"
