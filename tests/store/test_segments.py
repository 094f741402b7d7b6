from dataclasses import replace

from chalicelib.model.contact import Contact
from chalicelib.work.world import World
from tests.store.pages import all_pages
from tests.store.things import contact, hashed, segment


def joined(world: World, number: int) -> Contact:
    """A contact on no list."""
    alone = contact(number, lists=frozenset())
    assert world.contacts.create(alone, hashed(number))
    return alone


def reread(world: World, number: int) -> Contact:
    found = world.contacts.read(contact(number).id)
    assert found is not None
    return found


def size(world: World, number: int = 1) -> int | None:
    found = world.segments.read(segment(number).id)
    assert found is not None
    return found.size


def test_lists_and_filters_come_back_as_they_went_in(world: World) -> None:
    live = segment(2, filter={"all": [{"field": "vip", "operator": "=", "value": True}]}, size=None)
    assert world.segments.create(segment(1))
    assert world.segments.create(live)
    assert world.segments.create(live), "the very same"
    assert not world.segments.create(replace(live, name="Other"))
    assert world.segments.read_many([segment(1).id, live.id, segment(3).id]) == {
        segment(1).id: segment(1),
        live.id: live,
    }
    assert world.segments.read(segment(3).id) is None


def test_an_update_is_conditional_and_leaves_the_size_alone(world: World) -> None:
    assert world.segments.create(segment(1))
    assert world.segments.add_member(segment(1).id, joined(world, 1))
    after = segment(1, name="New", version=2, size=77)
    assert world.segments.update(after, 1)
    assert world.segments.update(after, 1), "it stands as it was wished"
    assert not world.segments.update(replace(after, name="Newer"), 1)
    assert not world.segments.update(segment(9, version=2), 1)
    assert world.segments.read(segment(1).id) == replace(after, size=1)


def test_members_come_and_go_with_the_contacts_own_lists(world: World) -> None:
    assert world.segments.create(segment(1))
    person = joined(world, 1)
    assert world.segments.add_member(segment(1).id, person)
    assert reread(world, 1) == replace(person, lists=frozenset({segment(1).id}), version=2)
    assert size(world) == 1
    assert world.segments.add_member(segment(1).id, reread(world, 1)), "a member already"
    assert size(world) == 1
    assert world.segments.members(segment(1).id, "", 10) == [person.id]
    assert world.segments.remove_member(segment(1).id, reread(world, 1))
    assert reread(world, 1).lists == frozenset()
    assert size(world) == 0
    assert world.segments.remove_member(segment(1).id, reread(world, 1)), "no member any more"
    assert size(world) == 0


def test_membership_is_conditional_on_the_contacts_version_and_on_the_list(world: World) -> None:
    assert world.segments.create(segment(1))
    person = joined(world, 1)
    assert not world.segments.add_member(segment(1).id, replace(person, version=4))
    assert not world.segments.add_member(segment(2).id, person)
    assert world.segments.members(segment(1).id, "", 10) == []
    assert size(world) == 0
    assert reread(world, 1) == person


def test_members_come_in_the_order_of_their_ids_behind_any_place(world: World) -> None:
    everybody = sorted(contact(number).id for number in range(230))
    world.segments.add_members(segment(1).id, [contact(number).id for number in range(230)])
    world.segments.add_members(segment(1).id, everybody[:5])
    assert world.segments.members(segment(1).id, "", 1_000) == everybody
    assert world.segments.members(segment(1).id, "", 100) == everybody[:100]
    assert world.segments.members(segment(1).id, everybody[99], 100) == everybody[100:200]
    assert world.segments.members(segment(1).id, everybody[-1], 100) == []
    assert world.segments.members(segment(2).id, "", 100) == []


def test_a_recount_counts_and_stores_the_size(world: World) -> None:
    assert world.segments.create(segment(1))
    world.segments.add_members(segment(1).id, [contact(number).id for number in range(60)])
    assert size(world) == 0
    assert world.segments.recount(segment(1).id) == 60
    assert size(world) == 60


def test_a_delete_is_conditional_and_takes_the_members_along(world: World) -> None:
    assert world.segments.create(segment(1))
    world.segments.add_members(segment(1).id, [contact(number).id for number in range(30)])
    assert not world.segments.delete(segment(1).id, 2)
    assert world.segments.delete(segment(1).id, 1)
    assert world.segments.read(segment(1).id) is None
    assert world.segments.members(segment(1).id, "", 10) == []
    assert not world.segments.delete(segment(1).id, 1)


def test_pages(world: World) -> None:
    for number in range(7):
        assert world.segments.create(segment(number))
    shown = all_pages(lambda cursor: world.segments.page(3, cursor), 3)
    assert [each.id for each in shown] == sorted(segment(n).id for n in range(7))
