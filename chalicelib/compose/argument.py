"""What stands in a token behind its name: `alias|date|d.m.Y`, `"Name"`, `|date|+2 days`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import unquote

from chalicelib.compose.moments import MAX_STEPS, steps
from chalicelib.compose.php_date import MAX_FORMAT
from chalicelib.compose.source import Source
from chalicelib.compose.token import ASSET, BLOCK, DISTINCT, FIELDS, OWNER, TODAY, Token, form, tokens
from chalicelib.compose.url import decoded
from chalicelib.model.contact import ALIAS

MAX_DEFAULT = 1_000
OWNER_FIELDS = ("email", "firstname", "lastname", "position", "signature")
DATES = frozenset({"date", "time", "datetime"})
TODAYS = "datetime"

_UNPLAIN = re.compile(r"[\x00-\x1f\x7f]|</?[a-z!]", re.IGNORECASE)
_ENCODED = re.compile(r"\s*%2[27]")
_QUOTES = "\"'\u201c\u201d\u2018\u2019 "


@dataclass(frozen=True, slots=True)
class Argument:
    """`name` is the alias of a field, the id of an asset, the name of a block. `modifier` is "", `true`, `label`,
    `date`, `time` or `datetime`; `format` a date's own, "" where the language's is to be taken.
    """

    name: str = ""
    default: str = ""
    modifier: str = ""
    format: str = ""
    shift: str = ""


@dataclass(frozen=True, slots=True)
class _Written:
    source: Source
    token: Token
    text: str

    def refuse(self, mend: str) -> Exception:
        shown = self.source.text[self.token.start : self.token.end][:60]
        return self.source.fault(self.token.start, shown, mend)


def argument(source: Source, token: Token) -> Argument:
    """Raises Invalid with the place for what the token cannot have."""
    # what stands in HTML is HTML: it is read before it is escaped again
    text = " ".join(decoded(token.rest).split()) if source.is_html else token.rest
    return _READERS[token.name](_Written(source, token, text))


def check_arguments(source: Source, start: int, end: int) -> None:
    """Raises Invalid, with the true place, for any token between two positions that is not written as it must be."""
    for token in tokens(source, start, end):
        if token.name in DISTINCT & _READERS.keys() or (token.name == TODAY and token.rest):
            argument(source, token)


def _field(written: _Written) -> Argument:
    alias, _, after = written.text[1:].partition("|")
    alias = alias.lower()
    if not written.text.startswith("=") or not ALIAS.fullmatch(alias):
        shape = form(written.token.name)
        raise written.refuse(
            f"A field's alias is a letter and then letters, digits and '_', at most 50: write {shape}."
        )
    if _UNPLAIN.search(after):
        raise written.refuse("A default is one line of plain text, without tags.")
    if len(after) > MAX_DEFAULT:
        raise written.refuse(f"The default may have {MAX_DEFAULT} characters.")
    modifier, bar, rest = after.partition("|")
    if modifier in DATES:
        return Argument(alias, modifier=modifier, format=_format(written, rest))
    if modifier in ("true", "label"):
        if bar:
            raise written.refuse(f"Nothing stands behind |{modifier}: take it out.")
        return Argument(alias, modifier=modifier)
    return Argument(alias, default=after)


def _format(written: _Written, format_: str) -> str:
    if len(format_) > MAX_FORMAT or not format_.isprintable():
        raise written.refuse(f"A format may have {MAX_FORMAT} characters (PHP's letters: F j, Y).")
    return format_


def _owner(written: _Written) -> Argument:
    name = written.text[1:].strip().lower()
    if not written.text.startswith("=") or name not in OWNER_FIELDS:
        raise written.refuse(f"Of an owner there are {', '.join(OWNER_FIELDS)}: write {form(OWNER)}.")
    return Argument(name)


def _today(written: _Written) -> Argument:
    kind, _, shift = written.text[1:].partition("|")
    if not shift and kind.strip() and steps(kind) is not None:
        kind, shift = "", kind
    if steps(shift) is None:
        units = "minutes, hours, days, weeks, months or years"
        raise written.refuse(f"It moves by up to {MAX_STEPS} steps of {units}: write {{today|date|+2 days}}.")
    if not kind or kind in DATES:
        return Argument(modifier=kind or TODAYS, shift=shift)
    return Argument(modifier=TODAYS, format=_format(written, kind), shift=shift)


def _quoted(written: _Written) -> Argument:
    text = written.text[1:]
    # where a URL's query goes through a browser, quotes are encoded and braces are not (WHATWG URL 1.3)
    name = (unquote(text) if _ENCODED.match(text) else text).strip(_QUOTES)
    if not written.text.startswith("=") or not name:
        raise written.refuse(f"The token is written {form(written.token.name)}.")
    return Argument(name)


_READERS: Mapping[str, Callable[[_Written], Argument]] = MappingProxyType(
    {**dict.fromkeys(FIELDS, _field), OWNER: _owner, TODAY: _today, ASSET: _quoted, BLOCK: _quoted}
)
