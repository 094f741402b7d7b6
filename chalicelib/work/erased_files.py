"""Looking for somebody who is erased in what imports and exports left behind: rejected lines, and files.

A file that names the person goes as a whole: it has been read, or can be made again, and expires within days anyway.
What cannot be looked into (a workbook, a packed file) goes too. A file that an import is still reading waits for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from chalicelib.model.erasure import Erasure, Place
from chalicelib.model.importing import Rejected
from chalicelib.work.world import World

BLOCK = 4 * 1024 * 1024
PAGE = 100
GONE = "(erased)"
PACKED = b"PK"
# A wide character's bytes, in either order.
WIDE: tuple[Literal["utf-16-le", "utf-16-be"], ...] = ("utf-16-le", "utf-16-be")
LINES, FILES = "", "files"

Removed = dict[str, int]


def step(world: World, job: Erasure) -> tuple[Place, Removed] | None:
    """Some lines of one import, or one file; the place behind them. None where nothing is left."""
    return _lines(world, job) if job.place[0] == LINES else _file(world, job)


def under_way(world: World, job: Erasure) -> bool:
    """Whether an import or an export that began while there was something to read of the person may still be reading
    or writing a file that names them.
    """
    before = job.emptied_at or job.created_at
    known = [world.imports.read(each) for each in world.imports.open()]
    made = [world.exports.read(each) for each in world.exports.open()]
    return any(each is not None and each.created_at <= before for each in (*known, *made))


def _lines(world: World, job: Erasure) -> tuple[Place, Removed]:
    """The imports one after the other, the newest first: a cursor of their list, and one of the lines."""
    _, place, line = job.place
    imports, following = world.imports.page(1, place or None)
    if not imports:
        return (FILES, "", ""), {}
    [found] = imports
    lines, more = world.imports.rejected(found.id, PAGE, line or None)
    removed = {"rejected_lines": _redacted(world, found.id, lines, job.addresses)}
    if more is not None:
        return (LINES, place, more), removed
    return ((LINES, following, "") if following else (FILES, "", "")), removed


def _redacted(world: World, import_id: str, lines: list[Rejected], addresses: tuple[str, ...]) -> int:
    named = [each for each in lines if any(address in each.value.lower() for address in addresses)]
    if named:
        world.imports.add_rejected(import_id, [replace(each, value=GONE) for each in named])
    return len(named)


def _file(world: World, job: Erasure) -> tuple[Place, Removed] | None:
    """The next file in the order of their names."""
    names = world.files.names(job.place[1], 1)
    if not names:
        return None
    [name] = names
    goes = name not in _read_just_now(world) and _may_name(world, name, job.addresses)
    if goes:
        world.files.delete(name)
    return (FILES, name, ""), {"files": int(goes)}


def _read_just_now(world: World) -> set[str]:
    known = (world.imports.read(each) for each in world.imports.open())
    return {each.file for each in known if each is not None}


def _may_name(world: World, name: str, addresses: tuple[str, ...]) -> bool:
    """Whether any of the addresses stands in the file, in letters of whatever size and width. Blocks overlap."""
    size = world.files.size(name) or 0
    if world.files.read(name, 0, len(PACKED)) == PACKED:
        return True
    wanted = [each.encode(how) for each in addresses for how in ("utf-8", *WIDE)]
    overlap = max(map(len, wanted), default=0)
    return any(
        any(each in block for each in wanted)
        for start in range(0, size, BLOCK)
        for block in [world.files.read(name, start, BLOCK + overlap).lower()]
    )
