"""Chunks that are planned for later: nobody gets it before it is due, everybody gets it then, whatever crashes."""

from dataclasses import replace

import pytest

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import CHUNK, Chunk, planned_chunk
from chalicelib.work import broadcasting, delivering, planning, tending
from chalicelib.work.planning import PAGE_CHUNKS
from tests.fakes.clock import NOON
from tests.fakes.faulty import PortCall, Tap, unharmed
from tests.work.sending.house import LIST, House, sums_up, twice
from tests.work.sending.test_every_crash import FAULTS

MINUTE, HOUR = 60_000, 3_600_000


def planned(house: House) -> str:
    """A broadcast to all, whose chunks but each third are planned for an hour later."""
    broadcast = house.broadcast(LIST)
    house.hints.queue.clear()
    parts = batched(house.people, CHUNK)
    chunks = [_chunk(broadcast, number, part) for number, part in enumerate(parts)]
    [walk] = house.tables.walks.values()
    for first in range(0, len(chunks), PAGE_CHUNKS):
        page = chunks[first : first + PAGE_CHUNKS]
        count = walk.planned + sum(len(each.contacts) for each in page)
        end = first + len(page)
        after = replace(walk, timed=True, chunks=end, planned=count, done=end == len(chunks), version=walk.version + 1)
        assert house.world().broadcasts.commit_page(broadcast, after, walk.version, page)
        walk = after
    planning.finish_planning(house.world(), broadcast.id)
    return broadcast.id


def batched(people: list[str], size: int) -> list[list[str]]:
    return [people[at : at + size] for at in range(0, len(people), size)]


def _chunk(broadcast: Broadcast, number: int, people: list[str]) -> Chunk:
    due_at = 0 if number % 3 == 2 else NOON + HOUR
    return planned_chunk(broadcast.id, broadcast.family, 0, number, people, due_at=due_at)


def until(house: House, moment: int) -> None:
    while house.clock.now() < moment and house.tables.open_broadcasts:
        house.tell()
        house.sweep()
        house.drain()
        house.clock.sleep(MINUTE)


def test_those_who_are_not_due_wait_and_the_broadcast_with_them() -> None:
    house = House(160)
    broadcast = planned(house)
    until(house, NOON + HOUR - 2 * MINUTE)
    tally = house.tally(broadcast)
    assert (tally.sent, tally.waiting, tally.later) == (50, 110, 110)
    assert sums_up(tally)
    assert house.tables.broadcasts[broadcast].state == "sending"
    house.settle()
    tally = house.tally(broadcast)
    assert (tally.sent, tally.later, house.tables.broadcasts[broadcast].state) == (160, 0, "finished")
    assert all(copy.at >= NOON + HOUR for copy in house.transport.accepted[50:])


def hinted(house: House) -> list[int]:
    """The chunks that have a hint in the queue, which is emptied."""
    numbers = [number for hint in house.hints.queue if hint.kind == "deliver" for number in hint.args[2]]
    house.hints.queue.clear()
    return numbers


def tended(house: House, broadcast: str) -> list[int]:
    """The chunks that tending hints now."""
    house.hints.queue.clear()
    tending.tend(house.world(), broadcast)
    return hinted(house)


def test_a_chunk_gets_its_hint_when_it_comes_due_and_no_second_one() -> None:
    house = House(300)
    broadcast = planned(house)
    assert tended(house, broadcast) == [2, 5]
    for number in (2, 5):
        delivering.deliver(house.world(), broadcast, 0, number)
    house.clock.at = NOON + HOUR - 1
    assert tended(house, broadcast) == []
    house.clock.at += 1
    assert tended(house, broadcast) == [0, 1, 3, 4]
    house.clock.sleep(MINUTE)
    assert tended(house, broadcast) == []
    house.clock.sleep(5 * MINUTE)
    assert tended(house, broadcast) == [0, 1, 3, 4], "what was lost is given again"


