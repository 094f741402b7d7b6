import pytest

from chalicelib.model.contact import MAX_FIELDS
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.work import contacts, definitions
from tests.fakes.clock import NOON
from tests.fakes.world import fake_world

SELECT = {"label": "Plan", "type": "select", "choices": [{"value": "pro"}, {"value": "free"}]}


@pytest.fixture
def world():
    return fake_world()


def held(world, fields):
    return contacts.create(world, "ann@example.com", fields).fields


def test_made_and_read(world):
    plan = definitions.create(world, "plan", SELECT)
    assert (plan.alias, plan.label, plan.type, plan.version, plan.created_at) == ("plan", "Plan", "select", 1, NOON)
    assert definitions.read(world, "plan") == plan
    assert definitions.by_alias(world) == {"plan": plan}


REFUSED = [
    ("Plan", {}, "alias", "a capital letter"),
    ("email", {}, "alias", "the contact's own"),
    ("owner_id", {}, "alias", "the contact's own owner"),
    ("plan", {"type": "select"}, "choices", "no choices"),
    ("plan", SELECT | {"default": "gold"}, "default", "a default that is no choice"),
    ("plan", {"type": "number", "default": "many"}, "default", "a default that is no number"),
    ("plan", {"type": "email", "default": "nobody"}, "default", "a default that is no address"),
    ("plan", {"default": "a\x00"}, "default", "a control character"),
]


@pytest.mark.parametrize(("alias", "given", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(world, alias, given, field, why):
    with pytest.raises(Invalid) as caught:
        definitions.create(world, alias, given)
    assert caught.value.field == field, why
    assert definitions.by_alias(world) == {}


def test_one_definition_for_one_alias(world):
    definitions.create(world, "plan", SELECT)
    with pytest.raises(Conflict) as caught:
        definitions.create(world, "plan", {})
    assert caught.value.field == "alias"


def test_there_is_room_for_so_many(world, monkeypatch):
    monkeypatch.setattr(definitions, "MAX_DEFINITIONS", 2)
    for alias in ("a", "b"):
        definitions.create(world, alias, {})
    with pytest.raises(Conflict, match="2 fields"):
        definitions.create(world, "c", {})


def test_all_are_found_beyond_one_page(world):
    for number in range(150):
        definitions.create(world, f"f{number}", {})
    assert len(definitions.by_alias(world)) == 150


def test_changed_by_version(world):
    definitions.create(world, "plan", SELECT)
    after = definitions.update(world, "plan", {"label": "Tariff"}, expected_version=1)
    assert (after.label, after.version, after.type) == ("Tariff", 2, "select")
    with pytest.raises(Conflict):
        definitions.update(world, "plan", {"label": "Late"}, expected_version=1)


@pytest.mark.parametrize("alias", ["nothing", "No Alias", ""])
def test_nothing_there(world, alias):
    for verb in (definitions.read, definitions.delete, lambda world, which: definitions.update(world, which, {})):
        with pytest.raises(NotFound):
            verb(world, alias)


def test_a_wider_type_keeps_values_and_choices_and_a_narrower_is_refused(world):
    definitions.create(world, "plan", SELECT)
    ann = contacts.create(world, "ann@example.com", {"plan": "PRO"})
    assert definitions.update(world, "plan", {"type": "multiselect"}).choices[0].value == "pro"
    assert contacts.read(world, ann.id).fields == {"plan": "pro"}
    both = contacts.update(world, ann.id, {"fields": {"plan": ["free", "pro"]}})
    assert both.fields == {"plan": ("free", "pro")}
    with pytest.raises(Invalid, match="new field"):
        definitions.update(world, "plan", {"type": "select"})
    assert definitions.update(world, "plan", {"type": "text"}).choices == ()
    assert contacts.read(world, ann.id).fields == both.fields


def test_a_default_has_to_fit_what_the_field_becomes(world):
    definitions.create(world, "plan", SELECT | {"default": "free"})
    with pytest.raises(Invalid) as caught:
        definitions.update(world, "plan", {"choices": [{"value": "gold"}]})
    assert caught.value.field == "default"
    assert definitions.update(world, "plan", {"choices": [{"value": "gold"}], "default": "Gold"}).version == 2


def test_values_are_typed_when_they_are_written(world):
    definitions.create(world, "credits", {"type": "number"})
    definitions.create(world, "work", {"type": "email"})
    fields = {"credits": "1.5", "work": "Ann@Bücher.example", "free": "1.5"}
    assert held(world, fields) == {"credits": 1.5, "work": "ann@xn--bcher-kva.example", "free": "1.5"}


@pytest.mark.parametrize(("alias", "value"), [("plan", "gold"), ("work", "nobody"), ("work", ["a@example.com"])])
def test_a_bad_value_is_named(world, alias, value):
    definitions.create(world, "plan", SELECT)
    definitions.create(world, "work", {"type": "email"})
    for write in (held, lambda world, fields: contacts.update(world, "ben@example.com", {"fields": fields})):
        with pytest.raises(Invalid) as caught:
            write(world, {alias: value})
        assert caught.value.field == f"fields.{alias}"


def test_an_empty_value_is_none_and_removes(world):
    definitions.create(world, "credits", {"type": "number"})
    ann = contacts.create(world, "ann@example.com", {"credits": 5})
    assert contacts.update(world, ann.id, {"fields": {"credits": " "}}).fields == {}


def test_defaults_are_for_new_contacts_and_null_refuses_one(world):
    definitions.create(world, "credits", {"type": "number", "default": "0"})
    definitions.create(world, "plans", SELECT | {"type": "multiselect", "default": "pro|free"})
    definitions.create(world, "old", {"default": "x", "retired": True})
    assert held(world, {"plans": None}) == {"credits": 0}
    ben = contacts.create(world, "ben@example.com", {"credits": 7})
    assert ben.fields == {"credits": 7, "plans": ("pro", "free")}
    assert contacts.update(world, ben.id, {"fields": {"credits": None}}).fields == {"plans": ("pro", "free")}


def test_a_retired_field_keeps_what_it_holds(world):
    definitions.create(world, "plan", SELECT)
    ann = contacts.create(world, "ann@example.com", {"plan": "pro"})
    definitions.update(world, "plan", {"retired": True})
    with pytest.raises(Invalid, match="retired"):
        contacts.update(world, ann.id, {"fields": {"plan": "free"}})
    assert contacts.update(world, ann.id, {"fields": {"city": "Köln"}}).fields == {"plan": "pro", "city": "Köln"}
    assert contacts.update(world, ann.id, {"fields": {"plan": None}}).fields == {"city": "Köln"}


def test_without_its_definition_a_field_takes_anything_again(world):
    definitions.create(world, "plan", SELECT)
    ann = contacts.create(world, "ann@example.com", {"plan": "pro"})
    definitions.delete(world, "plan")
    assert contacts.update(world, ann.id, {"fields": {"plan": 5}}).fields == {"plan": 5}


def test_defaults_that_find_no_room_are_told(world):
    definitions.create(world, "plan", {"default": "x"})
    with pytest.raises(Invalid):
        held(world, {f"f{n}": n for n in range(MAX_FIELDS)})
