"""Frequency caps and quiet hours in the send path: never more than the cap, whatever runs at once or crashes, and
nobody who is put off is forgotten.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.model.broadcast import Broadcast, Tally
from chalicelib.model.cap import Cap
from chalicelib.model.chunk import CALLING
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.outcome import CallInDoubt, Refused
from chalicelib.model.preference import Preferences
from chalicelib.model.quiet_hours import QuietHours
from chalicelib.model.workspace import Workspace
from chalicelib.work import broadcasting
from chalicelib.work.capping import AGAIN_MS
from tests.fakes.clock import NOON
from tests.fakes.faulty import PortCall, Tap, at, unharmed
from tests.fakes.transport import accepted_then
from tests.fakes.world import numbered_id
from tests.work.sending.house import EMAIL, LIST, REVISION, House, sums_up
from tests.work.sending.test_every_crash import FAULTS

MINUTE, HOUR, DAY = 60_000, 3_600_000, 24 * 3_600_000
SECOND = numbered_id(2, "email")
NEWS = numbered_id(1, "category")


def a_house(people: int = 20, caps: tuple[Cap, ...] = (), quiet: QuietHours | None = None, **second: Any) -> House:
    """A house with another e-mail of a family of its own."""
    house = House(people)
    rules(house, caps, quiet)
    tables = house.tables
    tables.emails[SECOND] = replace(tables.emails[EMAIL], id=SECOND, family=SECOND, **second)
    tables.revisions[SECOND, 1] = replace(REVISION, email=SECOND, family=SECOND)
    return house


def rules(house: House, caps: tuple[Cap, ...] = (), quiet: QuietHours | None = None) -> None:
    workspace = Workspace(caps=caps, quiet_hours=quiet, version=1)
    house.tables.shelves["workspaces"] = {workspace.id: workspace}


def broadcast(house: House, email: str = SECOND) -> Broadcast:
    return broadcasting.create(house.world(), email, (LIST,), (), None, skip_preflight=True)


def sent(house: House, email: str = SECOND) -> Tally:
    """The sums of a broadcast of this e-mail, once it has ended or waits for another day."""
    running = broadcast(house, email)
    house.settle(rounds=20)
    return house.tally(running.id)


def letters(house: House) -> Counter[str]:
    return Counter(copy.envelope.message.contact for copy in house.delivered())


def until_over(house: House, days: int) -> None:
    """Whoever is put off until tomorrow is asked at noon."""
    for _ in range(days * 3):
        if house.tables.open_broadcasts:
            house.settle(rounds=4)
            house.clock.sleep(8 * HOUR)


def test_whoever_is_over_the_cap_is_left_out_and_the_reason_said() -> None:
    house = a_house(caps=(Cap(1, "day"),))
    assert sent(house, EMAIL).sent == 20
    tally = sent(house)
    assert (tally.sent, tally.skipped) == (0, {"over_cap": 20})


def test_or_put_off_until_tomorrow_at_this_time_where_the_e_mail_says_so() -> None:
    house = a_house(caps=(Cap(1, "day"),), over_cap="later")
    sent(house, EMAIL)
    tally = sent(house)
    assert (tally.sent, tally.waiting, tally.later) == (0, 20, 20)
    until_over(house, 2)
    tally = house.tally(next(id_ for id_, each in house.tables.broadcasts.items() if each.email == SECOND))
    assert (tally.sent, tally.later) == (20, 0)
    assert set(letters(house).values()) == {2}
    assert all(copy.at >= NOON + DAY for copy in house.transport.accepted[20:])
    assert not house.tables.open_broadcasts


def test_nobody_waits_for_more_than_a_month() -> None:
    house = a_house(caps=(Cap(1, "month"),), over_cap="later")
    sent(house, EMAIL)
    tally = sent(house)
    assert tally.later == 20
    [late] = [each for each in house.tables.broadcasts.values() if each.email == SECOND]
    house.tables.broadcasts[late.id] = replace(late, started_at=NOON - 30 * DAY, round_at=NOON - 30 * DAY)
    chunk = house.tables.chunks[late.id, 0, 0]
    house.tables.chunks[late.id, 0, 0] = replace(chunk, due_at=NOON + DAY)
    house.clock.at = NOON + DAY
    house.settle(rounds=5)
    assert house.tally(late.id).skipped == {"over_cap": 20}


def test_a_persons_own_rule_goes_before_the_teams() -> None:
    house = a_house(3, caps=(Cap(2, "day"),))
    few, many, _ = house.people
    house.change(few, preferences=Preferences(most_per_week=1))
    house.change(many, preferences=Preferences(most_per_week=5))
    assert sent(house, EMAIL).sent == 3
    assert sent(house).skipped == {"over_cap": 1}
    assert letters(house)[few] == 1
    rules(house, (Cap(1, "day"),))
    again_of(house, numbered_id(3, "email"))
    assert (letters(house)[many], letters(house)[house.people[2]]) == (3, 2)


def again_of(house: House, email: str, **changes: Any) -> Tally:
    tables = house.tables
    tables.emails[email] = replace(tables.emails[EMAIL], id=email, family=email, **changes)
    tables.revisions[email, 1] = replace(REVISION, email=email, family=email)
    return sent(house, email)


def test_a_cap_on_a_category_counts_and_stops_its_letters_alone() -> None:
    house = a_house(caps=(Cap(1, "week", NEWS),), category=NEWS)
    assert sent(house, EMAIL).sent == 20, "of no category"
    assert sent(house).sent == 20
    assert again_of(house, numbered_id(3, "email"), category=NEWS).skipped == {"over_cap": 20}
    assert again_of(house, numbered_id(4, "email")).sent == 20


def test_what_failed_and_what_is_transactional_does_not_count() -> None:
    house = a_house(2, caps=(Cap(1, "day"),))
    house.transport.outcomes["person0@example.com"] = Refused("bad address")
    assert sent(house, EMAIL).failed == 1
    receipt = MessageKey(house.people[0], numbered_id(9, "receipt"), numbered_id(9, "sending"))
    house.tables.messages[receipt] = Message(receipt, receipt.family, 1, "sent", "a" * 16, NOON)
    house.transport.outcomes.clear()
    tally = sent(house)
    assert (tally.sent, tally.skipped) == (1, {"over_cap": 1})


def test_what_is_in_doubt_counts_as_soon_as_anything_proves_it() -> None:
    house = a_house(caps=(Cap(1, "day"),))
    house.transport.script.append(accepted_then(CallInDoubt("reset")))
    first = broadcast(house, EMAIL)
    house.drain()
    house.tell()
    house.clock.sleep(1_000)
    second = broadcast(house)
    house.drain()
    assert (house.tally(first.id).in_doubt, house.tally(second.id).skipped) == (20, {"over_cap": 20})


def test_no_caps_read_nothing_more_and_few_families_read_no_log() -> None:
    for caps, asked in (((), set()), ((Cap(3, "week"),), {("broadcasts", "recent")})):
        house = a_house(caps=caps)
        sent(house, EMAIL)
        broadcast(house)
        seen: set[tuple[str, str]] = set()
        house.drain(lambda call, seen=seen: seen.add((call.port, call.method)))
        assert seen & {("broadcasts", "recent"), ("messages", "read_many"), ("turns", "take")} == asked


# The sweep's looks at imports, counts and the like are other tests' business.
OF_SENDING = frozenset({"broadcasts", "chunks", "recipients", "turns", "messages", "facts", "hints", "transports"})
ONE, TWO = (Cap(1, "day"),), (Cap(2, "day"),)


def run(caps: tuple[Cap, ...], emails: tuple[str, ...], before: Tap, after: Tap) -> House:
    """These e-mails at once; then three days."""
    house = a_house(3, caps=caps, over_cap="later")
    house.tables.emails[EMAIL] = replace(house.tables.emails[EMAIL], over_cap="later")
    third = numbered_id(3, "email")
    house.tables.emails[third] = replace(house.tables.emails[SECOND], id=third, family=third)
    house.tables.revisions[third, 1] = replace(REVISION, email=third, family=third)
    for email in emails:
        broadcast(house, email)
    for _ in range(4):
        house.tell()
        house.sweep(before, after)
        house.drain(before, after)
        house.clock.sleep(MINUTE)
    until_over(house, 4)
    return house


def days_of(house: House) -> Mapping[tuple[str, int], int]:
    """How many letters each person got on each day."""
    return Counter((copy.envelope.message.contact, (copy.at - NOON + 12 * HOUR) // DAY) for copy in house.delivered())


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_every_port_call_breaks_no_cap_and_forgets_nobody(fault: str) -> None:
    seen: list[PortCall] = []
    emails = (EMAIL, SECOND)
    run(ONE, emails, seen.append, unharmed)
    assert {"turns", "facts"} <= {call.port for call in seen}
    for number in (n for n, call in enumerate(seen, 1) if call.port in OF_SENDING):
        house = run(ONE, emails, *FAULTS[fault](number))
        tallies = [house.tally(each) for each in house.tables.broadcasts]
        where = f"{fault} call {number}: {tallies}"
        assert max(days_of(house).values()) <= 1, where
        assert all(map(sums_up, tallies)), where
        assert sum(tally.sent + tally.held for tally in tallies) == 6, where
        assert sum(tally.sent for tally in tallies) == len(house.delivered()), where


@pytest.mark.parametrize("caps", [ONE, TWO])
def test_whole_jobs_of_other_broadcasts_in_the_middle_of_one_break_no_cap(caps: tuple[Cap, ...]) -> None:
    """Between any two port calls of any job everything else that is in the queue is done."""
    emails = (EMAIL, SECOND, numbered_id(3, "email"))
    for number in range(1, 30):
        house_of: list[House] = []
        inside: list[bool] = []

        def interrupt(_call: PortCall, house_of: list[House] = house_of, inside: list[bool] = inside) -> None:
            if not inside:
                inside.append(True)
                house_of[0].drain()
                inside.clear()

        house = interrupted(caps, emails, number, interrupt, house_of)
        assert max(days_of(house).values()) <= caps[0].most, number
        assert len(house.delivered()) == 3 * len(emails), number


def interrupted(
    caps: tuple[Cap, ...], emails: tuple[str, ...], number: int, interrupt: Tap, house_of: list[House]
) -> House:
    house = a_house(3, caps=caps, over_cap="later")
    house_of.append(house)
    tables = house.tables
    for each in emails:
        tables.emails[each] = replace(tables.emails[SECOND], id=each, family=each)
        tables.revisions[each, 1] = replace(REVISION, email=each, family=each)
        broadcast(house, each)
    for _ in range(6):
        house.tell()
        house.sweep()
        while house.hints.queue:
            house.work(house.hints.queue.pop(0), at(number, interrupt))
        house.clock.sleep(MINUTE)
    until_over(house, 4)
    return house


def test_a_broadcast_that_begins_while_a_call_is_under_way_waits_for_what_comes_of_it() -> None:
    """The call's reads knew nothing of it, and so took no turn."""
    house = a_house(caps=ONE)
    broadcast(house, EMAIL)
    begun: list[Broadcast] = []

    def begin(call: PortCall) -> None:
        if (call.port, call.method) == ("transports", "send") and not begun:
            begun.append(broadcast(house))
            while house.hints.queue and any(CALLING in each.fates for each in house.tables.chunks.values()):
                house.work(house.hints.queue.pop(0))

    house.drain(begin)
    assert begun
    house.settle()
    assert house.tally(begun[0].id).skipped == {"over_cap": 20}
    assert set(letters(house).values()) == {1}


