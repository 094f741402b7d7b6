"""Themes: what there is, what each looks like, and e-mails begun from them. The built-in ones come first."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from chalicelib.compose.language import direction, language_tag
from chalicelib.compose.source import Caution
from chalicelib.compose.themes.archive import packed, unpacked
from chalicelib.compose.themes.built_in import NAMES, files_of
from chalicelib.compose.themes.layout import TEXTS, is_public, kind_of
from chalicelib.compose.themes.reading import theme_of
from chalicelib.compose.themes.rendering import Order, Sheet, rendered
from chalicelib.model.errors import Invalid, NotFound, TooLarge
from chalicelib.model.theme import NAME, THUMBNAILS, Format, Theme
from chalicelib.model.workspace import Workspace
from chalicelib.work import workspaces
from chalicelib.work.world import World

MAX_VALUES = 64 * 1024
# A cursor of this list's own: no cursor of a shelf has a point.
BUILT_IN = "built-in."
_VALUE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Begun:
    """The source of a new e-mail, for the team to edit; `format` says of which kind. `cautions` are for the author."""

    format: Format
    source: str
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A theme with its files and, by path, the addresses of its pictures."""

    theme: Theme
    files: Files
    addresses: Mapping[str, str]

    @property
    def source(self) -> str:
        return self.files[self.theme.entry].decode()

    @property
    def parts(self) -> dict[str, str]:
        """Its other texts by path."""
        return {
            path: body.decode()
            for path, body in self.files.items()
            if kind_of(path) in TEXTS and path != self.theme.entry
        }


def page(world: World, limit: int, cursor: str | None) -> tuple[list[Theme], str | None]:
    """In the order of NAMES, then the team's own by name."""
    if cursor is not None and not cursor.startswith(BUILT_IN):
        return world.themes.page(limit, cursor)
    first = _place(cursor)
    shown = [built_in(name) for name in NAMES[first : first + limit]]
    if first + limit < len(NAMES):
        return shown, BUILT_IN + NAMES[first + limit - 1]
    if len(shown) == limit:
        return shown, BUILT_IN + NAMES[-1]
    own, following = world.themes.page(limit - len(shown), None)
    return [*shown, *own], following


def read(world: World, name: str, field: str = "name") -> Theme:
    if name in NAMES:
        return built_in(name)
    theme = world.themes.read(name) if NAME.fullmatch(name) else None
    if theme is None:
        raise NotFound(f"There is no theme {name[:60]!r}.", field=field, hint="GET /v1/themes lists them.")
    return theme


def opened(world: World, name: str, field: str = "name") -> Opened:
    theme = read(world, name, field)
    files = files_of(name) if theme.built_in else unpacked(_zip(world, theme)).files
    return Opened(theme, files, addresses(world, theme.id, theme.content, files))


def preview(world: World, name: str) -> bytes:
    """The picture of it, a PNG."""
    files = opened(world, name).files
    found = next((files[each] for each in THUMBNAILS if each in files), None)
    if found is None:
        hint = "Put a thumbnail.png beside config.json and replace the theme: PUT /v1/themes/{name} with its zip."
        raise NotFound(f"The theme {name} has no picture.", field="name", hint=hint.replace("{name}", name))
    return found


def export(world: World, name: str) -> bytes:
    """The theme as a zip in Mautic's layout; the same theme gives the same bytes."""
    theme = read(world, name)
    return packed(files_of(name)) if theme.built_in else _zip(world, theme)


def values_of(world: World, name: str) -> dict[str, Any]:
    """What the theme takes, each with its default (None where it has none)."""
    theme = read(world, name)
    if not theme.built_in:
        return {value: json.loads(text) for value, text in theme.values.items()}
    return dict(rendered(order(world, theme.id, theme.entry, files_of(name), {})).values)


def begin(world: World, name: str, values: Mapping[str, Any], language: str = "", field: str = "name") -> Begun:
    """Renders the theme, once. `values` go before the workspace's (name, address, colour, logo), and these before the
    theme's own defaults; they are text, and HTML in them is escaped. `language` is the e-mail's, where it has one.
    Colours that go with `brand` are chosen so that
    they can be read, and those that cannot be read are cautioned about. Raises NotFound, Invalid, TooLarge.
    """
    from chalicelib.compose.themes import brand  # noqa: PLC0415  # a parser that only beginning needs

    _check(values)
    found = opened(world, name, field)
    given = {**_of_workspace(workspaces.read(world), language), **values}
    given.setdefault("dir", direction(str(given.get("lang", ""))))
    given |= brand.companions(given)
    wanted = order(world, name, found.theme.entry, found.files, given, found.addresses)
    sheet = rendered(wanted)
    brand.check_colours(values, sheet.values)
    faint = brand.cautions(sheet.text, given) if sheet.format == "html" else ()
    return Begun(sheet.format, sheet.text, (*_unknown(sheet, values), *sheet.cautions, *faint))


@cache
def built_in(name: str) -> Theme:
    return theme_of(name, files_of(name), built_in=True)


def order(
    world: World,
    name: str,
    entry: str,
    files: Files,
    values: Mapping[str, Any],
    pictures: Mapping[str, str] | None = None,
) -> Order:
    now = datetime.fromtimestamp(world.now() / 1_000, UTC).astimezone(ZoneInfo(workspaces.read(world).zone))
    return Order(name, entry, files, values, pictures or {}, now.isoformat())


def addresses(world: World, name: str, content: str, files: Files) -> dict[str, str]:
    """Where anybody reads the pictures, by path."""
    places = {path: world.theme_files.place(name, content, path) for path in files if is_public(path)}
    return {path: f"{world.bucket_url}/{quote(place)}" for path, place in places.items()}


def _zip(world: World, theme: Theme) -> bytes:
    body = world.theme_files.read(theme.id, theme.content)
    if body is None:
        hint = "Replace the theme by its zip: PUT /v1/themes/" + theme.id
        raise NotFound(f"The files of the theme {theme.id} are gone from the bucket.", field="name", hint=hint)
    return body


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    name = cursor.removeprefix(BUILT_IN)
    if name not in NAMES:
        raise Invalid("cursor", cursor, "Use `next` of the page before, as it is.")
    return NAMES.index(name) + 1


def _of_workspace(workspace: Workspace, language: str) -> dict[str, str]:
    """A colour that nobody chose is no brand."""
    chosen = workspace.colour if workspace.colour != Workspace().colour else ""
    said = {
        "company": workspace.name,
        "address": workspace.address,
        "brand": chosen,
        "logo": workspace.logo_url,
        "lang": language_tag(language or workspace.language),
    }
    return {name: value for name, value in said.items() if value}


def _check(values: Mapping[str, Any]) -> None:
    for name in values:
        if not _VALUE.fullmatch(name):
            raise Invalid("values", name, "A value's name has letters, digits and _, a letter first, at most 60.")
    size = len(json.dumps(dict(values)))
    if size > MAX_VALUES:
        raise TooLarge(f"values has {size} bytes.", field="values", hint=f"At most {MAX_VALUES} bytes are taken.")


def _unknown(sheet: Sheet, values: Mapping[str, Any]) -> list[Caution]:
    known = ", ".join(sorted(sheet.values)) or "none"
    return [
        Caution(f"values.{name}", f"The theme has no value {name}.", f"It takes: {known}.")
        for name in values
        if name not in sheet.values
    ]
