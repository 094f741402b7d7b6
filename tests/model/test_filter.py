import pytest

from chalicelib.model.built_in import BUILT_IN
from chalicelib.model.contact import RESERVED, Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import parsed
from chalicelib.model.predicate import predicate
from tests.fakes.clock import NOON

OK = {"field": "plan", "operator": "=", "value": "pro"}


def nested(levels):
    return OK if levels == 1 else {"not": nested(levels - 1)}


ROWS = [
    # json, field named, part of the mend, why
    ([], "filter", "object", "not an object"),
    ({}, "filter", "exactly one", "nothing"),
    ({"all": [OK], "any": [OK]}, "filter", "exactly one", "two shapes at once"),
    ({"some": [OK]}, "filter", "exactly one", "an unknown shape"),
    ({"all": []}, "filter.all", "1 to 100", "an empty list says nothing"),
    ({"all": OK}, "filter.all", "list", "an object where a list belongs"),
    ({"all": [OK, OK, {"not": OK | {"operator": "~"}}]}, "filter.all[2].not.operator", "startsWith", "the place"),
    ({"any": [OK | {"field": "Plan"}]}, "filter.any[0].field", "alias", "a capital letter"),
    (OK | {"field": 3}, "filter.field", "alias", "a number as field"),
    (OK | {"glue": "and"}, "filter.glue", "alone", "an unknown key"),
    ({"field": "plan", "operator": "="}, "filter.value", "Give text", "a value is missing"),
    (OK | {"value": ""}, "filter.value", "`empty`", "empty text: there is an operator for it"),
    (OK | {"value": "x" * 1001}, "filter.value", "1 to 1000", "a long value"),
    (OK | {"value": float("nan")}, "filter.value", "number", "not a number"),
    (OK | {"value": {}}, "filter.value", "Give text", "an object"),
    (OK | {"operator": "empty"}, "filter.value", "Leave", "a value that nobody reads"),
    (OK | {"operator": "in"}, "filter.value", "list", "text where a list belongs"),
    (OK | {"operator": "in", "value": []}, "filter.value", "1 to 500", "nothing to choose"),
    (OK | {"operator": "in", "value": ["a", None]}, "filter.value[1]", "Give text", "null among the choices"),
    (OK | {"operator": "contains", "value": 5}, "filter.value", "Give text", "a number to contain"),
    (OK | {"operator": "gt", "value": "pro"}, "filter.value", "a day", "text has no order here"),
    (OK | {"operator": "gt", "value": True}, "filter.value", "a number", "nor have booleans"),
    (OK | {"operator": "lt", "value": "2026-02-30"}, "filter.value", "a day", "no such day"),
    ({"field": "created_at", "operator": "contains", "value": "2026"}, "filter.operator", "gte", "not for moments"),
    ({"field": "created_at", "operator": "gt", "value": 5}, "filter.value", "ISO 8601", "a number is no moment"),
    ({"field": "segment", "operator": "gt", "value": 5}, "filter.operator", "in", "no order of segments"),
    ({"field": "segment", "operator": "=", "value": "vip"}, "filter.value", "id of a segment", "a name, not an id"),
    ({"field": "consent", "operator": "=", "value": "yes"}, "filter.value", "true or false", "consent is no text"),
    ({"field": "consent", "operator": "empty"}, "filter.operator", "=, !=", "consent is never empty"),
    ({"all": [OK | {"field": "id"}]}, "filter.all[0].field", "email", "the id: nobody would be found"),
    (OK | {"field": "version"}, "filter.field", "updated_at", "the version: nobody would be found"),
    (OK | {"field": "lists"}, "filter.field", "`segment`", "the lists have a name of their own"),
    (OK | {"field": "segments"}, "filter.field", "`segment`", "and so have the segments"),
    (OK | {"field": "fields"}, "filter.field", "by its alias", "the fields are named one by one"),
    (OK | {"value": "a\x00"}, "filter.value", "control character", "nobody can type it"),
    (OK | {"value": 10**38}, "filter.value", "a number", "no field holds it"),
    (OK | {"operator": "regexp", "value": "(a"}, "filter.value", "RE2", "a broken pattern"),
    (OK | {"operator": "regexp", "value": r"(a)\1"}, "filter.value", "RE2", "a backreference"),
    (OK | {"operator": "regexp", "value": "a" * 501}, "filter.value", "500", "a long pattern"),
    (OK | {"operator": "between", "value": [1]}, "filter.value", "two values", "half a range"),
    (OK | {"operator": "between", "value": [5, 1]}, "filter.value", "lower number first", "nobody is in between"),
    (OK | {"operator": "between", "value": [5, "today"]}, "filter.value", "two dates", "a number and a day"),
    (OK | {"operator": "gt", "value": "birthday"}, "filter.value", "a day", "an anniversary has no order"),
    (OK | {"operator": "conatins"}, "filter.operator", "Perhaps 'contains'?", "nearly an operator"),
    ({"field": "opened", "operator": "gt"}, "filter.operator", "=, !=", "a deed has no order"),
    ({"field": "opened", "operator": "=", "value": {"of": 1}}, "filter.value", "emails", "an unknown part of a deed"),
    ({"field": "opened", "operator": "=", "value": {"times": 0}}, "filter.value.times", "1 to 1000", "never is `!=`"),
    ({"field": "opened", "operator": "=", "value": {"emails": ["x"]}}, "filter.value.emails", "ids", "no id"),
    (
        {"field": "opened", "operator": "=", "value": {"link": "x"}},
        "filter.value.link",
        "`clicked`",
        "opens have no link",
    ),
    (nested(11), "filter" + ".not" * 10, "at most 10", "eleven levels"),
    ({"all": [{"any": [OK] * 51}, {"any": [OK] * 50}]}, "filter", "at most 100", "101 conditions"),
    ({"all": [OK | {"value": "x" * 1000}] * 51}, "filter", "50000", "51,000 characters"),
]


