"""The send path's invariants end to end: real stores and queues, SendBulkEmail over the wire, events by SNS and SQS.

`tests/work/sending/` breaks every single port call over fakes; here each run costs half a second, so the calls are
sampled, always the same ones: every *kind* of port call is broken before and after its effect (the first, the middle
or the last of its kind, in turn), the journal's writes and the sending calls every time they occur.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from chalicelib.model.broadcast import Tally
from chalicelib.model.counters import COHORT
from tests.end_to_end.house import PEOPLE, House
from tests.end_to_end.town import ANSWER_MS, RATE, Town, town
from tests.fakes.faulty import PortCall, Tap, kill, lose, unharmed
from tests.local.ses import wait_for
from tests.ministack import LocalAws

pytestmark = pytest.mark.real

Kind = tuple[str, str]

A_CALL = RATE // 2
# Broken every time they occur: around these a copy may be lost or doubled.
JOURNAL: frozenset[Kind] = frozenset({("chunks", "write"), ("transports", "send"), ("messages", "put_many")})
EFFECTS: frozenset[Kind] = JOURNAL | {
    ("broadcasts", "commit_page"),
    ("broadcasts", "update"),
    ("broadcasts", "update_walk"),
    ("broadcasts", "close"),
    ("budgets", "reserve"),
    ("facts", "write"),
    ("hints", "deliver"),
    ("hints", "tend"),
}
# Between these steps of planning and delivering another worker may come.
TOGETHER: frozenset[Kind] = JOURNAL | {
    ("broadcasts", "commit_page"),
    ("broadcasts", "update"),
    ("broadcasts", "update_walk"),
    ("budgets", "reserve"),
    ("chunks", "with_broadcast"),
    ("recipients", "read"),
}


@dataclass
class Once:
    """A tap that acts on the n-th call of a kind, in all of a run."""

    kind: Kind
    number: int
    act: Tap
    seen: int = 0

    def __call__(self, call: PortCall) -> None:
        if (call.port, call.method) == self.kind:
            self.seen += 1
            if self.seen == self.number:
                self.act(call)


Fault = Callable[[Kind, int], tuple[Tap, Tap]]

FAULTS: dict[str, Fault] = {
    "killed before": lambda kind, number: (Once(kind, number, kill), unharmed),
    "killed after": lambda kind, number: (unharmed, Once(kind, number, kill)),
    "answer lost": lambda kind, number: (unharmed, Once(kind, number, lose)),
}


@pytest.fixture(scope="module")
def place(aws: LocalAws) -> Iterator[Town]:
    with town(aws) as standing:
        yield standing


def disturbed(place: Town, before: Tap, after: Tap, *, evidence: bool) -> House:
    """A house whose planning, sending, recording and tending ran under these taps; then all is well."""
    house = House(place)
    house.drain(before, after)
    house.minute(before, after, evidence=evidence)
    house.settle(evidence=evidence)
    return house


@pytest.fixture(scope="module")
def calls(place: Town) -> Counter[Kind]:
    """How often each kind of port call is made in a run without faults."""
    seen: list[PortCall] = []
    house = disturbed(place, seen.append, unharmed, evidence=True)
    assert replace(house.tally(), apart={}) == Tally(planned=PEOPLE, sent=PEOPLE)
    return Counter((call.port, call.method) for call in seen)


def moments(calls: Counter[Kind], fault: str) -> list[tuple[Kind, int]]:
    """The calls that this fault breaks. An answer that tells of no effect is lost like a worker killed after it."""
    assert calls.keys() >= EFFECTS
    pick = {"killed before": lambda _n: 1, "killed after": lambda n: n, "answer lost": lambda n: (n + 1) // 2}[fault]
    chosen = [
        (kind, number)
        for kind, most in sorted(calls.items())
        for number in (range(1, most + 1) if kind in JOURNAL else [pick(most)])
        if kind in EFFECTS or fault != "answer lost"
    ]
    assert {kind for kind, _ in chosen} == (EFFECTS if fault == "answer lost" else calls.keys())
    return chosen


def check(house: House, where: str, *, refused: int = 0) -> tuple[Tally, Counter[str]]:
    """What holds in every house that has settled: the inbox knows how many copies there are, not our rows."""
    progress, copies = house.progress(), house.copies()
    tally = progress.tally
    where = f"{where}: {tally}, {len(copies)} have it"
    assert max(copies.values(), default=0) <= 1, where
    assert progress.broadcast.state == "finished", where
    expected = Tally(planned=PEOPLE, sent=tally.sent, failed=refused, held=PEOPLE - refused - tally.sent)
    assert replace(tally, apart={}) == expected, where
    assert set(sums(tally).values()) <= {tally.sent}, where
    assert tally.sent <= len(copies), where
    return tally, copies


def sums(tally: Tally) -> Counter[str]:
    """How many were sent to, as each of the ways to tell them apart sums it up."""
    summed: Counter[str] = Counter()
    for key, sent in tally.apart.items():
        summed[key[1]] += sent
    return summed


def check_told(house: House, where: str, *, refused: int = 0) -> None:
    """All that SES had to say is heard: everyone who has it is sent, the doubts that are left are held."""
    tally, copies = check(house, where, refused=refused)
    where = f"{where}: {tally}, {len(copies)} have it"
    assert tally.sent == len(copies), where
    assert house.counters().get("delivered", 0) == len(copies), where
    assert house.locked == bool(tally.held), where


def late_evidence(house: House) -> None:
    """The events come after the broadcast has come to rest; the family is free when nobody can be calling any more."""
    house.town.clock.sleep(120_000)
    house.minute(evidence=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_every_kind_of_call_loses_nobody_and_mails_nobody_twice(
    place: Town, calls: Counter[Kind], fault: str
) -> None:
    for kind, number in moments(calls, fault):
        taps = FAULTS[fault](kind, number)
        where = f"{fault} {'.'.join(kind)} {number}"
        house = disturbed(place, *taps, evidence=True)
        assert any(isinstance(tap, Once) and tap.seen >= number for tap in taps), where
        check_told(house, where)


def of_all(house: House) -> dict[str, int]:
    """The counters without those of single segments and domains."""
    return {name: count for name, count in house.counters().items() if not name.startswith(f"{COHORT}#")}


@pytest.mark.parametrize("fault", FAULTS)
def test_without_evidence_a_doubt_is_held_and_late_evidence_settles_it(
    place: Town, calls: Counter[Kind], fault: str
) -> None:
    """Around the first call; then everything that was ever queued or told comes once more, and changes nothing.

    What was told before a row of the send log stood there comes to its segment's figures with what is told next: that
    is the first time of two.
    """
    held = {}
    for kind in sorted(JOURNAL):
        for number in range(1, calls[kind] // 2 + 1):
            where = f"{fault} {'.'.join(kind)} {number}, no evidence"
            house = disturbed(place, *FAULTS[fault](kind, number), evidence=False)
            held[kind, number] = check(house, where)[0].held
            late_evidence(house)
            check_told(house, where)
            totals = (house.tally(), house.copies(), of_all(house))
            house.replay()
            assert (house.tally(), house.copies(), of_all(house)) == totals, where
            before = house.counters()
            house.replay()
            assert (house.tally(), house.copies(), house.counters()) == (*totals[:2], before), where
    assert held == HELD[fault]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_second_worker_in_the_middle_of_any_call_doubles_nothing(place: Town, moment: str) -> None:
    """SQS delivers the same hints to another worker, who does all of their work between two steps of the first."""
    for kind in sorted(TOGETHER):
        where = f"{moment} {'.'.join(kind)}"
        house = House(place)
        meanwhile = Once(kind, 1, lambda _call, house=house: house.work_again())
        house.drain(*((meanwhile, unharmed) if moment == "before" else (unharmed, meanwhile)))
        assert meanwhile.seen, where
        house.settle(evidence=True)
        check_told(house, where)
        assert len(house.copies()) == PEOPLE, where


JOURNALLED: Kind = ("chunks", "write")
SENT: Kind = ("transports", "send")
ROWS: Kind = ("messages", "put_many")

# How many are held without evidence, by the call that broke: a doubt begins with the journal and ends with the rows,
# which are evidence themselves.
HELD: dict[str, dict[tuple[Kind, int], int]] = {
    "killed before": {(JOURNALLED, 1): 0, (JOURNALLED, 2): 0, (SENT, 1): A_CALL, (ROWS, 1): A_CALL},
    "killed after": {(JOURNALLED, 1): A_CALL, (JOURNALLED, 2): 0, (SENT, 1): A_CALL, (ROWS, 1): 0},
    "answer lost": {(JOURNALLED, 1): A_CALL, (JOURNALLED, 2): 0, (SENT, 1): A_CALL, (ROWS, 1): 0},
}


@dataclass(frozen=True)
class Trouble:
    """What goes wrong at SES with the first call, and how many then are in doubt, have got it, are refused."""

    fault: dict[str, Any]
    doubted: int = 0
    copies: int = PEOPLE
    refused: int = 0


LATE_MS = ANSWER_MS + 300
REST = PEOPLE - A_CALL

TROUBLES = {
    "throttled twice": Trouble({"kind": "throttle", "calls": 2}),
    "two entries fail for a moment": Trouble({"kind": "entry_failure", "entries": [0, 7]}),
    "an entry is refused": Trouble(
        {"kind": "entry_failure", "entries": [3], "status": "INVALID_PARAMETER"}, copies=PEOPLE - 1, refused=1
    ),
    "an error before accepting": Trouble({"kind": "error_before"}, doubted=A_CALL, copies=REST),
    "an error after accepting": Trouble({"kind": "error_after"}, doubted=A_CALL),
    "the answer is lost": Trouble({"kind": "lost_answer"}, doubted=A_CALL),
    "reset before accepting": Trouble({"kind": "reset_before"}, doubted=A_CALL, copies=REST),
    "reset after accepting": Trouble({"kind": "reset_after"}, doubted=A_CALL),
    "the answer is garbled": Trouble({"kind": "garbled_answer"}, doubted=A_CALL),
    "the answer is too short": Trouble({"kind": "short_answer"}, doubted=A_CALL),
    "slow, but in time": Trouble({"kind": "slow", "ms": 50}),
    "accepted when nobody waits any more": Trouble({"kind": "slow", "ms": LATE_MS}, doubted=A_CALL),
    "accepted, answered too late": Trouble({"kind": "slow_answer", "ms": LATE_MS}, doubted=A_CALL),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_at_ses_mails_nobody_twice_and_its_own_events_settle_it(place: Town, name: str) -> None:
    trouble = TROUBLES[name]
    house = House(place)
    place.trouble(trouble.fault | {"operation": "SendBulkEmail"})
    house.drain()
    house.settle(evidence=False)
    assert not place.troubles_left()
    wait_for(lambda: len(house.copies()) >= trouble.copies)
    tally, _ = check(house, name, refused=trouble.refused)
    assert tally.held == trouble.doubted
    late_evidence(house)
    check_told(house, name, refused=trouble.refused)
    assert len(house.copies()) == trouble.copies


def test_a_doubt_that_ses_rejects_ends_as_failed(place: Town) -> None:
    """The answer was lost, and one of the mails had a virus: that one is refused, all others are sent."""
    house = House(place)
    place.trouble({"kind": "fate", "fate": "rejected", "entries": [4]})
    house.drain(after=Once(SENT, 1, lose))
    assert house.tally().in_doubt == A_CALL
    house.settle(evidence=True)
    check_told(house, "rejected", refused=1)


WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem", "SendMessageBatch"})


@dataclass
class LostOnTheWire:
    """Sends the first request of each sort of write and loses its answer; the client then sends it once more."""

    lost: set[str]

    def __call__(self, request: Any, event_name: str, **_: Any) -> None:
        operation = event_name.rpartition(".")[2]
        sort = f"{operation} {_tables(json.loads(request.body))}"
        if operation in WRITES and sort not in self.lost:
            self.lost.add(sort)
            assert URLLib3Session().send(request).status_code == 200
            raise ReadTimeoutError(endpoint_url=request.url)


def _tables(body: dict[str, Any]) -> str:
    """Which tables it writes to, as often as it does."""
    names = [each["TableName"] for action in body.get("TransactItems", ()) for each in action.values()]
    return str(sorted(names) or body.get("TableName") or list(body.get("RequestItems", ())) or body.get("QueueUrl"))


def test_answers_lost_on_the_wire_are_asked_for_again_without_harm(place: Town) -> None:
    """Below the ports: botocore repeats a write that was done, and the store must see that it has won."""
    handler = LostOnTheWire(set())
    clients = (place.connection.dynamodb, place.connection.sqs)
    for client in clients:
        client.meta.events.register("before-send", handler)
    try:
        house = House(place)
        house.drain()
        house.settle(evidence=True)
    finally:
        for client in clients:
            client.meta.events.unregister("before-send", handler)
    check_told(house, "lost on the wire")
    assert len(house.copies()) == PEOPLE
    written = " ".join(sorted(handler.lost))
    assert all(each in written for each in WRITES - {"DeleteItem"})
    assert all(f"faults-{each}" in written for each in ("broadcasts", "budget", "chunks", "messages", "counters"))