def test_a_flood_that_comes_due_at_once_is_fed_with_the_horizon() -> None:
    """At 14 a second two and a half minutes are 42 chunks."""
    house = House(9_000)
    house.transport.limits = replace(house.transport.limits, per_second=14)
    broadcast = planned(house)
    assert tended(house, broadcast) == list(range(2, 128, 3)), "as many as there is room for"
    house.transport.limits = replace(house.transport.limits, per_second=500)
    for number in range(2, 128, 3):
        delivering.deliver(house.world(), broadcast, 0, number)
    house.transport.limits = replace(house.transport.limits, per_second=14)
    house.clock.at = NOON + HOUR
    due = [number for number in range(126) if number % 3 != 2]
    assert tended(house, broadcast) == due[:42], "those that have come due go before new ones"
    assert tended(house, broadcast) == [], "nothing more before these are sent"


def test_a_hint_that_comes_a_moment_early_comes_back_and_any_other_is_dropped() -> None:
    house = House(100)
    broadcast = planned(house)
    tended(house, broadcast)
    for early, delays in ((5 * MINUTE, []), (1_500, [2])):
        house.clock.at = NOON + HOUR - early
        delivering.deliver(house.world(), broadcast, 0, 0)
        assert [hint.delay_s for hint in house.hints.queue] == delays
    assert not house.transport.accepted


def test_a_pause_that_outlasts_the_hour_delays_it_and_a_cancellation_ends_it() -> None:
    house = House(100)
    broadcast = planned(house)
    tended(house, broadcast)
    broadcasting.pause(house.world(), broadcast)
    house.clock.at = NOON + 2 * HOUR
    hinted(house)
    assert tended(house, broadcast) == []
    broadcasting.resume(house.world(), broadcast)
    assert hinted(house) == [0, 1]
    tally = broadcasting.cancel(house.world(), broadcast).tally
    assert (tally.cancelled, tally.waiting, tally.later) == (100, 0, 0)


def test_a_chunk_planned_for_a_turn_that_has_passed_is_hinted_with_the_new_ones() -> None:
    """A page that is committed late, once others of its hour have had their hints."""
    house = House(300)
    broadcast = planned(house)
    walk = house.tables.walks[broadcast, 0]
    house.tables.walks[broadcast, 0] = replace(walk, fed=3, fed_at=NOON + HOUR, woken=(NOON + HOUR, 1))
    house.clock.at = NOON + HOUR
    tables = house.tables.chunks
    tables[broadcast, 0, 3] = replace(tables[broadcast, 0, 3], due_at=NOON + HOUR - 1)
    assert tended(house, broadcast) == [3, 5]


def run(before: Tap, after: Tap) -> House:
    house = House(130)
    planned(house)
    for moment in (NOON + 2 * MINUTE, NOON + HOUR + 30 * MINUTE):
        while house.clock.now() < moment and house.tables.open_broadcasts:
            house.tell()
            house.sweep(before, after)
            house.drain(before, after)
            house.clock.sleep(MINUTE)
        house.clock.at = max(house.clock.at, NOON + HOUR - 2 * MINUTE)
    house.settle()
    return house


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_every_port_call_loses_nobody_and_mails_nobody_early_or_twice(fault: str) -> None:
    seen: list[PortCall] = []
    run(seen.append, unharmed)
    assert len(seen) > 60
    for number in range(1, len(seen) + 1):
        house = run(*FAULTS[fault](number))
        [broadcast] = house.tables.broadcasts.values()
        tally = house.tally(broadcast.id)
        where = f"{fault} call {number}: {tally}"
        assert not twice(house), where
        assert sums_up(tally), where
        assert (broadcast.state, tally.planned, tally.later) == ("finished", 130, 0), where
        assert tally.sent + tally.held == 130, where
        assert tally.sent == len(house.copies()), where
        assert sum(copy.at < NOON + HOUR for copy in house.transport.accepted) <= 30, where
