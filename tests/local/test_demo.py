from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.audience import COLUMNS, SHIPPED
from local.demo import audience_of, parts_of

line = st.binary(min_size=1, max_size=30).map(lambda raw: raw.hex().encode() + b"\n")


@given(st.lists(line, max_size=40), st.integers(min_value=10, max_value=200))
def test_parts_hold_every_line_once_under_the_header(lines, size):
    header = b"email,name\n"
    parts = parts_of(header + b"".join(lines), size)
    assert all(part.startswith(header) for part in parts)
    assert b"".join(part.removeprefix(header) for part in parts) == b"".join(lines)
    longest = len(header) + max((len(each) for each in lines), default=0)
    assert all(len(part) <= max(size, longest) for part in parts)


@pytest.mark.parametrize("count", [1, 201, 1_000])
def test_a_made_audience_has_as_many_people_with_addresses_of_their_own(count):
    rows = list(csv.DictReader(io.StringIO(audience_of(count).decode())))
    assert len(rows) == count
    assert len({row["email"] for row in rows}) == count
    assert set(rows[0]) == set(COLUMNS)


def test_the_mailbox_simulator_is_in_both_audiences():
    for table in (audience_of(1_000), SHIPPED.read_bytes()):
        for mailbox in (b"bounce", b"complaint", b"suppressionlist"):
            assert any(row.startswith(mailbox) and b"@simulator.amazonses.com," in row for row in table.splitlines()), (
                mailbox
            )
