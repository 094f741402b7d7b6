"""Recurring mails: each occurrence an edition, once, whatever crashes; clocks that go forward and back."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.email import SplitTest
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.zones import epoch_ms
from chalicelib.work import recurring, sweeping
from chalicelib.work.recurring import Asked, following
from tests.fakes.clock import NOON
from tests.fakes.faulty import Killed, PortCall, Tap, answer_lost, counted, killed_after, killed_before, unharmed
from tests.work.sending.house import EMAIL, LIST, OTHER, House
from tests.work.sending.test_family import FRENCH, SECOND
from tests.work.sending.test_family import furnished as family_house

HOUR, DAY = 3_600_000, 24 * 3_600_000
DAILY = Asked("0 9 * * *", "Europe/Paris")


def ms(text: str) -> int:
    return epoch_ms(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("cron", "zone", "now", "expected"),
    [
        ("0 9 * * *", "Europe/Paris", "2026-06-01T06:59Z", "2026-06-01T07:00Z"),
        ("0 9 * * *", "Europe/Paris", "2026-06-01T07:00Z", "2026-06-02T07:00Z"),
        ("0 9 * * MON", "America/New_York", "2026-06-02T00:00Z", "2026-06-08T13:00Z"),
        ("0 9 L * *", "UTC", "2026-02-01T00:00Z", "2026-02-28T09:00Z"),
        # in the gap: right behind it; the day after at its own time again
        ("30 2 * * *", "Europe/Paris", "2026-03-28T12:00Z", "2026-03-29T01:00Z"),
        ("30 2 * * *", "Europe/Paris", "2026-03-29T01:00Z", "2026-03-30T00:30Z"),
        # in the overlap: the first of the two, and once
        ("30 2 * * *", "Europe/Paris", "2026-10-24T12:00Z", "2026-10-25T00:30Z"),
        ("30 2 * * *", "Europe/Paris", "2026-10-25T00:30Z", "2026-10-26T01:30Z"),
    ],
)
def test_occurrences_on_a_wall_clock(cron: str, zone: str, now: str, expected: str) -> None:
    assert following(cron, zone, ms(now)) == ms(expected)


@given(
    st.integers(ms("2020-01-01T00:00Z"), ms("2036-01-01T00:00Z")),
    st.integers(0, 59),
    st.integers(0, 23),
    st.sampled_from(["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]),
)
def test_a_daily_mail_comes_once_a_day_whatever_the_clocks_do(now: int, minute: int, hour: int, zone: str) -> None:
    first = following(f"{minute} {hour} * * *", zone, now)
    second = following(f"{minute} {hour} * * *", zone, first)
    assert now < first <= now + 26 * HOUR + (DAY if zone == "Pacific/Apia" else 0)
    assert 22 * HOUR <= second - first <= 26 * HOUR + (DAY if zone == "Pacific/Apia" else 0)


@pytest.mark.parametrize("cron", ["", "* * * * *", "*/30 * * * *", "0 9 30 2 *", "9 o'clock", "0 9 * * MON " * 20])
def test_what_is_no_cron_or_too_often(cron: str) -> None:
    with pytest.raises(Invalid, match="cron"):
        following(cron, "UTC", NOON)


def run(house: House, days: int, step: int = 6 * HOUR) -> None:
    for _ in range(days * DAY // step):
        house.sweep()
        house.drain()
        house.clock.at += step


def test_each_occurrence_is_an_edition_and_everybody_gets_each_once() -> None:
    house = House(5)
    made = recurring.create(house.world(), EMAIL, DAILY)
    run(house, 4)
    stands = recurring.read(house.world(), made.id)
    editions = [each for each in house.tables.emails.values() if each.edition_of == EMAIL]
    assert stands.occurrences == len(editions) == 3
    assert {each.name for each in editions} == {f"News 2025-11-{day}" for day in (26, 27, 28)}
    copies = Counter((copy.revision.email, copy.envelope.address) for copy in house.transport.accepted)
    assert len(copies) == 15
    assert set(copies.values()) == {1}
    assert stands.broadcast in house.tables.broadcasts
    assert not house.tables.locks


def test_its_own_segments_and_its_end() -> None:
    house = House(6)
    asked = replace(DAILY, segments=[OTHER], exclude=[], ends_at=NOON + 2 * DAY)
    made = recurring.create(house.world(), EMAIL, asked)
    run(house, 5)
    stands = recurring.read(house.world(), made.id)
    assert (stands.state, stands.occurrences) == ("ended", 2)
    assert len(house.transport.accepted) == 4


def test_nothing_goes_out_behind_its_end_however_late_the_sweep_comes() -> None:
    house = House(2)
    made = recurring.create(house.world(), EMAIL, replace(DAILY, ends_at=NOON + 2 * DAY))
    house.clock.at = NOON + 3 * DAY
    run(house, 2)
    assert recurring.read(house.world(), made.id).state == "ended"
    assert house.transport.accepted == []


def test_the_occurrence_at_the_very_end_goes_out_though_the_sweep_is_never_on_time() -> None:
    house = House(2)
    end = following(DAILY.cron, DAILY.zone, NOON)
    recurring.create(house.world(), EMAIL, replace(DAILY, ends_at=end))
    house.clock.at = end + 59_000
    run(house, 1)
    assert len(house.transport.accepted) == 2


def test_what_was_missed_is_not_made_up() -> None:
    house = House(2)
    made = recurring.create(house.world(), EMAIL, DAILY)
    house.clock.at += 10 * DAY
    run(house, 1)
    assert recurring.read(house.world(), made.id).occurrences <= 2
    recurring.pause(house.world(), made.id)
    sent = len(house.transport.accepted)
    run(house, 3)
    assert len(house.transport.accepted) == sent
    recurring.resume(house.world(), made.id)
    run(house, 2)
    assert len(house.transport.accepted) > sent
    with pytest.raises(Conflict, match="active"):
        recurring.resume(house.world(), made.id)
    recurring.delete(house.world(), made.id)
    with pytest.raises(NotFound):
        recurring.read(house.world(), made.id)


def test_a_fault_of_the_teams_pauses_it_and_says_why() -> None:
    house = House(2)
    made = recurring.create(house.world(), EMAIL, DAILY)
    house.tables.emails.pop(EMAIL)
    run(house, 2)
    stands = recurring.read(house.world(), made.id)
    assert (stands.state, stands.reason) == ("paused", f"There is no e-mail {EMAIL!r}.")


@pytest.mark.parametrize("segments", [[], ["0" * 16]])
def test_whom_it_goes_to_is_checked(segments: list[str]) -> None:
    with pytest.raises(Invalid, match="segments"):
        recurring.create(House(1).world(), EMAIL, replace(DAILY, segments=segments))
    with pytest.raises(Invalid, match="ends_at"):
        recurring.create(House(1).world(), EMAIL, replace(DAILY, segments=[LIST], ends_at=NOON + 1))


def of_the_family(house: House, editions: set[str]) -> Counter[tuple[str, bool]]:
    """How many copies of each member, by the original that it repeats, went to readers of French."""
    emails, contacts = house.tables.emails, house.tables.contacts
    copies = [copy for copy in house.delivered() if copy.revision.family in editions]
    readers = {each for each, contact in contacts.items() if contact.fields.get("preferred_locale")}
    return Counter(
        (emails[each.revision.email].edition_of, each.envelope.message.contact in readers) for each in copies
    )


def test_an_occurrence_has_the_translations_and_variants_of_the_e_mail() -> None:
    house = family_house()
    made = recurring.create(house.world(), EMAIL, DAILY)
    run(house, 2)
    stands = recurring.read(house.world(), made.id)
    assert stands.occurrences == 1
    root = house.tables.emails[stands.edition]
    members = house.tables.emails.values()
    french, second = (next(each for each in members if each.edition_of == original) for original in (FRENCH, SECOND))
    assert (root.edition_of, root.family, root.name) == (EMAIL, root.id, "News 2025-11-26")
    assert (french.translation_of, french.family, french.language) == (root.id, root.id, "fr")
    assert (second.variant_of, second.family, second.weight) == (root.id, root.id, 50)
    sent = of_the_family(house, {root.id})
    assert set(sent) == {(EMAIL, True), (EMAIL, False), (SECOND, True), (SECOND, False), (FRENCH, True)} - {
        (EMAIL, True)
    }
    assert sent.total() == len(house.people)
    assert set(house.copies().values()) == {1}


def test_an_occurrence_makes_the_e_mails_test_and_obeys_its_caps() -> None:
    house = family_house(SplitTest(share=50, wait_hours=1))
    house.tables.emails[EMAIL] = replace(house.tables.emails[EMAIL], over_cap="later", quiet_hours="skip")
    made = recurring.create(house.world(), EMAIL, DAILY)
    house.clock.at = made.next_at
    house.sweep()
    broadcast = house.tables.broadcasts[recurring.read(house.world(), made.id).broadcast]
    assert broadcast.test == SplitTest(share=50, wait_hours=1)
    assert (broadcast.over_cap, broadcast.quiet_hours) == ("later", "skip")
    run(house, 1, HOUR)
    assert house.tables.broadcasts[broadcast.id].winner
    assert set(house.copies().values()) == {1}
    assert len(house.copies()) == len(house.people)


def test_a_member_that_is_not_published_pauses_it_and_says_so() -> None:
    house = family_house()
    made = recurring.create(house.world(), EMAIL, DAILY)
    house.tables.emails[FRENCH] = replace(house.tables.emails[FRENCH], revision=0)
    with pytest.raises(Conflict, match="is not published"):
        recurring.create(house.world(), EMAIL, DAILY)
    run(house, 2)
    stands = recurring.read(house.world(), made.id)
    assert stands.state == "paused"
    assert "is not published" in stands.reason
    assert not house.transport.accepted
    with pytest.raises(Conflict, match="translation or variant"):
        recurring.create(house.world(), SECOND, DAILY)


FAULTS: dict[str, Callable[[int], tuple[Tap, Tap]]] = {
    "killed before": killed_before,
    "killed after": killed_after,
    "answer lost": answer_lost,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("furnished", [House, lambda people: family_house(people=people)], ids=["alone", "family"])
def test_one_fault_at_every_port_call_of_an_occurrence_begins_it_once(
    fault: str, furnished: Callable[[int], House]
) -> None:
    def due() -> tuple[House, Recurrence]:
        house = furnished(3)
        made = recurring.create(house.world(), EMAIL, DAILY)
        house.clock.at = made.next_at
        return house, made

    ports: list[PortCall] = []
    house, _ = due()
    members = {each.id for each in house.tables.emails.values()} if len(house.tables.emails) > 1 else set()
    sweeping.sweep(house.world(*counted(ports)))
    for number in range(1, len(ports) + 1):
        house, made = due()
        house.sweep(*FAULTS[fault](number))
        house.settle(rounds=6)
        stands = recurring.read(house.world(), made.id)
        where = f"{fault} call {number} of {len(ports)}"
        assert stands.occurrences == 1, where
        [broadcast] = house.tables.broadcasts.values()
        assert {house.tables.emails[each.email].edition_of for each in broadcast.members} == members, where
        assert Counter(house.copies().values()) == {1: 3}, where


def dies_before_the_next_occurrence_is_written(call: PortCall) -> None:
    if (call.port, call.method) == ("recurrences", "update"):
        raise Killed


@pytest.mark.parametrize("other", [unharmed, dies_before_the_next_occurrence_is_written])
def test_another_sweep_at_every_port_call_of_an_occurrence_neither_doubles_nor_pauses_it(other: Tap) -> None:
    def swept(number: int) -> tuple[House, Recurrence, int]:
        house = House(3)
        made = recurring.create(house.world(), EMAIL, DAILY)
        house.clock.at = made.next_at
        calls = count(1)
        met = 0

        def meet(_call: PortCall) -> None:
            nonlocal met
            met = next(calls)
            if met == number:
                house.sweep(other)

        try:
            sweeping.sweep(house.world(before=meet))
        except* Conflict:  # the other one has written the next occurrence down
            pass
        return house, made, met

    calls = swept(0)[2]
    for number in range(1, calls + 1):
        house, made, _ = swept(number)
        house.settle(rounds=6)
        stands = recurring.read(house.world(), made.id)
        where = f"another sweep at call {number} of {calls}"
        assert (stands.state, stands.occurrences, stands.reason) == ("active", 1, ""), where
        assert len(house.tables.broadcasts) == 1, where
        assert Counter(house.copies().values()) == {1: 3}, where
