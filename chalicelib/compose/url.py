"""URLs as they stand in letters: what an attribute means, which scheme, and how one is written in ASCII."""

from __future__ import annotations

import re
from html import unescape
from html.entities import html5
from urllib.parse import quote

MAX_TARGET = 4_096

# Schemes that run what they carry: no letter needs them, and the web version would be on our own domain.
RUNNING = frozenset({"javascript", "vbscript", "data"})
TRACKED = frozenset({"http", "https", "ftp"})

_REFERENCE = re.compile(
    r"&(?:#(?:[0-9]{1,7}+|x[0-9a-f]{1,6}+);?|(?P<name>[a-z][a-z0-9]*+)(?P<end>;|(?![=a-z0-9])))", re.IGNORECASE
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*+):")
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_HOST = re.compile(r"[a-z]++://[^\s/?#]", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*+://(?:[^\s/?#@]*+@)?+)(?P<host>[^\s/?#@:]++)", re.IGNORECASE)
_REMOVED = re.compile(r"[\t\r\n]")
_EDGES = "".join(map(chr, range(0x21)))
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


def decoded(attribute: str) -> str:
    """An attribute's value without character references, as in WHATWG HTML 13.2.5.73: `&copy=` stays as it is."""
    return _REFERENCE.sub(_reference, attribute) if "&" in attribute else attribute


def trimmed(url: str) -> str:
    """As the URL parser begins (WHATWG URL 4.4): no blanks around it, no tabs and line ends in it."""
    return _REMOVED.sub("", url.strip(_EDGES))


def scheme(url: str) -> str:
    """In lower case; "" for a relative URL."""
    found = _SCHEME.match(url)
    return found[1].lower() if found else ""


def is_relative(url: str) -> bool:
    """Without a scheme (`/a`, `//host/a`, `www.host`); an anchor within the letter is none."""
    return not scheme(url) and not url.startswith("#")


def has_host(url: str) -> bool:
    return _HOST.match(url) is not None


def is_web(url: str) -> bool:
    """http or https, with a host, and short enough."""
    return len(url) <= MAX_TARGET and _WEB.match(url) is not None


def ascii_url(url: str) -> str:
    """The same URL with blanks and non-ASCII characters percent-encoded, its host in punycode; what is encoded already
    stays.
    """
    if not url.isascii() and (found := _AUTHORITY.match(url)):
        url = found["before"] + _punycode(found["host"]) + url[found.end() :]
    return quote(url, safe=_PRINTABLE)


def _punycode(host: str) -> str:
    """As a browser writes it (WHATWG URL 3.5): names are mapped as in UTS 46, and \u00df stays what it is."""
    if host.isascii():
        return host
    import idna  # noqa: PLC0415  # its tables are large, and few links need them

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host  # a browser will say so


def _reference(match: re.Match[str]) -> str:
    name = match["name"]
    if name is None:
        return unescape(match[0])
    return html5.get(name + match["end"], match[0])
