"""A theme's `config.json`, as Mautic writes it: {name, author, authorUrl, builder, features}."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.compose.themes.layout import CONFIG
from chalicelib.model.errors import Invalid
from chalicelib.model.line import line
from chalicelib.model.theme import MAX_TITLE

EMAIL = "email"
MAX_WORDS = 20
MAX_WORD = 60
MAX_ADDRESS = 500
_ADDRESS = re.compile(r"https?://[^\s\"'<>]+")


@dataclass(frozen=True, slots=True)
class Config:
    """`builders` are the editors of Mautic that open it, `features` what it serves for."""

    title: str
    author: str = ""
    author_url: str = ""
    builders: tuple[str, ...] = ("grapesjsbuilder",)
    features: tuple[str, ...] = (EMAIL,)


def config_of(files: Mapping[str, bytes]) -> Config:
    """Raises Invalid, naming the key."""
    if CONFIG not in files:
        raise Invalid(
            "body", None, 'A theme needs config.json beside its folder html: {"name": "...", "features": ["email"]}.'
        )
    try:
        said = json.loads(files[CONFIG])
    except (ValueError, RecursionError) as why:
        raise Invalid(CONFIG, str(why)[:100], "It is no JSON: mend it there.") from None
    if not isinstance(said, dict):
        raise Invalid(CONFIG, type(said).__name__, 'It is one object: {"name": "...", "features": ["email"]}.')
    config = Config(
        line(said.get("name"), f"{CONFIG}: name", MAX_TITLE, needed=True),
        line(said.get("author") or "", f"{CONFIG}: author", MAX_TITLE),
        line(said.get("authorUrl") or "", f"{CONFIG}: authorUrl", MAX_ADDRESS),
        _words(said, "builder", ("grapesjsbuilder",)),
        _words(said, "features", (EMAIL,)),
    )
    return _checked(config)


def config_json(config: Config) -> bytes:
    said = {
        "name": config.title,
        "author": config.author,
        "authorUrl": config.author_url,
        "builder": list(config.builders),
        "features": list(config.features),
    }
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode()


def _checked(config: Config) -> Config:
    if config.author_url and not _ADDRESS.fullmatch(config.author_url):
        raise Invalid(f"{CONFIG}: authorUrl", config.author_url, "Give an address that begins with https://.")
    if EMAIL not in config.features:
        mend = (
            'The theme says that it is not for e-mails: put "email" into features, and html/email.html.twig into html.'
        )
        raise Invalid(f"{CONFIG}: features", list(config.features), mend)
    return config


def _words(said: Mapping[str, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """A list of words; older themes of Mautic have one word."""
    value = said.get(name) or list(default)
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(each, str) and len(each) <= MAX_WORD for each in words):
        raise Invalid(f"{CONFIG}: {name}", value, "Give a list of words.")
    if len(words) > MAX_WORDS:
        raise Invalid(f"{CONFIG}: {name}", len(words), f"At most {MAX_WORDS} words are taken.")
    return tuple(words)
