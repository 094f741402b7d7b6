import itertools

import pytest

from chalicelib.model.contact import Contact
from chalicelib.model.message import MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.model.token import Tracked
from chalicelib.work.leaving import come_back, leave
from chalicelib.work.suppressing import release, suppress
from tests.fakes.faulty import Killed, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

CONTACT = Contact(numbered_id(1, "contact"), "ann@example.com")
TRACKED = Tracked(MessageKey(CONTACT.id, numbered_id(2)), numbered_id(3), 1)


def living():
    tables = Tables(contacts={CONTACT.id: CONTACT})
    world = fake_world(tables=tables)
    return world, tables, world.signer.hashed("address", CONTACT.address)


def test_leaving_suppresses_and_is_recorded():
    world, tables, hashed = living()
    assert leave(world, TRACKED, 7)
    assert tables.suppressions == {hashed: Suppression(hashed, "unsubscribed", str(TRACKED.message), 7)}
    assert tables.counters[TRACKED.email]["unsubscribed"] == 1


def test_leaving_again_later_keeps_the_first_word():
    world, tables, hashed = living()
    leave(world, TRACKED, 7)
    leave(world, TRACKED, 9)
    assert tables.suppressions[hashed].at == 7
    assert tables.counters[TRACKED.email]["unsubscribed"] == 1


@pytest.mark.parametrize("number", range(1, 9))
@pytest.mark.parametrize("kill", [killed_before, killed_after])
def test_killed_anywhere_a_second_try_makes_it_good(kill, number):
    world, tables, hashed = living()
    try:
        leave(intercepted(world, *kill(number)), TRACKED, 7)
    except Killed:
        leave(world, TRACKED, 8)
    assert tables.suppressions[hashed].reason == "unsubscribed"
    assert tables.counters[TRACKED.email]["unsubscribed"] == 1


def test_the_suppression_stands_before_anything_is_recorded():
    """A request cut off in the middle has unsubscribed the person or has changed nothing."""
    world, tables, hashed = living()
    for number in itertools.count(1):
        tables.suppressions.clear()
        tables.facts.clear()
        try:
            leave(intercepted(world, *killed_after(number)), TRACKED, 7)
        except Killed:
            assert hashed in tables.suppressions or not tables.facts
        else:
            return


def test_coming_back_and_leaving_again():
    world, tables, hashed = living()
    leave(world, TRACKED, 7)
    assert come_back(world, TRACKED, 8)
    assert tables.suppressions == {}
    leave(world, TRACKED, 9)
    assert tables.suppressions[hashed].at == 9


@pytest.mark.parametrize("reason", ["bounced", "complained", "suppressed"])
@pytest.mark.parametrize("first", [True, False], ids=["before leaving", "after leaving"])
def test_coming_back_lifts_nothing_but_ones_own_word(reason, first):
    world, tables, hashed = living()
    other = Suppression(hashed, reason, "source", 1)
    steps = [lambda: suppress(world, other), lambda: leave(world, TRACKED, 7)]
    for step in steps if first else reversed(steps):
        step()
    assert tables.suppressions[hashed].reason == "unsubscribed"
    for _ in range(2):
        assert not come_back(world, TRACKED, 8)
        assert tables.suppressions == {hashed: other}


def test_of_two_beneath_the_stronger_comes_up_again():
    world, tables, hashed = living()
    suppress(world, Suppression(hashed, "bounced", "source", 1))
    leave(world, TRACKED, 2)
    suppress(world, complaint := Suppression(hashed, "complained", "source", 3))
    assert not release(world, hashed)
    assert tables.suppressions == {hashed: complaint}


def test_nobody_knows_a_deleted_contacts_address():
    world, tables, _ = living()
    tables.contacts.clear()
    assert not leave(world, TRACKED, 7)
    assert not come_back(world, TRACKED, 8)
    assert tables.suppressions == {}
