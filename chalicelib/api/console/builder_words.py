"""What GrapesJS's own panels say: its words (https://grapesjs.com/docs/modules/I18n.html) out of the console's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from chalicelib.console.words import said

SIDES = ("top", "right", "bottom", "left")
CORNERS = ("top-left", "top-right", "bottom-right", "bottom-left")
PROPERTIES = (
    *("width", "height", "max-width", "min-height", "margin", "padding", "vertical-align", "icon-size"),
    *("font-family", "font-size", "font-weight", "letter-spacing", "color", "line-height", "text-align", "align"),
    *("text-decoration", "font-style", "background-color", "container-background-color", "background-url"),
    *("background-repeat", "background-size", "border-radius", "border", "border-detached", "border-width"),
    *("border-style", "border-color"),
)
# Its names for parts of a property, and the word that each has.
PARTS: Mapping[str, str] = MappingProxyType(
    {
        **{f"{each}-{side}-sub": side for each in ("margin", "padding") for side in SIDES},
        **{f"border-{corner}-radius-sub": corner for corner in CORNERS},
        **{f"border-{each}-sub": f"border-{each}" for each in ("width", "style", "color")},
    }
)
LINES = ("none", "solid", "dotted", "dashed", "double", "groove", "ridge", "inset", "outset")
ALIGNED = ("left", "center", "right", "justify")
OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "vertical-align": ("top", "middle", "bottom"),
        "font-weight": tuple(str(each) for each in range(100, 1_000, 100)),
        "text-align": ALIGNED,
        "align": ALIGNED,
        "text-decoration": ("none", "underline", "line-through"),
        "font-style": ("normal", "italic"),
        "background-repeat": ("repeat", "repeat-x", "repeat-y", "no-repeat"),
        "background-size": ("auto", "cover", "contain"),
        "border-style": LINES,
        "border-style-sub": LINES,
    }
)
PARTS_OF_A_LETTER = (
    *("mj-section", "mj-column", "mj-group", "mj-wrapper", "mj-hero", "mj-text", "mj-button", "mj-image"),
    *("mj-divider", "mj-spacer"),
)
TRAITS = ("id", "title", "full-width", "href", "rel", "alt")
TOOLS = ("bold", "italic", "underline", "strikethrough", "link", "wrap")
PICKER = (
    *("chooseText", "cancelText", "clearText", "noColorSelectedText"),
    *("togglePaletteMoreText", "togglePaletteLessText"),
)


def builder_words(language: str) -> Mapping[str, Any]:
    """`messages` are GrapesJS's, `tools` those of a text's own buttons by their names, `picker` those for colours."""
    named = {each: each for each in PROPERTIES} | dict(PARTS)
    styles = {
        "properties": {name: said(language, f"builder.style.{word}") for name, word in named.items()},
        "options": {name: _named(language, "option", values) for name, values in OPTIONS.items()},
    }
    traits = {"labels": _named(language, "trait", TRAITS), "attributes": {"href": {"placeholder": "https://"}}}
    return {
        "messages": {
            "styleManager": styles,
            "traitManager": {"traits": traits},
            "domComponents": {"names": _named(language, "block", PARTS_OF_A_LETTER)},
        },
        "tools": _named(language, "tool", TOOLS),
        "picker": _named(language, "picker", PICKER),
    }


def _named(language: str, part: str, names: Iterable[str]) -> dict[str, str]:
    return {each: said(language, f"builder.{part}.{each}") for each in names}
