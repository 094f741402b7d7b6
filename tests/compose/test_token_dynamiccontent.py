"""`{dynamiccontent="Name"}`: the first variation whose filter holds, else the default."""

import json

import pytest

from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.personalise import values
from chalicelib.compose.tracked import html_links
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.email import Block, Variation
from chalicelib.model.errors import Invalid, TooLarge
from tests.compose.making import (
    ADA,
    BASE,
    CONTACT,
    NOW,
    SIGNER,
    TOKEN,
    as_written,
    envelope,
    html_of,
    links_of,
    made,
    revised,
    sent,
    text_of,
)
from tests.compose.test_letter import assert_mime, assert_ses

C = f"{BASE}/c/{TOKEN}"
LIST = "a" * 16


def rule(field, operator, *value):
    return json.dumps({"field": field, "operator": operator} | ({"value": value[0]} if value else {}))


def contact(**fields):
    return Contact(CONTACT, "ada@example.org", fields)


OFFER = Block(
    "Offer",
    "<b>All</b>",
    "",
    (
        Variation(rule("plan", "=", "pro"), '<i>Pro</i> <a href="https://a.org/pro">go</a>', "PRO: https://a.org/pro"),
        Variation(rule("city", "in", ["Paris", "Lyon"]), "<i>{contactfield=city}</i>"),
        Variation(rule("segment", "=", LIST), "<i>Listed</i>", "listed"),
    ),
)
TOKEN_ = '{dynamiccontent="Offer"}'


@pytest.mark.parametrize(
    ("to", "html", "text", "reason"),
    [
        (contact(plan="pro"), f'<i>Pro</i> <a href="{C}/0">go</a>', f"PRO: {C}/0", "the first that holds"),
        (contact(plan="pro", city="Lyon"), f'<i>Pro</i> <a href="{C}/0">go</a>', f"PRO: {C}/0", "the first of two"),
        (contact(city="Lyon"), "<i>Lyon</i>", "Lyon", "tokens within; text made of the HTML"),
        (contact(city="<Paris>"), "<b>All</b>", "All", "none holds: the default"),
        (Contact(CONTACT, "a@b.org", lists=frozenset({LIST})), "<i>Listed</i>", "listed", "membership of a list"),
        (Contact(CONTACT, "a@b.org", lists=frozenset({"b" * 16})), "<b>All</b>", "All", "of another one"),
    ],
)
def test_chosen(to, html, text, reason):
    assert html_of(f"<p>{TOKEN_}</p>", to, blocks=(OFFER,), text="x") == f"<p>{html}</p>", reason
    assert text_of(f"[{TOKEN_}]", to, blocks=(OFFER,)) == f"[{text}]", reason


@pytest.mark.parametrize(
    "token",
    [
        '{DynamicContent="offer"}',
        "{dynamiccontent='Offer'}",
        "{dynamiccontent=Offer}",
        "{dynamiccontent=&quot;Offer&quot;}",
        "{dynamiccontent=\u201cOffer\u201d}",
        "%7Bdynamiccontent=%22Offer%22%7D",
    ],
)
def test_ways_to_write_it(token):
    assert html_of(token, blocks=(OFFER,)) == "<b>All</b>"


@pytest.mark.parametrize(
    ("fields", "part", "shown", "reason"),
    [
        ({"text": "x", "subject": TOKEN_}, "subject", "a & b <c> d", "one line of text"),
        ({"text": "x", "from_name": TOKEN_}, "from_", '"a & b <c> d"', "the sender"),
        ({"html": "<p>", "preheader": TOKEN_}, "html", ">a &amp; b &lt;c&gt; d</div>", "escaped in the preheader"),
        ({"html": f"<i title='{TOKEN_}'>"}, "html", "title='a &amp; b &lt;c&gt; d'", "escaped in an attribute"),
        ({"html": "<p>{subject}", "subject": TOKEN_}, "html", "<p>a &amp; b &lt;c&gt; d", "the subject in the HTML"),
        (
            {"html": '<a href="https://a.org/?{subject}">', "subject": TOKEN_},
            "html",
            "a%2520%2526%2520b",
            "in a target",
        ),
        ({"text": "x", "headers": {"X-A": TOKEN_}}, "headers", "a & b <c> d", "a header"),
    ],
)
def test_in_every_place(fields, part, shown, reason):
    block = Block("Offer", "", "no", (Variation(rule("firstname", "=", "ada"), "", "a & b\n  {contactfield=x} d"),))
    found = getattr(sent(contact(firstname="Ada", x="<c>"), blocks=(block,), **fields), part)
    assert shown in (found.values() if isinstance(found, dict) else found), reason


def test_links_have_numbers_of_their_own_in_every_place():
    html = f'<a href="https://a.org/1">{TOKEN_}<a href="https://a.org/2">{TOKEN_}'
    revision = revised(html=html, blocks=(OFFER,), text=TOKEN_)
    pro, one, two = "https://a.org/pro", "https://a.org/1", "https://a.org/2"
    assert links_of(revision) == (one, pro, two, pro, pro)
    assert html_links(revision) == 4 + 1, "with the one that no person sees"
    arrived = letter(revision, envelope(revision, contact(plan="pro")))
    assert [f'{C}/{n}"' in arrived.html for n in range(4)] == [True] * 4
    assert arrived.text == f"PRO: {C}/5"


def test_personal_links_within():
    block = Block("Offer", '<a href="https://a.org/?e={contactfield=email}">x</a>')
    arrived = html_of(TOKEN_, blocks=(block,), text="x")
    target = "https://a.org/?e=ada%40example.org"
    assert arrived == (
        f'<a href="{C}/0?u=https%3A%2F%2Fa.org%2F%3Fe%3Dada%2540example.org&amp;s={SIGNER.seal(TOKEN, target)}">x</a>'
    )


