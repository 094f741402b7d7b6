from chalicelib.model.contact import Edit
from chalicelib.model.history import KEPT, Kept
from chalicelib.work.world import World
from tests.fakes.world import numbered_id

ANN, BEN = numbered_id(1, "contact"), numbered_id(2, "contact")


def edit(number: int) -> Edit:
    return Edit(number, number * 10, "team", (("fields.city", "Köln", "Bonn"), ("points", "0", str(number))))


def test_edits_come_back_the_newest_first(world: World) -> None:
    assert world.edits.of_contact(ANN) == []
    world.edits.keep([Kept(ANN, edit(2)), Kept(BEN, edit(1)), Kept(ANN, edit(1))])
    world.edits.keep([Kept(ANN, edit(2))])
    assert world.edits.of_contact(ANN) == [edit(2), edit(1)]
    assert world.edits.of_contact(BEN) == [edit(1)]


def test_the_newest_are_kept(world: World) -> None:
    for number in range(1, KEPT + 6):
        world.edits.keep([Kept(ANN, edit(number))])
    assert [each.number for each in world.edits.of_contact(ANN)] == list(range(KEPT + 5, 5, -1))


def test_one_contacts_edits_are_forgotten(world: World) -> None:
    world.edits.keep([Kept(who, edit(number)) for who in (ANN, BEN) for number in range(1, 31)])
    world.edits.forget(ANN)
    world.edits.forget(ANN)
    assert world.edits.of_contact(ANN) == []
    assert len(world.edits.of_contact(BEN)) == 30
