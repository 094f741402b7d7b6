"""One contract for sessions and the audit log."""

from dataclasses import replace

import pytest

from chalicelib.model.audit import AuditEntry
from chalicelib.model.errors import Invalid
from chalicelib.model.session import Session
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.pages import all_pages

SESSION = Session(numbered_id(1), "link", "member", numbered_id(2), NOON, NOON + 1_000)


def test_a_session_is_there_until_it_is_ended(world: World) -> None:
    assert world.sessions.read(SESSION.id) is None
    assert world.sessions.create(SESSION)
    assert world.sessions.create(SESSION), "the very same"
    assert not world.sessions.create(replace(SESSION, actor=numbered_id(3)))
    assert world.sessions.read(SESSION.id) == SESSION
    assert world.sessions.end(SESSION.id)
    assert not world.sessions.end(SESSION.id), "one of two is told so"
    assert world.sessions.read(SESSION.id) is None


def entry(number: int) -> AuditEntry:
    changed = ("name", "subject")
    return AuditEntry(
        numbered_id(number), NOON + number // 2, "member", "m", "Zoé", "emails.update", f"{number}", changed
    )


def test_the_newest_entry_comes_first(world: World) -> None:
    assert world.audit.page(3, None) == ([], None)
    entries = [entry(number) for number in range(7)]
    for each in entries:
        world.audit.add(each)
    newest = sorted(entries, key=lambda each: (-each.at, each.id))
    assert all_pages(lambda cursor: world.audit.page(3, cursor), 3) == newest


@pytest.mark.parametrize("cursor", ["x", "!", "AAAA"])
def test_a_cursor_of_nobodys(world: World, cursor: str) -> None:
    with pytest.raises(Invalid):
        world.audit.page(3, cursor)
