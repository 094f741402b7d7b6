"""A family under way: each contact gets one of its members, whatever crashes; the rest get the winner of the test."""

from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.email import SplitTest
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.family import choice, is_tested
from chalicelib.model.quiet_hours import QuietHours
from chalicelib.model.workspace import Workspace
from chalicelib.work import broadcasting, stats, testing
from tests.fakes.faulty import PortCall, Tap, unharmed
from tests.fakes.world import numbered_id
from tests.work.sending.house import EMAIL, LIST, LIVE, REVISION, House, sums_up, twice
from tests.work.sending.test_every_crash import FAULTS

FRENCH, SECOND = numbered_id(2, "email"), numbered_id(3, "email")
HOUR = 3_600_000
PEOPLE = 60


def furnished(test: SplitTest | None = None, people: int = PEOPLE) -> House:
    """The root in English, its translation into French, and a variant that half of them get; a third reads French."""
    house = House(people)
    for n, each in enumerate(house.people):
        if n % 3 == 0:
            house.change(each, fields={"firstname": f"P{n}", "preferred_locale": "fr-BE"})
    root = house.tables.emails[EMAIL]
    house.tables.emails[EMAIL] = replace(root, test=test)
    french = replace(root, id=FRENCH, language="fr", translation_of=EMAIL, created_at=1)
    second = replace(root, id=SECOND, variant_of=EMAIL, weight=50, created_at=2)
    for each in (french, second):
        house.tables.emails[each.id] = each
        house.tables.revisions[each.id, 1] = replace(REVISION, email=each.id, family=EMAIL)
    return house


def got(house: House) -> dict[str, str]:
    """Which e-mail each contact got."""
    return {copy.envelope.message.contact: copy.revision.email for copy in house.delivered()}


def expected(house: House, broadcast: Broadcast) -> dict[str, str]:
    return {
        each: broadcast.members[choice(broadcast.members, EMAIL, house.tables.contacts[each], broadcast.winner)].email
        for each in house.people
    }


def opened(house: House, emails: Counter[str]) -> None:
    """So many people's opens of each e-mail."""
    left = Counter(emails)
    for copy in house.delivered():
        if left[copy.revision.email] > 0:
            left[copy.revision.email] -= 1
            house.tables.counters.setdefault(copy.revision.email, {}).setdefault("human_opened", 0)
            house.tables.counters[copy.revision.email]["human_opened"] += 1


@pytest.mark.parametrize("segments", [(LIST,), (LIVE,)])
def test_everybody_gets_one_member_of_the_family(segments):
    house = furnished()
    broadcast = house.broadcast(*segments)
    house.drain()
    house.settle()
    stored = house.tables.broadcasts[broadcast.id]
    assert stored.state == "finished"
    assert got(house) == expected(house, stored)
    assert set(Counter(got(house).values())) == {EMAIL, FRENCH, SECOND}
    tally = house.tally(broadcast.id)
    assert {stored.members[place].email: each.sent for place, each in tally.members.items()} == Counter(
        got(house).values()
    )
    rows = {key.contact: row for key, row in house.tables.messages.items()}
    assert {each: row.email for each, row in rows.items()} == got(house)


def test_each_member_has_figures_of_its_own():
    """Of what was sent too, whichever of them is broadcast."""
    house = furnished()
    house.broadcast(LIST)
    house.drain()
    house.settle()
    expected = Counter(got(house).values())
    for each in (EMAIL, FRENCH, SECOND):
        said = stats.of_email(house.world(), each)
        assert (said["sent"], said["planned"]) == (expected[each], expected[each])
        for rows in (said["segments"], said["domains"], said["days"]):
            assert sum(row["sent"] for row in rows) == expected[each]
    assert stats.of_family(house.world(), EMAIL)["sent"] == PEOPLE


