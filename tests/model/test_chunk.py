"""The journal's rules: which fate may follow which, who is in a call, when a chunk is settled."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.chunk import (
    CALLING,
    CANCELLED,
    FAILED,
    FORCED,
    HELD,
    IN_DOUBT,
    LATER,
    MOVES,
    SENT,
    SKIPS,
    WAITING,
    Call,
    begun,
    call_of,
    expired,
    judged,
    planned_chunk,
    roused,
)

FATES = (WAITING, LATER, CALLING, SENT, FAILED, IN_DOUBT, HELD, CANCELLED, *SKIPS)
CALL = Call("attempt", 1_000, 151_000, (0, 2))


def chunk(people=3):
    return planned_chunk("b", "f", 0, 0, [f"contact{n}" for n in range(people)])


@pytest.mark.parametrize(("before", "after"), list(product(FATES, FATES)))
def test_only_the_moves_of_the_table(before, after):
    from dataclasses import replace  # noqa: PLC0415  # one row's own

    standing = replace(chunk(1), fates=before)
    if after in MOVES.get(before, ""):
        assert judged(standing, {0: after}).fates == after
    else:
        with pytest.raises(ValueError, match=f"{before} -> {after}"):
            judged(standing, {0: after})


def test_whoever_may_have_it_never_waits_again():
    """The heart of at-most-once: from a doubt no road leads back to waiting or calling."""
    assert not {WAITING, LATER, CALLING} & set(MOVES[IN_DOUBT] + MOVES[HELD])
    assert not any(final in MOVES for final in (SENT, FAILED, CANCELLED, *SKIPS))


def test_an_operators_force_may_send_again_to_whoever_is_held_and_nothing_else():
    assert {letter: set(FORCED[letter]) - set(MOVES[letter]) for letter in FORCED} == {
        letter: ({WAITING} if letter == HELD else set()) for letter in MOVES
    }
    held = judged(judged(begun(chunk(), CALL, {}), {2: IN_DOUBT}), {2: HELD})
    with pytest.raises(ValueError, match="h -> w"):
        judged(held, {2: WAITING})
    assert judged(held, {2: WAITING}, FORCED).fates[2] == WAITING


def test_a_journal_entry_names_those_in_the_call_and_those_skipped():
    after = begun(chunk(), CALL, {1: "U"})
    assert (after.fates, after.calls, after.version) == ("cUc", (CALL,), 2)


def test_a_call_stays_until_its_last_recipient_is_settled():
    journal = begun(chunk(), CALL, {})
    half = judged(journal, {0: SENT, 2: IN_DOUBT})
    assert call_of(half, 2) == CALL
    held = judged(half, {2: HELD})
    assert held.calls == (CALL,)
    assert judged(held, {2: SENT}).calls == ()


@pytest.mark.parametrize(("now", "waiting"), [(999, ()), (1_000, (0, 1, 2))])
def test_whoever_was_planned_for_later_waits_once_it_is_due(now, waiting):
    later = planned_chunk("b", "f", 0, 0, ["a", "b", "c"], due_at=1_000)
    assert (later.waiting, later.settled) == ((), False)
    assert roused(later, now).waiting == waiting
    assert roused(later, now).version == later.version, "nothing is written for it"
    assert roused(later, now).due_at == (0 if waiting else 1_000)


@pytest.mark.parametrize(("now", "gone"), [(151_000, False), (151_001, True)])
def test_a_lease_expires_after_its_last_millisecond(now, gone):
    assert bool(expired(begun(chunk(), CALL, {}), now)) == gone


def test_a_call_without_anybody_calling_does_not_expire():
    assert not expired(judged(begun(chunk(), CALL, {}), {0: IN_DOUBT, 2: IN_DOUBT}), 999_999)


@given(st.text("".join(FATES), min_size=1, max_size=50))
def test_settled_means_that_no_move_is_left(fates):
    from dataclasses import replace  # noqa: PLC0415  # one row's own

    assert replace(chunk(len(fates)), fates=fates).settled == (not any(each in MOVES for each in fates))


def test_whoever_waits_again_is_in_no_call_whose_lease_could_end_the_next():
    """One of a call was not sent and is called again, while another one of it is in doubt."""
    half = judged(begun(chunk(), CALL, {}), {0: WAITING, 2: IN_DOUBT})
    assert call_of(half, 0) is None
    second = Call("second", 200_000, 350_000, (0,))
    again = begun(half, second, {})
    assert call_of(again, 0) == second
    assert not expired(again, 300_000)