def test_a_turn_that_another_broadcast_has_is_asked_for_again_a_minute_later() -> None:
    house = a_house(2, caps=ONE)
    first, second = broadcast(house, EMAIL), broadcast(house)
    for each in (first, second):
        house.tables.broadcasts[each.id] = replace(house.tables.broadcasts[each.id], started_at=NOON - HOUR)
    house.hints.queue.sort(key=lambda hint: hint.args[0] != second.id)
    house.tables.turns[house.people[0]] = (EMAIL, NOON + HOUR)
    house.work(house.hints.queue.pop(0))
    house.work(next(hint for hint in house.hints.queue if hint.kind == "deliver"))
    [chunk] = [each for each in house.tables.chunks.values() if each.broadcast == second.id]
    assert (sorted(chunk.fates), chunk.due_at) == (["s", "z"], NOON + AGAIN_MS)


NIGHT = QuietHours(11 * 60, 14 * 60)


def test_quiet_hours_put_off_or_leave_out_each_in_their_own_zone() -> None:
    for how in ("later", "skip"):
        house = a_house(3, quiet=NIGHT, quiet_hours=how)
        tokyo = house.people[1]
        house.change(tokyo, fields={"timezone": "Asia/Tokyo"})
        tally = sent(house)
        assert list(letters(house)) == [tokyo], "there it is evening"
        assert tally.skipped == ({} if how == "later" else {"quiet_hours": 2})
        assert tally.later == (2 if how == "later" else 0)
        until_over(house, 1)
        times = [copy.at for copy in house.transport.accepted[1:]]
        assert all(NOON + 2 * HOUR <= moment <= NOON + 9 * HOUR for moment in times)
        assert len(times) == (2 if how == "later" else 0)


def test_whoever_leaves_while_they_wait_gets_nothing() -> None:
    house = a_house(quiet=NIGHT)
    sent(house)
    for each in house.people[:5]:
        house.change(each, consent=False)
    until_over(house, 1)
    [running] = house.tables.broadcasts
    assert (house.tally(running).sent, house.tally(running).skipped) == (15, {"no_consent": 5})