def test_the_family_is_counted_once_whatever_member_somebody_would_get_now():
    house = furnished()
    house.broadcast(LIST)
    house.drain()
    house.settle()
    for each in house.people:
        house.change(each, fields={"preferred_locale": "fr"})
    house.broadcast(LIST)
    house.drain()
    house.settle()
    assert set(house.copies().values()) == {1}


def under_test(*, automatic: bool = True) -> tuple[House, Broadcast]:
    house = furnished(SplitTest(40, "opened", 4, automatic=automatic))
    broadcast = house.broadcast(LIST)
    house.drain()
    for _ in range(3):
        house.tell()
        house.sweep()
        house.drain()
    return house, broadcast


def test_the_rest_waits_for_the_winner_and_gets_it():
    house, broadcast = under_test()
    waiting = house.tables.broadcasts[broadcast.id]
    part = {each for each in house.people if is_tested(EMAIL, each, 40)}
    assert waiting.state == "testing"
    assert set(got(house)) == part
    opened(house, Counter({SECOND: 5}))
    house.clock.sleep(3 * HOUR)
    house.sweep()
    house.drain()
    assert house.tables.broadcasts[broadcast.id].state == "testing", "an hour too early"
    house.clock.sleep(HOUR)
    house.settle()
    ended = house.tables.broadcasts[broadcast.id]
    assert (ended.state, ended.winner) == ("finished", SECOND)
    assert set(house.copies().values()) == {1}
    assert {got(house)[each] for each in house.people if each not in part} == {SECOND}
    assert house.tally(broadcast.id).planned == PEOPLE
    assert not house.tables.locks


def test_a_winner_by_hand():
    house, broadcast = under_test(automatic=False)
    house.clock.sleep(100 * HOUR)
    house.sweep()
    house.drain()
    assert house.tables.broadcasts[broadcast.id].state == "testing", "nobody has chosen"
    with pytest.raises(Invalid, match="variants"):
        testing.choose(house.world(), broadcast.id, FRENCH)
    assert testing.choose(house.world(), broadcast.id, EMAIL).broadcast.state == "planning"
    with pytest.raises(Conflict, match="planning"):
        testing.choose(house.world(), broadcast.id, SECOND)
    house.settle()
    rest = {each for each in house.people if not is_tested(EMAIL, each, 40)}
    french = {each for each in rest if "preferred_locale" in house.tables.contacts[each].fields}
    assert {each for each in rest if got(house)[each] == FRENCH} == french, "the winner in the reader's language"
    assert {got(house)[each] for each in rest} == {EMAIL, FRENCH}


def test_of_two_choices_at_once_the_slower_is_told():
    house, broadcast = under_test(automatic=False)

    def quicker(call: PortCall) -> None:
        if (call.port, call.method) == ("broadcasts", "start"):
            testing.choose(house.world(), broadcast.id, SECOND)

    with pytest.raises(Conflict, match=SECOND):
        testing.choose(house.world(quicker), broadcast.id, EMAIL)
    assert house.tables.broadcasts[broadcast.id].winner == SECOND


def test_of_two_broadcasts_at_once_the_slower_is_refused_and_does_not_begin_later():
    house = furnished()
    begun: list[Broadcast] = []

    def quicker(call: PortCall) -> None:
        if (call.port, call.method) == ("broadcasts", "create") and not begun:
            begun.append(house.broadcast(LIST))

    with pytest.raises(Conflict, match="not settled"):
        broadcasting.create(house.world(quicker), EMAIL, [LIST], [], None, skip_preflight=True)
    assert sorted(each.state for each in house.tables.broadcasts.values()) == ["cancelled", "planning"]
    house.drain()
    house.settle()
    assert set(house.copies().values()) == {1}


