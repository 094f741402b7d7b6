"""The console's words: `words/<language>/<part>.json`, where `title` in `emails.json` is said as `emails.title`.

Placeholders are written {name}. A text that depends on a number is {"one": ..., "other": ...} and is told by `n`. All
languages have the same names and placeholders; a test holds them to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from chalicelib.console.showing import number
from chalicelib.console.typesetting import typeset

FOLDER = Path(__file__).parent / "words"
ENGLISH = "en"

Text = str | Mapping[str, str]
# Which numbers are spoken of as one (CLDR): 1 in English, 0 and 1 in French.
ONE: Mapping[str, Callable[[int], bool]] = MappingProxyType({"en": lambda n: n == 1, "fr": lambda n: n in (0, 1)})


@cache
def languages() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in FOLDER.iterdir() if path.is_dir()))


@cache
def words(language: str) -> Mapping[str, Text]:
    """The words of one of `languages()`."""
    found: dict[str, Text] = {}
    for path in sorted((FOLDER / language).glob("*.json")):
        found |= {
            f"{path.stem}.{name}": _set(text, language) for name, text in json.loads(path.read_text("utf-8")).items()
        }
    return found


def chosen(tags: Iterable[str]) -> str:
    """The first of these tags that there are words for (`fr_CH` -> `fr`), else English."""
    for tag in tags:
        language = tag.replace("_", "-").partition("-")[0].strip().lower()
        if language in languages():
            return language
    return ENGLISH


def said(language: str, name: str, /, **named: object) -> str:
    """The text of this name. Whole numbers are shown as the language shows them."""
    text = words(language)[name]
    if not isinstance(text, str):
        text = text["one" if ONE[language](_number(named["n"])) else "other"]
    shown = {key: number(value, language) if isinstance(value, int) else value for key, value in named.items()}
    return text.format(**shown) if shown else text


def known(language: str, name: str, otherwise: str) -> str:
    """The text of a name that is made of a value (`reason.bounced`); `otherwise` where nobody has named that value."""
    return said(language, name) if name in words(language) else otherwise


def _set(text: Text, language: str) -> Text:
    if isinstance(text, str):
        return typeset(text, language)
    return {number: typeset(each, language) for number, each in text.items()}


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"n is a whole number: {value!r}")
    return value
