"""The pages that recipients see: plain HTML without scripts, every value escaped, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.console.catalogue import ENGLISH, catalogue
from chalicelib.model.workspace import PAGE_WORDINGS

# How pages look without a workspace: `work/looks.py` makes these of its colour.
PLAIN: Mapping[str, Any] = MappingProxyType(
    {
        "name": "",
        "logo_url": "",
        "light": {"act": "#1a4fb4", "on_act": "#ffffff"},
        "dark": {"act": "#8fb4ff", "on_act": "#000000"},
    }
)
# A page without any words of the team's own.
UNWORDED: Mapping[str, str] = MappingProxyType(dict.fromkeys(PAGE_WORDINGS, ""))


def page(
    name: str, language: str = ENGLISH, look: object = PLAIN, own: Mapping[str, str] = UNWORDED, **values: object
) -> str:
    """`recipients/<name>.html` in one of the catalogues' languages. `look` has `name`, `logo_url`, and the shades
    `light` and `dark`, each with `act` and `on_act`; `own` are the team's words, by PAGE_WORDINGS.
    """
    words: Callable[..., str] = partial(_said, catalogue(language))
    template = _environment().get_template(f"{name}.html")
    return template.render(values, t=words, language=language, look=look, own=own)


def _said(words: Mapping[str, str], key: str, **named: object) -> str:
    return words[key].format(**named) if named else words[key]


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "recipients"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
