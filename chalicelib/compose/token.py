"""The tokens that a person writes into a letter: `{contactfield=alias|default}`, `{unsubscribe_url}`, `{name}`.

Names are case-insensitive and, inside URLs, braces may be percent-encoded (editors do that). Doubled braces belong
to another system's templates and are no tokens of ours. Unknown tokens stay as they are (Mautic does the same).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from urllib.parse import unquote

from chalicelib.compose.source import Source

FIELDS = frozenset({"contactfield", "leadfield"})
OWNER, TODAY, SIGNATURE, SUBJECT = "ownerfield", "today", "signature", "subject"
ASSET, BLOCK, PIXEL = "assetlink", "dynamiccontent", "tracking_pixel"
# The recipient's own addresses, by their endpoints.
URLS: Mapping[str, str] = MappingProxyType(
    {"unsubscribe_url": "u", "webview_url": "w", "dnc_url": "d", "resubscribe_url": "r"}
)
TEXTS: Mapping[str, str] = MappingProxyType({"unsubscribe_text": "u", "webview_text": "w"})
KNOWN = FIELDS | URLS.keys() | TEXTS.keys() | {OWNER, TODAY, SIGNATURE, SUBJECT, ASSET, BLOCK, PIXEL}

# "{subject to change}" is prose; the other names mean a token wherever they stand behind a brace.
_PROSE = frozenset({SUBJECT, TODAY, SIGNATURE})
DISTINCT = KNOWN - _PROSE

# Each alternative consumes what it looks at (possessive), so that no input makes it look twice.
_TOKEN = re.compile(
    r"(?P<doubled>\{\{++|(?:%7B){2}+)"
    r"|\{(?P<space>\s*+)(?P<name>[A-Za-z_][A-Za-z0-9_.-]*+)(?P<rest>(?:\s*+[=|][^{}]*+)?+)(?P<close>\}?)"
    r"|%7B(?P<pname>[A-Za-z_][A-Za-z0-9_.-]*+)"
    r"(?P<prest>(?:(?:[=|]|%3D|%7C)(?:[^%{}\s\"'<>]|%(?!7[BD])[0-9A-F]{2})*+)?+)(?P<pclose>(?:%7D)?)",
    re.IGNORECASE,
)
_KNOWN = re.compile(rf"(?<!\{{)(?:\{{|%7B)(?:{'|'.join(sorted(DISTINCT))})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """`name` in lower case; `rest` is what stands behind it, as written. `end` is behind the brace. A known name with
    what it cannot have is an unknown one: `subject=x`.
    """

    start: int
    end: int
    name: str
    rest: str = ""


def tokens(source: Source, start: int, end: int) -> Iterator[Token]:
    """Known tokens and bare `{words}` between two positions, in order; unknown `{word=...}` too.

    Raises Invalid with the place for a known token that is not closed.
    """
    at = start
    while found := _TOKEN.search(source.text, at, end):
        token = None if found["doubled"] else _read(source, found)
        at = found.end() if token or found["doubled"] else found.end("pname" if found["pname"] else "name")
        if token:
            yield token


def nearest(name: str) -> str | None:
    """The known token that was perhaps meant."""
    close = get_close_matches(name.lower()[:64], sorted(KNOWN), n=1, cutoff=0.7)
    return close[0] if close else None


def has_known(text: str, start: int, end: int) -> int:
    """Where a known token begins between two positions, or -1: for places where none is looked at closely."""
    found = _KNOWN.search(text, start, end)
    return found.start() if found else -1


FORMS: Mapping[str, str] = MappingProxyType(
    {
        **{name: f"{{{name}=alias}} or {{{name}=alias|default}}" for name in FIELDS},
        OWNER: "{ownerfield=email}, firstname, lastname, position or signature",
        ASSET: "{assetlink=ID}, with the asset's id",
        BLOCK: '{dynamiccontent="Name"}, with the block\'s name',
        TODAY: "{today}, {today|date|+2 days} or {today|FORMAT}",
    }
)


def form(name: str) -> str:
    """How the token is written, for people."""
    return FORMS.get(name, f"{{{name}}}")


def _read(source: Source, found: re.Match[str]) -> Token | None:
    encoded = found["pname"] is not None
    name = (found["pname"] if encoded else found["name"]).lower()
    rest = unquote(found["prest"]) if encoded else found["rest"]
    closed = bool(found["pclose"] if encoded else found["close"])
    if name in DISTINCT:
        _check(source, found, name, rest, closed=closed)
    elif found["space"] or not closed or (not encoded and _doubled_after(source.text, found)):
        return None
    elif name in _PROSE and rest and not (name == TODAY and rest.startswith("|")):
        name += rest
    return Token(found.start(), found.end(), name, rest)


def _doubled_after(text: str, found: re.Match[str]) -> bool:
    return text.startswith("}", found.end())


def _check(source: Source, found: re.Match[str], name: str, rest: str, *, closed: bool) -> None:
    shown = found[0][:60]
    if not closed:
        mend = f"The token is not closed: write {form(name)} on plain text, without tags."
        raise source.fault(found.start(), shown, mend)
    if found["space"] or (rest and name not in FORMS):
        raise source.fault(found.start(), shown, f"The token is written {form(name)}, without anything else in it.")
