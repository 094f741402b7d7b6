import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import ids

RAW = st.binary(min_size=ids.ID_BYTES, max_size=ids.ID_BYTES)


@given(RAW)
def test_bytes_and_text_are_one_id(raw):
    text = ids.from_bytes(raw)
    assert ids.is_id(text)
    assert ids.to_bytes(text) == raw


@given(RAW, RAW)
def test_text_sorts_as_the_bytes_do(one, other):
    """Walks and shards rest on it (RFC 4648 section 7)."""
    assert (ids.from_bytes(one) < ids.from_bytes(other)) == (one < other)


@given(st.lists(RAW, max_size=60))
def test_packed_ids_come_back_in_order(raws):
    texts = tuple(map(ids.from_bytes, raws))
    assert ids.unpack(ids.pack(texts)) == texts


@given(RAW, RAW)
def test_shards_in_turn_give_the_ids_in_order(one, other):
    first, second = sorted(map(ids.from_bytes, (one, other)))
    assert 0 <= ids.shard_of(first) <= ids.shard_of(second) < ids.SHARDS


@pytest.mark.parametrize(
    "text", ["", "0" * 15, "0" * 17, "W" * 16, "w" * 16, "0" * 15 + "\n", "é" * 16, "0_0_0_0_0_0_0_0_"]
)
def test_anything_else_is_no_id(text):
    assert not ids.is_id(text)
    with pytest.raises(ValueError, match=re.escape(text) or None):
        ids.to_bytes(text)


def test_random_ids_differ():
    assert len({ids.random_id() for _ in range(1_000)}) == 1_000
