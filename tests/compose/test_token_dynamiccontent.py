"""`{dynamiccontent="Name"}`: the first variation whose filter holds, else the default."""

import json
from html import escape
from urllib.parse import quote as quoted

import pytest

from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.personalise import values
from chalicelib.compose.stationery import Stationery
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


SHOP = Block(
    "Shop",
    "<p>https://all.example/?a=1&amp;b=2#f",
    "",
    (
        Variation(rule("plan", "=", "pro"), "", "https://pro.example/\u00e9 \u00fc?e={contactfield=email}&amp"),
        Variation(rule("plan", "=", "own"), "", "{contactfield=website|https://none.example}/shop"),
        Variation(rule("plan", "=", "file"), "", "{assetlink=0123456789abcdef}"),
    ),
)
PATH = Block(
    "Path", "", "wo/men's & {subject}", (Variation(rule("plan", "=", "pro"), "", "pro/{contactfield=email}?x=1"),)
)
PLACES = Stationery(BASE, assets={"0123456789abcdef": "https://files.example/a b.pdf?x=1&y=2"})


@pytest.mark.parametrize(
    ("href", "to", "target", "reason"),
    [
        (
            "{SHOP}",
            contact(plan="pro"),
            "https://pro.example/%C3%A9%20%C3%BC?e=ada%40example.org&amp",
            "as written there",
        ),
        ("{SHOP}", contact(), "https://all.example/?a=1&b=2#f", "the default, read as text"),
        ("{SHOP}", contact(plan="own", website="https://me.example"), "https://me.example/shop", "a field begins it"),
        ("{SHOP}", contact(plan="own", website="javascript:x"), "https://none.example/shop", "a field that is no URL"),
        ("{SHOP}", contact(plan="file"), "https://files.example/a%20b.pdf?x=1&y=2", "an asset"),
        (
            "https://a.org/{PATH}",
            contact(),
            "https://a.org/wo/men's%20&%20Hello%20%26%20%2F",
            "its signs are the URL's",
        ),
        ("https://a.org/{PATH}#f", contact(plan="pro"), "https://a.org/pro/ada%40example.org?x=1#f", "values' are not"),
        ("https://a.org/?{PATH}&amp;z", contact(plan="pro"), "https://a.org/?pro/ada%40example.org?x=1&z", "anywhere"),
    ],
)
@pytest.mark.parametrize("quote", ["&quot;", "\u201c", "&#34;", "%22"])
def test_in_the_address_of_a_link(href, to, target, reason, quote):
    for name in ("Shop", "Path"):
        href = href.replace(f"{{{name.upper()}}}", f"{{dynamiccontent={quote}{name}{quote}}}")
    fields = {"subject": "Hello & /", "blocks": (SHOP, PATH), "stationery": PLACES}
    revision = revised(html=f'<a href="{href}">x</a>', **fields)
    assert revision.links == ("", f"{BASE}/", ""), "one link, whoever gets it, in the HTML and in the text made of it"
    one = envelope(revision, to)
    arrived = letter(revision, one)
    seal = SIGNER.seal(TOKEN, target)
    assert as_written(arrived.html) == f'<a href="{C}/0?u={quoted(target, safe="")}&amp;s={seal}">x</a>', reason
    assert arrived.text == f"x ({C}/2?u={quoted(target, safe='')}&s={seal})\n", reason
    assert_ses(revision, one, arrived)
    assert_mime(revision, one, arrived)
    plain = sent(to, html=f'<a href="{href}">x</a>', tracked=False, **fields)
    assert (plain.html, plain.text) == (f'<a href="{escape(target)}">x</a>', f"x ({target})\n"), "a preview"


@pytest.mark.parametrize(
    ("html", "to", "expected", "reason"),
    [
        ("<img src='{SHOP}'>", contact(), "<img src='https://all.example/?a=1&amp;b=2#f'>", "a picture"),
        (
            '<a href="{SHOP}" mautic:disable-tracking>',
            contact(plan="own", website='https://"<x>'),
            '<a href="https://&quot;&lt;x&gt;/shop" mautic:disable-tracking>',
            "a link that is not tracked",
        ),
        (
            "<img src='https://a.org/{PATH}'>",
            contact(),
            "<img src='https://a.org/wo/men&#x27;s%20&amp;%20Hello'>",
            "a piece",
        ),
        ("<a href='mailto:{WHO}'>", contact(x="a b+c@d.org"), "<a href='mailto:x@b.org,a%20b+c@d.org'>", "mailto"),
    ],
)
def test_in_other_addresses(html, to, expected, reason):
    who = Block("Who", "", "x@b.org,{contactfield=x}")
    for name in ("Shop", "Path", "Who"):
        html = html.replace(f"{{{name.upper()}}}", f"{{dynamiccontent={name}}}")
    assert html_of(html, to, blocks=(SHOP, PATH, who), stationery=PLACES, text="x") == expected, reason


def test_an_empty_content_is_no_link():
    block = Block("Shop", "", "", (Variation(rule("plan", "=", "pro"), "", "https://a.org"),))
    html = '<a href="{dynamiccontent=Shop}">x</a>'
    [warning] = made(html=html, blocks=(block,), text="x", kind="template").warnings
    assert warning.where.startswith("blocks[0].text, line 1")
    assert "leads nowhere" in warning.message
    assert html_of(html, contact(), blocks=(block,), text="x") == '<a href="#">x</a>'


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        ("javascript:alert(1)", "begin it with https://"),
        ("www.a.org", "begin it with https://"),
        ("/a", "begin it with https://"),
        ("https://a.org/{unsubscribe_url}", "cannot stand in a block within a URL"),
        ('https://a.org/{dynamiccontent="Shop"}', "cannot stand in a block within a URL"),
        ("https://a.org/{unsubscribe_text}", "cannot stand in a block within a URL"),
        ("https://a.org/{contactfield=a", "not closed"),
        ("https://a.org/" + "x" * 4_096, "4096 characters"),
    ],
)
def test_a_content_that_no_address_can_have(content, mend):
    with pytest.raises(Invalid, match=mend) as fault:
        made(html='<a href="{dynamiccontent=Shop}">', blocks=(Block("Shop", "", content),), text="x")
    assert fault.value.field == "blocks[0].text"


def test_contents_of_addresses_count_with_what_ses_takes():
    block = Block("Shop", "", "https://a.org/" + "x" * 4_000)
    with pytest.raises(TooLarge, match="contents of the blocks"):
        made(html='<a href="{dynamiccontent=Shop}">' * 18, blocks=(block,), text="x")


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
        ({"html": "<a href='https://a.org/{dynamiccontent=\"Ofer\"}'>"}, "html", "Did you mean 'Offer'", "in a target"),
        ({"html": "<img src='{dynamiccontent=\"Ofer\"}'>"}, "html", "column 11: .*Did you mean 'Offer'", "in a URL"),
        (
            {"text": 'x https://a.org/{dynamiccontent="Ofer"}'},
            "text",
            "column 3: .*Did you mean 'Offer'",
            "in the text",
        ),
        (
            {"html": f"<a href='{TOKEN_}'>"},
            "blocks[0].variations[0].text",
            "Line 1, column 1: .*begin it with https://",
            "a content that is no URL",
        ),
    ],
)
def test_refused(fields, field, mend, reason):
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
