import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.store.action import prepared, put, put_item
from chalicelib.store.contact_rows import AddressRow, ContactRow
from chalicelib.store.message_rows import MessageRow
from chalicelib.store.row import HashRow, key

TEXTS, NUMBERS = st.text(min_size=1), st.integers(-(10**30), 10**30)


@given(TEXTS, NUMBERS, TEXTS, st.none() | TEXTS)
def test_an_item_is_what_the_row_would_say(pk, version, doc, address):
    values = {"pk": pk, "v": version, "doc": doc, "by_address": address}
    assert ContactRow.item_with(**values) == ContactRow(**values).item()


@given(TEXTS, TEXTS, NUMBERS, TEXTS, st.none() | NUMBERS)
def test_an_item_of_two_keys_too(pk, sk, version, doc, due_at):
    values = {"pk": pk, "sk": sk, "v": version, "state": "sent", "doc": doc, "due_at": due_at}
    assert MessageRow.item_with(**values) == MessageRow(**values).item()


@given(TEXTS, TEXTS)
def test_a_prepared_condition_is_the_one_with_these_values(first, second):
    def free(contact, other):
        own = (AddressRow.contact == contact) & AddressRow.erased.does_not_exist()
        return AddressRow.pk.does_not_exist() | own | (AddressRow.contact == other)

    row = AddressRow("main#a", contact=first)
    wanted = put("addresses", row, free(first, second + "x"))
    assert put_item("addresses", row.item(), prepared(free("", "x"))(first, second + "x")) == wanted


def test_a_condition_without_values_needs_none():
    missing = HashRow.pk.does_not_exist()
    assert put_item("t", key("a"), prepared(missing)()) == put("t", key("a"), missing)
    with pytest.raises(ValueError, match="zip"):
        prepared(missing)("one too many")