def test_a_test_is_paused_resumed_and_cancelled():
    house, broadcast = under_test()
    broadcasting.pause(house.world(), broadcast.id)
    house.clock.sleep(9 * HOUR)
    house.sweep()
    house.drain()
    assert house.tables.broadcasts[broadcast.id].state == "paused"
    broadcasting.resume(house.world(), broadcast.id)
    house.settle()
    assert set(house.copies()) == set(house.people)
    house, broadcast = under_test()
    broadcasting.cancel(house.world(), broadcast.id)
    house.settle()
    assert set(house.copies()) == {each for each in house.people if is_tested(EMAIL, each, 40)}
    assert not house.tables.locks


def test_the_report_says_how_sure_it_is():
    house, broadcast = under_test()
    opened(house, Counter({SECOND: 5}))
    report = testing.report(house.world(), broadcast.id)
    sent = Counter(got(house).values())
    assert report.weights == {EMAIL: 50, SECOND: 50}
    assert report.results[SECOND].reached == 5
    assert report.results[EMAIL].sent == sent[EMAIL] + sent[FRENCH], "a variant and its translations are one"
    assert report.standing.best == SECOND


def test_what_an_earlier_broadcast_reached_is_not_taken_for_this_ones():
    """Opens are counted by e-mail; so are those whom they are a share of."""
    house, first = under_test()
    opened(house, Counter({SECOND: 5}))
    house.clock.sleep(4 * HOUR)
    house.settle()
    again = house.broadcast(LIST)
    house.drain()
    results = testing.report(house.world(), again.id).results
    sent = Counter(got(house).values())
    assert (results[SECOND].sent, results[SECOND].reached) == (sent[SECOND], 5)
    assert results == testing.report(house.world(), first.id).results


def whole_run(before: Tap, after: Tap, *, evidence: bool) -> House:
    house = furnished(SplitTest(40, "opened", 1))
    house.broadcast(LIST)
    house.drain(before, after)
    for _ in range(4):
        if evidence:
            house.tell()
        house.sweep(before, after)
        house.drain(before, after)
        house.clock.sleep(30 * 60_000)
    house.settle(evidence=evidence)
    return house


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_every_port_call_of_a_test_loses_nobody_and_mails_nobody_twice(fault):
    seen: list[PortCall] = []
    whole_run(seen.append, unharmed, evidence=True)
    assert len(seen) > 60
    for number in range(1, len(seen) + 1, 2):
        house = whole_run(*FAULTS[fault](number), evidence=True)
        (broadcast,) = house.tables.broadcasts.values()
        tally = house.tally(broadcast.id)
        where = f"{fault} call {number}: {tally}"
        assert not twice(house), where
        assert sums_up(tally), where
        assert (broadcast.state, tally.planned) == ("finished", PEOPLE), where
        assert tally.sent + tally.held == PEOPLE, where
        assert tally.sent == len(house.copies()) == sum(each.sent for each in tally.members.values()), where


def test_a_test_does_not_wait_for_whoever_is_put_off_and_they_get_the_winner():
    house = furnished(SplitTest(40, "opened", 4, automatic=True))
    workspace = Workspace(quiet_hours=QuietHours(11 * 60, 13 * 60), version=1)
    house.tables.shelves["workspaces"] = {workspace.id: workspace}
    asleep = [each for each in house.people if is_tested(EMAIL, each, 40)][:3]
    for each in house.people:
        fields = house.tables.contacts[each].fields | {"timezone": "UTC" if each in asleep else "Asia/Tokyo"}
        house.change(each, fields=fields)
    broadcast = house.broadcast(LIST)
    for _ in range(3):
        house.drain()
        house.tell()
        house.sweep()
    waiting = house.tables.broadcasts[broadcast.id]
    assert (waiting.state, house.tally(broadcast.id).later) == ("testing", 3)
    opened(house, Counter({SECOND: 5}))
    for _ in range(8):
        house.clock.sleep(2 * HOUR)
        house.settle(rounds=5)
    assert house.tables.broadcasts[broadcast.id].state == "finished"
    assert {got(house)[each] for each in asleep} == {SECOND}
    assert set(house.copies().values()) == {1}
