from dataclasses import replace

import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.suppression import Suppression
from chalicelib.work import belonging, contacts, segments
from chalicelib.work.suppressing import suppress
from tests.fakes.clock import Clock
from tests.fakes.faulty import counted, intercepted
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(tables, clock):
    return fake_world(tables=tables, clock=clock)


def test_created_and_read_by_id_and_by_address(world, clock):
    ann = contacts.create(world, "Ann@Bücher.example", {"firstname": "Ann", "colours": ["a"], "nothing": None})
    assert ann.address == "ann@xn--bcher-kva.example"
    assert ann.fields == {"firstname": "Ann", "colours": ("a",)}
    assert (ann.created_at, ann.updated_at, ann.version) == (clock.at, clock.at, 1)
    assert contacts.read(world, ann.id) == ann
    assert contacts.read(world, "ANN@bücher.example") == ann


def test_an_address_is_taken_once_and_the_answer_names_the_holder(world):
    ann = contacts.create(world, "ann@example.com")
    with pytest.raises(Conflict, match=ann.id) as caught:
        contacts.create(world, "ANN@example.com")
    assert caught.value.field == "address"


@pytest.mark.parametrize("who", [numbered_id(99), "nobody@example.com", "no-id", ""])
def test_nobody_there(world, who):
    with pytest.raises(NotFound):
        contacts.read(world, who)


def test_a_deleted_contact_comes_back_with_its_id(world):
    ann = contacts.create(world, "ann@example.com", {"plan": "pro"})
    contacts.delete(world, ann.id)
    with pytest.raises(NotFound):
        contacts.read(world, "ann@example.com")
    again = contacts.create(world, "ann@example.com")
    assert (again.id, again.fields) == (ann.id, {})


def test_fields_are_merged_and_null_removes(world, clock):
    ann = contacts.create(world, "ann@example.com", {"plan": "pro", "city": "Köln"})
    clock.sleep(5)
    after = contacts.update(world, ann.id, {"fields": {"plan": None, "credits": 5}, "consent": False})
    assert after.fields == {"city": "Köln", "credits": 5}
    assert (after.consent, after.version, after.updated_at) == (False, 2, clock.at)
    assert contacts.read(world, ann.id) == after


def test_an_update_that_changes_nothing_writes_nothing(world, clock):
    ann = contacts.create(world, "ann@example.com", {"plan": "pro"})
    clock.sleep(5)
    calls = []
    tapped = intercepted(world, *counted(calls))
    changes = {"fields": {"plan": "pro", "gone": None}, "address": "ANN@example.com", "consent": True}
    assert contacts.update(tapped, ann.id, changes) == ann
    assert [call.method for call in calls] == ["page", "read"], "the fields' definitions, the contact"


def test_a_changed_address_frees_the_old_one(world):
    ann = contacts.create(world, "ann@example.com")
    contacts.update(world, "ann@example.com", {"address": "ann@example.org"})
    assert contacts.read(world, "ann@example.org").id == ann.id
    assert contacts.create(world, "ann@example.com").id != ann.id


def test_another_ones_address_cannot_be_taken(world):
    ann, ben = contacts.create(world, "ann@example.com"), contacts.create(world, "ben@example.com")
    with pytest.raises(Conflict, match=ben.id):
        contacts.update(world, ann.id, {"address": "ben@example.com"})
    contacts.delete(world, ben.id)
    with pytest.raises(Conflict, match="deleted"):
        contacts.update(world, ann.id, {"address": "ben@example.com"})


REFUSED = [
    ({"fields": {"Plan": 1}}, "fields", "an alias with a capital letter"),
    ({"fields": []}, "fields", "a list"),
    ({"consent": "yes"}, "consent", "text"),
    ({"address": 5}, "address", "a number"),
    ({"address": "ann"}, "address", "no address"),
    ({"id": "x"}, "id", "what cannot be changed"),
]


@pytest.mark.parametrize(("changes", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(world, changes, field, why):
    ann = contacts.create(world, "ann@example.com")
    with pytest.raises(Invalid) as caught:
        contacts.update(world, ann.id, changes)
    assert caught.value.field == field, why
    assert contacts.read(world, ann.id) == ann


def test_an_expected_version_that_is_past(world):
    ann = contacts.create(world, "ann@example.com")
    contacts.update(world, ann.id, {"consent": False}, expected_version=1)
    with pytest.raises(Conflict):
        contacts.update(world, ann.id, {"consent": True}, expected_version=1)


def _meddling(world, tables, times):
    """Before each of the next writes, somebody else writes the same contact."""
    left = [times]

    def before(call):
        if call.method == "update" and left[0]:
            left[0] -= 1
            [stored] = tables.contacts.values()
            fields = {**stored.fields, "other": left[0]}
            tables.contacts[stored.id] = replace(stored, fields=fields, version=stored.version + 1)

    return intercepted(world, before)


def test_nobody_elses_write_is_lost(world, tables):
    ann = contacts.create(world, "ann@example.com")
    after = contacts.update(_meddling(world, tables, 2), ann.id, {"fields": {"plan": "pro"}})
    assert after.fields == {"plan": "pro", "other": 0}


def test_who_never_gets_through_is_told(world, tables):
    ann = contacts.create(world, "ann@example.com")
    with pytest.raises(Conflict, match="meanwhile"):
        contacts.update(_meddling(world, tables, 100), ann.id, {"fields": {"plan": "pro"}})


def test_a_deleted_contact_leaves_its_lists(world, tables):
    ann = contacts.create(world, "ann@example.com")
    lists = [segments.create(world, name) for name in ("one", "two")]
    for each in lists:
        belonging.put_member(world, each.id, ann.id)
    contacts.delete(world, "ann@example.com")
    assert [tables.segments[each.id].size for each in lists] == [0, 0]
    assert [tables.members[each.id] for each in lists] == [set(), set()]


def test_all_pages_are_all_contacts(world):
    made = {contacts.create(world, f"p{n}@example.com").id for n in range(7)}
    seen, cursor = [], None
    while True:
        items, cursor = contacts.page(world, 3, cursor)
        seen += [each.id for each in items]
        if cursor is None:
            break
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize(("reason", "carried"), [("unsubscribed", True), ("complained", True), ("bounced", False)])
def test_a_persons_no_moves_with_them_to_another_address(world, reason, carried):
    ann = contacts.create(world, "ann@example.com")
    old, new = (world.signer.hashed("address", f"ann@example.{end}") for end in ("com", "org"))
    suppress(world, Suppression(old, reason, "test", 5))
    contacts.update(world, ann.id, {"address": "ann@example.org"})
    found = world.suppressions.read(new)
    assert (found.reason if found else None) == (reason if carried else None)
    assert [each.hash for each in contacts.read(world, ann.id).former] == [old]
