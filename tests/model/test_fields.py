import pytest

from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.model.fields import checked_fields, merged

TAKEN = [
    ({"plan": "pro"}, {"plan": "pro"}, "text"),
    ({"a" * 50: "x" * 1_000}, {"a" * 50: "x" * 1_000}, "the longest alias and text"),
    ({"n": 10**37, "m": -0.5, "z": 0}, {"n": 10**37, "m": -0.5, "z": 0}, "numbers"),
    ({"vip": False}, {"vip": False}, "booleans"),
    ({"colours": ["a", "é"]}, {"colours": ("a", "é")}, "a list becomes a tuple"),
    ({"gone": None}, {"gone": None}, "null, which removes"),
    ({"e": "\U0001f600\n\t"}, {"e": "\U0001f600\n\t"}, "emoji and line breaks"),
    ({f"f{n}": n for n in range(100)}, {f"f{n}": n for n in range(100)}, "a hundred fields"),
]
REFUSED = [
    ({"Plan": "x"}, "fields", "capital letter"),
    ({"1st": "x"}, "fields", "a digit first"),
    ({"a" * 51: "x"}, "fields", "alias too long"),
    ({"": "x"}, "fields", "no alias"),
    ({"plan\n": "x"}, "fields", "a line break in the alias"),
    ({"email": "x"}, "fields", "the contact's own name"),
    ({"created_at": "x"}, "fields", "the contact's own time"),
    ({"plan": "x" * 1_001}, "fields.plan", "text too long"),
    ({"plan": "\ud800"}, "fields.plan", "a lone surrogate"),
    ({"plan": "a\x00"}, "fields.plan", "NUL"),
    ({"colours": ["a", "\x1f"]}, "fields.colours[1]", "a control character in a list"),
    ({"n": float("nan")}, "fields.n", "not a number"),
    ({"n": float("-inf")}, "fields.n", "infinite"),
    ({"n": 10**400}, "fields.n", "more digits than a float holds"),
    ({"n": 1e-300}, "fields.n", "smaller than the store can hold"),
    ({"colours": ["a"] * 101}, "fields.colours", "list too long"),
    ({"colours": ["a", 1]}, "fields.colours", "a number among texts"),
    ({"colours": ["x", "y" * 1_001]}, "fields.colours[1]", "a long text in a list"),
    ({"o": {}}, "fields.o", "an object"),
    ({f"f{n}": n for n in range(101)}, "fields", "101 fields"),
]


@pytest.mark.parametrize(("fields", "expected", "why"), TAKEN, ids=[row[-1] for row in TAKEN])
def test_taken(fields, expected, why):
    assert checked_fields(fields) == expected, why


@pytest.mark.parametrize(("fields", "place", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(fields, place, why):
    with pytest.raises(Invalid) as caught:
        checked_fields(fields)
    assert caught.value.field == place, why


def test_a_merge_keeps_sets_and_removes():
    assert merged({"a": 1, "b": 2}, {"b": None, "c": 3}) == {"a": 1, "c": 3}


def test_a_merge_is_limited_in_number_and_in_bytes():
    with pytest.raises(Invalid):
        merged({f"f{n}": n for n in range(100)}, {"one_more": 1})
    with pytest.raises(TooLarge) as caught:
        merged({}, {f"f{n}": "é" * 1_000 for n in range(33)})
    assert "65536" in caught.value.hint
