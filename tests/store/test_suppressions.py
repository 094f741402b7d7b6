from dataclasses import replace

import pytest

from chalicelib.model.address_record import AddressRecord, SoftBounce, with_lifted, with_soft_bounce
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


def test_pages_name_each_address_once_and_nothing_else(world: World) -> None:
    for number in range(7):
        world.suppressions.put(suppression(number))
    world.suppressions.put(replace(suppression(1), address_hash=f"{hashed(1)}#beneath"))
    world.suppressions.write_record(with_lifted(AddressRecord(hashed(8)), [suppression(8)], NOON), 0)
    found, cursor = world.suppressions.page(3, None)
    while cursor:
        more, cursor = world.suppressions.page(3, cursor)
        assert len(more) <= 3
        found += more
    assert sorted(each.address_hash for each in found) == sorted(hashed(number) for number in range(7))


def test_a_record_is_written_over_the_version_that_was_read(world: World) -> None:
    empty = world.suppressions.record(hashed(1))
    assert empty == AddressRecord(hashed(1))
    first = with_soft_bounce(empty, SoftBounce(NOON, "mail"))
    assert world.suppressions.write_record(first, 0)
    assert world.suppressions.write_record(first, 0), "a lost answer is read back"
    assert not world.suppressions.write_record(with_soft_bounce(empty, SoftBounce(NOON, "other")), 0)
    second = with_lifted(first, [suppression(1)], NOON)
    assert world.suppressions.write_record(second, 1)
    assert world.suppressions.record(hashed(1)) == second
    assert world.suppressions.read(hashed(1)) is None
