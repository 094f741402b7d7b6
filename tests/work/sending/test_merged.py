"""A merge in the middle of a broadcast: one person, two contacts, and never the same letter again afterwards."""

from collections.abc import Callable
from itertools import count

import pytest

from chalicelib.work import merging
from tests.fakes.faulty import PortCall, Tap, kill, unharmed
from tests.work.sending.house import House, sums_up
from tests.work.sending.test_every_crash import nth

# More than one chunk: the one that goes is in the first, the one that stays in the last.
PEOPLE = 51


def merge(house: House, goes: str, stays: str) -> None:
    merging.begin(house.world(), goes, stays)
    merging.run(house.world(), goes)


def finish(house: House, goes: str) -> None:
    for _ in range(3):
        house.settle()
        house.clock.sleep(20 * 60_000)
        merging.run(house.world(), goes)


def test_what_went_to_one_before_is_not_sent_to_the_other_after() -> None:
    house = House(2)
    house.broadcast()
    house.settle()
    goes, stays = house.people
    del house.tables.messages[next(key for key in house.tables.messages if key.contact == stays)]
    merge(house, goes, stays)
    again = house.broadcast()
    house.settle()
    tally = house.tally(again.id)
    assert (tally.sent, tally.skipped) == (0, {"already_sent": 1})


AFTERWARDS: dict[str, Callable[[PortCall], None]] = {"it goes on": unharmed, "it dies": kill}


def meanwhile(number: int, house: House, goes: str, stays: str, afterwards: Tap) -> Tap:
    """At the n-th call of all workers the two are merged; then something happens to the worker."""

    def tap(call: PortCall) -> None:
        merge(house, goes, stays)
        afterwards(call)

    return nth(number, tap)


@pytest.mark.parametrize("afterwards", AFTERWARDS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_merged_at_any_moment_of_a_broadcast_they_get_one_letter_at_most_from_then_on(
    when: str, afterwards: str
) -> None:
    for number in count(1):
        house = House(PEOPLE)
        goes, *_, stays = sorted(house.people)
        broadcast = house.broadcast()
        tap = meanwhile(number, house, goes, stays, AFTERWARDS[afterwards])
        watched = Watched(house, tap, stays, when)
        house.drain(*((watched, unharmed) if when == "before" else (unharmed, watched)))
        if not house.tables.merges:
            break
        finish(house, goes)
        tally, where = house.tally(broadcast.id), f"call {number}"
        assert sums_up(tally), where
        assert tally.unsettled == 0, where
        assert house.tables.merges[goes].state == "finished", where
        assert not house.tables.contacts[stays].settling, where
        copies = house.copies()
        assert copies[goes] + copies[stays] <= 1 + watched.late, where
        assert copies[goes] + copies[stays] >= 1, where
    assert number > 20


class Watched:
    """A tap that knows whether a call to the one that stays had read its recipients before the two were merged: such a
    call is as good as one before the merge.
    """

    def __init__(self, house: House, tap: Tap, stays: str, when: str) -> None:
        self.house, self.tap, self.stays, self.when = house, tap, stays, when
        self.reads, self.late = False, False

    def __call__(self, call: PortCall) -> None:
        reads = call.port == "recipients" and self.stays in call.args[2]
        self.reads = self.reads or (reads and self.when == "after")
        merges = self.house.tables.merges
        before = bool(merges)
        try:
            self.tap(call)
        finally:
            self.late = self.late or (self.reads and not before and bool(merges))
            self.reads = self.reads or reads