@pytest.mark.parametrize(
    ("filter_", "born", "shown"),
    [
        (rule("born", "=", "today"), "2026-11-24", "yes"),
        (rule("born", "=", "today"), "2026-11-25", "no"),
        (rule("born", "=", "birthday"), "1985-11-24", "yes"),
        (rule("born", "gt", "2026-11-01"), "2026-11-24", "yes"),
    ],
)
def test_days_count_from_the_moment_of_sending(filter_, born, shown):
    revision = revised(text=TOKEN_, blocks=(Block("Offer", "", "no", (Variation(filter_, "", "yes"),)),))
    person = contact(born=born)
    assert letter(revision, envelope(revision, person)).text == shown
    later = Addressee(person, now=NOW + 40 * 86_400_000)
    assert letter(revision, envelope(revision, later)).text == ("yes" if "2026-11-01" in filter_ else "no")
    assert values(revision, Addressee(person, now=NOW), TOKEN, SIGNER) == (shown,), "and again"


def test_the_same_letter_whichever_way_it_goes():
    html = f"<body>{TOKEN_} {{{{ x }}}} {{subject}}</body>"
    revision = revised(html=html, subject=TOKEN_, text=f"{TOKEN_}\n.", blocks=(OFFER,))
    for person in (contact(plan="pro"), contact(city="Lyon"), ADA):
        one = envelope(revision, person)
        expected = letter(revision, one)
        assert_ses(revision, one, expected)
        assert_mime(revision, one, expected)
        assert web_page(revision, one.values) == as_written(expected.html)


@pytest.mark.parametrize(
    ("fields", "field", "mend", "reason"),
    [
        (
            {"html": '\n {dynamiccontent="Ofer"}'},
            "html",
            "Line 2, column 2: .*Did you mean 'Offer'",
            "the nearest name",
        ),
        ({"html": '{dynamiccontent="Zzz"}'}, "html", "Add it to the e-mail's blocks", "nothing near"),
        ({"text": "x", "subject": '{dynamiccontent="Ofer"}'}, "subject", "Did you mean 'Offer'", "in the subject too"),
        ({"html": '{dynamiccontent=""}'}, "html", "The token is written", "no name"),
        ({"html": '{dynamiccontent="Offer"'}, "html", "not closed", "not closed"),
        ({"html": f"<a href='https://a.org/{TOKEN_}'>"}, "html", "cannot stand in a URL", "in a target"),
        ({"html": f"<img src='{TOKEN_}'>"}, "html", "cannot stand in a URL", "in a URL"),
        ({"text": f"https://a.org/x{TOKEN_}"}, None, "", "a URL ends before it"),
    ],
)
def test_refused(fields, field, mend, reason):
    if field is None:
        assert made(**fields, blocks=(OFFER,)).revision.links[0] == "https://a.org/x", reason
        return
    with pytest.raises(Invalid, match=mend) as fault:
        made(**fields, blocks=(OFFER,))
    assert fault.value.field == field, reason


@pytest.mark.parametrize(
    ("content", "field", "mend"),
    [
        (f"a\n{TOKEN_}", "blocks[0].variations[0].html", "Line 2, column 1: Blocks do not nest"),
        ("{contactfield=a b}", "blocks[0].variations[0].html", "alias"),
        ('<a href="javascript:x">', "blocks[0].variations[0].html", "A link in a letter begins"),
        ("<i {contactfield=a}>", "blocks[0].variations[0].html", "quotes"),
    ],
)
def test_a_content_is_refused_with_its_place(content, field, mend):
    block = Block("Offer", "x", "x", (Variation(rule("a", "empty"), content),))
    with pytest.raises(Invalid, match=mend) as fault:
        made(html=TOKEN_, blocks=(block,))
    assert fault.value.field == field


def test_what_a_contact_did_is_not_asked():
    block = Block("Offer", "x", "x", (Variation(rule("do_not_contact", "=", True), "y"),))
    with pytest.raises(Invalid, match="fields and lists") as fault:
        made(html=TOKEN_, blocks=(block,))
    assert fault.value.field == "blocks[0].variations[0].filter"


def test_a_pixel_within_is_taken_out():
    block = Block("Offer", "a{tracking_pixel}b")
    assert html_of(TOKEN_, blocks=(block,)) == "ab"
    assert "taken out" in made(html=TOKEN_, blocks=(block,), kind="template").warnings[0].message


def test_a_way_out_counts_where_everybody_has_it():
    away = "{unsubscribe_url}"
    every = Block("Offer", away, "", (Variation(rule("a", "empty"), away),))
    some = Block("Offer", "x", "", (Variation(rule("a", "empty"), away),))
    assert made(html=TOKEN_, blocks=(every,)).warnings == ()
    assert "unsubscribe" in made(html=TOKEN_, blocks=(some,)).warnings[0].message


def test_the_largest_contents_fit_into_what_ses_takes():
    def blocks(size):
        variations = tuple(Variation(rule("a", "=", n), "x" * size) for n in range(2))
        return tuple(Block(f"b{n}", "y", "y", variations) for n in range(3))

    html = "".join(f'{{dynamiccontent="b{n}"}}' for n in range(3))
    assert made(html=html, text="x", blocks=blocks(65_000))
    with pytest.raises(TooLarge, match="contents of the blocks") as fault:
        made(html=html, text="x", blocks=blocks(65_600))
    assert fault.value.field == "blocks"


def test_a_block_that_stands_everywhere_is_refused_at_once():
    block = Block("Offer", '<a href="https://a.org">x</a>' * 30)
    with pytest.raises((TooLarge, Invalid)):
        made(html=TOKEN_ * 9_000, blocks=(block,))
