"""Campaign parameters: at the end of the query, before the fragment, and never in place of what is there."""

import re
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.utm import parameters, tagged
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from tests.compose.making import ADA, BASE, CONTACT, SIGNER, TOKEN, html_of, links_of, made, revised, sent

UTM = {"source": "news", "campaign": "a b&c"}
TAGS = "utm_source=news&utm_campaign=a%20b%26c"


@pytest.mark.parametrize(
    ("url", "expected", "reason"),
    [
        ("https://a.org", f"https://a.org?{TAGS}", "no query"),
        ("https://a.org/x", f"https://a.org/x?{TAGS}", "a path"),
        ("https://a.org/?", f"https://a.org/?{TAGS}", "an empty query"),
        ("https://a.org/?a=1", f"https://a.org/?a=1&{TAGS}", "a query"),
        ("https://a.org/?a=1&", f"https://a.org/?a=1&{TAGS}", "a query that ends with &"),
        ("https://a.org/?a", f"https://a.org/?a&{TAGS}", "a name without a value"),
        ("https://a.org/#x", f"https://a.org/?{TAGS}#x", "a fragment (RFC 3986 section 3.5: the last part)"),
        ("https://a.org/?a=1#x?y#z", f"https://a.org/?a=1&{TAGS}#x?y#z", "a fragment with signs of its own"),
        ("https://a.org/#/route?a=1", f"https://a.org/?{TAGS}#/route?a=1", "an app's route"),
        ("https://a.org/?utm_source=x", "https://a.org/?utm_source=x&utm_campaign=a%20b%26c", "one is there"),
        ("https://a.org/?UTM_Source=x", "https://a.org/?UTM_Source=x&utm_campaign=a%20b%26c", "in any capitals"),
        ("https://a.org/?utm%5Fsource=x", "https://a.org/?utm%5Fsource=x&utm_campaign=a%20b%26c", "encoded"),
        ("https://a.org/?utm_source", "https://a.org/?utm_source&utm_campaign=a%20b%26c", "without a value"),
        ("https://a.org/?utm_campaign=&utm_source=", "https://a.org/?utm_campaign=&utm_source=", "both"),
        ("https://a.org/?x=utm_source=1", f"https://a.org/?x=utm_source=1&{TAGS}", "a value that looks like one"),
        ("https://a.org/#utm_source=x", f"https://a.org/?{TAGS}#utm_source=x", "in a fragment it is none"),
        ("HTTP://a.org/", f"HTTP://a.org/?{TAGS}", "http"),
        ("ftp://a.org/", "ftp://a.org/", "ftp has no query"),
    ],
)
def test_target(url, expected, reason):
    assert links_of(revised(html=f'<a href="{url}">', text="x", utm=UTM)) == (expected,), reason
    assert revised(text=f"<{url}>", utm=UTM).links[:1] == ((expected,) if url.lower().startswith("http") else ()), (
        reason
    )


@pytest.mark.parametrize(
    ("href", "value", "target", "reason"),
    [
        ("https://a.org/?e={contactfield=v}", "a", f"https://a.org/?e=a&{TAGS}", "in the query"),
        ("https://a.org/{contactfield=v}#top", "a", f"https://a.org/a?{TAGS}#top", "before the fragment"),
        (
            "https://a.org/?{contactfield=v}=1",
            "utm_source",
            "https://a.org/?utm_source=1&utm_campaign=a%20b%26c",
            "name",
        ),
        ("https://a.org/?e={contactfield=v}", "#?&", f"https://a.org/?e=%23%3F%26&{TAGS}", "a value has no signs"),
        ("{contactfield=v}", "https://b.org/?a=1#x", f"https://b.org/?a=1&{TAGS}#x", "the whole link"),
        ("{contactfield=v}/x", "https://b.org", f"https://b.org/x?{TAGS}", "its beginning"),
    ],
)
def test_target_with_a_contacts_values(href, value, target, reason):
    arrived = html_of(f'<a href="{href}">', Contact(CONTACT, "a@b.org", {"v": value}), text="x", utm=UTM)
    query = parse_qs(urlsplit(re.search('href="([^"]*)"', arrived)[1].replace("&amp;", "&")).query)
    assert query["u"] == [target], reason
    assert SIGNER.sealed(TOKEN, target, query["s"][0]), "what is sealed is what is followed"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://a.org" data-envoi-disable-tracking>',
        '<a href="https://a.org" mautic:disable-tracking>',
        '<a href="{unsubscribe_url}">',
        '<a href="mailto:a@b.org">',
        '<a href="#top">',
        '<a href="https://a.org/{{ theirs }}">',
        '<img src="https://a.org">',
    ],
)
def test_what_is_not_tracked_has_none(html):
    assert html_of(html, text="x", utm=UTM) == html_of(html, text="x")


def test_the_link_that_nobody_sees_has_none():
    revision = revised(html="<p>", text="x", utm=UTM)
    assert revision.links == (f"{BASE}/",)


def test_in_a_letter_that_is_not_tracked_they_are_seen():
    arrived = sent(ADA, html='<a href="https://a.org/?a=1&amp;b=2#x">', utm=UTM, tracked=False, text="https://a.org/")
    assert arrived.html == f'<a href="https://a.org/?a=1&amp;b=2&amp;{TAGS.replace("&", "&amp;")}#x">'
    assert arrived.text == f"https://a.org/?{TAGS}"


def test_parameters_are_in_one_order_and_empty_ones_left_out():
    given = {"content": "c", "term": "", "source": "s", "medium": "é", "campaign": "x"}
    assert parameters(given) == (
        ("utm_source", "s"),
        ("utm_medium", "%C3%A9"),
        ("utm_campaign", "x"),
        ("utm_content", "c"),
    )


def test_values_are_checked():
    for value, mend in (("a\nb", "control character"), ("x" * 201, "200 characters")):
        with pytest.raises(Invalid, match=mend) as fault:
            made(text="x", utm={"source": value})
        assert fault.value.field == "utm.source"


def test_tokens_in_them_are_told():
    [warning] = made(text="x", kind="template", utm={"source": "a {contactfield=x}"}).warnings
    assert (warning.where, "not filled in" in warning.message) == ("utm.source, line 1, column 3", True)
    assert "put the token into the link" in warning.mend


@given(st.text(st.sampled_from("a=&?#/;%3D_utmsource."), max_size=30))
def test_nothing_else_changes(rest):
    url = f"https://a.org/{rest}"
    found = tagged(url, (("utm_source", "n"),))
    before, after = urlsplit(url), urlsplit(found)
    assert (before.scheme, before.netloc, before.path, before.fragment) == (
        after.scheme,
        after.netloc,
        after.path,
        after.fragment,
    )
    names = [name.lower() for name, _ in parse_qsl(before.query, keep_blank_values=True)]
    added = [] if "utm_source" in names else [("utm_source", "n")]
    pairs = parse_qsl(before.query, keep_blank_values=True)
    assert parse_qsl(after.query, keep_blank_values=True) == pairs + added
    assert tagged(found, (("utm_source", "n"),)) == found
