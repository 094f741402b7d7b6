from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.contact import Contact
from chalicelib.model.filter import All, Any, Condition, Not, as_json, parsed
from chalicelib.model.predicate import predicate

LIST, OTHER = "0123456789abcdef", "vutsrqponmlkjihg"


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


ZOE = Contact(
    id=LIST,
    address="zoe.o'neil@example.com",
    fields={
        "firstname": "Zoé",
        "plan": "Pro",
        "credits": 5,
        "typed_points": "12.50",
        "zip": "01234",
        "ratio": 0.25,
        "birthday": "1980-05-04",
        "seen": "2026-11-24T23:30:00+02:00",
        "vip": True,
        "said_vip": "true",
        "zero": 0,
        "blank": "",
        "nothing": None,
        "colours": ("Red", "green"),
        "no_tags": (),
        "street": "STRASSE",
    },
    lists=frozenset({LIST}),
    created_at=at("2026-11-24T09:30:00"),
    updated_at=at("2026-11-25T00:00:00"),
)

ROWS = [
    # field, operator, value, holds, why
    ("plan", "=", "pro", True, "case does not count"),
    ("plan", "=", "prö", False, "accents count"),
    ("firstname", "=", "ZOÉ", True, "nor does it beyond ASCII"),
    ("firstname", "=", "Zoe\u0301", True, "composed and decomposed are one text"),
    ("street", "=", "straße", True, "case folding, not lower case"),
    ("zip", "=", "1234", False, "text against text stays text"),
    ("zip", "=", 1234, True, "a number asked for makes typed text a number"),
    ("credits", "=", "5", True, "a stored number found by typed text"),
    ("credits", "=", "5.0", True, "the same number, differently typed"),
    ("credits", "=", 5.0, True, "int and float"),
    ("ratio", "=", "0.25", True, "fractions"),
    ("vip", "=", True, True, "booleans"),
    ("vip", "=", "TRUE", True, "a boolean found by its text"),
    ("vip", "=", 1, True, "and by its number, as MySQL stores it"),
    ("vip", "=", False, False, "the other boolean"),
    ("said_vip", "=", True, True, "typed booleans"),
    ("nothing", "=", "x", False, "null equals nothing"),
    ("absent", "=", "x", False, "nor does a field that is not there"),
    ("colours", "=", "red", True, "any of several texts"),
    ("colours", "=", "blue", False, "none of them"),
    ("birthday", "=", "1980-05-04", True, "a day"),
    ("birthday", "=", "1980-05-04T00:00:00Z", True, "a day is its midnight where a moment is asked for"),
    ("seen", "=", "2026-11-24", True, "a moment lies in its UTC day"),
    ("seen", "=", "2026-11-24T21:30:00Z", True, "zones are resolved"),
    ("seen", "=", "2026-11-24T21:30:01Z", False, "to the second"),
    ("plan", "!=", "pro", False, "the negation of ="),
    ("plan", "!=", "free", True, "another value"),
    ("nothing", "!=", "x", True, "Mautic's != also finds the empty"),
    ("blank", "empty", None, True, "the empty text"),
    ("nothing", "empty", None, True, "null"),
    ("absent", "empty", None, True, "a field that is not there"),
    ("no_tags", "empty", None, True, "no texts"),
    ("zero", "empty", None, False, "zero is a value"),
    ("plan", "!empty", None, True, "the negation of empty"),
    ("absent", "!empty", None, False, "the negation of empty"),
    ("email", "contains", "O'NEIL", True, "the address, without regard to case"),
    ("address", "contains", "@example.", True, "the address by its other name"),
    ("firstname", "contains", "OÉ", True, "beyond ASCII"),
    ("credits", "contains", "5", True, "a number as text"),
    ("colours", "contains", "EE", True, "in any of several"),
    ("absent", "contains", "x", False, "nothing contains nothing"),
    ("plan", "startsWith", "PR", True, "a prefix"),
    ("plan", "startsWith", "ro", False, "not an infix"),
    ("email", "startsWith", "zoe.", True, "of the address"),
    ("plan", "in", ["free", "PRO"], True, "one of them"),
    ("credits", "in", ["4", 5], True, "mixed kinds"),
    ("plan", "in", ["free"], False, "none of them"),
    ("credits", "gt", 4, True, "numbers"),
    ("credits", "gt", 5, False, "not itself"),
    ("credits", "gte", "5", True, "typed bound"),
    ("typed_points", "gt", 9, True, "12.50 > 9 although '1' < '9'"),
    ("typed_points", "lt", "100", True, "both typed, both numeric: numbers"),
    ("plan", "gt", 1, False, "text is no number"),
    ("plan", "lt", 1, False, "in neither direction"),
    ("nothing", "lt", 1, False, "null is not less"),
    ("ratio", "lte", 0.25, True, "itself"),
    ("birthday", "lt", "1980-05-05", True, "days"),
    ("birthday", "gt", "1980-05-04", False, "not itself"),
    ("seen", "gt", "2026-11-24", False, "a moment within the day is not after the day"),
    ("seen", "lte", "2026-11-24", True, "but until its end"),
    ("seen", "gt", "2026-11-24T21:00:00Z", True, "moments"),
    ("plan", "lt", "2026-01-01", False, "text is no day"),
    ("credits", "lt", "2026-01-01", False, "nor is a number"),
    ("created_at", "gte", "2026-11-24", True, "from the start of the day"),
    ("created_at", "=", "2026-11-24", True, "that day"),
    ("created_at", "!=", "2026-11-23", True, "another day"),
    ("created_at", "lt", "2026-11-24T10:00:00Z", True, "a moment"),
    ("updated_at", "gt", "2026-11-24", True, "the next day"),
    ("plan", "endsWith", "RO", True, "a suffix"),
    ("street", "endsWith", "ß", False, "ss is before the E"),
    ("firstname", "like", "z_É", True, "one character, beyond ASCII"),
    ("firstname", "like", "z_", False, "the whole text, as in SQL"),
    ("plan", "!like", "p%", False, "the negation of like"),
    ("nothing", "!like", "p%", True, "which holds for the empty"),
    ("blank", "like", "%", False, "an empty value is like nothing"),
    ("zip", "regexp", "^[0-9]{5}$", True, "a pattern"),
    ("firstname", "regexp", "^ZO\\pL$", True, "without regard to case, by Unicode's classes"),
    ("credits", "regexp", "5", True, "a number as text"),
    ("absent", "!regexp", "5", True, "the negation holds for the empty"),
    ("colours", "!in", ["blue"], True, "none of several"),
    ("credits", "between", [5, 6], True, "both ends belong"),
    ("credits", "!between", ["4", "5"], False, "typed numbers"),
    ("birthday", "between", ["1980-01-01", "1980-05-04"], True, "days"),
    ("birthday", "between", [1, 2], False, "a day is no number"),
    ("created_at", "between", ["2026-11-24T09:30:00Z", "2026-11-24T09:30:00Z"], True, "a moment"),
    ("created_at", "empty", None, False, "never empty"),
    ("last_active", "empty", None, True, "nothing is known of its past"),
    ("do_not_contact", "=", False, True, "nor that it is not to be mailed"),
    ("segment", "=", LIST, True, "member"),
    ("segment", "=", OTHER, False, "not a member"),
    ("segment", "!=", OTHER, True, "not a member, asked so"),
    ("segment", "in", [OTHER, LIST], True, "member of one"),
    ("consent", "=", True, True, "consents"),
    ("consent", "=", False, False, "does not object"),
    ("consent", "!=", False, True, "does not object, asked so"),
]


