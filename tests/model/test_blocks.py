import json

import pytest

from chalicelib.model.blocks import MAX_BLOCKS, MAX_CONTENT, MAX_VARIATIONS, checked_blocks
from chalicelib.model.email import Block, Variation
from chalicelib.model.errors import Invalid

FILTER = {"field": "plan", "operator": "=", "value": "pro"}


def test_blocks_as_they_are_kept():
    given = [
        {"name": "Offer", "html": "<p>", "variations": [{"filter": FILTER, "html": "<b>", "text": "b"}]},
        {"name": "B"},
    ]
    first, second = checked_blocks("blocks", given)
    [variation] = first.variations
    assert first == Block("Offer", "<p>", "", (Variation(variation.filter, "<b>", "b"),))
    assert json.loads(variation.filter) == FILTER
    assert second == Block("B")
    assert checked_blocks("blocks", []) == ()


@pytest.mark.parametrize(
    "form",
    [
        FILTER,
        "plan = 'pro'",
        [{"glue": "and", "field": "plan", "object": "lead", "type": "text", "operator": "=", "filter": "pro"}],
    ],
)
def test_filters_in_any_form(form):
    [block] = checked_blocks("blocks", [{"name": "a", "variations": [{"filter": form, "html": "x"}]}])
    assert json.loads(block.variations[0].filter) == FILTER


@pytest.mark.parametrize(
    ("given", "field", "mend", "reason"),
    [
        ("x", "blocks", "list of at most", "no list"),
        ([{"name": f"b{n}"} for n in range(MAX_BLOCKS + 1)], "blocks", f"at most {MAX_BLOCKS}", "too many"),
        (["x"], "blocks[0]", "Give an object", "no object"),
        ([{"name": "a", "filter": {}}], "blocks[0].filter", "These are known", "a name that is none"),
        *[
            ([{"name": name}], "blocks[0].name", "1 to 60 characters", "name")
            for name in (None, "", 'a"', "a=b", "{", " a", "x" * 61)
        ],
        ([{"name": "a"}, {"name": "A"}], "blocks", "Two blocks", "names differ by more than capitals"),
        ([{"name": "a", "html": 1}], "blocks[0].html", "Give a text", "no text"),
        ([{"name": "a", "text": "\x00"}], "blocks[0].text", "NUL", "NUL"),
        ([{"name": "a", "html": "x" * (MAX_CONTENT + 1)}], "blocks[0].html", f"At most {MAX_CONTENT}", "too long"),
        ([{"name": "a", "variations": [{}] * (MAX_VARIATIONS + 1)}], "blocks[0].variations", "at most", "too many"),
        (
            [{"name": "a", "variations": [{"html": "x"}]}],
            "blocks[0].variations[0].filter",
            "Give an object",
            "no filter",
        ),
        (
            [{"name": "a", "variations": [{"filter": {"all": [{"field": "x", "operator": "~"}]}}]}],
            "blocks[0].variations[0].filter.all[0].operator",
            "one of",
            "a filter's own fault, with its place",
        ),
    ],
)
def test_what_is_none(given, field, mend, reason):
    with pytest.raises(Invalid, match=mend) as fault:
        checked_blocks("blocks", given)
    assert fault.value.field == field, reason
