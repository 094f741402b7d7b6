from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.broadcast import ENDED, MOVES, RUNNING, Broadcast, Walk, moved, tallied
from chalicelib.model.chunk import MOVES as FATES
from chalicelib.model.chunk import SKIPS
from chalicelib.model.errors import Conflict

BROADCAST = Broadcast("b", "e", "e", 1, ("s",), (), 0)
STATES = ("scheduled", "planning", "sending", "paused", "cancelled", "finished")
LETTERS = "".join({*FATES, *SKIPS, "s", "f"})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_in_the_table_or_a_conflict_that_names_the_states(move, state):
    standing = replace(BROADCAST, state=state, walked=True)
    if state in MOVES[move]:
        assert moved(standing, move).state == MOVES[move][state]
    else:
        with pytest.raises(Conflict, match=state):
            moved(standing, move)


def test_a_pause_during_planning_goes_back_to_planning():
    assert moved(replace(BROADCAST, state="paused", walked=False), "resume").state == "planning"


def test_nothing_moves_what_is_over():
    assert not any(state in ENDED for moves in MOVES.values() for state in moves)
    assert not RUNNING & ENDED


@given(
    st.lists(st.text(LETTERS, max_size=50), max_size=6),
    st.dictionaries(st.sampled_from(LETTERS.replace("w", "").replace("c", "")), st.integers(0, 99)),
    st.integers(0, 500),
    st.sampled_from(STATES),
)
def test_the_sums_always_add_up(fates, sums, unread, state):
    planned = sum(map(len, fates)) + sum(sums.values()) + unread
    tally = tallied(replace(BROADCAST, state=state), [Walk(0, planned=planned, sums=sums)], fates)
    parts = (tally.waiting, tally.calling, tally.sent, tally.failed, tally.in_doubt, tally.held, tally.cancelled)
    assert tally.planned == sum(parts) + sum(tally.skipped.values())
    assert min(parts) >= 0
    assert not (state == "cancelled" and tally.waiting)
