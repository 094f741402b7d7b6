"""A contact's whole story, the newest first, page by page."""

import pytest

from chalicelib.model.errors import Invalid
from chalicelib.model.fact import Event
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.work import contacts, recording, timeline
from chalicelib.work.suppressing import suppress
from tests.fakes.clock import Clock
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

EMAIL = numbered_id(1, "email")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(clock):
    return fake_world(clock=clock, tables=Tables())


@pytest.fixture
def ann(world, clock):
    """Created, changed, written to, opened, left, suppressed: a second between each."""
    ann = contacts.create(world, "ann@example.com")
    contacts.update(world, _later(ann, clock), {"points": 1})
    key = MessageKey(ann.id, EMAIL)
    clock.sleep(1_000)
    world.messages.put_many([Message(key, EMAIL, 1, "sent", "attempt", clock.now())])
    for kind in ("delivered", "opened"):
        clock.sleep(1_000)
        recording.record(world, [Event(kind, kind, key, EMAIL, clock.now())])
    contacts.update(world, _later(ann, clock), {"consent": False})
    clock.sleep(1_000)
    suppress(world, Suppression(world.signer.hashed("address", ann.address), "bounced", "operator", clock.now()))
    return ann


def _later(contact, clock):
    clock.sleep(1_000)
    return contact.id


def story(world, ann, limit=50, kinds=None):
    found, cursor = [], None
    while True:
        items, cursor = timeline.page(world, contacts.read(world, ann.id), limit, cursor, kinds)
        assert len(items) <= limit
        found += items
        if cursor is None:
            return [each.kind for each in found]


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_the_newest_first(world, ann, limit):
    expected = ["suppression", "consent", "change", "event", "event", "message", "change", "created"]
    assert story(world, ann, limit) == expected


def test_some_kinds_alone(world, ann):
    assert story(world, ann, kinds="message,event") == ["event", "event", "message"]
    for wrong in ("", "mail", "event,x"):
        with pytest.raises(Invalid, match="kinds"):
            timeline.page(world, ann, 9, None, wrong)


def test_a_cursor_of_somebody_elses_making_is_refused(world, ann):
    with pytest.raises(Invalid, match="cursor"):
        timeline.page(world, ann, 9, "!!")


@pytest.mark.usefixtures("ann")
def test_nobody_elses_story(world):
    ben = contacts.create(world, "ben@example.com")
    assert story(world, ben) == ["created"]


def test_what_comes_between_two_pages_moves_nothing(world, ann, clock):
    first, cursor = timeline.page(world, ann, 3, None)
    contacts.update(world, _later(ann, clock), {"points": 9})
    rest, _ = timeline.page(world, contacts.read(world, ann.id), 50, cursor)
    assert not {each.place for each in first} & {each.place for each in rest}
    assert [each.kind for each in rest][-3:] == ["message", "change", "created"]
