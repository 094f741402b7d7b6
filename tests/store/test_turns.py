from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.things import FAMILY, contact, message

OTHER, THIRD = numbered_id(2, "family"), numbered_id(3, "family")
LATER = NOON + 1_000


def test_a_turn_is_one_familys_until_it_runs_out(world: World) -> None:
    people = [contact(n).id for n in range(3)]
    take = world.turns.take
    assert take(FAMILY, dict.fromkeys(people[:2], ()), LATER, NOON) == set(people[:2])
    assert take(FAMILY, dict.fromkeys(people[:1], ()), LATER, NOON) == {people[0]}, "its own again"
    assert take(OTHER, dict.fromkeys(people, ()), LATER + 9, NOON + 1) == {people[2]}, "the others are not free"
    assert take(OTHER, dict.fromkeys(people[:2], ()), LATER + 9, LATER) == set(), "to the last millisecond"
    assert take(OTHER, dict.fromkeys(people[:2], ()), LATER + 9, LATER + 1) == set(people[:2])
    assert take(FAMILY, {}, LATER, NOON) == set()


def test_a_turn_is_free_where_its_family_is_done_with_the_person(world: World) -> None:
    person = contact(1).id
    assert world.turns.take(FAMILY, {person: ()}, LATER, NOON)
    assert not world.turns.take(OTHER, {person: [THIRD]}, LATER, NOON)
    assert world.turns.take(OTHER, {person: [THIRD, FAMILY]}, LATER, NOON) == {person}


def test_fifty_at_once_and_a_persons_messages_are_as_they_were(world: World) -> None:
    world.messages.put_many([message(7)])
    people = {contact(n).id: () for n in range(50)}
    assert world.turns.take(FAMILY, people, LATER, NOON) == people.keys()
    assert world.messages.history(contact(7).id, 10, None) == ([message(7)], None)
