"""Campaign parameters for analytics (utm_source and its like) on the targets of tracked links."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote_plus

from chalicelib.compose.url import scheme

NAMES = ("source", "medium", "campaign", "term", "content")

Parameters = tuple[tuple[str, str], ...]


def parameters(utm: Mapping[str, str]) -> Parameters:
    """Percent-encoded, in Google's order; those that are empty are left out."""
    return tuple((f"utm_{name}", quote(utm[name], safe="")) for name in NAMES if utm.get(name))


def tagged(url: str, given: Parameters) -> str:
    """The http(s) URL with the parameters at the end of its query, before its fragment; one that is there already stays
    as it is, and so does every other byte.
    """
    if not given or scheme(url) not in ("http", "https"):
        return url
    front, hash_, fragment = url.partition("#")
    path, mark, query = front.partition("?")
    there = {unquote_plus(each.partition("=")[0]).lower() for each in query.split("&")}
    added = "&".join(f"{name}={value}" for name, value in given if name not in there)
    if not added:
        return url
    joint = "&" if query and not query.endswith("&") else ""
    return f"{path}{mark or '?'}{query}{joint}{added}{hash_}{fragment}"