@pytest.mark.parametrize(("json", "field", "mend", "why"), ROWS, ids=[row[-1] for row in ROWS])
def test_refused(json, field, mend, why):
    with pytest.raises(Invalid) as caught:
        parsed(json)
    assert caught.value.field == field, why
    assert mend in caught.value.hint


@pytest.mark.parametrize(
    "json",
    [nested(10), {"all": [OK] * 100}, {"all": [OK | {"value": "x" * 1000}] * 50}],
    ids=["ten levels", "a hundred conditions", "50,000 characters"],
)
def test_at_the_limit(json):
    parsed(json)


READ = {
    "owner_id": "1" * 16,
    "company_id": "2" * 16,
    "email": "zoe@example.com",
    "address": "zoe@example.com",
    "created_at": "2025-11-25",
    "updated_at": "2025-11-25",
    "segment": "0" * 16,
    "consent": True,
}


def test_every_built_in_name_is_reserved():
    """A field of that name could never be read."""
    assert BUILT_IN.keys() <= RESERVED


@pytest.mark.parametrize("field", sorted(READ))
def test_a_reserved_name_that_is_read(field):
    zoe = Contact(
        "0" * 16,
        READ["email"],
        lists=frozenset({"0" * 16}),
        created_at=NOON,
        updated_at=NOON,
        owner_id=READ["owner_id"],
        company_id=READ["company_id"],
    )
    assert predicate(parsed({"field": field, "operator": "=", "value": READ[field]}))(zoe)


@pytest.mark.parametrize("field", sorted(RESERVED - BUILT_IN.keys()))
def test_any_other_reserved_name_is_refused(field):
    """No field may take it and no filter reads it: it would find nobody, without a word."""
    with pytest.raises(Invalid) as caught:
        parsed({"field": field, "operator": "=", "value": "x"})
    assert caught.value.field == "filter.field"
    assert caught.value.hint


def test_a_deep_nest_does_not_exhaust_the_stack():
    json = OK
    for _ in range(100_000):
        json = {"not": json}
    with pytest.raises(Invalid):
        parsed(json)


TYPES = {"plan": "select", "credits": "number", "born": "date", "vip": "boolean"}
TYPED = [
    # json, field named, part of the mend, why
    (OK | {"operator": "contains"}, "filter.operator", "regexp, !regexp, in", "a select has choices"),
    ({"field": "credits", "operator": "=", "value": "many"}, "filter.value", "a number", "text for a number"),
    ({"field": "born", "operator": "=", "value": "someday"}, "filter.value", "last month", "text for a date"),
    ({"field": "vip", "operator": "=", "value": 1}, "filter.value", "true or false", "a number for a boolean"),
    ({"field": "vip", "operator": "empty"}, "filter.operator", "=, !=", "a boolean is compared alone"),
]


@pytest.mark.parametrize(("json", "field", "mend", "why"), TYPED, ids=[row[-1] for row in TYPED])
def test_a_known_type_narrows(json, field, mend, why):
    with pytest.raises(Invalid) as caught:
        parsed(json, types=TYPES)
    assert caught.value.field == field, why
    assert mend in caught.value.hint


def test_a_field_without_a_type_takes_every_operator():
    for operator, value in (("contains", "x"), ("gt", 5), ("between", [1, 2]), ("in", ["a"]), ("like", "%")):
        parsed({"field": "other", "operator": operator, "value": value}, types=TYPES)
