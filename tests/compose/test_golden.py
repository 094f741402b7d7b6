"""Whole messages, byte for byte. Where they are meant to change, `golden_mails.py` tells how to write them anew."""

from email import message_from_bytes, policy

import pytest

from chalicelib.compose.letter import letter
from tests.compose.golden_mails import GOLDEN, NAMES, expected, message
from tests.compose.test_letter import assert_lines, same_line_ends

SIZES = {"long": range(100_000, 140_000)}


@pytest.mark.parametrize("name", NAMES)
def test_byte_for_byte(name):
    assert message(name)[0] == expected(name)


@pytest.mark.parametrize("name", NAMES)
def test_the_standard_library_reads_the_same_letter(name):
    _, revision, one = message(name)
    shown, parsed = letter(revision, one), message_from_bytes(expected(name), policy=policy.default)
    assert not [part.defects for part in parsed.walk() if part.defects]
    assert parsed["Subject"] == shown.subject
    assert parsed["From"].addresses[0].addr_spec == "team@example.org"
    assert parsed["To"] == one.address
    for kind, content in (("html", shown.html), ("plain", shown.text)):
        body = parsed.get_body((kind,))
        assert same_line_ends(body.get_content() if body else "") == same_line_ends(content)


@pytest.mark.parametrize("name", NAMES)
def test_lines(name):
    assert_lines(expected(name))


@pytest.mark.parametrize("name", NAMES)
def test_sizes(name):
    assert len(letter(*message(name)[1:]).html) in SIZES.get(name, range(10_000))


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("newsletter", ["Zoë &lt;3", 'line-height:1.5;color:#555"', "<title>", "{{ other.system }}", "color:#2f6b3a"]),
        ("receipt", ['lang="de-AT"', ';text-align:right" class="end">24,90', "Wörterbuch"]),
        ("outlook", ["<!--[if mso]><style>.button { display: none", "{{#each rows}}<tr><td", "<v:roundrect"]),
        ("right_to_left", ['lang="ar" dir="rtl"', "أخبار", "שלום"]),
        ("emoji", ["👩🏾‍🚀🧑‍🎄🏳️‍🌈 Zoë &lt;3", "🎈🎈"]),
        ("long", ["=20 and"]),
    ],
)
def test_what_each_is_there_for(name, marks):
    html = message_from_bytes(expected(name), policy=policy.default).get_body(("html",)).get_content()
    assert [each for each in marks if each not in html] == []


def test_a_letter_of_text_alone_has_one_part():
    assert message_from_bytes(expected("text_only")).get_content_type() == "text/plain"


def test_nothing_else_lies_there():
    names = {path.name for path in GOLDEN.iterdir()}
    sources = {f"{name}.{kind}" for name in NAMES for kind in ("json", "html", "eml")} - {"text_only.html"}
    assert names == sources | {"contact.json", ".gitattributes"}
