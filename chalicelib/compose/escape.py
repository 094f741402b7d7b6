"""A value on its way into a place: how it is written as text, what its modifier does, how it is escaped.

Mautic escapes nothing (#7918); here HTML is escaped in HTML, URLs in URLs, CSS in styles, and text and headers never,
but a header can never be left by a line end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType
from urllib.parse import quote, quote_plus

from chalicelib.compose.revision import Modifier, Place
from chalicelib.compose.url import ascii_url, is_web, trimmed
from chalicelib.model.contact import Value

Escape = Callable[[str], str]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Not allowed in XML or HTML, and of no use in text.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
# Not / and : and #, which a colour or the address of a picture has.
_IN_STYLE = re.compile(r"[;{}()\"'\\*!@<>]")


def shown(value: Value) -> str:
    """As people read it. "" is empty, 0 is not; yes and no are 1 and 0, as in Mautic."""
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(int(value)) if isinstance(value, int) else str(value)


def plain(text: str) -> str:
    """Text as it is, with one kind of line end and without what nobody can see."""
    return text if text.isprintable() else _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_html(text: str) -> str:
    return escape(plain(text))


def in_lines(text: str) -> str:
    """Text of several lines, as lines in HTML."""
    return in_html(text).replace("\n", "<br>\n")


def in_style(text: str) -> str:
    """A value of a style's property, or a piece of one: what could end it, or begin a property, a function or a comment
    of its own, is a CSS escape (CSS Syntax Level 3, section 4.3.7) and means nothing any more.
    """
    return escape(_IN_STYLE.sub(lambda found: f"\\{ord(found[0]):x} ", in_header(text)), quote=False)


def in_header(text: str) -> str:
    """No line ends and controls: nothing can begin a header of its own (RFC 5322 section 2.2)."""
    return text if text.isascii() and text.isprintable() else _UNSEEN.sub("", _CONTROL.sub(" ", text))


def in_url(text: str) -> str:
    """Percent-encoded whole: safe in HTML too (RFC 3986 section 2.3, unreserved characters alone)."""
    return quote(plain(text), safe="")


def in_mailbox(text: str) -> str:
    """`@` and `+` keep their meaning in mailto: and tel: (RFC 6068, RFC 3966)."""
    return quote(plain(text), safe="@+")


def as_link(text: str) -> str:
    """A whole http or https URL, or the beginning of one; "" for anything else."""
    url = ascii_url(_UNSEEN.sub("", trimmed(text)))
    return url if is_web(url) else ""


def _plus(text: str) -> str:
    return quote_plus(plain(text))


def _link_in_html(text: str) -> str:
    return escape(as_link(text)) or "#"


BY_PLACE: Mapping[Place, Escape] = MappingProxyType(
    {
        "html": in_html,
        "html_style": in_style,
        "html_url": in_url,
        "text_url": in_url,
        "header": in_header,
        "text": plain,
    }
)
BY_MODIFIER: Mapping[tuple[Place, Modifier], Escape] = MappingProxyType(
    {
        ("html", "lines"): in_lines,
        ("html_url", "link"): _link_in_html,
        ("text_url", "link"): as_link,
        ("html_url", "mailbox"): in_mailbox,
        ("text_url", "mailbox"): in_mailbox,
    }
)


def escape_of(place: Place, modifier: Modifier) -> Escape:
    return _plus if modifier == "plus" else BY_MODIFIER.get((place, modifier), BY_PLACE[place])
