"""Texts as printers of a language set them: the files have plain blanks, which anybody can type and see.

French holds its punctuation to the word before it, and a unit to its number, so that no line begins with them: narrow
before ; ! ? and %, a whole blank before a colon and inside guillemets (Imprimerie nationale, "Lexique des regles
typographiques"). An ellipsis follows its word at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

WIDE, NARROW = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
RULES: Mapping[str, Sequence[tuple[re.Pattern[str], str]]] = MappingProxyType(
    {
        "fr": (
            (re.compile(r" (?=[:»])|(?<=«) "), WIDE),
            (re.compile(r" (?=[;!?%])|(?<=\d) (?=\d{3}\b|[kMG]o\b)"), NARROW),
            (re.compile(r"(?<=\w) …"), "…"),
        )
    }
)


def typeset(text: str, language: str) -> str:
    """The text itself in a language that asks for nothing of the kind."""
    for found, set_so in RULES.get(language, ()):
        text = found.sub(set_so, text)
    return text
