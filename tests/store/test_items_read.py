"""No list reads a whole table: a page of ten costs about ten items, however many there are."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.model.importing import Rejected
from chalicelib.model.owner import Owner
from chalicelib.model.suppression import Suppression
from chalicelib.model.tag import Tag
from chalicelib.store.connection import Connection
from chalicelib.work.world import World
from local import ministack
from tests.fakes.world import numbered_id
from tests.ministack import LocalAws
from tests.store.calls import items_read
from tests.store.conftest import REGION, world_over
from tests.store.things import broadcast, contact, email, hashed, segment

pytestmark = pytest.mark.real

MANY, PAGE = 150, 10

Fill = Callable[[World], Any]
List = Callable[[World, str | None], tuple[list[Any], str | None]]


def contacts(world: World) -> None:
    for start in range(0, MANY, 50):
        world.contacts.create_many([(contact(n), hashed(n)) for n in range(start, start + 50)])


def each(make: Callable[[World, int], object]) -> Fill:
    return lambda world: [make(world, n) for n in range(MANY)]


def suppress(world: World, number: int) -> None:
    world.suppressions.put(Suppression(hashed(number), "bounced", "operator", number))


REJECTED = [Rejected(n, "email", "x", "no address") for n in range(MANY)]
LISTS: dict[str, tuple[Fill, List]] = {
    "contacts": (contacts, lambda world, cursor: world.contacts.page(PAGE, cursor)),
    "contacts found": (contacts, lambda world, cursor: world.contacts.search("person", PAGE, cursor)),
    "segments": (
        each(lambda world, n: world.segments.create(segment(n))),
        lambda world, cursor: world.segments.page(PAGE, cursor),
    ),
    "e-mails": (
        each(lambda world, n: world.emails.create(email(n))),
        lambda world, cursor: world.emails.page(PAGE, cursor),
    ),
    "broadcasts": (
        each(lambda world, n: world.broadcasts.create(broadcast(n, created_at=n))),
        lambda world, cursor: world.broadcasts.of_email(broadcast(1).email, PAGE, cursor),
    ),
    "suppressions": (each(suppress), lambda world, cursor: world.suppressions.page(PAGE, cursor)),
    "rejected lines": (
        lambda world: world.imports.add_rejected(numbered_id(1, "import"), REJECTED),
        lambda world, cursor: world.imports.rejected(numbered_id(1, "import"), PAGE, cursor),
    ),
    "a shelf": (
        each(lambda world, n: world.owners.create(Owner(numbered_id(n, "owner"), f"o{n}@example.com"))),
        lambda world, cursor: world.owners.page(PAGE, cursor),
    ),
    "tags": (
        each(lambda world, n: world.tags.create(Tag(f"tag {n:03d}"))),
        lambda world, cursor: world.tags.page(PAGE, cursor),
    ),
}
# A search reads eight partitions, a list of broadcasts an entry beside each, and a scan a hundred items at least.
MORE = {"contacts found": 8 * 8 + 1, "broadcasts": PAGE, "suppressions": 100}


@pytest.fixture(scope="module")
def alone(aws: LocalAws) -> Connection:
    """Tables of their own: a scan reads over other workspaces' rows, and a deployment has one workspace."""
    outputs = ministack.deploy_data(aws.url, "alone", "alone-bucket")
    return Connection(REGION, "alone", outputs["BucketName"], endpoint=aws.url)


@pytest.mark.parametrize("name", LISTS)
def test_a_page_reads_as_much_as_it_shows(alone: Connection, name: str) -> None:
    fill, page = LISTS[name]
    world = world_over(alone, "main")
    fill(world)
    cursor = None
    for _ in range(3):
        with items_read(alone) as read:
            items, cursor = page(world, cursor)
        assert len(items) == PAGE
        assert PAGE < sum(read) <= PAGE + 1 + MORE.get(name, 0)
    assert cursor is not None
