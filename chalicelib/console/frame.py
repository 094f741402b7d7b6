"""The console's pages: templates in the frame of navigation, theme and language, every value escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.console import mending, showing, static_files, words
from chalicelib.console.mending import fault_in
from chalicelib.model.actor import Actor
from chalicelib.model.errors import Fault
from chalicelib.model.role import Role, may

FOLDER = Path(__file__).parent / "templates"
HOME = "/console"

# The navigation: the part of the catalogue that names it, its address, and the least role that sees it.
NAVIGATION: tuple[tuple[str, str, Role], ...] = (
    ("overview", HOME, "viewer"),
    ("emails", f"{HOME}/emails", "viewer"),
    ("broadcasts", f"{HOME}/broadcasts", "viewer"),
    ("contacts", f"{HOME}/contacts", "viewer"),
    ("segments", f"{HOME}/segments", "viewer"),
    ("imports", f"{HOME}/imports", "viewer"),
    ("fields", f"{HOME}/fields", "viewer"),
    ("forms", f"{HOME}/forms", "viewer"),
    ("suppressions", f"{HOME}/suppressions", "viewer"),
    ("transports", f"{HOME}/transports", "admin"),
    ("settings", f"{HOME}/settings", "admin"),
    ("members", f"{HOME}/members", "admin"),
    ("keys", f"{HOME}/keys", "admin"),
    ("audit", f"{HOME}/audit", "admin"),
)

# What else stands on the tabs of a part.
TABS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "fields": ("tags", "stages", "owners", "companies", "renamings"),
        "broadcasts": ("recurrences",),
        "imports": ("exports",),
        "transports": ("domains",),
        "suppressions": ("erasures",),
        "forms": ("categories", "preferences"),
    }
)


@dataclass(frozen=True, slots=True)
class Frame:
    """Who looks, and how. `here` is the page's path, `further` whether it is behind a list's first one; `change` proves
    that a form is our own; `theme` is "" where the system decides; `flash` is what the last change said: a name of the
    words and its values.
    """

    language: str
    zone: str
    theme: str
    files: str
    workspace: str
    here: str
    further: bool = False
    actor: Actor | None = None
    change: str = ""
    flash: tuple[str, Mapping[str, Any]] | None = None

    def may(self, needed: Role) -> bool:
        return self.actor is not None and may(self.actor.role, needed)

    def static(self, name: str) -> str:
        return f"{self.files}/{static_files.place(name)}"

    @property
    def navigation(self) -> list[tuple[str, str, bool]]:
        """Name, address, and whether we are there."""
        seen = [(name, address) for name, address, needed in NAVIGATION if self.may(needed)]
        return [(name, address, self._at(name, address)) for name, address in seen]

    def _at(self, name: str, address: str) -> bool:
        return any(self._within(each) for each in (address, *(f"{HOME}/{tab}" for tab in TABS.get(name, ()))))

    def _within(self, address: str) -> bool:
        return self.here == address or (address != HOME and self.here.startswith(f"{address}/"))


def page(name: str, frame: Frame, /, **values: object) -> str:
    """`templates/<name>.html`. Templates have `t` (the words), `frame`, and the ways of showing: `number`, `percent`,
    `money`, `moment`, `clock`, `day`, `iso`, `span`, `readable`; `named` says a value that may have no word; `mended`
    tells in the reader's language what a fault said to a job, `placed` where something was found, `answered` what a
    provider said, `labelled` a field's name. Faults among the values are told so by themselves.
    """
    shown = {key: fault_in(frame.language, each) if isinstance(each, Fault) else each for key, each in values.items()}
    return _environment().get_template(f"{name}.html").render(shown, frame=frame, told=_told(frame), **_ways(frame))


def _told(frame: Frame) -> str:
    """What the last change said; "" for nothing, and for names that are none of ours."""
    name, named = frame.flash or ("", {})
    try:
        return words.said(frame.language, name, **named) if name else ""
    except (KeyError, TypeError, ValueError, IndexError):
        return ""


def _ways(frame: Frame) -> dict[str, Callable[..., str]]:
    language = frame.language
    return {
        "t": partial(words.said, language),
        "named": partial(words.known, language),
        "mended": partial(mending.told, language),
        "placed": partial(mending.placed, language),
        "answered": partial(mending.answered, language),
        "labelled": partial(mending.labelled, language),
        "number": lambda value, decimals=0: showing.number(value, language, decimals),
        "percent": lambda share, decimals=1: showing.percent(share, language, decimals),
        "money": lambda dollars: showing.money(dollars, language),
        "size": lambda octets: showing.size(octets, language),
        "moment": lambda at: showing.moment(at, language, frame.zone),
        "clock": lambda local: showing.clock(local, language),
        "day": lambda at: showing.day(at, language, frame.zone),
        "span": lambda seconds: showing.span(seconds, language),
    }


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"iso": showing.iso, "readable": showing.readable, "languages": words.languages()}
    return made