@pytest.mark.parametrize(("field", "operator", "value", "holds", "why"), ROWS, ids=[row[-1] for row in ROWS])
def test_condition(field, operator, value, holds, why):
    json = {"field": field, "operator": operator} | ({} if value is None else {"value": value})
    assert predicate(parsed(json))(ZOE) is holds, why


FIELDS = sorted(set(ZOE.fields) | {"absent"})
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=5)
SCALARS = st.one_of(
    st.sampled_from(["pro", "Zoé", "5", "12.5", "1980-05-04", "2026-11-24T21:30:00Z", "true", "red", "ß"]),
    st.integers(-20, 20),
    st.booleans(),
    st.floats(-20, 20),
    TEXT,
)
BOUNDS = st.one_of(st.integers(-(10**37), 10**37), st.floats(-1e37, 1e37), st.dates().map(str))
LEAVES = st.one_of(
    st.builds(Condition, st.sampled_from(FIELDS), st.sampled_from(["=", "!="]), SCALARS),
    st.builds(Condition, st.sampled_from(FIELDS), st.sampled_from(["empty", "!empty"])),
    st.builds(Condition, st.sampled_from(FIELDS), st.sampled_from(["gt", "gte", "lt", "lte"]), BOUNDS),
    st.builds(
        Condition,
        st.sampled_from(FIELDS),
        st.sampled_from(["contains", "startsWith", "endsWith", "like", "!like"]),
        TEXT,
    ),
    st.builds(Condition, st.sampled_from(FIELDS), st.just("in"), st.lists(SCALARS, min_size=1, max_size=3).map(tuple)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)
VALUES = st.one_of(
    st.none(),
    st.text(max_size=4),
    st.integers(),
    st.floats(allow_nan=False),
    st.booleans(),
    st.datetimes().map(lambda each: each.isoformat()),
    st.dates().map(str),
    st.lists(st.text(max_size=3), max_size=3).map(tuple),
)
CONTACTS = st.builds(
    lambda fields: Contact(LIST, "ann@example.com", fields), st.dictionaries(st.sampled_from(FIELDS), VALUES)
)


@given(TREES, CONTACTS)
def test_not_not_is_nothing(tree, contact):
    assert predicate(Not(Not(tree)))(contact) is predicate(tree)(contact)


@given(st.lists(TREES, min_size=1, max_size=3).map(tuple), CONTACTS)
def test_de_morgan(parts, contact):
    assert predicate(Not(All(parts)))(contact) is predicate(Any(tuple(map(Not, parts))))(contact)
    assert predicate(Not(Any(parts)))(contact) is predicate(All(tuple(map(Not, parts))))(contact)


@given(st.sampled_from(FIELDS), BOUNDS, CONTACTS)
def test_a_bound_cuts_in_three(field, bound, contact):
    def holds(name):
        return predicate(Condition(field, name, bound))(contact)

    if isinstance(contact.fields.get(field), tuple):
        return
    assert holds("gt") + holds("lt") <= 1
    assert holds("gte") is (holds("gt") or (holds("gte") and holds("lte")))
    assert holds("gt") is (holds("gte") and not holds("lte"))
    assert holds("lt") is (holds("lte") and not holds("gte"))


@given(TREES)
def test_the_json_form_comes_back(tree):
    assert parsed(as_json(tree)) == tree
