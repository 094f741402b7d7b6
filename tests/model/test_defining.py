import pytest

from chalicelib.model.defining import edited
from chalicelib.model.definition import FIELD_TYPES, FREE, Choice, Definition, successors
from chalicelib.model.errors import Invalid

BLANK = Definition("plan", "plan")
CHOICES = [{"value": "pro", "label": "Professional"}, {"value": "free"}]

TAKEN = [
    ({"label": " Plan "}, {"label": "Plan"}, "a label without its blanks"),
    (
        {"type": "select", "choices": CHOICES},
        {"type": "select", "choices": (Choice("pro", "Professional"), Choice("free", "free"))},
        "a choice without a label is its own",
    ),
    ({"type": "lookup"}, {"type": "lookup"}, "a lookup may offer nothing"),
    (
        {"type": "boolean", "choices": [{"value": "1", "label": "Oui"}, {"value": "0", "label": "Non"}]},
        {"type": "boolean", "choices": (Choice("1", "Oui"), Choice("0", "Non"))},
        "the words for yes and no",
    ),
    ({"default": " a ", "retired": True}, {"default": "a", "retired": True}, "default and retired"),
]
REFUSED = [
    ({"label": ""}, "label", "no label"),
    ({"label": "a\nb"}, "label", "two lines"),
    ({"label": "x" * 101}, "label", "too long"),
    ({"type": "colour"}, "type", "no such type"),
    ({"type": "select"}, "choices", "a select without choices"),
    ({"type": "multiselect", "choices": []}, "choices", "none again"),
    ({"type": "number", "choices": CHOICES}, "choices", "choices of a number"),
    ({"type": "select", "choices": [{"value": "a"}, {"value": "A"}]}, "choices[1].value", "a value twice"),
    (
        {"type": "select", "choices": [{"value": "a", "label": "x"}, {"value": "b", "label": "X"}]},
        "choices[1].label",
        "a label twice",
    ),
    ({"type": "multiselect", "choices": [{"value": "a|b"}]}, "choices[0].value", "the separator in a value"),
    ({"type": "select", "choices": [{"value": ""}]}, "choices[0].value", "an empty value"),
    ({"type": "select", "choices": [{"label": "a"}]}, "choices[0]", "no value"),
    ({"type": "select", "choices": ["a"]}, "choices[0]", "no object"),
    ({"type": "select", "choices": [{"value": "x" * 101}]}, "choices[0].value", "too long a value"),
    ({"type": "select", "choices": [{"value": str(n)} for n in range(301)]}, "choices", "too many"),
    ({"type": "boolean", "choices": [{"value": "yes"}]}, "choices[0].value", "a boolean is 1 or 0"),
    ({"type": "boolean", "choices": [{"value": "1", "label": "no"}]}, "choices[0].label", "a label that says no"),
    ({"default": 5}, "default", "no text"),
    ({"default": "x" * 1_001}, "default", "too long a default"),
    ({"retired": "yes"}, "retired", "no boolean"),
    ({"alias": "other"}, "alias", "what is fixed"),
]


@pytest.mark.parametrize(("given", "expected", "why"), TAKEN, ids=[row[-1] for row in TAKEN])
def test_taken(given, expected, why):
    after = edited(BLANK, given, FIELD_TYPES)
    assert {name: getattr(after, name) for name in expected} == expected, why


@pytest.mark.parametrize(("given", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(given, field, why):
    with pytest.raises(Invalid) as caught:
        edited(BLANK, given, FIELD_TYPES)
    assert caught.value.field == field, why


@pytest.mark.parametrize("before", FIELD_TYPES)
def test_a_type_becomes_only_one_that_takes_all_its_values(before):
    others = set(successors(before)) - {before, *FREE}
    assert others == {"date": {"datetime"}, "select": {"multiselect"}}.get(before, set())
    assert before == "html" or "html" not in successors(before), "text would become markup"


def test_choices_fall_away_with_a_type_that_has_none():
    select = edited(BLANK, {"type": "select", "choices": CHOICES}, FIELD_TYPES)
    assert edited(select, {"type": "text"}, successors("select")).choices == ()
    assert edited(select, {"type": "multiselect"}, successors("select")).choices == select.choices


def test_another_type_says_what_to_do_instead():
    with pytest.raises(Invalid, match="new field") as caught:
        edited(BLANK, {"type": "number"}, successors("text"))
    assert caught.value.field == "type"
