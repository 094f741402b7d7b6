"""No message is larger than it is said to be, and none is refused that fits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.message_size import ROOM, check_message_size, message_size
from chalicelib.compose.mime import mime
from chalicelib.model.asset import MAX_NAME, Attachment
from chalicelib.model.errors import TooLarge
from chalicelib.model.message_size import attached_size
from tests.compose.making import envelope, revised

HTML = "<p>Grüße, {contactfield=firstname}: <a href='https://example.org/'>€ — ¡</a></p>" * 50


def attachment(size: int, name: str = "a.pdf") -> Attachment:
    return Attachment("a" * 16, name, "application/pdf", size)


def carrying(*attachments: Attachment):
    return replace(revised(html=HTML, text="Ä\n" * 500), attachments=attachments)


@given(st.lists(st.integers(0, 3_000), max_size=5))
def test_no_message_is_larger_than_it_is_said_to_be(sizes):
    revision = carrying(*(attachment(size, "é" * (MAX_NAME - 4) + ".pdf") for size in sizes))
    whole = mime(revision, envelope(revision), [b"\xff" * size for size in sizes])
    assert len(whole) <= message_size(revision)
    assert message_size(revision) - len(whole) <= ROOM + 2_048 * len(sizes)


@pytest.mark.parametrize(("size", "lines"), [(0, 0), (1, 1), (57, 1), (58, 2), (5_700_000, 100_000)])
def test_attached_a_file_grows_by_more_than_a_third(size, lines):
    assert attached_size(size) - attached_size(0) == lines * 78


def test_what_a_transport_does_not_take_is_refused_and_the_heaviest_named():
    revision = carrying(attachment(9_000, "small.pdf"), attachment(10_000_000, "plan.pdf"))
    size = message_size(revision)
    check_message_size(revision, "mailjet", size)
    with pytest.raises(TooLarge) as caught:
        check_message_size(revision, "mailjet", size - 1)
    assert (caught.value.field, f"{size} bytes" in caught.value.message) == ("attachments", True)
    assert "mailjet" in caught.value.message
    assert caught.value.hint == f"Take out plan.pdf (10000000 bytes) and link to it: {{assetlink={'a' * 16}}}."
