"""However a revision leaves the house, the same letter arrives."""

import re
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.encoding import Unreadable, decoded, decoded_links, encoded, encoded_links
from chalicelib.compose.letter import headers, letter, web_page
from chalicelib.compose.mime import mime
from chalicelib.compose.personalise import values
from chalicelib.compose.tracked import html_links
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid, TooLarge
from tests.compose.making import (
    ADA,
    BASE,
    CONTACT,
    DECOY,
    EMAIL,
    FAMILY,
    PIXEL,
    SIGNER,
    TOKEN,
    as_written,
    by_ses,
    envelope,
    html_of,
    revised,
    sent,
)

PIECES = [
    *(
        "<p>",
        "</p>",
        "<br/>",
        "é",
        "😀",
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "x" * 90,
        ".",
        "=",
        "=20",
        "From me",
        "-",
        "\\",
    ),
    *("{", "}", "{{", "}}", "{{ name }}", "{{{", "}}}", "\\{{", "{{s0}}", "{{o}}", "&amp;", "&", "<", ">", '"', "'"),
    *("<!-- c -->", "<!--[if mso]>", "<![endif]-->", "<style>a{b:c}</style>", "<a name='x'>", "<a href='#'>", "</a>"),
    *("<title>t</title>", "<", "</", "<!", "<?x", "<a", "%7B", "=?utf-8?q?x?=", "\x00", "\u2028", "\u202e"),
]
SLOTS = [
    "{contactfield=x}",
    "{contactfield=x|dear friend}",
    "{contactfield=email}",
    "{subject}",
    "{unsubscribe_url}",
    "{webview_text}",
    '<a href="https://a.org/?a=1&amp;b={contactfield=x}">',
    '<a href="https://a.org/">',
    " https://a.org/?x={contactfield=x}. ",
]
# A lone CR is no line end of mail (RFC 5322 section 2.3): see test_a_lone_cr_stays.
no_lone_cr = st.characters(exclude_characters="\r", codec="utf-8")
literals = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
bodies = st.lists(
    st.one_of(st.sampled_from(PIECES), st.sampled_from(SLOTS), st.text(no_lone_cr, max_size=5)), min_size=1, max_size=14
)
lines = st.lists(
    st.sampled_from(["{contactfield=x|you}", "é", "😀 ", "a", " ", "{{", "}}", "=?", '"', "word " * 9, "{"]), min_size=1
)
contacts = st.one_of(
    st.text(max_size=20), st.sampled_from([" ", ".", "{{s1}}", "a\nb ", "x" * 200, "<&>\"'", "{", "}"])
)


def same_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n")


def attempted(**fields):
    """The revision, or None where the letter is refused by name."""
    try:
        return revised(**fields)
    except (Invalid, TooLarge):
        return None


@settings(max_examples=150, deadline=None)
@given(bodies.map("".join), bodies.map("".join), lines.map("".join), contacts)
def test_every_way_gives_the_same_letter(html, text, subject, value):
    revision = attempted(html=html, text=text, subject=subject[:190], from_name=subject[:190])
    if revision is None:
        return
    one = envelope(revision, Contact(CONTACT, "ada@example.org", {"x": value}))
    expected = letter(revision, one)
    assert_ses(revision, one, expected)
    assert_mime(revision, one, expected)
    assert decoded(encoded(revision)) == revision


def assert_ses(revision, one, expected):
    rendered = by_ses(revision, one)
    assert rendered["Subject"] == expected.subject
    assert rendered.get("Html", "") == expected.html
    assert rendered.get("Text", "") == expected.text


def assert_mime(revision, one, expected):
    raw = mime(revision, one)
    assert_lines(raw)
    message = message_from_bytes(raw, policy=policy.default)
    assert not message.defects
    assert not [part.defects for part in message.walk() if part.defects]
    assert message["Subject"].strip() == expected.subject.strip()
    assert message["To"] == one.address
    for kind, content in (("html", expected.html), ("plain", expected.text)):
        body = message.get_body((kind,))
        assert same_line_ends(body.get_content() if body else "") == same_line_ends(content)


