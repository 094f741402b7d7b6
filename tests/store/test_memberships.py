from dataclasses import replace
from datetime import date

from chalicelib.model.contact import Contact
from chalicelib.model.filling import Belonging, Filling
from chalicelib.model.segment import Segment
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id

SEGMENT = Segment(numbered_id(1, "live"), "Pros", {"field": "plan", "operator": "=", "value": "pro"}, generation=1)
PEOPLE = [Contact(numbered_id(n), f"p{n}@example.com", created_at=NOON, updated_at=NOON) for n in range(120)]


def furnished(world: World) -> None:
    for at in range(0, len(PEOPLE), 50):
        world.contacts.create_many([(each, f"hash {each.id}") for each in PEOPLE[at : at + 50]])
    assert world.segments.create(SEGMENT)


def joining(people: list[Contact]) -> list[Belonging]:
    return [Belonging(each.id, each.version, belongs=True) for each in people]


def size(world: World) -> int | None:
    stored = world.segments.read(SEGMENT.id)
    assert stored is not None
    return stored.size


def test_rows_and_size_are_set_right_together(world: World) -> None:
    furnished(world)
    assert world.memberships.settle(SEGMENT, joining(PEOPLE)) == 120
    assert size(world) is None, "not known before everybody was judged"
    assert world.memberships.passed(SEGMENT, NOON)
    assert size(world) == 120
    assert world.segments.members(SEGMENT.roster, "", 200) == sorted(each.id for each in PEOPLE)
    leaving = [replace(each, belongs=False) for each in joining(PEOPLE[:70])]
    assert world.memberships.settle(SEGMENT, leaving) == 70
    assert world.memberships.settle(SEGMENT, leaving) == 0, "nothing is left to change"
    assert world.memberships.settle(SEGMENT, joining(PEOPLE[60:90])) == 10, "the others are there"
    assert size(world) == 60
    wanted = {SEGMENT.roster: [each.id for each in PEOPLE[65:75]], "another": [PEOPLE[0].id]}
    assert world.memberships.standing(wanted) == {(SEGMENT.roster, each.id) for each in PEOPLE[65:75]} - {
        (SEGMENT.roster, each.id) for each in PEOPLE[90:]
    }


def test_whoever_judged_an_older_version_is_refused_and_nobody_else(world: World) -> None:
    furnished(world)
    changed = replace(PEOPLE[3], version=2)
    assert world.contacts.update(changed, 1)
    assert world.memberships.settle(SEGMENT, joining(PEOPLE[:10])) == 9
    assert (SEGMENT.roster, changed.id) not in world.memberships.standing({SEGMENT.roster: [changed.id]})
    assert world.memberships.settle(SEGMENT, joining([changed])) == 1


def test_whoever_is_gone_leaves_and_cannot_come(world: World) -> None:
    furnished(world)
    gone = Belonging(PEOPLE[0].id, 0, belongs=False)
    world.memberships.settle(SEGMENT, joining(PEOPLE[:2]))
    assert world.memberships.settle(SEGMENT, [gone]) == 0, "it is there"
    assert world.contacts.delete(PEOPLE[0].id, 1)
    assert world.memberships.settle(SEGMENT, [gone]) == 1
    assert world.memberships.settle(SEGMENT, joining(PEOPLE[:1])) == 0
    assert world.segments.members(SEGMENT.roster, "", 9) == [PEOPLE[1].id]


def test_another_filter_begins_anew(world: World) -> None:
    furnished(world)
    world.memberships.settle(SEGMENT, joining(PEOPLE[:5]))
    assert world.memberships.passed(SEGMENT, NOON)
    another = replace(SEGMENT, generation=2, version=2)
    assert world.segments.update(another, 1, emptied=True)
    stored = world.segments.read(SEGMENT.id)
    assert stored is not None
    assert (stored.size, stored.kept_since, stored.passed_at, stored.generation) == (None, 0, 0, 2)
    assert world.memberships.settle(SEGMENT, joining(PEOPLE[5:9])) == 0
    assert not world.memberships.passed(SEGMENT, NOON)
    assert world.memberships.settle(another, joining(PEOPLE[:3])) == 3
    assert world.memberships.passed(another, NOON + 1)
    assert size(world) == 3
    assert world.memberships.drop(SEGMENT.roster, 3) == 3
    assert len(world.segments.members(SEGMENT.roster, "", 9)) == 2
    assert len(world.segments.members(another.roster, "", 9)) == 3


def test_another_name_changes_neither_size_nor_what_passes_wrote(world: World) -> None:
    furnished(world)
    world.memberships.settle(SEGMENT, joining(PEOPLE[:5]))
    assert world.memberships.passed(SEGMENT, NOON)
    assert world.memberships.passed(SEGMENT, NOON + 5)
    assert world.segments.update(replace(SEGMENT, name="Others", version=2), 1)
    stored = world.segments.read(SEGMENT.id)
    assert stored is not None
    assert (stored.name, stored.size, stored.kept_since, stored.passed_at) == ("Others", 5, NOON, NOON + 5)


def test_sizes_day_by_day(world: World) -> None:
    for day, number in ((date(2026, 11, 26), 3), (date(2026, 11, 24), 1), (date(2026, 11, 25), 2)):
        world.segment_sizes.put(SEGMENT.id, day, number)
    world.segment_sizes.put(SEGMENT.id, date(2026, 11, 26), 4)
    world.segment_sizes.put(numbered_id(9), date(2026, 11, 26), 9)
    assert world.segment_sizes.since(SEGMENT.id, date(2026, 11, 25), 9) == [
        (date(2026, 11, 25), 2),
        (date(2026, 11, 26), 4),
    ]
    assert len(world.segment_sizes.since(SEGMENT.id, date(2026, 1, 1), 2)) == 2


def test_a_pass_goes_its_way(world: World) -> None:
    job = Filling(numbered_id(1, "job"), SEGMENT.id, 1, created_at=NOON)
    assert world.fillings.create(job)
    assert world.fillings.open() == [job.id]
    further = replace(job, state="running", phase="contacts", cursor="x", judged=5, version=2)
    assert world.fillings.update(further, 1)
    assert not world.fillings.update(replace(further, judged=6), 1)
    assert world.fillings.read(job.id) == further
    assert world.fillings.update(replace(further, state="finished", finished_at=NOON, version=3), 2)
    assert world.fillings.open() == []
