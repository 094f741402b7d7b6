"""Leaving and coming back, by the links in every letter: `/u` (this), `/d` (everything), `/r` (back again).

Scanners follow every link, so a GET changes nothing (RFC 8058 section 3.1): it shows a page with a button.
"""

from __future__ import annotations

from chalice import Blueprint, Response

from chalicelib.api.anyone import nobodys, public, tracked_by
from chalicelib.api.reader import Posted, Reader, one, posted, reader_of
from chalicelib.model.category import Category, public_name
from chalicelib.model.token import Tracked
from chalicelib.work import leaving

blueprint = Blueprint(__name__)


@public(blueprint, "GET", "/u/{token}")
def ask(token: str) -> Response:
    tracked = tracked_by(blueprint, token)
    if tracked is None:
        return nobodys(blueprint, token)
    reader = _reader(tracked)
    return page_of(reader, token, _name(reader, _category(reader, tracked)))


@public(blueprint, "POST", "/u/{token}")
def leave(token: str) -> Response:
    """Leaves at once, whatever the body says: the button, or one click (RFC 8058). Our own form alone may say that it
    is about one category (`scope`), why, or that it was a mistake (`undo`); mailbox providers never do.
    """
    tracked = tracked_by(blueprint, token)
    if tracked is None:
        return nobodys(blueprint, token)
    reader, fields = _reader(tracked), posted(blueprint)
    undo, scope = one(fields, "undo"), one(fields, "scope")
    category = _category(reader, tracked) if "category" in (undo, scope) else None
    if undo:
        return _back(reader, tracked, token, category)
    return _left(reader, tracked, token, category, fields)


@public(blueprint, "GET", "/d/{token}")
def ask_about_all(token: str) -> Response:
    tracked = tracked_by(blueprint, token)
    return nobodys(blueprint, token) if tracked is None else page_of(_reader(tracked), token, "")


@public(blueprint, "POST", "/d/{token}")
def leave_all(token: str) -> Response:
    tracked = tracked_by(blueprint, token)
    if tracked is None:
        return nobodys(blueprint, token)
    reader, fields = _reader(tracked), posted(blueprint)
    if one(fields, "undo"):
        return _back(reader, tracked, token, None)
    return _left(reader, tracked, token, None, fields)


@public(blueprint, "GET", "/r/{token}")
def ask_to_return(token: str) -> Response:
    tracked = tracked_by(blueprint, token)
    return nobodys(blueprint, token) if tracked is None else _reader(tracked).page("return")


@public(blueprint, "POST", "/r/{token}")
def come_back(token: str) -> Response:
    """Back to all mail, and to the kind of e-mail that the link stood in."""
    tracked = tracked_by(blueprint, token)
    if tracked is None:
        return nobodys(blueprint, token)
    reader = _reader(tracked)
    category = _category(reader, tracked)
    if category is not None:
        leaving.rejoin_category(reader.world, tracked, category.id, reader.world.now(), reader.visit)
    return _back(reader, tracked, token, None)


def page_of(reader: Reader, token: str, category: str) -> Response:
    """What asks whether to leave; `category` is the name of the one that can be left alone, "" for none."""
    preferences = f"../p/{token}" if reader.contact else ""
    return reader.page("leave", category=category, reasons=leaving.REASONS, preferences=preferences)


def _left(reader: Reader, tracked: Tracked, token: str, category: Category | None, fields: Posted) -> Response:
    world, why = reader.world, leaving.checked_reason(one(fields, "reason"), one(fields, "said"))
    if category is None:
        known = leaving.leave(world, tracked, world.now(), why, reader.visit)
    else:
        known = leaving.leave_category(world, tracked, category.id, world.now(), why, reader.visit)
    return reader.page("left", known=known, category=_name(reader, category), preferences=f"../p/{token}")


def _back(reader: Reader, tracked: Tracked, token: str, category: Category | None) -> Response:
    world = reader.world
    if category is None:
        released = leaving.come_back(world, tracked, world.now(), reader.visit)
    else:
        released = leaving.rejoin_category(world, tracked, category.id, world.now(), reader.visit)
    return reader.page("back", released=released, preferences=f"../p/{token}")


def _reader(tracked: Tracked) -> Reader:
    return reader_of(blueprint, tracked.message.contact, message=tracked.message)


def _category(reader: Reader, tracked: Tracked) -> Category | None:
    """The family's, if people may know of it; none for an e-mail that was deleted, and for who is known no more."""
    root = reader.world.emails.read(tracked.message.family) if reader.contact else None
    category = reader.world.categories.read(root.category) if root and root.category else None
    return category if category is not None and category.public else None


def _name(reader: Reader, category: Category | None) -> str:
    return public_name(category.name, category.names, reader.language) if category else ""
