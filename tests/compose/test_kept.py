from dataclasses import replace

from chalicelib.compose.kept import KEPT, Kept
from tests.compose.making import revised


def test_made_once_for_a_revision():
    calls = []
    kept = Kept(lambda revision: calls.append(revision.number) or revision.number)
    revision = revised(text="x")
    assert [kept(revision) for _ in range(3)] == [1, 1, 1]
    assert calls == [1]


def test_forgets_the_oldest_and_never_mistakes_one_for_another():
    kept = Kept(lambda revision: revision.number)
    for number in range(5 * KEPT):
        # each is garbage at once: its identity may be used again, and must not be mistaken
        assert kept(replace(revised(text="x"), number=number)) == number
    assert len(kept._made) == KEPT
