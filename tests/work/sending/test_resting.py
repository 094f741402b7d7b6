"""A broadcast that is over and has somebody held costs next to nothing until something comes."""

import pytest

from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.work import deciding, recording, tending
from chalicelib.work.deciding import Word
from tests.fakes.faulty import PortCall, counted
from tests.work.sending.house import EMAIL, House
from tests.work.sending.test_deciding import held_house

MINUTE = 60_000
DAY = 24 * 60


def tended(house: House, broadcast: str) -> list[str]:
    """The port calls that it took."""
    calls: list[PortCall] = []
    tending.tend(house.world(*counted(calls)), broadcast)
    return [named(call) for call in calls]


def named(call: PortCall) -> str:
    return f"{call.port}.{call.method}"


def looks(house: House, broadcast: str, minutes: int) -> int:
    """In how many of so many minutes the chunks were read."""
    found = 0
    for _ in range(minutes):
        house.clock.sleep(MINUTE)
        found += "chunks.between" in tended(house, broadcast)
    return found


def test_a_minute_costs_the_same_whoever_is_held() -> None:
    costs = []
    for people in (1, 60, 400):
        house, broadcast = held_house(people)
        tended(house, broadcast)
        costs.append(tended(house, broadcast))
    assert costs == [["broadcasts.read", "decisions.about"]] * 3


def test_it_is_looked_at_ever_more_seldom_and_each_hour_at_least() -> None:
    house, broadcast = held_house()
    assert looks(house, broadcast, 3 * 60) <= 12
    assert looks(house, broadcast, DAY) == 24


@pytest.mark.parametrize("kind", ["delivered", "opened", "rejected"])
def test_what_comes_back_is_weighed_within_the_minute(kind: str) -> None:
    house, broadcast = held_house()
    looks(house, broadcast, DAY)
    for copy in house.transport.accepted:
        recording.record(house.world(), [copy.event(kind)])
    tended(house, broadcast)
    tally = house.tally(broadcast)
    assert (tally.sent, tally.failed, tally.held) == ((0, 20, 0) if kind == "rejected" else (20, 0, 0))
    tended(house, broadcast)
    assert house.tables.broadcasts[broadcast].closed


def test_what_comes_while_it_is_looked_at_is_not_slept_through() -> None:
    """The fact is written behind the reads of tending, and before it puts the broadcast to rest."""
    house, broadcast = held_house()
    looks(house, broadcast, DAY)
    [copy, *_] = house.transport.accepted
    house.clock.sleep(60 * MINUTE)

    def told(call: PortCall) -> None:
        if named(call) == "facts.read_many":
            recording.record(house.world(), [copy.event("delivered")])

    tending.tend(house.world(after=told), broadcast)
    assert house.tally(broadcast).sent == 0
    tended(house, broadcast)
    assert house.tally(broadcast).sent == 1


def test_a_decision_is_carried_out_at_once_and_the_family_is_free() -> None:
    house, broadcast = held_house()
    looks(house, broadcast, DAY)
    deciding.decide(house.world(), broadcast, Word("sent"))
    house.drain()
    house.sweep()
    house.drain()
    assert house.tally(broadcast).sent == 20
    assert EMAIL not in house.tables.locks


def test_what_says_nothing_of_a_doubt_wakes_nobody() -> None:
    house, broadcast = held_house()
    looks(house, broadcast, DAY)
    before = house.tables.broadcasts[broadcast]
    key = MessageKey(house.people[0], EMAIL)
    recording.record(house.world(), [Event("back", "resubscribed", key, EMAIL, house.clock.now())])
    assert house.tables.broadcasts[broadcast] == before
