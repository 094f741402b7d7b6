"""How the workspace looks on the pages that recipients see: its name, its logo, and its colour where it can be read."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.compose.in_scheme import in_scheme
from chalicelib.compose.proof.colour import Colour, colour_of, contrast
from chalicelib.model.workspace import Workspace

# The grounds of the pages, light and dark (`console/recipients/base.html`).
LIGHT: Colour = (255, 255, 255)
DARK: Colour = (30, 33, 39)
BLACK: Colour = (0, 0, 0)
# WCAG 2.2, 1.4.3: text against its ground.
READABLE = 4.5
STEPS = 20


@dataclass(frozen=True, slots=True)
class Shade:
    """`act` is a button's ground and the colour of quiet buttons and links, `on_act` the text on it; CSS colours.
    `moved` where it is not the workspace's own colour.
    """

    act: str
    on_act: str
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    name: str
    logo_url: str
    light: Shade
    dark: Shade


def look(workspace: Workspace) -> Look:
    colour = colour_of(workspace.colour) or BLACK
    return Look(workspace.name, workspace.logo_url, _shade(colour, LIGHT), _shade(colour, DARK))


def in_light(html: str, *, dark: bool) -> str:
    """A page as a browser that prefers dark (or light) pages shows it."""
    return in_scheme(html, "dark" if dark else "light")


def legible(workspace: Workspace) -> list[tuple[str, Shade, float]]:
    """For the light and the dark ground: the ground's CSS colour, the shade on it, and their contrast."""
    seen = look(workspace)
    found = []
    for ground, shade in ((LIGHT, seen.light), (DARK, seen.dark)):
        found.append((_css(ground), shade, contrast(colour_of(shade.act) or BLACK, ground)))
    return found


def _shade(colour: Colour, ground: Colour) -> Shade:
    """The colour, moved away from the ground until it can be read there, and black or white on it."""
    away = BLACK if ground == LIGHT else LIGHT
    act = next(each for each in _towards(colour, away) if contrast(each, ground) >= READABLE)
    on_act = max((BLACK, LIGHT), key=lambda each: contrast(each, act))
    return Shade(_css(act), _css(on_act), act != colour)


def _towards(colour: Colour, end: Colour) -> list[Colour]:
    return [_mixed(colour, end, step / STEPS) for step in range(STEPS + 1)]


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _css(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
