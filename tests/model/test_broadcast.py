from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.broadcast import ENDED, MOVES, RUNNING, Broadcast, Walk, add_fates, moved, tallied
from chalicelib.model.chunk import MOVES as FATES
from chalicelib.model.chunk import NO_CHOICE, SKIPS, Chunk
from chalicelib.model.errors import Conflict

BROADCAST = Broadcast("b", "e", "e", 1, ("s",), (), 0)
STATES = ("scheduled", "planning", "sending", "testing", "paused", "cancelled", "finished")
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


def test_nothing_moves_what_is_over_but_an_operators_force():
    assert {move for move, moves in MOVES.items() if ENDED & set(moves)} == {"reopen"}
    assert not RUNNING & ENDED


@given(
    st.lists(st.text(LETTERS, max_size=50), max_size=6),
    st.dictionaries(st.sampled_from(LETTERS.replace("w", "").replace("c", "")), st.integers(0, 99)),
    st.integers(0, 500),
    st.sampled_from(STATES),
)
def test_the_sums_always_add_up(fates, sums, unread, state):
    planned = sum(map(len, fates)) + sum(sums.values()) + unread
    chunks = [Chunk("b", "e", 0, n, ("c",) * len(each), each) for n, each in enumerate(fates)]
    tally = tallied(replace(BROADCAST, state=state), [Walk(0, planned=planned, sums=sums)], chunks)
    parts = (tally.waiting, tally.calling, tally.sent, tally.failed, tally.in_doubt, tally.held, tally.cancelled)
    assert tally.planned == sum(parts) + sum(tally.skipped.values())
    assert min(parts) >= 0
    assert not (state == "cancelled" and tally.waiting)


PAIRS = st.lists(st.tuples(st.sampled_from(LETTERS), st.sampled_from("012" + NO_CHOICE)), max_size=50)


@given(PAIRS, st.integers(0, 3))
def test_the_members_of_a_family_are_summed_beside_the_whole(pairs, summed):
    fates, choices = ("".join(each) for each in zip(*pairs, strict=True)) if pairs else ("", "")
    chunk = Chunk("b", "e", 0, 0, ("c",) * len(fates), fates, choices=choices)
    sums: dict[str, int] = {}
    for _ in range(summed):
        add_fates(sums, chunk)
    tally = tallied(BROADCAST, [Walk(0, planned=len(fates) * (summed + 1), sums=sums)], [chunk])
    assert tally.sent == fates.count("s") * (summed + 1)
    for place in range(3):
        expected = pairs.count(("s", str(place))) * (summed + 1)
        assert (tally.members[place].sent if place in tally.members else 0) == expected
