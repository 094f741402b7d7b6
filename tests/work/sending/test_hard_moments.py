"""Moments that chance seldom finds: each one a way in which somebody could get two, or none."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.errors import Conflict
from chalicelib.model.fact import Kind
from chalicelib.model.outcome import CallInDoubt, CallRefused, Halted, Outcome
from chalicelib.model.pacing import Quota
from chalicelib.work import broadcasting, recording, sweeping
from tests.fakes.faulty import PortCall, Tap, intercepted, kill
from tests.fakes.transport import FakeTransport, accepted_then
from tests.fakes.world import numbered_id
from tests.work.sending.house import EMAIL, LIST, LIVE, OTHER, REVISION, House, sums_up, twice


def planned(people: int) -> tuple[House, str]:
    """A broadcast whose chunks wait, with their hints in the queue."""
    house = House(people)
    broadcast = house.broadcast(LIST)
    (hint,) = house.hints.drain()
    assert house.work(hint)
    hinted = [hint for hint in house.hints.queue if hint.kind == "deliver"]
    house.hints.queue[:] = [replace(hint, args=(*hint.args[:2], (n,))) for hint in hinted for n in hint.args[2]]
    return house, broadcast.id


def when(port: str, method: str, act: Callable[[], None]) -> Tap:
    """Acts once, at the first call of this method."""
    done: list[bool] = []

    def tap(call: PortCall) -> None:
        if (call.port, call.method) == (port, method) and not done:
            done.append(True)
            act()

    return tap


def test_a_family_is_not_free_while_a_call_may_still_be_journalled() -> None:
    """Cancelled after a worker's reads and before its journal: a second broadcast must not mail the same people."""
    house, first = planned(40)
    (hint,) = house.hints.drain()

    def meanwhile() -> None:
        broadcasting.cancel(house.world(), first)
        house.sweep()
        house.drain()
        with pytest.raises(Conflict):
            house.broadcast(LIST)

    house.work(hint, before=when("chunks", "write", meanwhile))
    house.settle()
    house.broadcast(LIST)
    house.settle()
    assert not twice(house)
    assert set(house.copies()) == set(house.people)


def test_no_call_starts_later_than_two_seconds_after_a_pause() -> None:
    """The worker stalls between its reads and its call: it takes the call back instead of making it."""
    house, broadcast = planned(40)
    (hint,) = house.hints.drain()

    def stall() -> None:
        broadcasting.pause(house.world(), broadcast)
        house.clock.sleep(2_001)

    house.work(hint, after=when("chunks", "write", stall))
    assert not house.transport.calls
    tally = house.tally(broadcast)
    assert (tally.waiting, tally.calling) == (40, 0)


def test_a_worker_that_wakes_up_after_its_lease_makes_no_call() -> None:
    house, broadcast = planned(10)
    (hint,) = house.hints.drain()
    house.clock.deadline = house.clock.at + 100_000
    house.work(hint, after=when("chunks", "write", lambda: house.clock.sleep(151_000)))
    assert not house.transport.calls
    house.clock.deadline = None
    house.settle()
    assert house.tally(broadcast).sent == 10


def test_an_outcome_that_comes_after_the_lease_still_settles_it() -> None:
    """The call took so long that a sweep called its people in doubt: the worker's own answer is the evidence."""
    house, broadcast = planned(10)
    (hint,) = house.hints.drain()

    def sweep_late() -> None:
        house.clock.sleep(151_000)
        house.sweep()
        house.drain()
        assert house.tally(broadcast).in_doubt == 10

    house.work(hint, after=when("transports", "send", sweep_late))
    assert house.tally(broadcast).sent == 10


def test_a_second_broadcast_of_the_family_skips_whoever_has_it() -> None:
    house = House(30)
    house.broadcast(OTHER)
    house.settle()
    second = house.broadcast(LIST)
    house.settle()
    tally = house.tally(second.id)
    assert (tally.sent, dict(tally.skipped)) == (20, {"already_sent": 10})
    assert not twice(house)


