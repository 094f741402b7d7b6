"""Pictures of a theme that its HTML names by their path: their public addresses in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from chalicelib.compose.themes.layout import PICTURES, kind_of, within

_ATTRIBUTE = re.compile(
    r"(?P<before>\s(?:src|href|background|background-url|poster)\s*+=\s*+(?P<quote>[\"']))(?P<path>[^\"'<>]*+)(?=[\"'])",
    re.IGNORECASE,
)
_STYLE = re.compile(r"(?P<before>\burl\(\s*+(?P<quote>[\"']?+))(?P<path>[^\"'()<>]*+)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*+:|//|[#{]", re.IGNORECASE)

Missing = tuple[int, str, str]


def addressed(text: str, theme: str, assets: Mapping[str, str]) -> tuple[str, list[Missing]]:
    """The text with addresses, and the pictures that the theme does not have, as (line, message, mend)."""
    missing: list[Missing] = []

    def replaced(found: re.Match[str]) -> str:
        path = found["path"].strip()
        if is_elsewhere(path):
            return found[0]
        for name in meant(path, theme):
            if name in assets:
                return found["before"] + assets[name]
        if kind_of(path) in PICTURES:
            line = found.string.count("\n", 0, found.start("path")) + 1
            mend = "Put it into the theme as .png, .jpg or .gif, or write its whole address."
            missing.append((line, f"{path[:100]} is no picture of this theme.", mend))
        return found[0]

    return _STYLE.sub(replaced, _ATTRIBUTE.sub(replaced, text)), missing


def meant(path: str, theme: str) -> Iterator[str]:
    """As seen from the theme, and from its folder html."""
    yield within(path, theme)
    yield within(f"html/{path}", theme)


def is_elsewhere(path: str) -> bool:
    """Whether it names no file of the theme: an address in the web, a token, nothing at all."""
    return not path or _ELSEWHERE.match(path) is not None
