"""The worker is killed before and after the effect of every port call of a broadcast, and every answer is lost once."""

from collections.abc import Callable

import pytest

from tests.fakes.faulty import PortCall, Tap, kill, lose, unharmed
from tests.work.sending.house import EMAIL, LIST, LIVE, OTHER, House, sums_up, twice

PEOPLE = 60

Faults = Callable[[int], tuple[Tap, Tap]]


def nth(number: int, fault: Tap) -> Tap:
    """Acts on the n-th call of all ports of all workers of a run, once."""
    seen = [0]

    def tap(call: PortCall) -> None:
        seen[0] += 1
        if seen[0] == number:
            fault(call)

    return tap


FAULTS: dict[str, Faults] = {
    "killed before": lambda n: (nth(n, kill), unharmed),
    "killed after": lambda n: (unharmed, nth(n, kill)),
    "answer lost": lambda n: (unharmed, nth(n, lose)),
}


def run(segments: tuple[str, ...], exclude: tuple[str, ...], before: Tap, after: Tap, *, evidence: bool) -> House:
    house = House(PEOPLE)
    house.broadcast(*segments, exclude=exclude)
    house.drain(before, after)
    house.settle(evidence=evidence)
    return house


def calls_of_a_run(segments: tuple[str, ...], exclude: tuple[str, ...]) -> int:
    seen: list[PortCall] = []
    run(segments, exclude, seen.append, unharmed, evidence=True)
    return len(seen)


AUDIENCES = {
    "a list": ((LIST,), (), PEOPLE),
    "a live filter without a list": ((LIVE,), (OTHER,), PEOPLE - 20),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_one_fault_at_every_port_call_loses_nobody_and_mails_nobody_twice(audience: str, fault: str) -> None:
    segments, exclude, expected = AUDIENCES[audience]
    calls = calls_of_a_run(segments, exclude)
    assert calls > 20
    for number in range(1, calls + 1):
        house = run(segments, exclude, *FAULTS[fault](number), evidence=True)
        (broadcast,) = house.tables.broadcasts.values()
        tally = house.tally(broadcast.id)
        where = f"{fault} call {number}: {tally}"
        assert not twice(house), where
        assert sums_up(tally), where
        assert tally.planned == expected, where
        assert broadcast.state == "finished", where
        # with evidence a doubt ends as sent where the provider took it; else it is held for the operator
        assert tally.sent + tally.held == expected, where
        assert tally.sent == len(house.copies()), where
        assert house.tables.locks.get(EMAIL) == (broadcast.id if tally.held else None), where


@pytest.mark.parametrize("fault", FAULTS)
def test_without_evidence_a_doubt_is_held_and_never_sent_again(fault: str) -> None:
    calls = calls_of_a_run((LIST,), ())
    for number in range(1, calls + 1):
        house = run((LIST,), (), *FAULTS[fault](number), evidence=False)
        (broadcast,) = house.tables.broadcasts.values()
        tally = house.tally(broadcast.id)
        where = f"{fault} call {number}: {tally}"
        assert not twice(house), where
        assert sums_up(tally), where
        assert tally.unsettled == 0, where
        assert tally.sent + tally.held == PEOPLE, where
