"""Filters against SQLite: every operator with every type that takes it, then random trees over random rows."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.deeds import DEEDS, Deed, Past
from chalicelib.model.filter import All, Any, Condition, Not, as_json, parsed
from chalicelib.model.filter_glue import parsed_glue
from chalicelib.model.filter_reading import parsed_text
from chalicelib.model.filter_text import as_text
from chalicelib.model.operators import BY_TYPE
from chalicelib.model.predicate import predicate
from tests.fakes.clock import NOON
from tests.model.filter_oracle import DAY, EMAILS, LISTS, RELATIVE, TYPES, contact, did, found, setting

FIRST, SECOND = EMAILS
SHOP = "https://shop.example/a"
RED_GREEN, FIRST_LIST = ("Red", "green"), frozenset(LISTS[:1])
PEOPLE = [
    contact(1),
    contact(
        2, plan="Pro", credits=5, born="1980-11-25", seen="2025-11-25T23:59:59Z", vip=True, colours=("Red", "green")
    ),
    contact(3, plan="", credits=0, born="2025-11-24", seen="2025-11-24T00:00:00Z", vip=False, colours=()),
    contact(4, plan="free pro", credits=-3, born="2025-12-01", seen="2025-12-01T00:00:00Z", colours=("blue",)),
    contact(
        5, plan="50%_off", credits=12.5, born="2000-02-29", seen="2024-12-31T12:00:00Z", lists=frozenset(LISTS[:1])
    ),
    contact(6, plan="p", credits=100, born="2025-10-31", seen="2025-11-30T08:00:00Z", lists=frozenset(LISTS)),
    contact(7, Past({FIRST: did(sent=[40])}), plan="pr\\o", credits=1, created_at=NOON, born="1980-12-02"),
    contact(8, Past({FIRST: did([3], [2, 1], [(1, SHOP)])}), plan="it's", created_at=NOON - 7 * DAY),
    contact(9, Past({FIRST: did([3], [2]), SECOND: did([90], [40, 30], [(31, "https://x.example")])}), plan="P.O"),
]
# For each type: its field, and the values to ask for by operator ("" for all that are not named).
VALUES = {
    "text": ("plan", {"": ["pro", "PRO", "it's", "%", "p", "o"], "like": ["pr%", "%o", "p__", "50\\%%", "%r_o", "%"],
                      "regexp": ["^pr?o?$", "o$", "[0-9]+", "p.o"], "in": [("PRO", "p"), ("none",)]}),
    "number": ("credits", {"": [5, 0, -3, 12.5, 101], "like": ["1%", "5"], "regexp": ["^1", "0$"], "contains": ["5"],
                          "startsWith": ["-"], "endsWith": ["0"], "between": [(0, 5), (-3, 12.5), (200, 300)]}),
    "date": ("born", {"": ["2025-11-24", "birthday", *RELATIVE],
                      "between": [("2025-01-01", "today"), ("last month", "next week"), ("today", "yesterday")]}),
    "datetime": ("seen", {"": ["2025-11-24", *RELATIVE],
                          "between": [("2025-11-24", "2025-11-25"), ("last year", "this month")]}),
    "boolean": ("vip", {"": [True, False]}),
    "multiselect": ("colours", {"in": [("red",), ("GREEN", "blue"), ("none",)]}),
}  # fmt: skip


def agree(tree, why=""):
    holds = predicate(parsed(as_json(tree)), setting(PEOPLE))
    assert {each.id for each, _ in PEOPLE if holds(each)} == found(tree, PEOPLE), (tree, why)


@pytest.mark.parametrize(
    ("kind", "operator"), [(kind, operator) for kind in VALUES for operator in BY_TYPE[kind]], ids=str
)
def test_an_operator_of_a_type(kind, operator):
    field, values = VALUES[kind]
    positive = operator.removeprefix("!")
    chosen = [None] if positive == "empty" else values.get(positive, values.get("", []))
    assert chosen
    for value in chosen:
        if not (positive in ("gt", "gte", "lt", "lte") and value == "birthday"):
            assert parsed(as_json(Condition(field, operator, value)), types=TYPES)
            agree(Condition(field, operator, value))


@pytest.mark.parametrize("operator", ["in", "!in"])
def test_choices_of_text(operator):
    """A select's values are text; SQLite needs no column of its own for them."""
    for choices in VALUES["text"][1]["in"]:
        agree(Condition("plan", operator, choices))


