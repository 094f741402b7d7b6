"""Themes of the team's own: brought as a zip, written as a source, copied, replaced, deleted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from chalicelib.compose.archive import Skipped
from chalicelib.compose.source import Caution, Source
from chalicelib.compose.themes.archive import MAX_FILES, packed, unpacked
from chalicelib.compose.themes.built_in import NAMES
from chalicelib.compose.themes.config import config_of
from chalicelib.compose.themes.layout import PICTURES, is_public, kind_of
from chalicelib.compose.themes.reading import theme_of
from chalicelib.compose.themes.rendering import Sheet, rendered
from chalicelib.model.errors import Conflict, Fault, Invalid, TooLarge
from chalicelib.model.theme import MAX_ZIP, NAME, Theme
from chalicelib.work import keeping, themes
from chalicelib.work.theme_drafting import Draft, edited
from chalicelib.work.world import World

_UNFIT = re.compile(r"[^a-z0-9]+")

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Written:
    """The theme that is stored now, the files that were left out, and what rendering it without values warned of."""

    theme: Theme
    skipped: tuple[Skipped, ...]
    cautions: tuple[Caution, ...]


def create_from_zip(world: World, body: bytes, name: str | None) -> Written:
    """Without a name it gets one of the name in its config.json. Raises Invalid, TooLarge, Conflict."""
    found = unpacked(body)
    return _created(world, name or _name_of(config_of(found.files).title), found.files, found.skipped)


def create(world: World, name: str, draft: Draft) -> Written:
    _check_name(name)
    before = themes.opened(world, draft.copy_of, "copy_of").files if draft.copy_of is not None else {}
    return _created(world, name, edited(name, before, draft))


def replace_by_zip(world: World, name: str, body: bytes, expected_version: int | None) -> Written:
    before = _own(world, name, expected_version)
    found = unpacked(body)
    return _replaced(world, before, found.files, found.skipped)


def update(world: World, name: str, draft: Draft, expected_version: int | None) -> Written:
    """What the draft names is replaced; the other files stay."""
    before = _own(world, name, expected_version)
    if draft.copy_of is not None:
        raise Invalid("copy_of", draft.copy_of, "Only a new theme is made of another: POST /v1/themes.")
    return _replaced(world, before, edited(name, themes.opened(world, name).files, draft))


def delete(world: World, name: str) -> None:
    """Its pictures stay in the bucket: letters show them."""
    theme = _own(world, name, None)
    if not world.themes.delete(theme.id, theme.version):
        raise keeping.moved_on(theme.id)


def _created(world: World, name: str, files: Files, skipped: tuple[Skipped, ...] = ()) -> Written:
    _check_name(name)
    if world.themes.read(name) is not None:
        raise _taken(name)
    written = _stored(world, name, files, skipped)
    now = world.now()
    theme = replace(written.theme, created_at=now, updated_at=now)
    if not world.themes.create(theme):
        raise _taken(name)
    return replace(written, theme=theme)


def _replaced(world: World, before: Theme, files: Files, skipped: tuple[Skipped, ...] = ()) -> Written:
    written = _stored(world, before.id, files, skipped)
    same = replace(written.theme, version=before.version, created_at=before.created_at, updated_at=before.updated_at)
    if same == before:
        return replace(written, theme=before)
    theme = replace(same, version=before.version + 1, updated_at=world.now())
    if not world.themes.update(theme, before.version):
        raise keeping.moved_on(theme.id)
    return replace(written, theme=theme)


def _stored(world: World, name: str, files: Files, skipped: tuple[Skipped, ...]) -> Written:
    """Renders it once, so that what cannot be rendered is refused here; then the files, before any row names them."""
    theme = theme_of(name, files)
    addresses = themes.addresses(world, name, theme.content, files)
    sheet = rendered(themes.order(world, name, theme.entry, files, {}, addresses))
    body = packed(files)
    if len(files) > MAX_FILES or len(body) > MAX_ZIP:
        hint = f"At most {MAX_FILES} files and {MAX_ZIP} bytes, packed, are taken."
        raise TooLarge(f"The theme has {len(files)} files and {len(body)} bytes.", field="body", hint=hint)
    world.theme_files.put(name, theme.content, body)
    for path in filter(is_public, files):
        place = world.theme_files.place(name, theme.content, path)
        world.theme_files.publish(place, files[path], PICTURES[kind_of(path)])
    values = {value: json.dumps(default) for value, default in sheet.values.items()}
    return Written(replace(theme, values=values, format=sheet.format), skipped, (*sheet.cautions, *_doubts(sheet)))


def _doubts(sheet: Sheet) -> Iterator[Caution]:
    """What publishing an e-mail of this theme would be refused for."""
    if sheet.format != "mjml":
        return
    from chalicelib.compose.mjml import converted  # noqa: PLC0415  # heavy, and needed by few themes

    try:
        converted(Source("mjml", sheet.text), "")
    except Fault as fault:
        mend = fault.hint or "Mend it, and replace the theme."
        yield Caution("mjml", f"An e-mail of this theme could not be published as it is. {fault.message}", mend)


def _own(world: World, name: str, expected_version: int | None) -> Theme:
    theme = themes.read(world, name)
    if theme.built_in:
        raise _protected(name)
    if expected_version not in (None, theme.version):
        raise keeping.moved_on(name)
    return theme


def _check_name(name: str) -> None:
    if name in NAMES:
        raise _protected(name)
    if not NAME.fullmatch(name):
        raise Invalid("name", name, "A theme's name has 1 to 60 small letters (a-z), digits, - and _.")


def _name_of(title: str) -> str:
    name = _UNFIT.sub("-", title.lower()).strip("-")[:60]
    if not name:
        raise Invalid("name", title, "No name can be made of this title: give one, POST /v1/themes?name=my-theme.")
    return name


def _protected(name: str) -> Conflict:
    hint = f'Make your own of it: POST /v1/themes {{"name": "my-{name}", "copy_of": "{name}"}}.'
    return Conflict(f"{name} is a theme that comes with Envoi, and stays as it is.", field="name", hint=hint)


def _taken(name: str) -> Conflict:
    return Conflict(f"There is a theme {name} already.", field="name", hint=f"PUT /v1/themes/{name} replaces it.")
