"""The octets behind DATA: whatever a letter holds, the server reads that letter and nothing more."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.revision import Program, Slot
from chalicelib.transports.smtp_letter import Writing, post, wired
from tests.transports.conftest import envelope, revision
from tests.transports.smtp_stand_in import RETURN_DOMAIN, SIGNER

WRITING = Writing(SIGNER, RETURN_DOMAIN, 1_700_000_000)
TRICKY = st.lists(st.sampled_from([b".", b"\r\n", b"\n", b"\r", b"a", b"..", b"\r\n.\r\n", b"\n.\n", b"MAIL FROM:<x>"]))


def read_by_a_server(octets):
    """RFC 5321 section 4.5.2, by the book."""
    lines = octets.split(b"\r\n")
    end = lines.index(b".")
    assert lines[end + 1 :] == [b""], "something stands behind the end"
    return b"\r\n".join(line.removeprefix(b".") for line in lines[:end]) + b"\r\n"


@given(TRICKY.map(b"".join))
def test_a_server_reads_what_was_written(message):
    octets = wired(message)
    lines = re.sub(rb"\r?\n|\r", b"\r\n", message)
    assert read_by_a_server(octets) == (lines if lines.endswith(b"\r\n") else lines + b"\r\n")


@given(TRICKY.map(b"".join))
def test_no_server_can_see_another_end(message):
    """Some take a lone LF or CR for a line end: what is behind such an end would be commands to them."""
    octets = wired(message)
    assert octets.count(b"\n") == octets.count(b"\r") == octets.count(b"\r\n")
    assert octets.find(b"\r\n.\r\n") in (-1, len(octets) - 5)


def test_a_letter_s_blind_copies_are_in_its_envelope_alone():
    made = post(revision(bcc=("archive@example.com",)), envelope(), WRITING)
    assert made.copies == ("archive@example.com",)
    assert b"archive" not in made.octets


@pytest.mark.parametrize("copy", ["zoë@example.com", "a@b>\r\nQUIT"])
def test_a_copy_that_smtp_cannot_carry_is_named(copy):
    with pytest.raises(ValueError, match="SMTP cannot carry"):
        post(revision(bcc=(copy,)), envelope(), WRITING)


def test_where_the_from_address_is_the_recipient_s_own_bounces_and_message_id_are_of_its_domain():
    owned = Program(
        slots=(Slot("owner", "header", "email"),),
        subject=("Hi",),
        from_name=(),
        html=(),
        text=("Hi\n",),
        from_address=(0,),
    )
    one = replace(envelope(), values=("bob@owners.example",))
    made = post(revision(program=owned), one, replace(WRITING, return_domain=""))
    assert made.return_path == "bob@owners.example"
    assert re.search(rb"^Message-ID: <[^@]+@owners\.example>\r$", made.octets, re.MULTILINE)