ROWS = [
    # condition, why
    (Condition("segment", "=", LISTS[0]), "on a list"),
    (Condition("segment", "!=", LISTS[1]), "not on a list"),
    (Condition("segment", "in", tuple(LISTS)), "on one of them"),
    (Condition("segment", "!in", (LISTS[1],)), "on none of them"),
    (Condition("created_at", "=", "today"), "made today"),
    (Condition("created_at", "gte", "7 days ago"), "made within a week"),
    (Condition("created_at", "between", ("last week", "yesterday")), "made within two dates"),
    (Condition("created_at", "=", "birthday"), "the anniversary of being made"),
    (Condition("born", "=", "birthday +7 days"), "a birthday in a week"),
    (Condition("born", "!=", "birthday +7 days"), "no birthday in a week"),
    (Condition("sent", "=", Deed()), "ever sent anything"),
    (Condition("sent", "!=", Deed((FIRST,))), "never sent this one"),
    (Condition("sent", "=", Deed(days=40)), "just within forty days"),
    (Condition("sent", "=", Deed(days=39)), "and just beyond"),
    (Condition("opened", "=", Deed((FIRST,), 2)), "opened one twice"),
    (Condition("opened", "=", Deed((), 3)), "opened three times, whichever"),
    (Condition("opened", "!=", Deed(days=10)), "asleep"),
    (Condition("clicked", "=", Deed((FIRST, SECOND))), "clicked in one of them"),
    (Condition("clicked", "=", Deed(link="shop.example", days=5)), "clicked a link"),
    (Condition("clicked", "!=", Deed((SECOND,), link="shop.example")), "a link of another e-mail"),
]


@pytest.mark.parametrize(("condition", "why"), ROWS, ids=[row[-1] for row in ROWS])
def test_what_is_built_in(condition, why):
    agree(condition, why)


def _conditions(kind):
    field, values = VALUES[kind]

    def of(operator):
        positive = operator.removeprefix("!")
        if positive == "empty":
            return st.just(Condition(field, operator))
        chosen = [each for each in values.get(positive, values.get("", [])) if each != "birthday" or positive == "="]
        return st.sampled_from([Condition(field, operator, value) for value in chosen])

    return st.sampled_from(BY_TYPE[kind]).flatmap(of)


DEED_VALUES = st.builds(
    Deed,
    st.lists(st.sampled_from(EMAILS), max_size=2, unique=True).map(tuple),
    st.integers(1, 3),
    st.none() | st.integers(1, 50),
)
LEAVES = st.one_of(
    *map(_conditions, VALUES),
    st.sampled_from([condition for condition, _ in ROWS]),
    st.builds(Condition, st.sampled_from(DEEDS), st.sampled_from(["=", "!="]), DEED_VALUES),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
TIMES = st.lists(st.integers(0, 60), max_size=3)
DONE = st.builds(did, TIMES, TIMES, st.lists(st.tuples(st.integers(0, 60), st.sampled_from([SHOP, "https://x"]))))
DATES = st.dates(date(1975, 1, 1), date(2100, 1, 1)).map(str)
PERSONS = st.fixed_dictionaries(
    {"past": st.dictionaries(st.sampled_from(EMAILS), DONE).map(Past)},
    optional={
        "plan": st.sampled_from(["pro", "PRO", "p", "", "it's", "50%_off"]) | st.text("pro%_\\", max_size=5),
        "credits": st.integers(-5, 105) | st.sampled_from([12.5, 0.5]),
        "born": st.sampled_from(["2025-11-24", "2025-11-25", "1999-12-02", "2025-12-01"]) | DATES,
        "seen": st.sampled_from(["2025-11-24", "2025-11-25", "2025-11-30", "2024-12-31"]).map(
            lambda day: f"{day}T21:09:00Z"
        ),
        "vip": st.booleans(),
        "colours": st.lists(st.sampled_from(["red", "Green", "blue"]), unique=True).map(tuple),
        "lists": st.sets(st.sampled_from(LISTS)).map(frozenset),
        "created_at": st.integers(NOON - 400 * DAY, NOON),
    },
)


@settings(max_examples=200, deadline=None)
@given(TREES, st.lists(PERSONS, min_size=1, max_size=5))
def test_random_trees_over_random_rows(tree, given_people):
    people = [contact(number, **given) for number, given in enumerate(given_people)]
    holds = predicate(tree, setting(people))
    assert {each.id for each, _ in people if holds(each)} == found(tree, people)


@given(TREES)
def test_json_and_text_come_back(tree):
    assert parsed(as_json(tree)) == tree
    assert repr(parsed_text(as_text(tree))) == repr(tree)


@given(st.lists(st.tuples(st.sampled_from(["and", "or", None]), LEAVES), min_size=1, max_size=6))
def test_glue_is_a_choice_of_groups(given_conditions):
    flat = [{"glue": glue, **_glued(each)} for glue, each in given_conditions]
    groups = [[given_conditions[0][1]]]
    for glue, each in given_conditions[1:]:
        groups += [[each]] if glue == "or" else []
        groups[-1] += [] if glue == "or" else [each]
    people = [each for each, _ in PEOPLE]
    holds, wanted = (
        predicate(tree, setting(PEOPLE))
        for tree in (parsed_glue(flat), Any(tuple(All(tuple(group)) for group in groups)))
    )
    assert [holds(each) for each in people] == [wanted(each) for each in people]


def _glued(condition):
    json = as_json(condition)
    return {"field": json["field"], "operator": json["operator"], "filter": json.get("value"), "type": "text"}
