"""Broadcasts at a local time, at each recipient's own hour, until a time, and for whoever joins later."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import CHUNK
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.feedback import Feedback, told
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.outcome import CallInDoubt
from chalicelib.model.schedule import Schedule, When
from chalicelib.model.zones import epoch_ms, moment_at
from chalicelib.work import broadcasting, hours, tending
from tests.fakes.clock import NOON
from tests.fakes.faulty import PortCall, Tap, answer_lost, counted, killed_after, killed_before
from tests.fakes.world import numbered_id
from tests.store.things import event
from tests.work.sending.house import EMAIL, LIST, LIVE, House, sums_up, twice

MINUTE, HOUR = 60_000, 3_600_000
ZONES = ("Asia/Tokyo", "Europe/Paris", "America/New_York", "Asia/Kathmandu", "")


def broadcast(house: House, when: When, *segments: str) -> Broadcast:
    return broadcasting.create(house.world(), EMAIL, segments or (LIST,), None, when, skip_preflight=True)


def zoned(people: int = 50) -> House:
    house = House(people)
    for n, each in enumerate(house.people):
        contact = house.tables.contacts[each]
        zone = ZONES[n % len(ZONES)]
        house.change(each, fields={**contact.fields, "timezone": zone} if zone else contact.fields)
    return house


def run(house: House, hours_long: int, step: int = 15 * MINUTE) -> None:
    for _ in range(hours_long * HOUR // step):
        house.tell()
        house.sweep()
        house.drain()
        house.clock.at += step - house.clock.at % step


def zone_of(house: House, address: str) -> str:
    contact = next(each for each in house.tables.contacts.values() if each.address == address)
    return str(contact.fields.get("timezone") or "Europe/Paris")


@pytest.mark.parametrize("rate", [0.0, 0.09, 10_001.0, float("nan")])
def test_no_rate(rate: float) -> None:
    with pytest.raises(Invalid, match="recipients a second"):
        broadcast(House(1), When(rate=rate))


def test_a_rate_from_the_start() -> None:
    assert broadcast(House(1), When(rate=0.5)).rate == 0.5


def test_a_time_on_a_wall_clock_is_kept_with_its_zone_and_its_instant() -> None:
    house = House(10)
    made = broadcast(house, When(schedule=Schedule("2026-03-29T02:30", "Europe/Paris")))
    assert (made.state, made.at) == ("scheduled", epoch_ms(datetime(2026, 3, 29, 1, 30, tzinfo=UTC)))
    assert made.schedule == Schedule("2026-03-29T02:30", "Europe/Paris")
    house.clock.at = made.at - 1
    house.sweep()
    assert not house.hints.queue
    house.clock.at = made.at
    house.settle()
    assert house.tally(made.id).sent == 10


@pytest.mark.parametrize("segment", [LIST, LIVE])
def test_each_recipient_gets_it_at_that_hour_of_their_own_clock(segment: str) -> None:
    house = zoned()
    made = broadcast(house, When(schedule=Schedule("2025-11-27T09:00", "Europe/Paris", "local")), segment)
    house.clock.at = made.at
    run(house, 40)
    assert house.tally(made.id).sent == 50
    assert house.tables.broadcasts[made.id].closed
    for copy in house.transport.accepted:
        shown = moment_at(copy.at, ZoneInfo(zone_of(house, copy.envelope.address)))
        assert (shown.day, shown.hour) == (27, 9), copy.envelope.address
        assert shown.minute < 15


@pytest.mark.parametrize(("if_gone", "day"), [("now", 25), ("next_day", 26)])
def test_whose_hour_is_gone_gets_it_now_or_the_next_day(if_gone: str, day: int) -> None:
    house = zoned()
    schedule = Schedule("2025-11-25T09:00", "Europe/Paris", "local", if_gone)  # type: ignore[arg-type]
    made = broadcast(house, When(schedule=schedule))
    assert made.state == "planning", "it is noon: New York has not had its nine o'clock, Tokyo has"
    run(house, 48)
    assert house.tally(made.id).sent == 50
    days = {}
    for copy in house.transport.accepted:
        zone = zone_of(house, copy.envelope.address)
        days[zone] = moment_at(copy.at, ZoneInfo(zone))
    assert (days["America/New_York"].day, days["America/New_York"].hour) == (25, 9)
    assert days["Asia/Tokyo"].day == day


def test_a_time_that_is_over_everywhere_is_refused() -> None:
    with pytest.raises(Invalid, match="over everywhere"):
        broadcast(House(1), When(schedule=Schedule("2025-11-24T09:00", "Europe/Paris", "local")))


def opened_at(house: House, who: str, *hours_of_day: int) -> None:
    """They opened letters of other families at these hours (UTC)."""
    for n, hour in enumerate(hours_of_day):
        key = MessageKey(who, numbered_id(n, "older"))
        sent = datetime(2025, 11, 1 + n, 5, tzinfo=UTC)
        house.tables.messages[key] = Message(key, EMAIL, 1, "sent", "a", epoch_ms(sent))
        agent = {"agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/120.0", "method": "GET"}
        hit = event(n, "opened", message=key, at=epoch_ms(sent.replace(hour=hour)), detail=agent)
        house.tables.facts[key] = told(Feedback(key), [hit])


def test_each_at_their_own_best_hour_and_who_has_none_at_the_schedules() -> None:
    house = zoned(6)
    early, late, *others = house.people
    opened_at(house, early, 6, 6, 7, 6)
    opened_at(house, late, 21, 21, 22)
    made = broadcast(house, When(schedule=Schedule("2025-11-26T00:30", "UTC", "best_hour")))
    house.clock.at = made.at
    run(house, 30)
    assert house.tally(made.id).sent == 6
    at = {
        copy.envelope.message.contact: datetime.fromtimestamp(copy.at / 1000, UTC).hour
        for copy in house.transport.accepted
    }
    assert (at[early], at[late]) == (6, 21)
    assert len({at[each] for each in others}) > 1


def test_nobody_is_sent_to_after_the_end() -> None:
    house = zoned()
    until = NOON + 20 * HOUR
    made = broadcast(house, When(schedule=Schedule("2025-11-26T09:00", "UTC", "local"), until=until))
    run(house, 60)
    tally = house.tally(made.id)
    assert tally.sent + tally.cancelled == 50
    assert 0 < tally.sent < 50
    assert sums_up(tally)
    stands = house.tables.broadcasts[made.id]
    assert (stands.state, stands.closed, stands.reason) == (
        "cancelled",
        True,
        tending.OVER,
    )
    assert max(copy.at for copy in house.transport.accepted) < until


def join(house: House, number: int) -> str:
    who = numbered_id(1_000 + number, "contact")
    house.tables.contacts[who] = Contact(who, f"late{number}@example.com", {}, frozenset({LIST}))
    house.tables.members[LIST].add(who)
    return who


@pytest.mark.parametrize("segment", [LIST, LIVE])
def test_whoever_joins_gets_it_too_and_nobody_is_planned_twice(segment: str) -> None:
    house = House(20)
    house.change(house.people[0], consent=False)
    made = broadcast(house, When(until=NOON + 48 * HOUR, joiners=True), segment)
    run(house, 2)
    assert house.tally(made.id).planned == 20
    assert house.tables.broadcasts[made.id].state == "sending"
    late = [join(house, n) for n in range(3)]
    run(house, 3)
    house.change(house.people[0], consent=True)
    run(house, 30)
    assert house.tally(made.id).planned == 24, "the three, and who consented since"
    assert set(house.copies()) == {*house.people, *late}
    assert len(house.tables.walks) <= 4 * 4, "walks that planned nobody are walked again"
    run(house, 20)
    stands = house.tables.broadcasts[made.id]
    assert (stands.state, stands.closed) == ("finished", True)
    join(house, 9)
    run(house, 3)
    assert not twice(house)
    assert len(house.copies()) == 23


def test_the_next_walk_waits_until_everybody_of_the_last_is_settled() -> None:
    house = House(10)
    made = broadcast(house, When(until=NOON + 48 * HOUR, joiners=True))
    house.transport.script.append(CallInDoubt("time-out"))
    house.drain()
    join(house, 1)
    for _ in range(8):
        house.sweep()
        house.drain()
        house.clock.sleep(30 * MINUTE)
    tally = house.tally(made.id)
    assert (tally.planned, tally.held) == (10, 10)
    assert house.tables.broadcasts[made.id].rounds == 0


@pytest.mark.parametrize(
    "when", [When(joiners=True), When(until=NOON), When(until=NOON + 400 * 24 * HOUR), When(at=NOON + 400 * 24 * HOUR)]
)
def test_times_that_cannot_be(when: When) -> None:
    with pytest.raises(Invalid):
        broadcast(House(1), when)


def test_a_page_of_many_hours_fits_into_its_transaction() -> None:
    """Contacts in every zone there is, and each at another best hour: at most so many chunks."""
    from chalicelib.model.zones import known_zones  # noqa: PLC0415  # for this test alone

    house = House(0)
    names = list(known_zones().values())
    for n in range(2_000):
        who = numbered_id(n, "contact")
        house.tables.contacts[who] = Contact(who, f"p{n}@example.com", {"timezone": names[n % len(names)]})
    for timing in ("local", "best_hour"):
        schedule = Schedule("2026-01-01T09:00", "UTC", timing)  # type: ignore[arg-type]
        planned = replace(Broadcast("b", EMAIL, EMAIL, 1, (), (), NOON), schedule=schedule)
        people = list(house.tables.contacts)[: hours.pace(planned).most]
        groups = hours.parted(house.world(), planned, people)
        assert sum(-(-len(some) // CHUNK) for _, some in groups) <= 98
        assert Counter(each for _, some in groups for each in some) == Counter(people)


FAULTS: dict[str, Callable[[int], tuple[Tap, Tap]]] = {
    "killed before": killed_before,
    "killed after": killed_after,
    "answer lost": answer_lost,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_every_port_call_of_another_round_plans_newcomers_once(fault: str) -> None:
    def prepared() -> tuple[House, str]:
        house = House(6)
        made = broadcast(house, When(until=NOON + 48 * HOUR, joiners=True))
        run(house, 1)
        join(house, 1)
        house.clock.sleep(2 * HOUR)
        house.sweep()
        return house, made.id

    house, _ = prepared()
    ports: list[PortCall] = []
    house.drain(*counted(ports))
    for number in range(1, len(ports) + 1):
        house, made = prepared()
        faulty = FAULTS[fault](number)
        house.drain(*faulty)
        run(house, 8, 30 * MINUTE)
        tally = house.tally(made)
        where = f"{fault} call {number} of {len(ports)}: {tally}"
        assert sums_up(tally), where
        assert (tally.planned, tally.sent + tally.held) == (7, 7), where
        assert not twice(house), where
