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
from chalicelib.model.contact import ALIAS

FIELDS = frozenset({"contactfield", "leadfield"})
URLS: Mapping[str, str] = MappingProxyType({"unsubscribe_url": "u", "webview_url": "w"})
TEXTS = frozenset({"unsubscribe_text", "webview_text"})
PIXEL = "tracking_pixel"
SUBJECT = "subject"
KNOWN = FIELDS | URLS.keys() | TEXTS | {PIXEL, SUBJECT}

# "{subject to change}" is prose; the other names mean a token wherever they stand behind a brace.
_DISTINCT = KNOWN - {SUBJECT}
MAX_DEFAULT = 1_000

# Each alternative consumes what it looks at (possessive), so that no input makes it look twice.
_TOKEN = re.compile(
    r"(?P<doubled>\{\{++|(?:%7B){2}+)"
    r"|\{(?P<space>\s*+)(?P<name>[A-Za-z_][A-Za-z0-9_.-]*+)(?P<rest>(?:\s*+[=|][^{}]*+)?+)(?P<close>\}?)"
    r"|%7B(?P<pname>[A-Za-z_][A-Za-z0-9_.-]*+)"
    r"(?P<prest>(?:(?:[=|]|%3D|%7C)(?:[^%{}\s\"'<>]|%(?!7[BD])[0-9A-F]{2})*+)?+)(?P<pclose>(?:%7D)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`name` in lower case; `alias`, `default` and `modifier` for contact fields only. `end` is behind the brace."""

    start: int
    end: int
    name: str
    alias: str = ""
    default: str = ""
    modifier: str = ""

    @property
    def bare(self) -> bool:
        """A word in braces and nothing else."""
        return "=" not in self.name and "|" not in self.name


def tokens(source: Source, start: int, end: int) -> Iterator[Token]:
    """Known tokens and bare `{words}` between two positions, in order; unknown `{word=...}` too.

    Raises Invalid with the place for a known token that is malformed.
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


_KNOWN = re.compile(rf"(?<!\{{)(?:\{{|%7B)(?:{'|'.join(sorted(_DISTINCT))})\b", re.IGNORECASE)


def _read(source: Source, found: re.Match[str]) -> Token | None:
    encoded = found["pname"] is not None
    name = (found["pname"] if encoded else found["name"]).lower()
    rest = unquote(found["prest"]) if encoded else found["rest"]
    closed = bool(found["pclose"] if encoded else found["close"])
    if name in _DISTINCT:
        return _known(source, found, name, rest, closed=closed)
    if found["space"] or not closed or (not encoded and _doubled_after(source.text, found)):
        return None
    return Token(found.start(), found.end(), name if not rest else name + rest)


def _doubled_after(text: str, found: re.Match[str]) -> bool:
    return text.startswith("}", found.end())


def _known(source: Source, found: re.Match[str], name: str, rest: str, *, closed: bool) -> Token:
    shown, form = found[0][:60], _form(name)
    if not closed:
        raise source.fault(found.start(), shown, f"The token is not closed: write {form} on plain text, without tags.")
    if found["space"] or (rest and name not in FIELDS):
        raise source.fault(found.start(), shown, f"The token is written {form}, without anything else in it.")
    if name not in FIELDS:
        return Token(found.start(), found.end(), name)
    return _field(source, found, name, rest)


def _form(name: str) -> str:
    return f"{{{name}=alias}} or {{{name}=alias|default}}" if name in FIELDS else f"{{{name}}}"


def _field(source: Source, found: re.Match[str], name: str, rest: str) -> Token:
    alias, _, after = rest[1:].partition("|")
    alias = alias.lower()
    if not rest.startswith("=") or not ALIAS.fullmatch(alias):
        mend = f"A field's alias is a letter and then letters, digits and '_', at most 50: write {_form(name)}."
        raise source.fault(found.start(), found[0][:60], mend)
    if len(after) > MAX_DEFAULT:
        raise source.fault(found.start(), found[0][:60], f"The default may have {MAX_DEFAULT} characters.")
    if after == "true":
        return Token(found.start(), found.end(), name, alias, modifier="plus")
    return Token(found.start(), found.end(), name, alias, default=after)
