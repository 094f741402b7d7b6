import pytest

from chalicelib.model.suppression import STRENGTH, Reason, Suppression, overrides
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.store.things import hashed


def suppression(number: int, reason: Reason = "bounced", source: str = "first") -> Suppression:
    return Suppression(hashed(number), reason, source, NOON)


def test_a_suppression_comes_back(world: World) -> None:
    assert world.suppressions.read(hashed(1)) is None
    world.suppressions.put(suppression(1))
    assert world.suppressions.read(hashed(1)) == suppression(1)


@pytest.mark.parametrize("old", STRENGTH)
@pytest.mark.parametrize("new", STRENGTH)
def test_a_reason_gives_way_to_a_stronger_one_alone(world: World, old: Reason, new: Reason) -> None:
    world.suppressions.put(suppression(1, old))
    world.suppressions.put(suppression(1, new, "second"))
    expected = suppression(1, new, "second") if overrides(new, old) else suppression(1, old)
    assert world.suppressions.read(hashed(1)) == expected


def test_any_number_is_read_at_once(world: World) -> None:
    for number in range(0, 120, 7):
        world.suppressions.put(suppression(number))
    found = world.suppressions.read_many([hashed(number) for number in range(120)])
    assert found == {hashed(n): suppression(n) for n in range(0, 120, 7)}


def test_a_removal_never_lifts_another_reason(world: World) -> None:
    world.suppressions.put(suppression(1, "bounced"))
    assert not world.suppressions.remove(hashed(1), "unsubscribed")
    assert world.suppressions.remove(hashed(1), "bounced")
    assert world.suppressions.read(hashed(1)) is None
    assert not world.suppressions.remove(hashed(1), "bounced")
