"""Cursors that no list ever gave are refused before anything is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.errors import Invalid
from chalicelib.model.ids import ID, from_bytes
from chalicelib.store.broadcasts import BroadcastsStore
from chalicelib.store.contacts import ContactsStore
from chalicelib.store.cursor import cursor_of, place_of
from chalicelib.store.emails import EmailsStore
from chalicelib.store.imports import ImportsStore
from chalicelib.store.messages import MessagesStore
from chalicelib.store.segments import SegmentsStore
from tests.store.scripted import ScriptedDynamoDB, connected

ONE = "0123456789abcdef"
LISTS = [
    (ContactsStore, lambda store, cursor: store.page(10, cursor)),
    (EmailsStore, lambda store, cursor: store.page(10, cursor)),
    (SegmentsStore, lambda store, cursor: store.page(10, cursor)),
    (BroadcastsStore, lambda store, cursor: store.of_email(ONE, 10, cursor)),
    (ImportsStore, lambda store, cursor: store.rejected(ONE, 10, cursor)),
    (MessagesStore, lambda store, cursor: store.history(ONE, 10, cursor)),
]
INVENTED = [
    "!!",
    cursor_of("nope"),
    cursor_of(ONE.upper()),
    cursor_of(ONE + "\n"),
    cursor_of(f"12 {ONE}"),
    cursor_of(f"12#{ONE}"),
    cursor_of("\x00"),
    cursor_of(ONE) + "=",
]


@pytest.mark.parametrize("cursor", INVENTED)
@pytest.mark.parametrize(("kind", "page"), LISTS, ids=[kind.__name__ for kind, _ in LISTS])
def test_an_invented_cursor_is_refused(kind, page, cursor):
    dynamodb = ScriptedDynamoDB()
    connection, _ = connected(dynamodb)
    with pytest.raises(Invalid, match="`next` of the page before") as fault:
        page(kind(connection, "space"), cursor)
    assert fault.value.field == "cursor"
    assert dynamodb.requests == []


@given(st.binary(min_size=10, max_size=10).map(from_bytes))
def test_a_cursor_leads_to_its_place(place):
    assert place_of(cursor_of(place), ID) == place
