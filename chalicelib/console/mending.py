"""What faults say, in the reader's language: `faults/<language>.json`, a text for each of the code's.

The code and the API speak English. A fault's text is a template with a numbered hole for each value ("At most {0}
segments."); here it is found again by its words, and told with the same values: `{0:state}` is a value that has a word
of its own (`words/`), `{0:told}` one that is itself such a text, `{0:answered}` what a provider answered, `{0:quoted}`
somebody else's words. Texts that were put together of several are told one by one. A console's reader is told what to
press where the API names a call: `faults/en.json` has those alone. What has no text is told as it is; a test names
every template that lacks its French.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from chalicelib.console import answers
from chalicelib.console.typesetting import typeset
from chalicelib.console.words import known, said
from chalicelib.model.errors import Fault

FOLDER = Path(__file__).parent / "faults"
# It has a text for every fault.
OTHER = "fr"
# Longer than any text of a fault; what is longer is not looked up.
MOST = 1_000
HOLE = re.compile(r"\{(\d)\}")
# What stands around a mend: its field and the value (`model/errors.py`), or its place in a text.
NOT_TAKEN = re.compile(r"(.{1,100}?): (.*) cannot be taken\. (.*)", re.DOTALL)
AT_PLACE = re.compile(r"Line (\d+), column (\d+): (.*)", re.DOTALL)
AROUND: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "en": ("{0}: {1} cannot be taken. {2}", "Line {0}, column {1}: {2}"),
        "fr": ("{0} : {1} ne peut pas être accepté. {2}", "Ligne {0}, colonne {1} : {2}"),
    }
)
# Where one sentence ends and another begins.
SENTENCE = re.compile(r"[.?…](?= )")
# A field of a form, by the last part of its name: `filter.any[2].value`.
# A value that was left out says nothing.
NOTHING = frozenset(("''", "null"))
IN_QUOTES = re.compile(r"'([^']+)'")
INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Told:
    """A fault as a page shows it."""

    code: str
    field: str | None
    message: str
    hint: str | None
    # Where it is, as `Finding.where` says it.
    place: str


@dataclass(frozen=True, slots=True)
class Known:
    """A template, by the words that it has whatever its values are; `words` is how many characters those are, `longest`
    the longest of them together.
    """

    pattern: re.Pattern[str]
    words: int
    longest: str
    told: str


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a hole; told by the word that it has among `words/<kind>.json` where the text asks for that."""

    text: str
    language: str

    def __format__(self, kind: str) -> str:
        if kind in OF_KIND:
            return OF_KIND[kind](self.language, self.text)
        return ", ".join(known(self.language, f"{kind}.{each}", each) for each in self.text.split(", "))


def fault_in(language: str, fault: Fault) -> Told:
    hint = None if fault.hint is None else told(language, fault.hint)
    return Told(fault.code, fault.field, told(language, fault.message), hint, _place(fault))


def told(language: str, text: str) -> str:
    """What a fault says. Text that is none of the code's stays as it is; behind some that is, it is somebody else's."""
    if language not in AROUND or len(text) > MOST:
        return text
    meant = text.strip()
    return text.replace(meant, _around(language, meant) or _composed(language, meant)[1], 1)


def answered(language: str, text: str) -> str:
    """What a provider or a server answered: told where it is the code's, else marked as theirs."""
    shown = told(language, text)
    return shown if _composed(language, text.strip())[0] else answers.marked(language, shown)


def _around(language: str, text: str) -> str:
    """A mend with what stands around it; "" for all else."""
    not_taken, at_place = (typeset(each, language) for each in AROUND[language])
    if (match := NOT_TAKEN.fullmatch(text)) is not None:
        field, value, mend = match.groups()
        label = labelled(language, field)
        label, mend = label[:1].upper() + label[1:], told(language, mend)
        if value in NOTHING:
            return f"{label}{said(language, 'frame.colon')} {mend}"
        return not_taken.format(label, _value(language, value), mend)
    if (match := AT_PLACE.fullmatch(text)) is not None:
        line, column, mend = match.groups()
        return at_place.format(line, column, told(language, mend))
    return ""


@lru_cache(maxsize=2_000)
def _composed(language: str, text: str) -> tuple[int, str]:
    """How many characters of it are the code's words, and what it says: as a whole, or sentence by sentence."""
    best = _whole(language, text)
    for end in (each.end() for each in SENTENCE.finditer(text)):
        words, first = _whole(language, text[:end])
        if words:
            more, rest = _composed(language, text[end:].strip())
            shown = rest if more else answers.marked(language, text[end:].strip())
            best = max(best, (words + more, f"{first} {shown}"), key=lambda each: each[0])
    return best


def _whole(language: str, text: str) -> tuple[int, str]:
    for each in _known(language):
        if each.longest in text and (match := each.pattern.fullmatch(text)) is not None:
            return each.words, _filled(language, each.told, match)
    return 0, text


def placed(language: str, where: str) -> str:
    """A place (`html, line 3, column 7`) or a part (`audience`), with what it is about before a colon."""
    about, colon, place = where.rpartition(": ")
    part, _, spot = place.partition(", line ")
    line, _, column = spot.partition(", column ")
    label = labelled(language, part)
    shown = said(language, "frame.place", part=label, line=line, column=column) if column else label
    return f"{about}{said(language, 'frame.colon')} {shown}" if colon else shown


def _place(fault: Fault) -> str:
    spot = AT_PLACE.fullmatch(fault.hint or "")
    return f"{fault.field}, line {spot[1]}, column {spot[2]}" if spot else fault.field or ""


def labelled(language: str, field: str) -> str:
    """A field as the console calls it; by its own name where it has no other."""
    return known(language, f"input.{INDEX.sub('', field).rpartition('.')[2]}", field)


def _value(language: str, shown: str) -> str:
    """As faults show it (`repr`): text in the language's own quotes."""
    inner = shown[1:].removesuffix("…").removesuffix(shown[:1])
    return answers.quoted(language, inner) if shown[:1] in "'\"" and inner else shown


def _as_it_is(language: str, text: str) -> str:
    """A value: text that the English has in quotes stands in the language's own."""
    return answers.quoted(language, match[1]) if (match := IN_QUOTES.fullmatch(text)) and language == OTHER else text


OF_KIND: Mapping[str, Callable[[str, str], str]] = MappingProxyType(
    {"": _as_it_is, "told": told, "quoted": answers.quoted, "answered": answered}
)


def _filled(language: str, text: str, match: re.Match[str]) -> str:
    return text.format(*(Value(each, language) for each in match.groups()))


@cache
def _known(language: str) -> Sequence[Known]:
    """Those with the most words first: what says more is meant, where two could be. English ones say themselves."""
    texts: dict[str, str] = {each: each for each in _texts(OTHER)} | _texts(language)
    shown = (typeset(text, language) for text in texts.values())
    return sorted(map(_of, texts, shown), key=lambda known: -known.words)


def _texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return found


def _of(template: str, text: str) -> Known:
    parts = HOLE.split(template)
    words = [part.replace("{{", "{").replace("}}", "}") for part in parts[::2]]
    pattern = "(.*?)".join(map(re.escape, words))
    return Known(re.compile(pattern, re.DOTALL), sum(map(len, words)), max(words, key=len), text)
