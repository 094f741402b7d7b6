"""The words of the pages, a file for each language: `catalogues/<language>.json`. Adding a language is adding a file.

Placeholders are written {name}. All files have the same names and placeholders; a test holds them to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from chalicelib.console.typesetting import typeset

FOLDER = Path(__file__).parent / "catalogues"
# The language of last resort.
ENGLISH = "en"
MAX_HEADER = 500

_RANGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(1(?:\.0{0,3})?|0(?:\.\d{0,3})?)\s*)?")


@cache
def languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The words of one of `languages()`."""
    words: dict[str, str] = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    return {name: typeset(text, language) for name, text in words.items()}


def name_of(tag: str) -> str:
    """What the language calls itself, or its tag where there are no words for it."""
    return catalogue(tag)["language"] if tag in languages() else tag


def chosen(tags: Iterable[str]) -> str:
    """The first of these tags that there are words for (`fr_CH` -> `fr`), else English."""
    for tag in tags:
        language = tag.replace("_", "-").partition("-")[0].strip().lower()
        if language in languages():
            return language
    return ENGLISH


def accepted(header: str) -> list[str]:
    """The tags of an Accept-Language header (RFC 9110 section 12.5.4), the best first, without what is malformed."""
    found: list[tuple[float, int, str]] = []
    for place, each in enumerate(header[:MAX_HEADER].split(",")):
        tag = _RANGE.fullmatch(each)
        quality = float(tag[2] or 1) if tag else 0.0
        if tag and quality > 0:
            found.append((-quality, place, tag[1]))
    return [tag for _, _, tag in sorted(found)]
