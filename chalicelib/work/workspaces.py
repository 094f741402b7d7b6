"""The workspace: one team's name, look, words and defaults. There is one; before it is changed it has its defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from chalicelib.model.address_record import MAX_SOFT
from chalicelib.model.cap import Cap, checked_caps
from chalicelib.model.errors import Invalid
from chalicelib.model.line import line, lines
from chalicelib.model.locale import locale_tag
from chalicelib.model.preference import MAX_FREQUENCIES, MAX_PER_WEEK
from chalicelib.model.quiet_hours import checked_quiet_hours
from chalicelib.model.web_address import web_address
from chalicelib.model.workspace import MODES, WORDINGS, Mode, Wording, Workspace
from chalicelib.model.zones import zone_name
from chalicelib.work import categories, keeping
from chalicelib.work.addresses import normalised
from chalicelib.work.world import World

MAX_NAME = 100
MAX_ADDRESS = 500
MAX_LANGUAGES = 20
MAX_SOFT_DAYS = 365
MAX_WORDING: Mapping[str, int] = MappingProxyType(
    {
        "unsubscribe_text": 500,
        "webview_text": 500,
        "signature": 1_000,
        "preferences_title": 100,
        "preferences_text": 1_000,
        "leave_text": 1_000,
        "left_text": 1_000,
    }
)
LINK = "|URL|"
# All others stand for no link.
LINKED = ("unsubscribe_text", "webview_text")

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-z!][^<>]*>", re.IGNORECASE)


def read(world: World) -> Workspace:
    return world.workspaces.read(Workspace().id) or Workspace()


def update(world: World, changes: Mapping[str, object], expected_version: int | None = None) -> Workspace:
    """The workspace with these changes (names of CHECKS); `wordings` are given whole. What is compiled already keeps
    what it was compiled with.

    Raises Invalid, and Conflict where it has another version than `expected_version` (0 before its first change),
    or somebody else changed it meanwhile.
    """
    before = read(world)
    keeping.expect(before, expected_version)
    after = drafted(world, before, changes)
    if after == before:
        return before
    after = replace(after, version=before.version + 1, updated_at=world.now())
    shelf = world.workspaces
    if not (shelf.update(after, before.version) if before.version else shelf.create(after)):
        raise keeping.moved_on("The workspace")
    return after


def drafted(world: World, before: Workspace, changes: Mapping[str, object]) -> Workspace:
    """With these changes, and not written. Raises Invalid."""
    return replace(before, **keeping.checked(world, CHECKS, changes))


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise Invalid(name, value, "Give text.")
    return value


def _whole(value: object, name: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Invalid(name, value, f"Give a whole number from {least} to {most}.")
    return value


def _resend(world: World, value: object) -> bool:
    """Refused where nothing that comes back could ever prove a sending: then every doubt would be a second mail."""
    if not isinstance(value, bool):
        raise Invalid("resend_without_evidence", value, "Give true or false.")
    if value and not any(each.gives_evidence for each in world.transports.setups() if each.active):
        mend = "No transport in use tells of each message that it took (SMTP does not): decide about each doubt."
        raise Invalid("resend_without_evidence", value, mend)
    return value


def _zone(_world: World, value: object) -> str:
    return zone_name(_text(value, "zone"), "zone")


def _colour(_world: World, value: object) -> str:
    if not _COLOUR.fullmatch(_text(value, "colour")):
        raise Invalid("colour", value, "Give # and six hexadecimal digits, such as #1f5f8b.")
    return str(value).lower()


def _logo(_world: World, value: object) -> str:
    """https alone: mail programs leave out other pictures."""
    return web_address(str(value), "logo_url", ("https",)) if _text(value, "logo_url").strip() else ""


def _mailbox(value: object, name: str) -> str:
    return normalised(str(value), name) if _text(value, name).strip() else ""


def _mode(_world: World, value: object) -> Mode:
    for mode in MODES:
        if value == mode:
            return mode
    raise Invalid("mode", value, f"Give one of {', '.join(MODES)}.")


def _wordings(_world: World, value: object) -> dict[str, Wording]:
    if not isinstance(value, Mapping) or len(value) > MAX_LANGUAGES:
        mend = f'Give an object of at most {MAX_LANGUAGES} languages, such as {{"fr": {{"unsubscribe_text": "..."}}}}.'
        raise Invalid("wordings", value, mend)
    found: dict[str, Wording] = {}
    for language, words in value.items():
        tag = locale_tag(language, "wordings")
        if tag in found:
            raise Invalid("wordings", language, f"The language {tag} stands twice.")
        found[tag] = _wording(words, f"wordings.{language}")
    return found


def _wording(words: object, place: str) -> dict[str, str]:
    """Without those that are empty: Envoi's own stand in for them."""
    if not isinstance(words, Mapping):
        raise Invalid(place, words, f"Give an object of texts by name: {', '.join(WORDINGS)}.")
    for name in words:
        if name not in WORDINGS:
            raise Invalid(f"{place}.{name}", words[name], f"These are known: {', '.join(WORDINGS)}.")
    return {name: text for name, given in words.items() if (text := _words(given, name, f"{place}.{name}"))}


def _words(value: object, name: str, place: str) -> str:
    text = lines(value, place, MAX_WORDING[name])
    most = 1 if name in LINKED else 0
    if text.count(LINK) > most:
        once, never = f"{LINK} stands once at the most.", f"{LINK} has no place here: this text is no link."
        raise Invalid(place, value, once if most else never)
    if markup := _MARKUP.search(text):
        raise Invalid(place, value, f"Give plain text: take out {markup[0][:60]}. {_INSTEAD if most else ''}".strip())
    return text


def _frequencies(_world: World, value: object) -> tuple[int, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > MAX_FREQUENCIES:
        raise Invalid("frequencies", value, f"Give a list of at most {MAX_FREQUENCIES} numbers, such as [1, 2, 5].")
    return tuple(sorted({_whole(each, f"frequencies[{n}]", 1, MAX_PER_WEEK) for n, each in enumerate(value)}))


def _caps(world: World, value: object) -> tuple[Cap, ...]:
    caps = checked_caps(value)
    for n, each in enumerate(caps):
        if each.category:
            categories.read(world, each.category, f"caps[{n}].category")
    return caps


_INSTEAD = f"{LINK} is where the address goes; without it the whole text is the link."
CHECKS: Mapping[str, keeping.Check] = MappingProxyType(
    {
        "name": lambda _world, value: line(value, "name", MAX_NAME),
        "address": lambda _world, value: lines(value, "address", MAX_ADDRESS),
        "language": lambda _world, value: locale_tag(_text(value, "language"), "language"),
        "zone": _zone,
        "colour": _colour,
        "logo_url": _logo,
        "reply_to": lambda _world, value: _mailbox(value, "reply_to"),
        "from_address": lambda _world, value: _mailbox(value, "from_address"),
        "wordings": _wordings,
        "resend_without_evidence": _resend,
        "soft_bounces": lambda _world, value: _whole(value, "soft_bounces", 0, MAX_SOFT),
        "mode": _mode,
        "soft_bounce_days": lambda _world, value: _whole(value, "soft_bounce_days", 1, MAX_SOFT_DAYS),
        "caps": _caps,
        "frequencies": _frequencies,
        "quiet_hours": lambda _world, value: checked_quiet_hours(value),
    }
)
