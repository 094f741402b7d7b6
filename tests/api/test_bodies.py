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
    (b'{"kind": "c"}', "kind", "'c'", "Invalid enum value"),
    (b'{"kind": "a", "size": "big"}', "size", "'big'", "Expected `int`"),
    (b'{"kind": "a", "many": ["x", 5]}', "many[1]", "5", "Expected `str`"),
    (b'{"kind": "a", "inner": {"nme": 1}}', "inner.nme", "1", "no such field"),
    (b'{"kind": "a", "colour": "red"}', "colour", "'red'", "Known fields: kind, size, inner, many, fields"),
    (b"{}", "kind", "None", "needed"),
    (b"", "kind", "None", "needed"),
    (b"[]", "body", "[]", "Expected `object`"),
    (b'{"kind": "a", "fields": {"x": 1}}', "fields[...]", "", "Expected `str`"),
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
