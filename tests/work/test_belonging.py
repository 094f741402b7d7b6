import pytest

from chalicelib.model.errors import Conflict, NotFound
from chalicelib.work import belonging, contacts, segments
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

PRO = {"field": "plan", "operator": "=", "value": "pro"}


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def world(tables):
    return fake_world(tables=tables)


def test_members_are_put_once_and_removed_once(world, tables):
    ann, news = contacts.create(world, "ann@example.com"), segments.create(world, "News")
    for _ in range(2):
        belonging.put_member(world, news.id, "ann@example.com")
    assert contacts.read(world, ann.id).lists == {news.id}
    assert (segments.read(world, news.id).size, tables.members[news.id]) == (1, {ann.id})
    for _ in range(2):
        belonging.remove_member(world, news.id, ann.id)
    assert contacts.read(world, ann.id).lists == frozenset()
    assert (segments.read(world, news.id).size, tables.members[news.id]) == (0, set())


def test_by_hand_a_live_filter_is_told_whom_it_holds(world):
    ann, live = contacts.create(world, "ann@example.com"), segments.create(world, "Pros", PRO)
    belonging.put_member(world, live.id, ann.id)
    assert contacts.read(world, ann.id).lists == {live.id}
    belonging.remove_member(world, live.id, ann.id)
    known = contacts.read(world, ann.id)
    assert (known.lists, known.barred) == (frozenset(), {live.id})


def test_a_contact_is_on_two_hundred_lists_at_most(world):
    ann = contacts.create(world, "ann@example.com")
    lists = [segments.create(world, f"list {n}") for n in range(201)]
    for each in lists[:200]:
        belonging.put_member(world, each.id, ann.id)
    belonging.put_member(world, lists[0].id, ann.id)
    with pytest.raises(Conflict, match="200"):
        belonging.put_member(world, lists[200].id, ann.id)


def test_a_deleted_lists_id_is_taken_off_a_contact(world):
    ann = contacts.create(world, "ann@example.com")
    lists = [segments.create(world, f"list {n}") for n in range(201)]
    for each in lists[:200]:
        belonging.put_member(world, each.id, ann.id)
    segments.delete(world, lists[0].id)
    before = contacts.read(world, ann.id)
    belonging.remove_member(world, lists[0].id, "ann@example.com")
    after = contacts.read(world, ann.id)
    assert (after.lists, after.version) == (before.lists - {lists[0].id}, before.version + 1)
    belonging.put_member(world, lists[200].id, ann.id)
    with pytest.raises(NotFound, match="segment"):
        belonging.remove_member(world, lists[0].id, ann.id)


def test_a_list_that_never_was_is_not_found(world):
    ann = contacts.create(world, "ann@example.com")
    for unknown in (numbered_id(99), "news"):
        with pytest.raises(NotFound, match="segment"):
            belonging.remove_member(world, unknown, ann.id)
    assert contacts.read(world, ann.id) == ann
