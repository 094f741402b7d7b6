import contextlib
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.answers import Malformed
from chalicelib.api.bodies import decoded
from chalicelib.model.errors import Fault, Invalid


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    name: str = ""


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["a", "b"]
    size: int = 0
    inner: Inner | None = None
    many: list[str] = []
    fields: dict[str, str] = {}


FAULTS = [
    (b'{"kind": "c"}', "kind", "'c'", "It is one of a, b."),
    (b'{"kind": "a", "size": "big"}', "size", "'big'", "Give a whole number, not text."),
    (b'{"kind": "a", "many": ["x", 5]}', "many[1]", "5", "Give text, not a whole number."),
    (b'{"kind": "a", "inner": {"nme": 1}}', "inner.nme", "1", "no such field"),
    (b'{"kind": "a", "colour": "red"}', "colour", "'red'", "Known fields: kind, size, inner, many, fields"),
    (b"{}", "kind", "null", "needed"),
    (b"", "kind", "null", "needed"),
    (b"[]", "body", "[]", "Give an object, not a list."),
    (b'{"kind": "a", "fields": {"y": "t", "x": 1}}', "fields.x", "1", "Give text, not a whole number."),
    (b'{"kind": "a", "fields": {"x": true}}', "fields.x", "true", "Give text, not true or false."),
    (b'{"kind": "a", "size": null}', "size", "null", "Give a whole number, not null. Or leave the field out."),
    (b'{"kind": null}', "kind", "null", "Give text, not null."),
    (b'{"kind": "a", "inner": 1.5}', "inner", "1.5", "Give an object or null, not a number."),
    (b'{"kind": "a", "": 1}', '""', ": 1 cannot", "no such field"),
    (b'{"kind": "a", "inner": {"": "x"}}', 'inner.""', "'x'", "no such field"),
    (b'{"kind": "a", "fields": {"": 1}}', 'fields.""', "1", "Give text, not a whole number."),
    (b'{"kind": "a", "we`ird - at `$.x`": 1}', "we`ird - at `$.x`", "", "no such field"),
]


@pytest.mark.parametrize(("raw", "field", "value", "mend"), FAULTS)
def test_a_fault_names_field_value_and_mend(raw, field, value, mend):
    with pytest.raises(Invalid) as fault:
        decoded(raw, Thing)
    assert fault.value.field == field
    assert value in fault.value.message
    assert mend in fault.value.hint


@pytest.mark.parametrize("raw", [b"{", b"\xff", b'{"kind": "a"} x', b"{'kind': 'a'}"])
def test_what_is_no_json_is_malformed(raw):
    with pytest.raises(Malformed) as fault:
        decoded(raw, Thing)
    assert fault.value.field == "body"


@pytest.mark.parametrize("opened", [b"[", b'{"kind":'])
@pytest.mark.parametrize("depth", [65, 500, 3_000, 100_000])
def test_what_is_nested_too_deeply_is_malformed(opened, depth):
    closed = b"]" if opened == b"[" else b"}"
    for raw in (opened * depth, opened * depth + b"1" + closed * depth):
        with pytest.raises(Malformed) as fault:
            decoded(raw, Thing)
        assert fault.value.field == "body"
    assert "64 levels" in fault.value.hint


@pytest.mark.parametrize("half", [r"\ud800", r"\ud800 and so on and on", r"\udc00", r"\\\ud83d\ude00\udfff"])
def test_half_a_character_is_called_so(half):
    with pytest.raises(Malformed, match="half of a character") as fault:
        decoded(b'{"kind": "' + half.encode() + b'"}', Thing)
    assert "both escapes" in fault.value.hint


def test_an_escaped_backslash_is_no_half_of_a_character():
    with pytest.raises(Malformed, match="not JSON"):
        decoded(rb'{"kind": "\\ud800", "size": }', Thing)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.just("kind"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_decoded_or_a_fault(value):
    said = None
    with contextlib.suppress(Fault):
        said = decoded(msgspec.json.encode(value), Thing)
    assert said is None or said.kind in ("a", "b")
