"""Whatever a team writes, in the whole language of tokens: every byte outside them stays, and however a revision leaves
the house, the same letter arrives.
"""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.encoding import decoded, encoded
from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.stationery import Stationery
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.definition import Choice, Definition
from chalicelib.model.email import Block, Variation
from chalicelib.model.owner import Owner
from chalicelib.model.workspace import Workspace
from tests.compose.making import BASE, CONTACT, NOW, as_written, envelope
from tests.compose.test_letter import PIECES, SLOTS, assert_mime, assert_ses, attempted

ASSET = "0123456789abcdef"
WORDS = {"en": {"signature": "Best,\n|FROM_NAME| {{x}}", "unsubscribe_text": "To {leave}: |URL| & <so>"}}
WORKSPACE = Stationery(
    BASE,
    Workspace(zone="Europe/Paris", reply_to="help@example.org", wordings=WORDS),
    {"x": Definition("x", "X", "select", (Choice("a", "<A> & }}"),))},
    {ASSET: "https://files.example/a b.pdf?x={{y}}"},
)
TOKENS = [
    *SLOTS,
    *("{contactfield=x|label}", "{contactfield=born|date}", "{contactfield=born|datetime|D, d.m.Y \\H}"),
    *("{ownerfield=firstname}", "{ownerfield=signature}", "{signature}", "{today}", "{today|date|+2 days}"),
    *("{unsubscribe_text}", "{dnc_url}", "{resubscribe_url}", "{tracking_pixel}", "{pagelink=1}", "{zzz}"),
    *(f"{{assetlink={ASSET}}}", f'<a href="{{assetlink={ASSET}}}">', '{dynamiccontent="Block"}'),
    *(
        '<a href="https://a.org/?t={today|Y}#x">',
        "<i title='{dynamiccontent=\"Block\"}'>",
        '<a href="{unsubscribe_url}">',
        "<a href='{dynamiccontent=\"Link\"}'>",
        "<img src='https://a.org/{dynamiccontent=\"Link\"}'>",
    ),
]
# Blocks do not nest.
INNER = [token for token in TOKENS if "dynamic" not in token]
pieces = st.one_of(st.sampled_from(PIECES), st.sampled_from(TOKENS))
contents = st.lists(st.one_of(st.sampled_from(PIECES), st.sampled_from(INNER)), max_size=4).map("".join)
bodies = st.lists(pieces, min_size=1, max_size=12).map("".join)
lines = st.lists(
    st.sampled_from(
        ["{contactfield=x|you}", "{today}", "{ownerfield=firstname}", '{dynamiccontent="Block"}', "é", "{{"]
    ),
    min_size=1,
    max_size=4,
).map("".join)
texts = st.lists(st.sampled_from([*PIECES, "{contactfield=x} ", "{today}", " https://a.org "]), min_size=1).map("".join)
RULE = json.dumps({"field": "x", "operator": "=", "value": "a"})
blocks = st.builds(
    lambda default, fitting, text, other: Block("Block", default, text, (Variation(RULE, fitting, other),)),
    contents,
    contents,
    texts,
    texts,
)
LINK = Block("Link", "", "https://b.org/\u00e9?{{x}}&", (Variation(RULE, "", "{contactfield=x|https://a.org}/ '"),))
people = st.builds(
    lambda x, owner: Addressee(
        Contact(CONTACT, "ada@example.org", {"x": x, "born": "1985-07-09", "timezone": "Asia/Tokyo"}), owner, now=NOW
    ),
    st.sampled_from(["", "a", "{{s1}}", "<&>\"'\n.", "é" * 90]),
    st.sampled_from([None, Owner("o", "eve@b.org", "Eve {{", "", "", "Eve\n.\n|FROM_NAME| <x>")]),
)
utms = st.sampled_from([{}, {"source": "a {{b}} & c"}])


drafts = st.builds(
    lambda html, text, line, block, utm, tracked: {
        "html": html,
        "text": text,
        **dict.fromkeys(("subject", "from_name", "preheader"), line),
        "headers": {"X-A": "a {contactfield=x} {today|Y}"},
        "blocks": (block, LINK),
        "utm": utm,
        "from_owner": True,
        "stationery": WORKSPACE,
        "tracked": tracked,
    },
    bodies,
    bodies,
    lines,
    blocks,
    utms,
    st.booleans(),
)


@settings(max_examples=250, deadline=None)
@given(drafts, people)
def test_every_way_gives_the_same_letter(draft, to):
    revision = attempted(**draft)
    if revision is None:
        return
    one = envelope(revision, to)
    expected = letter(revision, one)
    assert_ses(revision, one, expected)
    assert_mime(revision, one, expected)
    assert not expected.html or web_page(revision, one.values) == as_written(expected.html)
    assert decoded(encoded(revision)) == revision


@settings(max_examples=250, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(PIECES),
            st.sampled_from(
                ['<a href="https://a.org/?a=1&amp;b=é#x">', "<a href='https://a.org'>", "<area href=ftp://a.b>"]
            ),
            st.text(max_size=5),
        ),
        min_size=1,
        max_size=14,
    ).map("".join)
)
def test_a_letter_that_is_not_tracked_is_byte_for_byte_what_was_written(html):
    revision = attempted(html=html + "x", text="x", tracked=False)
    if revision is not None:
        assert letter(revision, envelope(revision)).html == html + "x"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), min_size=1, max_size=10).map("".join))
def test_a_blocks_content_is_byte_for_byte_what_was_written(html):
    revision = attempted(html='<p>{dynamiccontent="Block"}</p>', text="x", blocks=(Block("Block", html),))
    if revision is not None:
        assert as_written(letter(revision, envelope(revision)).html) == f"<p>{html}</p>"
