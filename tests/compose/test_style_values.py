"""A contact's value inside a `style` attribute stays one piece of one property, whatever it holds.

What a browser reads is the attribute with its references decoded, and then CSS (CSS Syntax Level 3, sections 4.3.7, 5).
"""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.escape import in_style
from chalicelib.model.contact import Contact
from chalicelib.model.email import Block
from tests.compose.making import CONTACT, html_of, revised

TAG = '<p style="color:{contactfield=c|red};margin:0">'


def told(value):
    return Contact(CONTACT, "a@b.org", {"c": value})


@pytest.mark.parametrize(
    ("value", "written", "reason"),
    [
        ("#ff0000", "#ff0000", "a colour"),
        ("Dark Slate Grey", "Dark Slate Grey", "words"),
        ("12.5%", "12.5%", "a length"),
        ("https://a.org/p.png?x=1&y=2", "https://a.org/p.png?x=1&amp;y=2", "the address of a picture"),
        ("grün", "grün", "any letter"),
        ("red;display:none", r"red\3b display:none", "a property of its own"),
        ("red}p{x", r"red\7d p\7b x", "the end of a block"),
        ('a"b', r"a\22 b", "a quote would end the attribute, or a string"),
        ("a'b", r"a\27 b", "so would this one"),
        ("url(//e.org)", r"url\28 //e.org\29 ", "nothing is fetched"),
        ("red/*", r"red/\2a ", "a comment would take the next property away"),
        ("red!important", r"red\21 important", "no value may outdo the author's"),
        ("a\\3b b", r"a\5c 3b b", "an escape of its own"),
        ("a\r\n\fb", "a b", "a line end would end a string"),
        ("<b>", r"\3c b\3e ", "no tag"),
        ("&#59;x", r"&amp;#59\3b x", "no reference"),
        ("", "red", "the default"),
    ],
)
def test_a_value_in_a_style(value, written, reason):
    assert html_of(TAG, told(value), text="x") == f'<p style="color:{written};margin:0">', reason


@pytest.mark.parametrize(
    ("html", "written", "reason"),
    [
        ("<p style='color:{contactfield=c}'>", "<p style='color:\\27 \\3b x'>", "in either quotes"),
        ('<p STYLE="color:{contactfield=c}">', '<p STYLE="color:\\27 \\3b x">', "however it is spelt"),
        ('<p style="{subject}">', '<p style="Hi \\27 \\3b x; &amp;">', "values that the subject quotes"),
        (
            "<p style=\"{dynamiccontent='B'}\">",
            '<p style="top:0;left:\\27 \\3b x">',
            "values in a block",
        ),
        ('<p title="{contactfield=c}">', '<p title="&#x27;;x">', "no other attribute"),
        ("<style>p{color:{contactfield=c}}</style>", None, "a style sheet has no tokens"),
    ],
)
def test_wherever_it_comes_from(html, written, reason):
    block = Block("B", html="x", text="top:0;left:{contactfield=c}")
    found = html_of(html, told("';x"), text="x", subject="Hi {contactfield=c}; &", blocks=(block,))
    assert found == (written or html), reason


@given(st.text())
def test_no_value_leaves_its_property(value):
    css = unescape(in_style(value))
    left = re.sub(r"\\[0-9a-f]{1,6} ", "", css)
    assert not set(left) & set(";{}()\"'\\*!@<>\n\r\f")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_a_string_in_css_reads_the_value_as_it_is(value):
    css = unescape(in_style(value))
    assert re.sub(r"\\([0-9a-f]{1,6}) ", lambda found: chr(int(found[1], 16)), css) == value


def test_a_stored_program_names_the_place():
    revision = revised(html=TAG, text="x")
    assert [slot.place for slot in revision.program.slots if slot.kind == "field"] == ["html_style"]
