"""Every filter can be taken apart into what would be clicked and typed, and put together again with its meaning."""

import pytest
from hypothesis import given

from chalicelib.model.filter import Condition, Not, parsed
from chalicelib.model.filter_draft import (
    Group,
    Row,
    as_filter_json,
    depth,
    draft_of,
    fitting,
    free_id,
    joined,
    parts,
    row_at,
    without,
)
from chalicelib.model.filter_reading import parsed_text
from chalicelib.model.filter_text import as_text
from tests.model.test_filter_oracle import TREES

TYPES = {"plan": "select", "born": "date", "age": "number", "vip": "boolean", "likes": "multiselect"}
EMAIL, SEGMENT = "0123456789abcdef", "fedcba9876543210"


def again(text):
    tree = parsed_text(text, types=TYPES)
    json, _ = as_filter_json(draft_of(tree, TYPES), TYPES)
    return as_text(parsed(json, types=TYPES))


@pytest.mark.parametrize(
    "text",
    [
        "plan is pro",
        "plan is in pro, free and age is at least 18",
        "age is between 18 and 65.5 or not (plan is pro and vip is true)",
        "not (plan is pro or vip is false)",
        "born is birthday",
        "born is 'birthday +7 days'",
        "born is after 2000-02-29",
        "born is between '30 days ago' and today",
        "created_at is on or after 'last month'",
        "created_at is before '2026-11-24T09:30:00Z'",
        "created_at is after '+2 weeks'",
        "likes is not empty and city contains York and city is not empty",
        "number is 5 and flag is true and other is more than 3",
        "email ends with '@example.com'",
        "tags is in bread, tea",
        f"segment is '{SEGMENT}' and segment is not in '{SEGMENT}'",
        f"opened '{EMAIL}' at least 2 times within 30 days or did not click any e-mail",
        f"clicked '{EMAIL}' on 'example.org/rye'",
        "not age is more than 5",
        "(plan is pro or plan is free) and (age is 4 or (age is 5 and vip is true))",
    ],
)
def test_what_is_clicked_means_the_filter(text):
    assert again(text) == text


@given(TREES)
def test_what_was_put_together_once_stays_as_it_is(tree):
    once, _ = as_filter_json(draft_of(tree, {}), {})
    assert as_filter_json(draft_of(parsed(once), {}), {})[0] == once


def test_double_negation_keeps_its_meaning():
    tree = Not(Not(Condition("age", "gt", 5)))
    json, _ = as_filter_json(draft_of(tree, TYPES), TYPES)
    assert parsed(json, types=TYPES) == tree


def test_a_group_of_one_is_its_part_and_an_empty_one_is_nothing():
    row = Row("n3", "plan", "=", typed={"value": ("pro",)})
    draft = Group("n1", "any", (Group("n2", "all", (row,)), Group("n4"), Group("n5", "any", (Group("n6"),))))
    assert as_filter_json(draft, TYPES)[0] == {"field": "plan", "operator": "=", "value": "pro"}
    assert as_filter_json(Group("n1", parts=(Group("n2"),)), TYPES)[0] is None


def test_parts_are_put_in_and_taken_out():
    draft = draft_of(None, TYPES)
    [row] = draft.parts
    draft = joined(draft, draft.id, Group(free_id(draft), "any"))
    inner = draft.parts[-1]
    draft = joined(draft, inner.id, Row(free_id(draft)))
    assert len({each.id for each in parts(draft)}) == 4
    assert (depth(draft, draft.id), depth(draft, inner.id), depth(draft, "n99")) == (1, 2, 0)
    draft = without(draft, row.id)
    assert [each.id for each in draft.parts] == [inner.id]
    assert without(draft, inner.id).parts == ()


def test_another_field_keeps_the_operator_where_it_takes_it():
    assert fitting(Row("n1", "age", "gt"), TYPES).operator == "gt"
    assert fitting(Row("n1", "plan", "gt"), TYPES).operator == "="
    assert fitting(Row("n1", "likes", "="), TYPES).operator == "in"
    assert fitting(Row("n1", "", "gt"), TYPES).operator == ""


def test_a_fault_finds_its_row():
    text = "plan is pro and not (age is 5 or vip is true)"
    draft = draft_of(parsed_text(text, types=TYPES), TYPES)
    _, places = as_filter_json(draft, TYPES)
    fields = {each.id: each.field for each in parts(draft) if isinstance(each, Row)}
    assert fields[row_at(places, "filter.all[0].value")] == "plan"
    assert fields[row_at(places, "filter.all[1].not.any[1].value")] == "vip"
    assert row_at(places, "filter") == draft.id


def test_what_is_typed_wrong_is_kept_for_the_fault_to_name():
    draft = Group("n1", parts=(Row("n2", "age", "gt", typed={"value": ("many",)}),))
    assert as_filter_json(draft, TYPES)[0] == {"field": "age", "operator": "gt", "value": "many"}
    french = Group("n1", parts=(Row("n2", "age", "gt", typed={"value": ("1,5",)}),))
    assert as_filter_json(french, TYPES)[0]["value"] == 1.5
