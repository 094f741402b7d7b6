"""What faults say, in the reader's language: `faults/<language>.json`, a text of English for each of the code's.

The code and the API speak English. A fault's text is a template with a numbered hole for each value ("At most {0}
segments."); here it is found again by its words, and told with the same values: `{0:state}` is a value that has a word
of its own (`words/`). What has no text is told in English; a test names every template that has none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from chalicelib.console.words import known
from chalicelib.model.errors import Fault

FOLDER = Path(__file__).parent / "faults"
# Longer than any text of a fault; what is longer is not looked up.
MOST = 1_000
HOLE = re.compile(r"\{(\d)\}")
NOT_TAKEN = re.compile(r"(.{1,100}?): (.*) cannot be taken\. (.*)", re.DOTALL)
AT_PLACE = re.compile(r"Line (\d+), column (\d+): (.*)", re.DOTALL)
# What stands around a mend: its field and the value (`model/errors.py`), or its place in a text.
AROUND: Mapping[str, Sequence[tuple[re.Pattern[str], str]]] = MappingProxyType(
    {
        "fr": (
            (NOT_TAKEN, "{0} : {1} ne peut pas être accepté. {2}"),
            (AT_PLACE, "Ligne {0}, colonne {1} : {2}"),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Told:
    """A fault as a page shows it."""

    code: str
    field: str | None
    message: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """A template, by the words that it has whatever its values are; `words` is how many characters those are."""

    pattern: re.Pattern[str]
    words: int
    told: str


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a hole; told by the word that it has among `words/<kind>.json` where the text asks for that."""

    text: str
    language: str

    def __format__(self, kind: str) -> str:
        return known(self.language, f"{kind}.{self.text}", self.text) if kind else self.text


def fault_in(language: str, fault: Fault) -> Told:
    hint = None if fault.hint is None else told(language, fault.hint)
    return Told(fault.code, fault.field, told(language, fault.message), hint)


def told(language: str, text: str) -> str:
    """What a fault says. Text that is none of the code's stays as it is."""
    if language not in AROUND or len(text) > MOST:
        return text
    for pattern, around in AROUND[language]:
        if (placed := pattern.fullmatch(text)) is not None:
            *values, mend = placed.groups()
            return around.format(*values, told(language, mend))
    found = ((each.told, each.pattern.fullmatch(text)) for each in _known(language))
    return next((_filled(language, said, match) for said, match in found if match is not None), text)


def _filled(language: str, said: str, match: re.Match[str]) -> str:
    return said.format(*(Value(each, language) for each in match.groups()))


@cache
def _known(language: str) -> Sequence[Known]:
    """Those with the most words first: what says more is meant, where two could be."""
    texts: Mapping[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return sorted(map(_of, texts, texts.values()), key=lambda known: -known.words)


def _of(template: str, text: str) -> Known:
    parts = HOLE.split(template)
    words = [part.replace("{{", "{").replace("}}", "}") for part in parts[::2]]
    pattern = "(.*?)".join(map(re.escape, words))
    return Known(re.compile(pattern, re.DOTALL), sum(map(len, words)), text)
