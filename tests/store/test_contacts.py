from dataclasses import replace

import pytest

from chalicelib.model.errors import Invalid
from chalicelib.work.world import World
from tests.store.pages import all_pages
from tests.store.things import contact, hashed


def created(world: World, *numbers: int) -> None:
    for start in range(0, len(numbers), 50):
        part = numbers[start : start + 50]
        wished = [(contact(number), hashed(number)) for number in part]
        assert world.contacts.create_many(wished) == {contact(number).id for number in part}


def test_a_contact_comes_back_as_it_went_in(world: World) -> None:
    assert world.contacts.read(contact(1).id) is None
    assert world.contacts.create(contact(1), hashed(1))
    assert world.contacts.read(contact(1).id) == contact(1)
    assert world.contacts.by_address(hashed(1)) == contact(1).id
    assert world.contacts.by_address(hashed(2)) is None


def test_an_address_belongs_to_one_contact(world: World) -> None:
    assert world.contacts.create(contact(1), hashed(1))
    assert not world.contacts.create(contact(2), hashed(1))
    assert world.contacts.read(contact(2).id) is None


def test_an_id_belongs_to_one_contact_and_a_refused_create_takes_no_address(world: World) -> None:
    assert world.contacts.create(contact(1), hashed(1))
    assert not world.contacts.create(replace(contact(2), id=contact(1).id), hashed(2))
    assert world.contacts.by_address(hashed(2)) is None
    assert world.contacts.read(contact(1).id) == contact(1)


def test_creating_the_very_same_again_is_no_refusal(world: World) -> None:
    assert world.contacts.create(contact(1), hashed(1))
    assert world.contacts.create(contact(1), hashed(1))
    assert world.contacts.create_many([(contact(1), hashed(1)), (contact(2), hashed(2))]) == {
        contact(1).id,
        contact(2).id,
    }


def test_a_deleted_contacts_address_keeps_its_old_id(world: World) -> None:
    created(world, 1)
    assert world.contacts.delete(contact(1).id, 1)
    assert world.contacts.read(contact(1).id) is None
    assert world.contacts.by_address(hashed(1)) == contact(1).id
    assert not world.contacts.create(contact(2), hashed(1))
    assert world.contacts.create(replace(contact(1), fields={"firstname": "Again"}), hashed(1))


def test_a_delete_is_conditional_on_the_version(world: World) -> None:
    created(world, 1)
    assert not world.contacts.delete(contact(1).id, 2)
    assert not world.contacts.delete(contact(2).id, 1)
    assert world.contacts.read(contact(1).id) == contact(1)


def test_many_are_created_without_those_that_cannot_be(world: World) -> None:
    created(world, 3, 7, 50)
    foreign = (contact(8), hashed(50))
    wished = [(replace(contact(n), created_at=5), hashed(n)) for n in range(40) if n != 8]
    assert world.contacts.create_many([*wished, foreign]) == {contact(n).id for n in range(40) if n not in (3, 7, 8)}
    assert world.contacts.read(contact(3).id) == contact(3)
    assert world.contacts.read(contact(8).id) is None


def test_any_number_is_read_at_once(world: World) -> None:
    created(world, *range(130))
    ids = [contact(number).id for number in range(140)]
    assert world.contacts.read_many([*ids, ids[0]]) == {contact(n).id: contact(n) for n in range(130)}
    hashes = [hashed(number) for number in range(140)]
    assert world.contacts.by_addresses(hashes) == {hashed(n): contact(n).id for n in range(130)}
    assert world.contacts.read_many([]) == {}


def test_an_update_is_conditional_on_the_version(world: World) -> None:
    created(world, 1)
    after = replace(contact(1), fields={"firstname": "Ann"}, version=2)
    assert world.contacts.update(after, 1)
    assert world.contacts.update(after, 1), "it stands as it was wished"
    assert not world.contacts.update(replace(after, fields={}), 1)
    assert not world.contacts.update(contact(2), 1), "nobody is there"
    assert world.contacts.read(after.id) == after


def test_many_updates_win_each_by_itself(world: World) -> None:
    created(world, *range(100))
    assert world.contacts.update(replace(contact(5), fields={}, version=2), 1)
    wished = [replace(contact(n), fields={"n": n}, version=2) for n in range(100)]
    assert world.contacts.update_many(wished) == {contact(n).id for n in range(100) if n != 5}
    assert world.contacts.read(contact(5).id).fields == {}
    assert world.contacts.read(contact(99).id).fields == {"n": 99}


def test_contacts_too_large_for_one_transaction_go_in_several(world: World) -> None:
    large = {f"f{n}": "x" * 1_000 for n in range(60)}
    wished = [(contact(n, fields=large), hashed(n)) for n in range(50)]
    assert len(world.contacts.create_many(wished)) == 50
    again = [contact(n, fields=large, version=2, updated_at=1) for n in range(50)]
    assert len(world.contacts.update_many(again)) == 50


