"""Finding contacts by the beginning of an address or a name: the fakes and DynamoDB's indexes say the same."""

from dataclasses import replace

import pytest

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.searching import folded
from chalicelib.store.connection import Connection
from chalicelib.work.world import World
from tests.fakes.world import numbered_id
from tests.store.calls import items_read
from tests.store.pages import all_pages


def person(number: int, address: str, first: str = "", last: str = "") -> Contact:
    names = {"firstname": first, "lastname": last}
    return Contact(numbered_id(number, "searched"), address, {each: name for each, name in names.items() if name})


PEOPLE = (
    person(1, "ann@example.com", "Ann", "Zoric"),
    person(2, "anna.b@example.com"),
    person(3, "z@example.com", "Ánnie", "Müller"),
    person(4, "muller@example.com", "Éva", "Anders"),
    person(5, "li@example.com", "Ann", "Müller"),
    person(6, "six@example.com", last="Straße"),
)


def created(world: World, *people: Contact) -> None:
    wished = [(each, numbered_id(n, f"hash of {each.address}")) for n, each in enumerate(people)]
    assert world.contacts.create_many(wished) == {each.id for each in people}


def found(world: World, typed: str, limit: int = 50) -> list[str]:
    return [each.address.partition("@")[0] for each in _pages(world, typed, limit)]


def _pages(world: World, typed: str, limit: int) -> list[Contact]:
    everything: list[Contact] = []
    cursor: str | None = None
    while True:
        items, cursor = world.contacts.search(folded(typed), limit, cursor)
        assert len(items) <= limit
        everything += items
        if cursor is None:
            return everything


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        # by address, then by the first name, then by the last, each once
        ("ann", ["ann", "anna.b", "li", "z"]),
        ("an", ["ann", "anna.b", "li", "z", "muller"]),
        ("MULL", ["muller", "li", "z"]),
        ("ann mü", ["li"]),
        ("müller  ÁN", ["li", "z"]),
        ("strass", ["six"]),
        ("ann@example.com", ["ann"]),
        ("zz", []),
    ],
)
def test_whom_letters_find(world: World, typed: str, expected: list[str], limit: int) -> None:
    created(world, *PEOPLE)
    assert found(world, typed, limit) == expected


def test_what_changes_is_found_as_it_is_now(world: World) -> None:
    created(world, *PEOPLE)
    ann = replace(PEOPLE[0], fields={"firstname": "Berta"}, version=2)
    assert world.contacts.update(ann, 1)
    assert found(world, "ann") == ["ann", "anna.b", "li", "z"]
    assert found(world, "berta") == ["ann"]
    assert found(world, "zoric") == []
    assert world.contacts.delete(PEOPLE[1].id, 1)
    assert found(world, "anna") == []


def test_a_merged_contact_is_not_found(world: World) -> None:
    created(world, *PEOPLE[:2])
    assert world.contacts.update(replace(PEOPLE[0], merged_into=PEOPLE[1].id, version=2), 1)
    assert found(world, "ann") == ["anna.b"]


def test_many_who_are_found_twice_are_shown_once_and_in_order(world: World) -> None:
    people = [person(n, f"ann{n:03d}@example.com", "Ann", f"Ann{n:03d}") for n in range(40)]
    created(world, *people)
    assert found(world, "ann", 7) == [f"ann{n:03d}" for n in range(40)]


@pytest.mark.real
def test_a_page_reads_little_however_many_there_are(real_world: World, connection: Connection) -> None:
    for start in range(0, 400, 50):
        created(real_world, *(person(n, f"ann{n:03d}@example.com", "Ann") for n in range(start, start + 50)))
    with items_read(connection) as read:
        page, cursor = real_world.contacts.search("ann", 10, None)
    assert len(page) == 10
    assert cursor is not None
    # eight partitions of at least eight keys, and the contacts themselves
    assert sum(read) <= 8 * 8 + 11


@pytest.mark.real
def test_a_cursor_of_somebody_elses_making_is_refused(real_world: World) -> None:
    with pytest.raises(Invalid, match="cursor"):
        real_world.contacts.search("ann", 10, "!!")
    assert all_pages(lambda cursor: real_world.contacts.search("ann", 10, cursor), 10) == []