def assert_lines(raw: bytes):
    head, _, body = raw.partition(b"\r\n\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert raw.isascii()


@settings(max_examples=200, deadline=None)
@given(st.one_of(literals, st.text(max_size=40), st.text(st.sampled_from("<>!-/a=\"' \n[if]{}"), max_size=40)))
def test_html_without_tokens_and_links_stays_byte_for_byte(html):
    revision = attempted(html=html + "x", text="x", kind="segment")
    if revision is None:
        return
    arrived = letter(revision, envelope(revision)).html
    assert arrived.count(PIXEL) == len(DECOY.findall(arrived)) == 1
    assert as_written(arrived) == html + "x"
    assert web_page(revision, envelope(revision).values) == html + "x"


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        literals.filter(lambda text: "<" not in text and "'" not in text and '"' not in text), min_size=1, max_size=6
    )
)
def test_html_around_links_and_tokens_stays_byte_for_byte(texts):
    html = "".join(
        f'{text}<a href="https://a.org/{at}">{{contactfield=firstname}}</a>' for at, text in enumerate(texts)
    )
    arrived = html_of(html, text="x")
    for at in range(len(texts)):
        arrived = arrived.replace(
            f'{BASE}/c/{TOKEN}/{at}">Ada</a>', f'https://a.org/{at}">{{contactfield=firstname}}</a>'
        )
    assert arrived == html


@pytest.mark.parametrize(
    ("name", "wire", "reason"),
    [
        ("", "team@example.org", "no name"),
        ("The Team", "The Team <team@example.org>", "atoms"),
        ("Team, Inc.", '"Team, Inc." <team@example.org>', "quoted"),
        ('A "B" \\', '"A \\"B\\" \\\\" <team@example.org>', "quoted, escaped"),
        ("Zoë", "=?utf-8?b?Wm/Dqw==?= <team@example.org>", "RFC 2047"),
    ],
)
def test_sender_as_on_the_wire(name, wire, reason):
    assert sent(text="x", from_name=name).from_ == wire, reason
    raw = mime(revised(text="x", from_name=name), envelope(revised(text="x")))
    address = message_from_bytes(raw, policy=policy.default)["From"].addresses[0]
    assert (address.display_name, address.addr_spec) == (name, "team@example.org"), reason


def test_long_names_and_subjects_are_folded():
    revision = revised(text="x", subject="é" * 190, from_name="Ω" * 190, reply_to="Support <a@example.org>")
    raw = mime(revision, envelope(revision))
    assert max(map(len, raw.split(b"\r\n"))) <= 76 + len(TOKEN) + len(BASE)
    message = message_from_bytes(raw, policy=policy.default)
    assert message["Subject"] == "é" * 190
    # the older reader: 3.11's newer one leaves the blanks between encoded words in names (RFC 2047 section 6.2)
    assert str(make_header(decode_header(message_from_bytes(raw)["From"]))) == "Ω" * 190 + " <team@example.org>"
    assert message["Reply-To"].addresses[0].addr_spec == "a@example.org"


@pytest.mark.parametrize("value", ["a" * 60_000, 'a, "b" ' * 9_000, "\u00e9" * 9_000, "\\" * 9_000, "a " * 9_000])
def test_a_name_made_of_values_stays_within_a_line(value):
    revision = revised(text="x", kind="template", from_name="{contactfield=firstname} {name}")
    one = envelope(revision, tokens={"name": value})
    assert_lines(mime(revision, one))
    name, address = str(make_header(decode_header(letter(revision, one).from_))).rsplit(" ", 1)
    assert address == "<team@example.org>"
    assert name.strip('"').startswith("Ada " + value[:1])
    assert 189 <= len(re.sub(r"^\"|\"$|\\(.)", r"\1", name)) <= 190


