"""MJML's elements, where each may stand, and which hold HTML (documentation.mjml.io, "Components").

Those that mrml does not know (`mj-html-attributes`) are left out, and so is `mj-include`: nothing is fetched or read.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType

_CONTENT = frozenset(("mj-column", "mj-hero"))
_BODY = frozenset(("mj-body", "mj-wrapper"))
_HEAD = frozenset(("mj-head",))

# Where an element may stand.
PARENTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "mjml": frozenset(("",)),
        "mj-head": frozenset(("mjml",)),
        "mj-body": frozenset(("mjml",)),
        **dict.fromkeys(("mj-attributes", "mj-breakpoint", "mj-font", "mj-preview", "mj-style", "mj-title"), _HEAD),
        "mj-all": frozenset(("mj-attributes",)),
        "mj-class": frozenset(("mj-attributes",)),
        "mj-wrapper": frozenset(("mj-body",)),
        "mj-section": _BODY,
        "mj-hero": _BODY,
        "mj-group": frozenset(("mj-section",)),
        "mj-column": frozenset(("mj-section", "mj-group")),
        **dict.fromkeys(
            (
                *("mj-accordion", "mj-button", "mj-carousel", "mj-divider", "mj-image", "mj-navbar"),
                *("mj-social", "mj-spacer", "mj-table", "mj-text"),
            ),
            _CONTENT,
        ),
        "mj-accordion-element": frozenset(("mj-accordion",)),
        "mj-accordion-title": frozenset(("mj-accordion-element",)),
        "mj-accordion-text": frozenset(("mj-accordion-element",)),
        "mj-carousel-image": frozenset(("mj-carousel",)),
        "mj-navbar-link": frozenset(("mj-navbar",)),
        "mj-social-element": frozenset(("mj-social",)),
        "mj-raw": _HEAD | _BODY | _CONTENT | {"mj-section", "mj-group"},
    }
)

# Their content is HTML or text, not MJML.
HTML_INSIDE = frozenset(
    (
        *("mj-accordion-text", "mj-accordion-title", "mj-button", "mj-navbar-link", "mj-preview", "mj-raw"),
        *("mj-social-element", "mj-style", "mj-table", "mj-text", "mj-title"),
    )
)


# Without it, an element is nothing.
NEEDED: Mapping[str, str] = MappingProxyType({"mj-class": "name"})


def nearest(name: str) -> str:
    """The element that was perhaps meant, or ""."""
    close = get_close_matches(name.lower()[:64], sorted(PARENTS), n=1, cutoff=0.6)
    return close[0] if close else ""


def may_stand(name: str, parent: str) -> bool:
    """In <mj-attributes>, every element of the body stands for its defaults."""
    if parent == "mj-attributes":
        return name in ("mj-all", "mj-class") or not PARENTS[name] & {"", "mjml", "mj-head", "mj-attributes"}
    return parent in PARENTS[name]
