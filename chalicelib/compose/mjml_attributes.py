"""MJML's attributes, by element (`allowedAttributes` of mjml 4.18's components; documentation.mjml.io)."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PADDING = _words("padding padding-bottom padding-left padding-right padding-top")
_BORDERS = _words("border border-bottom border-left border-right border-top")
_FONT = _words("color font-family font-size font-weight")
_LINK = _words("href rel target")
_ICONS = _words(
    "icon-align icon-height icon-position icon-unwrapped-alt icon-unwrapped-url icon-width "
    "icon-wrapped-alt icon-wrapped-url"
)
_BACKGROUND = _words(
    "background-color background-position background-position-x background-position-y background-repeat "
    "background-size background-url"
)
# On every element: the classes of CSS, and those of <mj-attributes>.
EVERYWHERE = _words("css-class mj-class")

ATTRIBUTES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "mj-accordion": _PADDING | _ICONS | _words("border container-background-color font-family"),
        "mj-accordion-element": _ICONS | _words("background-color border font-family"),
        "mj-accordion-text": _PADDING | _FONT | _words("background-color letter-spacing line-height"),
        "mj-accordion-title": _PADDING | _FONT | _words("background-color"),
        "mj-attributes": frozenset(),
        "mj-body": _words("background-color width"),
        "mj-breakpoint": _words("width"),
        "mj-button": _PADDING
        | _BORDERS
        | _FONT
        | _LINK
        | _words(
            "align background-color border-radius container-background-color font-style height "
            "inner-padding letter-spacing line-height name text-align text-decoration text-transform "
            "title vertical-align width"
        ),
        "mj-carousel": _PADDING
        | _words(
            "align border-radius container-background-color icon-width left-icon right-icon tb-border "
            "tb-border-radius tb-hover-border-color tb-selected-border-color tb-width thumbnails"
        ),
        "mj-carousel-image": _LINK | _words("alt border-radius src tb-border tb-border-radius thumbnails-src title"),
        "mj-column": _PADDING
        | _BORDERS
        | _words(
            "background-color border-radius direction inner-background-color inner-border "
            "inner-border-bottom inner-border-left inner-border-radius inner-border-right "
            "inner-border-top vertical-align width"
        ),
        "mj-divider": _PADDING
        | _words("align border-color border-style border-width container-background-color width"),
        "mj-font": _words("href name"),
        "mj-group": _words("background-color direction vertical-align width"),
        "mj-head": frozenset(),
        "mj-hero": _PADDING
        | _words(
            "background-color background-height background-position background-url background-width "
            "border-radius container-background-color height inner-background-color inner-padding "
            "inner-padding-bottom inner-padding-left inner-padding-right inner-padding-top mode "
            "vertical-align"
        ),
        "mj-image": _PADDING
        | _BORDERS
        | _LINK
        | _words(
            "align alt border-radius container-background-color fluid-on-mobile font-size height "
            "max-height name sizes src srcset title usemap width"
        ),
        "mj-navbar": _PADDING
        | _words(
            "align base-url hamburger ico-align ico-close ico-color ico-font-family ico-font-size "
            "ico-line-height ico-open ico-padding ico-padding-bottom ico-padding-left ico-padding-right "
            "ico-padding-top ico-text-decoration ico-text-transform"
        ),
        "mj-navbar-link": _PADDING
        | _FONT
        | _LINK
        | _words("font-style letter-spacing line-height name text-decoration text-transform"),
        "mj-preview": frozenset(),
        "mj-raw": _words("position"),
        "mj-section": _PADDING
        | _BORDERS
        | _BACKGROUND
        | _words("border-radius direction full-width text-align text-padding"),
        "mj-social": _PADDING
        | _FONT
        | _words(
            "align border-radius container-background-color font-style icon-height icon-padding icon-size "
            "inner-padding line-height mode table-layout text-decoration text-padding vertical-align"
        ),
        "mj-social-element": _PADDING
        | _FONT
        | _LINK
        | _words(
            "align alt background-color border-radius font-style icon-height icon-padding icon-position "
            "icon-size line-height name sizes src srcset text-decoration text-padding title "
            "vertical-align"
        ),
        "mj-spacer": _PADDING | _BORDERS | _words("container-background-color height"),
        "mj-style": _words("inline"),
        "mj-table": _PADDING
        | _FONT
        | _words(
            "align border cellpadding cellspacing container-background-color line-height role "
            "table-layout vertical-align width"
        ),
        "mj-text": _PADDING
        | _FONT
        | _words(
            "align background-color container-background-color font-style height letter-spacing "
            "line-height text-decoration text-transform vertical-align"
        ),
        "mj-title": frozenset(),
        "mj-wrapper": _PADDING
        | _BORDERS
        | _BACKGROUND
        | _words("border-radius direction full-width gap text-align text-padding"),
        "mjml": _words("dir lang owa version"),
    }
)
# MJML has them, and mrml does nothing with them.
UNUSED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "mj-accordion-title": _words("font-weight"),
        "mj-button": _words("title"),
        "mj-hero": _words("border-radius container-background-color"),
        "mj-image": _words("border-bottom border-top sizes"),
        "mj-raw": _words("position"),
        "mj-section": _words("text-padding"),
        "mj-social": _words("table-layout"),
        "mj-social-element": _words("icon-position sizes srcset"),
        "mj-spacer": _BORDERS,
        "mj-table": _words("font-weight role"),
        "mj-text": _words("background-color"),
        "mj-wrapper": _words("gap text-padding"),
    }
)
_DEFAULTS = _words("mj-all mj-class")
_ANY = EVERYWHERE.union(*ATTRIBUTES.values())


@cache
def attributes_of(name: str) -> frozenset[str]:
    """What may stand on an element; on <mj-all> and <mj-class>, which speak for all elements, all of them."""
    if name in _DEFAULTS:
        return _ANY
    return ATTRIBUTES[name] | EVERYWHERE


def nearest_attribute(name: str, written: str) -> str:
    """The attribute of this element that was perhaps meant, or ""."""
    close = get_close_matches(written.lower()[:64], sorted(attributes_of(name)), n=1, cutoff=0.6)
    return close[0] if close else ""
