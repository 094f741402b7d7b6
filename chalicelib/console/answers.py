"""What providers and mail servers answered: their own words, quoted as theirs, behind what their code means.

Codes are the enhanced ones of SMTP (RFC 3463 and those registered since, https://www.iana.org/assignments/
smtp-enhanced-status-codes), told by their subject and detail (`5.1.1` as `1.1`), SES's statuses and bounce types, and
Mandrill's reasons to reject.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from chalicelib.console.typesetting import typeset
from chalicelib.console.words import words

QUOTED: Mapping[str, str] = MappingProxyType({"en": "“{}”", "fr": "« {} »"})
ENHANCED = re.compile(r"(?<![\d.])[45]\.(\d{1,3}\.\d{1,3})(?![\d.])")
NAMED = re.compile(r"[A-Za-z][A-Za-z_-]{3,60}")


def quoted(language: str, text: str) -> str:
    """Somebody else's words, marked as theirs."""
    return typeset(QUOTED[language], language).format(text) if text else ""


def marked(language: str, text: str) -> str:
    """An answer as it came, behind the meaning of the first code in it that has one."""
    known = words(language)
    meanings = (known[f"answer.{code}"] for code in _codes(text) if f"answer.{code}" in known)
    return " ".join(str(each) for each in (next(meanings, ""), quoted(language, text)) if each)


def _codes(text: str) -> Iterator[str]:
    yield from (match[1] for match in ENHANCED.finditer(text))
    yield from (match[0] for match in _names(text))


def _names(text: str) -> Iterable[re.Match[str]]:
    """A name is a code where it begins what was said, or stands behind a colon or alone."""
    return (
        each
        for each in NAMED.finditer(text)
        if not text[: each.start()].strip() or text[each.start() - 2 : each.start()] == ": "
    )