def test_headers_of_a_segment_email():
    revision = revised(text="x")
    assert headers(revision, envelope(revision)) == {
        "List-Unsubscribe": f"<{BASE}/u/{TOKEN}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{FAMILY}.t.example>",
        "Precedence": "bulk",
        "Feedback-ID": f"{EMAIL}:{FAMILY}:segment:envoi",
    }
    assert sent(text="x").headers["List-Unsubscribe"] == f"<{BASE}/u/{TOKEN}>"


def test_headers_of_a_template_email():
    assert sent(text="x", kind="template").headers == {}


def test_single_parts():
    for fields, kind in (({"text": "x"}, "text/plain"), ({"text": "x", "html": "<p>x"}, "multipart/alternative")):
        revision = revised(**fields)
        assert message_from_bytes(mime(revision, envelope(revision))).get_content_type() == kind


def test_a_lone_cr_stays():
    revision = revised(text="a\rb {contactfield=firstname}")
    raw = mime(revision, envelope(revision))
    assert_lines(raw)
    assert message_from_bytes(raw).get_payload(decode=True) == b"a\rb Ada"


def test_text_is_made_of_html():
    html = """<html><head><title>T</title><style>a{}</style></head><body><div class="preheader">hidden</div>
      <h1>Big   news</h1><p>Dear {contactfield=firstname|friend},<br>read <a href="https://a.org/x).">this</a>.</p>
      <ul><li>one</li><li>two</li></ul><table><tr><td>a</td><td>b</td></tr></table>
      <a href="https://b.org">https://b.org</a>
      <p><a href="{contactfield=website}">yours</a> <a href="mailto:a@b.org">a@b.org</a> <a href="#x">up</a>
      {tracking_pixel} <img alt="A &amp; B" src="x"> {unsubscribe_text}</p></body></html>"""
    revision = revised(html=html)
    arrived = letter(revision, envelope(revision)).text
    n = html_links(revision)
    assert arrived.split("\n")[:10] == [
        "Big news",
        "",
        "Dear Ada,",
        f"read this ({BASE}/c/{TOKEN}/{n}).",
        "",
        "- one",
        "- two",
        "",
        "a b",
        "",
    ]
    assert f"yours ({BASE}/c/{TOKEN}/{n + 2}?u=" in arrived
    assert f"a@b.org up A & B Unsubscribe from these e-mails: {BASE}/u/{TOKEN}\n" in arrived
    assert revision.links[n] == "https://a.org/x%29%2E"


def test_web_version_has_no_pixel_and_stays_whole():
    revision = revised(html="<body><p>{contactfield=firstname}</p></body>")
    assert web_page(revision, envelope(revision).values) == "<body><p>Ada</p></body>"


def test_web_version_of_a_text():
    revision = revised(text="{contactfield=firstname} <b>", subject="<i>")
    page = web_page(revision, envelope(revision).values)
    assert "<title>&lt;i&gt;</title>" in page
    assert "Ada &lt;b&gt;" in page


def test_values_are_in_the_order_of_the_slots():
    revision = revised(html="{contactfield=firstname}{unsubscribe_url}", text="x")
    assert [slot.kind for slot in revision.program.slots] == ["field", "track"]
    assert values(revision, Addressee(ADA), TOKEN, SIGNER) == ("Ada", TOKEN)


def test_bytes_of_another_format_are_told_so():
    raw = encoded(revised(text="x"))
    with pytest.raises(Unreadable, match="format 99; this version of Envoi reads 1, 2"):
        decoded(raw.replace(b'"format":2', b'"format":99'))
    for broken in (b"", b"{}", b"[]", b'{"format":2}', raw[:-3]):
        with pytest.raises(Unreadable):
            decoded(broken)
        with pytest.raises(Unreadable):
            decoded_links(broken)


def test_link_table_comes_back_without_personal_targets():
    revision = revised(text="https://a.org/x https://a.org/{contactfield=firstname}")
    assert decoded_links(encoded_links(revision)) == ("https://a.org/x", "")


def test_escaped_html_reads_as_the_value():
    value = "<&>\"' é \n x"
    assert unescape(html_of("{contactfield=x}", Contact(CONTACT, "a@b.org", {"x": value}))) == value
