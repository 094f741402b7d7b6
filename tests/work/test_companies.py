import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound, TooLarge
from chalicelib.work import companies, definitions
from tests.fakes.clock import NOON
from tests.fakes.world import fake_world, numbered_id

FIRM = {"name": " Firm & Co ", "fields": {"city": "Köln", "colours": ["a"], "gone": None}}


@pytest.fixture
def world():
    return fake_world()


def test_made_and_read(world):
    firm = companies.create(world, FIRM)
    assert (firm.name, firm.fields) == ("Firm & Co", {"city": "Köln", "colours": ("a",)})
    assert (firm.version, firm.created_at) == (1, NOON)
    assert companies.read(world, firm.id) == firm


REFUSED = [
    ({}, Invalid, "name", "no name"),
    ({"name": " "}, Invalid, "name", "an empty name"),
    ({"name": "x" * 101}, Invalid, "name", "a long name"),
    ({"name": "x", "fields": []}, Invalid, "fields", "a list of fields"),
    ({"name": "x", "fields": {"Plan": 1}}, Invalid, "fields", "no alias"),
    ({"name": "x", "fields": {"staff": "many"}}, Invalid, "fields.staff", "no number"),
    ({"name": "x", "fields": {f"f{n}": "é" * 1_000 for n in range(40)}}, TooLarge, "fields", "too much"),
    ({"name": "x", "version": 3}, Invalid, "version", "what cannot be given"),
]


@pytest.mark.parametrize(("given", "fault", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(world, given, fault, field, why):
    definitions.create(world, "staff", {"type": "number"})
    with pytest.raises(fault) as caught:
        companies.create(world, given)
    assert caught.value.field == field, why
    assert companies.page(world, 9, None) == ([], None)


def test_fields_are_typed_as_a_contacts_are_but_have_no_defaults(world):
    definitions.create(world, "staff", {"type": "number", "default": "1"})
    assert companies.create(world, {"name": "x", "fields": {"staff": "40"}}).fields == {"staff": 40}
    assert companies.create(world, {"name": "x"}).fields == {}, "a default of contacts would hide nothing"


def test_changed_by_version_and_fields_are_merged(world):
    firm = companies.create(world, FIRM)
    after = companies.update(world, firm.id, {"fields": {"city": None, "vip": True}}, expected_version=1)
    assert (after.fields, after.name, after.version) == ({"colours": ("a",), "vip": True}, "Firm & Co", 2)
    assert companies.update(world, firm.id, {"name": "Firm & Co"}) == after, "nothing changed"
    with pytest.raises(Conflict):
        companies.update(world, firm.id, {"name": "Late"}, expected_version=1)


@pytest.mark.parametrize("company_id", [numbered_id(99), "nonsense", ""])
def test_nothing_there(world, company_id):
    for verb in (companies.read, companies.delete, lambda world, which: companies.update(world, which, {})):
        with pytest.raises(NotFound):
            verb(world, company_id)


def test_deleted(world):
    firm = companies.create(world, FIRM)
    companies.delete(world, firm.id)
    with pytest.raises(NotFound):
        companies.read(world, firm.id)
