"""What is kept of a letter gives the same page again, whatever became of the contact."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.as_sent import MOST, PACKED, PLAIN, filled_again, kept, was_tracked
from chalicelib.compose.letter import web_page
from chalicelib.compose.personalise import values
from chalicelib.compose.untracked import for_contact
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.email import Block, Variation
from chalicelib.model.owner import Owner
from tests.compose.making import SIGNER, TOKEN, revised
from tests.fakes.clock import NOON

VIP = json.dumps({"field": "vip", "operator": "=", "value": True})
HTML = """<html lang="en"><head><title>x</title></head><body>
{contactfield=firstname|you} {contactfield=born|date} {ownerfield=firstname} {today} {code} {signature}
<a href="https://example.org/{contactfield=city}">one</a> <a href="https://example.org/">two</a>
<a href="{contactfield=site|https://example.org/none}">three</a>
{dynamiccontent="For"} <a href="{unsubscribe_url}">leave</a></body></html>"""
BLOCK = Block("For", html="not you", variations=(Variation(VIP, "you, {contactfield=firstname}: <b>{code}</b>"),))


def letter(html: str = HTML, text: str = "Hello {contactfield=firstname} {contactfield=only_here}", **fields):
    return revised(html=html, text=text, blocks=(BLOCK,), **fields)


def somebody(**fields) -> Addressee:
    owner = Owner("1" * 16, "sam@example.com", "Sam", "Smith", signature="Yours, Sam")
    return Addressee(Contact("0" * 16, "ann@example.com", fields), owner, now=NOON)


TEXT = st.text(max_size=60)


@settings(max_examples=60, deadline=None)
@given(TEXT, TEXT, TEXT, st.booleans(), st.booleans(), TEXT)
def test_the_same_page_again(firstname, city, site, vip, tracking, code):
    revision = for_contact(letter(), tracking=tracking)
    to = somebody(firstname=firstname, city=city, site=site, vip=vip)
    filled = values(revision, to, TOKEN, SIGNER, {"code": code})
    text = kept(revision, filled)
    assert was_tracked(text) == tracking
    assert web_page(revision, filled_again(revision, text, TOKEN, SIGNER)) == web_page(revision, filled)


def test_a_letter_of_text_alone_too():
    revision = revised(html="", text='Hello {contactfield=firstname}: {dynamiccontent="For"}', blocks=(BLOCK,))
    filled = values(revision, somebody(firstname="Ann <3", vip=True), TOKEN, SIGNER)
    again = filled_again(revision, kept(revision, filled), TOKEN, SIGNER)
    assert web_page(revision, again) == web_page(revision, filled)


def test_what_stands_in_the_page_alone_is_kept():
    revision = letter("<p>{contactfield=firstname}</p>")
    text = kept(revision, values(revision, somebody(firstname="Ann", only_here="secret"), TOKEN, SIGNER))
    assert "Ann" in text
    assert "secret" not in text


def test_a_letter_that_is_the_same_for_all_keeps_nothing():
    revision = revised(html='<p>Hello <a href="https://example.org/">you</a></p>')
    assert kept(revision, values(revision, somebody(), TOKEN, SIGNER)) == ""


@pytest.mark.parametrize(("size", "begins"), [(PLAIN - 40, "{"), (PLAIN + 1, PACKED), (MOST * 20, PACKED)])
def test_what_is_long_is_packed(size, begins):
    revision = letter("<p>{contactfield=firstname}</p>")
    filled = values(revision, somebody(firstname="Ann " * (size // 4)), TOKEN, SIGNER)
    text = kept(revision, filled)
    assert text.startswith(begins)
    assert len(text) <= max(size, PLAIN)
    assert filled_again(revision, text, TOKEN, SIGNER)[revision.program.html[1]] == "Ann " * (size // 4)


def test_what_is_too_long_even_so_is_not_kept():
    import random  # noqa: PLC0415  # this test's alone

    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=MOST * 2))
    revision = letter("<p>{contactfield=firstname}</p>")
    assert kept(revision, values(revision, somebody(firstname=noise), TOKEN, SIGNER)) == ""