def test_only_the_culprit_of_a_refused_call_fails() -> None:
    """BadRequest refuses a whole call for one malformed address: the call is split until the culprit stands alone."""
    house = House(50)
    culprit = "person33@example.com"

    def picky(transport: FakeTransport, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        if any(each.address == culprit for each in envelopes):
            raise CallRefused("Illegal address")
        return transport.accept(revision, envelopes)

    house.transport.script.extend([picky] * 200)
    broadcast = house.broadcast(LIST)
    house.settle()
    tally = house.tally(broadcast.id)
    assert (tally.sent, tally.failed) == (49, 1)
    assert not twice(house)


def test_a_halt_pauses_the_broadcast_and_says_why() -> None:
    house = House(120)
    house.transport.script.append(Halted("The day's quota is used up."))
    broadcast = house.broadcast(LIST)
    house.drain()
    stored = house.tables.broadcasts[broadcast.id]
    assert (stored.state, stored.reason) == ("paused", "The day's quota is used up.")
    assert not house.copies()
    broadcasting.resume(house.world(), broadcast.id)
    house.settle()
    assert house.tally(broadcast.id).sent == 120


@pytest.mark.parametrize("segment", [LIST, LIVE])
def test_a_chain_of_hints_goes_on_forty_times_and_more(segment: str) -> None:
    """Each job has time for little more than a call of one: Lambda's loop detection must not be what ends it."""
    house = House(120)
    house.transport.limits = Quota(per_second=1, per_day=-1, sent_today=0)
    broadcast = house.broadcast(segment)
    hops = 0
    while house.tally(broadcast.id).sent < 120:
        hint = house.hints.queue.pop(0)
        house.clock.sleep(hint.delay_s * 1000)
        house.clock.deadline = house.clock.at + 37_000
        assert house.work(hint)
        hops += 1
    assert hops > 40
    house.clock.deadline = None
    house.settle()
    assert not twice(house)


def test_pause_keeps_everything_and_resume_goes_on() -> None:
    house, broadcast = planned(120)
    house.work(house.hints.queue.pop(0))
    progress = broadcasting.pause(house.world(), broadcast)
    assert (progress.broadcast.state, progress.tally.sent) == ("paused", 50)
    house.drain()
    assert house.tally(broadcast).sent == 50
    broadcasting.resume(house.world(), broadcast)
    house.settle()
    assert house.tally(broadcast).sent == 120


def test_cancelled_counts_everyone_and_frees_the_family() -> None:
    house, broadcast = planned(120)
    house.work(house.hints.queue.pop(0))
    broadcasting.cancel(house.world(), broadcast)
    house.settle()
    tally = house.tally(broadcast)
    assert (tally.sent, tally.cancelled, sums_up(tally)) == (50, 70, True)
    assert EMAIL not in house.tables.locks


def test_a_lost_hint_is_given_again() -> None:
    house, broadcast = planned(120)
    house.hints.queue.clear()
    house.clock.sleep(300_000)
    house.settle()
    assert house.tally(broadcast).sent == 120


@pytest.mark.parametrize("kind", ["rejected", "rendering_failed"])
def test_a_doubt_that_the_provider_denies_ends_as_failed(kind: Kind) -> None:
    """The answer was lost, and then the provider tells that it took none of them: nobody waits for an operator."""
    house = House(3)
    house.transport.script.append(accepted_then(CallInDoubt("reset")))
    broadcast = house.broadcast(LIST)
    house.drain()
    assert house.tally(broadcast.id).in_doubt == 3
    first, second, third = house.transport.accepted
    house.rejected |= {first.provider_id, second.provider_id}
    earlier = replace(second.envelope, attempt=numbered_id(1, "another attempt"))
    recording.record(house.world(), [first.event(kind), replace(second, envelope=earlier).event(kind)])
    recording.record(house.world(), [third.event("delivered")])
    house.settle(evidence=False)
    tally = house.tally(broadcast.id)
    # what was said of another attempt says nothing about this one
    assert (tally.failed, tally.held, tally.sent) == (1, 1, 1)


def test_one_bad_broadcast_does_not_stop_the_sweep() -> None:
    """A row that cannot be read, each minute anew, must not leave all other broadcasts without their hints."""
    house, broadcast = planned(10)
    house.tables.open_broadcasts.add("0" * 16)
    house.hints.queue.clear()
    world = house.world()

    def broken(call: PortCall) -> None:
        if call.method == "read" and call.args == ("0" * 16,):
            raise ValueError("format 9")

    with pytest.raises(ExceptionGroup, match="1 parts"):
        sweeping.sweep(intercepted(world, broken))
    assert [(hint.kind, hint.args) for hint in house.hints.queue] == [("tend", (broadcast,))]


def test_a_missing_revision_pauses_the_broadcast_and_says_so() -> None:
    house, broadcast = planned(10)
    del house.tables.revisions[EMAIL, 1]
    house.drain()
    stored = house.tables.broadcasts[broadcast]
    assert stored.state == "paused"
    assert "Revision 1" in (stored.reason or "")
    assert house.tally(broadcast).waiting == 10


@pytest.mark.parametrize(
    ("state", "hint"), [("sending", "cancel it"), ("cancelled", "two minutes"), ("finished", "held")]
)
def test_a_locked_family_says_what_helps(state: str, hint: str) -> None:
    house, broadcast = planned(10)
    house.tables.broadcasts[broadcast] = replace(house.tables.broadcasts[broadcast], state=state)
    with pytest.raises(Conflict, match=state) as refused:
        house.broadcast(LIST)
    assert hint in (refused.value.hint or "")


def test_a_filter_that_can_no_longer_be_read_pauses_the_broadcast_and_says_so() -> None:
    """Kept from a time when filters over reserved names were taken, and found nobody."""
    house = House(10)
    unread = {"field": "version", "operator": "=", "value": 1}
    house.tables.segments[LIVE] = replace(house.tables.segments[LIVE], filter=unread)
    broadcast = house.broadcast(LIVE)
    (hint, *_) = house.hints.drain()
    assert house.work(hint)
    stored = house.tables.broadcasts[broadcast.id]
    assert stored.state == "paused"
    assert "filter.field: 'version'" in (stored.reason or "")


def test_a_row_that_a_dead_worker_wrote_keeps_what_its_letter_was_filled_with() -> None:
    """The doubt is settled by the row, which knows more than one that evidence alone would make."""
    house, _ = planned(3)
    house.tables.revisions[EMAIL, 1] = replace(REVISION, program=replace(REVISION.program, html=()))
    (hint,) = house.hints.drain()
    house.work(hint, before=_before_the_outcome())
    written = dict(house.tables.messages)
    assert all("P" in row.kept for row in written.values())
    house.settle()
    assert house.tables.messages == written
    assert len(house.copies()) == 3


def _before_the_outcome() -> Tap:
    seen: list[PortCall] = []

    def tap(call: PortCall) -> None:
        seen.append(call)
        if (call.port, call.method) == ("chunks", "write") and any(each.method == "send" for each in seen):
            kill(call)

    return tap
