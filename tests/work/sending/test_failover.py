"""Several transports: by their shares, by their limits, and from one that fails to the next, without anyone twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.budget import DAY_MS, Budget
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import CallInDoubt, CallNotSent, CallThrottled, Halted, LetterHalted, Outcome
from chalicelib.model.pacing import Quota
from chalicelib.model.transport_setup import Limits, TransportSetup, WarmUp
from chalicelib.work import broadcasting, messaging, single_call
from tests.fakes.clock import NOON
from tests.fakes.faulty import PortCall, Tap, unharmed
from tests.fakes.transport import FakeTransport, accepted_then
from tests.work.sending.house import EMAIL, LIST, REVISION, House, sums_up, twice
from tests.work.sending.test_every_crash import FAULTS

FIRST, SECOND = "amazon", "backup"


def house(people: int, *setups: TransportSetup) -> House:
    made = House(people)
    for place, each in enumerate(setups or (TransportSetup(FIRST, "ses"), TransportSetup(SECOND, "smtp", share=0))):
        made.tables.shelves["transport_setups"][each.id] = replace(each, position=place)
    return made


def sent_by(made: House) -> dict[str, int]:
    return {name: len(each.accepted) for name, each in made.transports.named.items() if each.accepted}


def broken(fault: Exception, calls: int = 500) -> list[Exception]:
    return [fault] * calls


def test_shares_are_kept() -> None:
    made = house(2_000, TransportSetup(FIRST, "ses", share=70), TransportSetup(SECOND, "smtp", share=30))
    made.broadcast(LIST)
    made.settle()
    found = sent_by(made)
    assert sum(found.values()) == 2_000
    assert abs(found[FIRST] / 2_000 - 0.7) <= 0.05
    rows = Counter(each.transport for each in made.tables.messages.values())
    assert rows == found, "every row says which transport has the message"


def test_transactional_mail_goes_apart() -> None:
    made = house(3, TransportSetup(FIRST, "ses", uses=("broadcast",)), TransportSetup(SECOND, "smtp"))
    made.tables.emails[EMAIL] = replace(made.tables.emails[EMAIL], kind="template")
    made.tables.revisions[EMAIL, 1] = replace(REVISION, kind="template")
    message = messaging.send(made.world(), EMAIL, made.people[0], {}, "immediate")
    assert (message.state, message.transport) == ("sent", SECOND)


def test_a_halt_moves_the_rest_to_the_next() -> None:
    made = house(120)
    made.transports.of(FIRST).script.extend([FakeTransport.accept, *broken(Halted("The key was revoked."))])
    broadcast = made.broadcast(LIST)
    made.drain()
    assert sent_by(made) == {FIRST: 50, SECOND: 70}
    assert made.tables.broadcasts[broadcast.id].state == "finished"
    assert len(made.transports.of(FIRST).calls) == 2
    assert not twice(made)


def test_it_pauses_only_when_none_is_left() -> None:
    made = house(120)
    for name in (FIRST, SECOND):
        made.transports.of(name).script.append(Halted(f"{name} is closed."))
    broadcast = made.broadcast(LIST)
    made.drain()
    stored = made.tables.broadcasts[broadcast.id]
    assert (stored.state, stored.reason) == ("paused", "amazon: amazon is closed. backup: backup is closed.")
    broadcasting.resume(made.world(), broadcast.id)
    made.settle()
    assert sum(sent_by(made).values()) == 120


def test_a_letter_that_nobody_may_send_halts_its_broadcast_alone() -> None:
    made = house(60)
    made.transports.of(FIRST).script.append(LetterHalted("Verify the From address."))
    broadcast = made.broadcast(LIST)
    made.drain()
    assert made.tables.broadcasts[broadcast.id].reason == "Verify the From address."
    assert made.tables.budgets[""].course.breaker.state == "closed"


@pytest.mark.parametrize("fault", [CallInDoubt("time-out"), CallNotSent("no route to host")], ids=["doubt", "not sent"])
def test_failures_in_a_row_move_the_rest_to_the_next(fault: Exception) -> None:
    """Whoever is in doubt stays with the one that may have mailed them."""
    made = house(600)
    first = made.transports.of(FIRST)
    first.script.extend(broken(accepted_then(fault) if isinstance(fault, CallInDoubt) else fault))
    broadcast = made.broadcast(LIST)
    made.settle(evidence=False)
    tally = made.tally(broadcast.id)
    assert not twice(made)
    assert sums_up(tally)
    assert tally.held == len(first.accepted)
    assert tally.sent == 600 - tally.held
    assert 5 <= len(first.calls) <= 12, "a few before it opens, then one probe at a time"
    assert made.tables.budgets[""].course.breaker.state != "closed"


def test_it_comes_back_by_itself_and_gently() -> None:
    made = house(3_000)
    first = made.transports.of(FIRST)
    first.limits = made.transports.of(SECOND).limits = Quota(per_second=20, per_day=-1, sent_today=0)
    first.script.extend(broken(CallNotSent("no route to host"), 6))
    made.broadcast(LIST)
    made.settle()
    found = sent_by(made)
    assert sum(found.values()) == 3_000
    assert made.tables.budgets[""].course.breaker.state == "closed"
    back = [recipients for at, recipients in first.calls[6:8]]
    assert max(back) <= 10, "a probe of half a second's worth, then a tenth of the rate"
    assert first.calls[8][1] == 1
    assert not twice(made)


def test_throttling_opens_nothing_and_slows_down() -> None:
    made = house(300)
    made.transports.of(FIRST).script.extend(broken(CallThrottled("too fast"), 7))
    made.broadcast(LIST)
    made.settle()
    assert sent_by(made) == {FIRST: 300}
    assert made.tables.budgets[""].course.breaker.state == "closed"
    assert made.tables.budgets[""].course.low > 0


def test_a_used_up_hour_goes_on_with_the_next_and_the_day_waits() -> None:
    limited = TransportSetup(FIRST, "smtp", limits=Limits(per_hour=70))
    made = house(120, limited, TransportSetup(SECOND, "sendgrid", share=0, limits=Limits(per_day=30)))
    broadcast = made.broadcast(LIST)
    made.drain()
    assert sent_by(made) == {FIRST: 70, SECOND: 30}
    assert made.tally(broadcast.id).waiting == 20
    made.clock.at = NOON + 3_600_000
    made.sweep()
    made.drain()
    assert sent_by(made) == {FIRST: 90, SECOND: 30}
    assert made.tables.broadcasts[broadcast.id].state == "sending", "nobody has to do anything about it"


def test_a_warm_up_sends_what_its_day_allows() -> None:
    plan = WarmUp(starts=datetime.fromtimestamp(NOON / 1_000, UTC).date(), volumes=(20, 40))
    made = house(120, TransportSetup(FIRST, "smtp", warm_up=plan))
    made.broadcast(LIST)
    found = []
    for day in range(3):
        made.clock.at = NOON + day * 86_400_000
        made.sweep()
        made.drain()
        found.append(sum(sent_by(made).values()))
    assert found == [20, 60, 120]


def test_a_domain_has_its_own_limit_and_holds_up_nobody_else() -> None:
    made = house(100, TransportSetup(FIRST, "smtp", limits=Limits(domains={"slow.example": 60})))
    for number, each in enumerate(made.people[:60]):
        made.change(each, address=f"person{number}@slow.example")
    began = made.clock.at
    made.broadcast(LIST)
    made.settle()
    first = made.transports.of(FIRST)
    assert len(first.accepted) == 100
    times = {copy.envelope.address: copy.at - began for copy in first.accepted}
    slow = sorted(at for address, at in times.items() if address.endswith("@slow.example"))
    assert max(at for address, at in times.items() if address.endswith("@example.com")) < 30_000
    assert all(later - earlier >= 990 for earlier, later in pairwise(slow)), "one a second"
    assert not twice(made)


def test_a_domains_limit_holds_for_queued_template_mail_and_lets_pass_what_is_asked_for_at_once() -> None:
    """Six a minute. Five wait for each other; one that somebody asks for now does not wait."""
    made = house(6, TransportSetup(FIRST, "smtp", limits=Limits(domains={"slow.example": 6})))
    for number, each in enumerate(made.people):
        made.change(each, address=f"person{number}@slow.example")
    made.tables.emails[EMAIL] = replace(made.tables.emails[EMAIL], kind="template")
    made.tables.revisions[EMAIL, 1] = replace(REVISION, kind="template")
    for each in made.people[:5]:
        assert messaging.send(made.world(), EMAIL, each, {}, "queue").state == "waiting"
    made.drain()
    at_once = messaging.send(made.world(), EMAIL, made.people[5], {}, "immediate")
    assert at_once.state == "sent"
    made.settle()
    copies = made.transports.of(FIRST).accepted
    assert len(copies) == 6
    times = [copy.at for copy in copies if copy.envelope.address != "person5@slow.example"]
    assert all(later - earlier >= 9_900 for earlier, later in pairwise(sorted(times))), "six a minute"
    assert {each.state for each in made.tables.messages.values()} == {"sent"}


@pytest.mark.parametrize(
    ("place", "reason"), [(FIRST, single_call.USED_UP), (f"{FIRST}@slow.example", single_call.DOMAIN_USED_UP)]
)
def test_whatever_queued_mail_waits_for_it_is_given_up_after_a_day_and_told(place: str, reason: str) -> None:
    made = house(1, TransportSetup(FIRST, "smtp", limits=Limits(domains={"slow.example": 6})))
    made.change(made.people[0], address="person0@slow.example")
    made.tables.emails[EMAIL] = replace(made.tables.emails[EMAIL], kind="template")
    made.tables.revisions[EMAIL, 1] = replace(REVISION, kind="template")
    key = messaging.send(made.world(), EMAIL, made.people[0], {}, "queue").key
    for later, state, told in ((0, "waiting", reason), (DAY_MS + 1, "failed", f"Given up after a day: {reason}")):
        made.clock.sleep(later)
        made.tables.budgets[place] = Budget(next_at=made.clock.at + 10_000)
        messaging.deliver_message(made.world(), key)
        assert (made.tables.messages[key].state, made.tables.messages[key].reason) == (state, told)
    assert [fact.event.kind for fact in made.tables.facts[key].facts] == ["refused"]
    assert made.transports.of(FIRST).accepted == []


def test_interval_and_batch() -> None:
    made = house(40, TransportSetup(FIRST, "smtp", limits=Limits(batch=10, interval_ms=4_000)))
    made.broadcast(LIST)
    made.settle()
    calls = made.transports.of(FIRST).calls
    assert [recipients for _, recipients in calls] == [10] * 4
    assert all(later - earlier >= 4_000 for (earlier, _), (later, _) in pairwise(calls))


def test_a_broadcasts_own_rate_changes_while_it_runs() -> None:
    made = house(400)
    broadcast = made.broadcast(LIST)
    broadcasting.set_rate(made.world(), broadcast.id, 2.0)
    began = made.clock.at
    while made.tally(broadcast.id).sent < 60:
        hint = made.hints.queue.pop(0)
        made.clock.sleep(hint.delay_s * 1000)
        made.clock.deadline = made.clock.at + 60_000
        made.work(hint)
    taken = (made.clock.at - began) / 1_000
    assert made.tally(broadcast.id).sent / taken <= 2.1
    broadcasting.set_rate(made.world(), broadcast.id, None)
    made.clock.deadline = None
    began = made.clock.at
    made.settle()
    assert made.tally(broadcast.id).sent == 400
    assert max(recipients for at, recipients in made.transports.of(FIRST).calls if at >= began) == 50


def test_a_doubt_at_smtp_is_held_as_soon_as_its_lease_is_over() -> None:
    made = house(10, TransportSetup(SECOND, "smtp"))
    made.transports.of(SECOND).script.append(accepted_then(CallInDoubt("reset")))
    broadcast = made.broadcast(LIST)
    made.drain()
    made.clock.sleep(made.world().timing.lease + 1)
    made.sweep()
    made.drain()
    assert made.tally(broadcast.id).held == 10


def test_a_message_that_halted_goes_by_the_next_one() -> None:
    made = house(3)
    made.tables.emails[EMAIL] = replace(made.tables.emails[EMAIL], kind="template")
    made.tables.revisions[EMAIL, 1] = replace(REVISION, kind="template")
    made.transports.of(FIRST).script.append(Halted("The key was revoked."))
    message = messaging.send(made.world(), EMAIL, made.people[0], {}, "immediate")
    assert (message.state, message.reason) == ("waiting", "The key was revoked.")
    made.drain()
    again = made.tables.messages[MessageKey(*str(message.key).split("_"))]
    assert (again.state, again.transport) == ("sent", SECOND)


def flaky(transport: FakeTransport, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
    """Takes them, and its answer is lost."""
    transport.accept(revision, envelopes)
    raise CallInDoubt("reset")


def failing_run(before: Tap, after: Tap, *, evidence: bool) -> House:
    """The first takes a call, loses an answer, halts, and comes back; the second takes over meanwhile."""
    made = house(60)
    made.transports.of(FIRST).limits = Quota(per_second=40, per_day=-1, sent_today=0)
    made.transports.of(FIRST).script.extend([FakeTransport.accept, flaky, Halted("The key was revoked.")])
    made.broadcast(LIST)
    made.drain(before, after)
    for each in made.tables.broadcasts.values():
        if each.state == "paused":
            broadcasting.resume(made.world(), each.id)
    made.settle(evidence=evidence)
    return made


@pytest.mark.parametrize("evidence", [True, False], ids=["evidence", "none"])
@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_every_port_call_of_a_failover_loses_nobody_and_mails_nobody_twice(
    fault: str, evidence: bool
) -> None:
    calls: list[PortCall] = []
    failing_run(calls.append, unharmed, evidence=evidence)
    assert {call.method for call in calls if call.port == "budgets"} >= {"reserve", "change", "note"}
    for number in range(1, len(calls) + 1):
        made = failing_run(*FAULTS[fault](number), evidence=evidence)
        [broadcast] = made.tables.broadcasts.values()
        tally = made.tally(broadcast.id)
        where = f"{fault} call {number}: {tally}"
        assert not twice(made), where
        assert sums_up(tally), where
        assert (tally.planned, tally.unsettled) == (60, 0), where
        assert tally.sent + tally.held == 60, where
        if evidence:
            assert tally.sent == len(made.copies()), where