def test_an_address_changes_and_the_old_one_becomes_free(world: World) -> None:
    created(world, 1, 2)
    after = replace(contact(1), address="new@example.com", version=2)
    assert not world.contacts.change_address(after, 1, hashed(1), hashed(2)), "it is another's"
    assert not world.contacts.change_address(after, 7, hashed(1), hashed(9)), "the version is another"
    assert world.contacts.by_address(hashed(9)) is None
    assert world.contacts.change_address(after, 1, hashed(1), hashed(9))
    assert world.contacts.by_address(hashed(1)) is None
    assert world.contacts.by_address(hashed(9)) == after.id
    assert world.contacts.read(after.id) == after
    assert world.contacts.create(contact(3), hashed(1))


def test_an_address_may_change_to_another_spelling_with_the_same_hash(world: World) -> None:
    created(world, 1)
    after = replace(contact(1), address="PERSON1@example.com", version=2)
    assert world.contacts.change_address(after, 1, hashed(1), hashed(1))
    assert world.contacts.by_address(hashed(1)) == after.id


@pytest.mark.parametrize("limit", [7, 50, 23])
def test_pages_show_everybody_once(world: World, limit: int) -> None:
    created(world, *range(23))
    shown = all_pages(lambda cursor: world.contacts.page(limit, cursor), limit)
    assert sorted(each.id for each in shown) == sorted(contact(n).id for n in range(23))


@pytest.mark.parametrize("segments", [1, 4])
def test_a_parallel_scan_visits_everybody_once(world: World, segments: int) -> None:
    created(world, *range(120))
    seen = [each for part in range(segments) for each in scanned(world, part, segments)]
    assert sorted(seen) == sorted(contact(n).id for n in range(120))


def test_a_scan_goes_on_behind_a_contact_that_was_deleted_meanwhile(world: World) -> None:
    created(world, *range(30))
    first, done = world.contacts.scan(0, 1, "", 10)
    assert 0 < len(first) <= 10
    assert not done
    assert world.contacts.delete(first[-1].id, 1)
    rest = scanned(world, 0, 1, after=first[-1].id)
    assert sorted([each.id for each in first] + rest) == sorted(contact(n).id for n in range(30))


def scanned(world: World, part: int, parts: int, after: str = "") -> list[str]:
    seen: list[str] = []
    done = False
    while not done:
        contacts, done = world.contacts.scan(part, parts, after, 9)
        assert contacts or done, "a part that is empty is the last"
        seen += [each.id for each in contacts]
        after = seen[-1] if seen else after
    return seen


@pytest.mark.real
def test_a_cursor_of_somebody_elses_making_is_refused(real_world: World) -> None:
    with pytest.raises(Invalid, match="cursor"):
        real_world.contacts.page(10, "!!")


def test_an_address_that_led_to_one_leads_to_another(world: World) -> None:
    created(world, 1, 2, 3)
    world.contacts.redirect(hashed(1), contact(1).id, contact(2).id)
    world.contacts.redirect(hashed(1), contact(1).id, contact(3).id)
    world.contacts.redirect(hashed(3), contact(1).id, contact(2).id)
    world.contacts.redirect(hashed(9), contact(1).id, contact(2).id)
    found = world.contacts.by_addresses([hashed(n) for n in (1, 2, 3, 9)])
    assert found == {hashed(1): contact(2).id, hashed(2): contact(2).id, hashed(3): contact(3).id}


def test_no_contact_gets_the_address_of_somebody_who_was_erased(world: World) -> None:
    created(world, 1, 2)
    world.contacts.entomb(hashed(1), contact(1).id, 5)
    world.contacts.entomb(hashed(1), contact(1).id, 9)
    assert world.contacts.erased([hashed(1), hashed(2), hashed(9)]) == {hashed(1): 5}
    assert world.contacts.delete(contact(1).id, 1)
    assert not world.contacts.create(contact(1), hashed(1))
    assert world.contacts.create_many([(contact(1), hashed(1)), (contact(3), hashed(3))]) == {contact(3).id}
    moved = replace(contact(2), address="new@example.com", version=2)
    assert not world.contacts.change_address(moved, 1, hashed(2), hashed(1))
    world.contacts.exhume(hashed(1))
    world.contacts.exhume(hashed(9))
    assert world.contacts.erased([hashed(1)]) == {}
    assert world.contacts.create(contact(1), hashed(1))
    assert world.contacts.by_address(hashed(9)) is None


def test_neither_a_merge_nor_a_new_address_takes_a_tombstone_away(world: World) -> None:
    created(world, 1, 2)
    world.contacts.entomb(hashed(1), contact(1).id, 5)
    world.contacts.redirect(hashed(1), contact(1).id, contact(2).id)
    assert world.contacts.by_address(hashed(1)) == contact(2).id
    assert world.contacts.erased([hashed(1)]) == {hashed(1): 5}
    world.contacts.entomb(hashed(2), contact(2).id, 6)
    moved = replace(contact(2), address="new@example.com", version=2)
    assert not world.contacts.change_address(moved, 1, hashed(2), hashed(3))
    assert world.contacts.erased([hashed(2)]) == {hashed(2): 6}


def test_a_tombstone_may_stand_where_nobody_ever_was(world: World) -> None:
    world.contacts.entomb(hashed(1), contact(1).id, 5)
    assert not world.contacts.create(contact(1), hashed(1))
