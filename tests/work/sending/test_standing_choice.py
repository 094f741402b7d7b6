"""The standing choice to resend without evidence: only while evidence would have come, and once."""

from dataclasses import replace

import pytest

from chalicelib.model.dead_letter import DeadLetter
from chalicelib.model.decision import STANDING
from chalicelib.model.errors import Invalid
from chalicelib.model.outcome import CallInDoubt
from chalicelib.model.pulse import Pulse
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import workspaces
from tests.fakes.dead_letters import FakeDeadLetters
from tests.fakes.transport import accepted_then
from tests.work.sending.house import LIST, House, twice

MINUTE = 60_000


def held_house(*, accepted: bool = False) -> tuple[House, str]:
    house = House(10)
    lost = CallInDoubt("time-out")
    house.transport.script.append(accepted_then(lost) if accepted else lost)
    broadcast = house.broadcast(LIST).id
    house.settle(evidence=False, rounds=30)
    workspaces.update(house.world(), {"resend_without_evidence": True})
    return house, broadcast


def beat(house: House, *, lag: int = 0) -> None:
    """An event of a sending of now has come."""
    now = house.clock.now()
    house.tables.shelves["pulses"]["events"] = Pulse(now - lag, now)


def tended(house: House) -> None:
    house.settle(evidence=False, rounds=3)


def test_whoever_is_held_is_mailed_again_while_the_road_is_alive() -> None:
    house, broadcast = held_house()
    beat(house)
    tended(house)
    assert house.tally(broadcast).sent == 10
    assert [(each.by, each.state) for each in house.tables.decisions.values()] == [(STANDING, "done")]
    assert house.tables.broadcasts[broadcast].closed


def test_late_evidence_is_counted_as_a_possible_duplicate() -> None:
    house, _ = held_house(accepted=True)
    beat(house)
    tended(house)
    house.tell()
    assert set(house.copies().values()) == {2}
    assert sum(each.get("possible_duplicates", 0) for each in house.tables.counters.values()) == 10
    assert not twice(house), "each second copy was forced, and is counted"


@pytest.mark.parametrize(
    "reason", ["no pulse", "an old pulse", "late events", "an earlier pulse", "dead letters", "off"]
)
def test_it_does_not_act_where_evidence_might_still_come(reason: str) -> None:
    house, broadcast = held_house()
    dead = FakeDeadLetters()
    if reason != "no pulse":
        beat(house, lag=6 * MINUTE if reason == "late events" else 0)
    if reason == "an old pulse":
        house.clock.sleep(16 * MINUTE)
    if reason == "an earlier pulse":
        began = next(iter(house.tables.chunks.values())).calls[0].began_at
        house.tables.shelves["pulses"]["events"] = Pulse(began + MINUTE, house.clock.now())
    if reason == "dead letters":
        dead.letters.append(DeadLetter("m", "events", "{}"))
    if reason == "off":
        workspaces.update(house.world(), {"resend_without_evidence": False})
    house.parts["dead_letters"] = dead
    tended(house)
    assert house.tally(broadcast).held == 10
    assert not house.tables.decisions


def test_a_second_doubt_about_the_same_people_waits_for_somebody() -> None:
    house, broadcast = held_house()
    house.transport.script.append(CallInDoubt("again"))
    for _ in range(40):
        beat(house)
        tended(house)
        house.clock.sleep(MINUTE)
    assert house.tally(broadcast).held == 10
    assert len(house.transport.calls) == 2


def test_recording_keeps_the_pulse_once_a_minute() -> None:
    house = House(3)
    house.broadcast(LIST)
    house.settle()
    house.tell()
    pulses = house.tables.shelves["pulses"]
    assert pulses["events"].event_at == house.transport.accepted[0].at
    before = pulses["events"]
    house.clock.sleep(MINUTE)
    house.tell()
    assert pulses["events"] == before, "nothing newer was told"


def test_it_is_refused_where_no_transport_gives_evidence() -> None:
    house = House(1)
    house.world().transport_setups.create(TransportSetup("relay", "smtp"))
    house.transports.rows["relay"] = TransportSetup("relay", "smtp")
    with pytest.raises(Invalid, match="resend_without_evidence"):
        workspaces.update(house.world(), {"resend_without_evidence": True})
    house.transports.rows["ses"] = TransportSetup("ses", "ses")
    assert workspaces.update(house.world(), {"resend_without_evidence": True}).resend_without_evidence
    assert replace(workspaces.read(house.world()), version=1).resend_without_evidence
