"""Reading the provider's list: once an hour, from where it stood, and never over what was lifted."""

import pytest

from chalicelib.model.suppression_sync import Listed
from chalicelib.work import suppression_list
from chalicelib.work.suppression_sync import EVERY_MS, OVERLAP_MS, PATIENCE_MS, sync
from chalicelib.work.sweeping import sweep
from tests.fakes.clock import NOON, Clock
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world

ADDRESSES = [f"gone{number}@example.com" for number in range(5)]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(clock):
    made = fake_world(clock=clock)
    for address in ADDRESSES:
        made.account_list.entries[address] = Listed(address, "bounced", NOON - 5)
    return made


def reasons(world):
    return [suppression_list.read(world, each).suppression for each in ADDRESSES]


def test_all_pages_come_over(world):
    sync(world)
    assert {(each.reason, each.source, each.at) for each in reasons(world)} == {("bounced", "ses", NOON - 5)}
    assert world.account_list.asked == [(0, ""), (0, "2"), (0, "4")]


def test_the_sweep_asks_once_an_hour_for_what_is_new(world, clock):
    for _ in range(3):
        sweep(world)
    asked = len(world.account_list.asked)
    assert asked == 3
    clock.at += EVERY_MS
    sweep(world)
    assert world.account_list.asked[asked:][0] == (NOON - OVERLAP_MS, "")


def test_without_time_it_goes_on_where_it_stood(world, clock):
    clock.deadline = clock.at + 1
    for _ in range(3):
        sync(world)
    assert world.account_list.asked == [(0, ""), (0, "2"), (0, "4")]
    assert all(reasons(world))


def test_a_round_that_failed_begins_anew_after_a_while(world, clock):
    world.account_list.down = True
    with pytest.raises(OSError, match="does not answer"):
        sync(world)
    sync(world)
    assert len(world.account_list.asked) == 1, "it is not asked again at once"
    world.account_list.down = False
    clock.at += PATIENCE_MS
    sync(world)
    assert all(reasons(world))


def test_of_two_at_once_one_does_nothing(world, clock):
    class Racing:
        def __init__(self, shelf):
            self.shelf = shelf

        def __getattr__(self, name):
            return getattr(self.shelf, name)

        def create(self, thing):
            self.shelf.create(thing)
            return False

    other = fake_world(clock=clock, tables=Tables(), suppression_syncs=Racing(world.suppression_syncs))
    sync(other)
    assert other.account_list.asked == []


def test_what_was_lifted_later_stays_lifted(world, clock):
    sync(world)
    suppression_list.lift(world, ADDRESSES[0])
    assert ADDRESSES[0] not in world.account_list.entries
    world.account_list.entries[ADDRESSES[0]] = Listed(ADDRESSES[0], "bounced", NOON - 5)
    clock.at += EVERY_MS
    sync(world)
    assert reasons(world)[0] is None


def test_a_complaint_there_overrules_our_bounce(world, clock):
    sync(world)
    clock.at += EVERY_MS
    world.account_list.entries[ADDRESSES[1]] = Listed(ADDRESSES[1], "complained", clock.at)
    sync(world)
    assert reasons(world)[1].reason == "complained"
