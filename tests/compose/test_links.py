import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from chalicelib.compose.link import MAX_LINKS
from chalicelib.compose.url import trimmed
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from tests.compose.making import (
    ADA,
    BASE,
    CONTACT,
    DECOY,
    NOBODY,
    SIGNER,
    TOKEN,
    html_of,
    links_of,
    made,
    revised,
    sent,
    text_of,
)

C = f"{BASE}/c/{TOKEN}"
U, W = f"{BASE}/u/{TOKEN}", f"{BASE}/w/{TOKEN}"


@pytest.mark.parametrize(
    ("html", "expected", "links", "reason"),
    [
        ('<a href="http://a.org">', f'<a href="{C}/0">', ("http://a.org",), "http"),
        ("<A HREF='HTTPS://a.org'>", f"<A HREF='{C}/0'>", ("HTTPS://a.org",), "https, any case, single quotes"),
        ("<area href=ftp://a.org/x>", f"<area href={C}/0>", ("ftp://a.org/x",), "ftp, area, no quotes"),
        (
            '<a\n class="x"\n href = "https://a.org"\n>',
            f'<a\n class="x"\n href = "{C}/0"\n>',
            ("https://a.org",),
            "#9408",
        ),
        ('<a title="a > b" href="https://a.org">', f'<a title="a > b" href="{C}/0">', ("https://a.org",), "quoted >"),
        ('<a href=" https://a.org\n">', f'<a href="{C}/0">', ("https://a.org",), "blanks around it"),
        ('<a href="https://a.org/é b">', f'<a href="{C}/0">', ("https://a.org/%C3%A9%20b",), "stored in ASCII"),
        (
            '<a href="https://u@ä.org:80/ü">',
            f'<a href="{C}/0">',
            ("https://u@xn--4ca.org:80/%C3%BC",),
            "the host in punycode: curl and old clients know no other (RFC 5891)",
        ),
        (
            '<a href="https://straße.de/">',
            f'<a href="{C}/0">',
            ("https://xn--strae-oqa.de/",),
            "as browsers do (UTS 46, nontransitional)",
        ),
        ('<a href="https://-ä-.org">', f'<a href="{C}/0">', ("https://-%C3%A4-.org",), "no name: the browser says so"),
        ('<a href="/?a" href="https://a.org">', None, (), "the first of two counts (13.2.5.33)"),
        ('<a href="?foo=bar&amp;one=two">', None, (), "relative"),
        ('<a href="https://a.org?foo=bar&amp;one=two">', f'<a href="{C}/0">', ("https://a.org?foo=bar&one=two",), "&"),
        ('<a href="https://a.org?a=1&#38;b=2">', f'<a href="{C}/0">', ("https://a.org?a=1&b=2",), "#11643"),
        ('<a href="https://a.org?a=1&copy=2">', f'<a href="{C}/0">', ("https://a.org?a=1&copy=2",), "13.2.5.73"),
        (
            '<a href="https://a.org"><a href="https://a.org">',
            f'<a href="{C}/0"><a href="{C}/1">',
            ("https://a.org", "https://a.org"),
            "a link that stands twice is told apart (#8928)",
        ),
        (
            '<a href="https://a.org?x=1"><a href="https://a.org?x=2"><a href="https://a.org">',
            f'<a href="{C}/0"><a href="{C}/1"><a href="{C}/2">',
            ("https://a.org?x=1", "https://a.org?x=2", "https://a.org"),
            "three URLs with one base are three links",
        ),
        ('<a href="{unsubscribe_url}">', f'<a href="{U}">', (), "its own endpoint"),
        ('<a href="http://%7Bwebview_url%7D">', f'<a href="{W}">', (), "editors put a scheme before it"),
        ('<a href="#top">', None, (), "an anchor"),
        ('<a href="mailto:a@b.org">', None, (), "mailto"),
        ('<a href="tel:+33">', None, (), "tel"),
        ('<a href="https://a.org" mautic:disable-tracking>', None, (), "as the author wishes"),
        ('<a data-mautic-disable-tracking="true" href="https://a.org">', None, (), "as the author wishes"),
        ('<a href="https://a.org" data-envoi-disable-tracking>', None, (), "as the author wishes"),
        ('<a href="{foo}">', None, (), "nothing but an unknown token"),
        ('<a href="{{ action_url }}">', None, (), "another system's"),
        ('<a href="https://a.org/{{ id }}">', None, (), "another system fills it in: no URL yet"),
        ('<link href="https://a.org"><img src="https://a.org">', None, (), "no link that people click"),
        ('<style>a{background:url(https://a.org)}</style><p style="x:url(https://a.org)">', None, (), "CSS url()"),
        ('<style><a href="https://a.org"></style>', None, (), "raw text"),
        ('<title><a href="https://a.org"></title>', None, (), "raw text"),
        ('<!-- <a href="https://a.org"> -->', None, (), "a comment"),
        ('<!--><a href="https://a.org">', f'<!--><a href="{C}/0">', ("https://a.org",), "a whole comment (13.2.5.43)"),
        ("<img alt=\"<a href='https://a.org'>\">", None, (), "inside an attribute"),
        ('</a href="https://a.org">', None, (), "an end tag"),
        ('<a href="https://a.org', None, (), "never closed: no tag"),
        (
            '<!--[if mso]>\n<v:roundrect style="a" href="https://a.org/v"><a href="https://a.org/w"><![endif]-->',
            f'<!--[if mso]>\n<v:roundrect style="a" href="{C}/0"><a href="{C}/1"><![endif]-->',
            ("https://a.org/v", "https://a.org/w"),
            "Outlook's conditional comments",
        ),
        (
            '<!--[if !mso]><!--><a href="https://a.org"><!--<![endif]-->',
            f'<!--[if !mso]><!--><a href="{C}/0"><!--<![endif]-->',
            ("https://a.org",),
            "what all others see",
        ),
    ],
)
def test_link_in_html(html, expected, links, reason):
    revision = revised(html=html, text="x")
    assert links_of(revision) == links, reason
    assert html_of(html, text="x") == (expected or html), reason


@pytest.mark.parametrize(
    ("text", "expected", "links", "reason"),
    [
        ("See http://a.org.", f"See {C}/0.", ("http://a.org",), "a full stop is the sentence's"),
        ("(https://a.org/b/)", f"({C}/0)", ("https://a.org/b/",), "a slash is the URL's"),
        *[(f"https://a.org/x{mark}", f"{C}/0{mark}", ("https://a.org/x",), mark) for mark in "])}>,.:;'\"!"],
        (
            "https://en.wikipedia.org/wiki/Mars_(planet).",
            f"{C}/0.",
            ("https://en.wikipedia.org/wiki/Mars_(planet)",),
            "a bracket that the URL opened is its own",
        ),
        ("(https://a.org/x)and", f"({C}/0)and", ("https://a.org/x",), "one that it did not open ends it"),
        (
            "(https://a.org)(https://b.org)",
            f"({C}/0)({C}/1)",
            ("https://a.org", "https://b.org"),
            "and the next begins",
        ),
        ("https://a.org/(x", f"{C}/0", ("https://a.org/(x",), "never closed: part of it"),
        ("https://[::1]!", f"{C}/0!", ("https://[::1]",), "an IPv6 host (RFC 3986 section 3.2.2)"),
        ("{[https://a.org/[x]]}", f"{{[{C}/0]}}", ("https://a.org/[x]",), "brackets of both kinds"),
        ("http://{webview_url}.", f"{W}.", (), "editors put a scheme before it"),
        ("https://a.org/x?!.", f"{C}/0!.", ("https://a.org/x?",), "several"),
        ("xhttps://a.org", None, (), "the end of a word"),
        ("https://a.org/{{id}} {{url}}", None, (), "another system's"),
        ("https://", None, (), "no host"),
        ("ftp://a.org mailto:a@b.org", None, (), "http and https alone in text"),
        ("{contactfield=no|https://a.org}", "https://a.org", (), "a default is no link"),
        ("{unsubscribe_url}", U, (), "its own endpoint"),
        ("https://a.org\nhttps://a.org", f"{C}/0\n{C}/1", ("https://a.org",) * 2, "each place its own number"),
    ],
)
def test_link_in_text(text, expected, links, reason):
    assert revised(text=text).links == links, reason
    assert text_of(text) == (expected or text), reason


@pytest.mark.parametrize(
    ("href", "contact", "target", "reason"),
    [
        ("https://a.org/?e={contactfield=email}", ADA, "https://a.org/?e=ada%40example.org", "percent-encoded"),
        ("https://a.org/%7Bcontactfield=firstname%7D/x", ADA, "https://a.org/Ada/x", "encoded braces"),
        ("https://a.org/?n={contactfield=n|a b&amp;c}&amp;z", NOBODY, "https://a.org/?n=a%20b%26c&z", "default"),
        (
            "https://a.org/?n={contactfield=n}",
            Contact(CONTACT, "a@b.org", {"n": "&x=#"}),
            "https://a.org/?n=%26x%3D%23",
            "",
        ),
        ("{contactfield=website|https://x.org}", ADA, "https://ada.example/a?b=1&c=2", "the whole link"),
        ("{contactfield=website}/b", ADA, "https://ada.example/a?b=1&c=2/b", "its beginning"),
        ("{contactfield=website|https://x.org}", NOBODY, "https://x.org", "the default"),
        (
            "{contactfield=w|https://x.org}",
            Contact(CONTACT, "a@b.org", {"w": "javascript:x"}),
            "https://x.org",
            "scheme",
        ),
    ],
)
def test_link_with_the_contacts_values(href, contact, target, reason):
    revision = revised(html=f'<a href="{href}">', text="x")
    assert links_of(revision) == ("",), "the target travels in the URL"
    link = re.search('href="([^"]*)"', html_of(f'<a href="{href}">', contact, text="x"))[1].replace("&amp;", "&")
    query = parse_qs(urlsplit(link).query)
    assert link.startswith(f"{C}/0?u="), reason
    assert query["u"] == [target], reason
    assert SIGNER.sealed(TOKEN, target, query["s"][0]), reason


@pytest.mark.parametrize(
    "html", ['<a href="DEFAULT">', '<a href="DEFAULT" mautic:disable-tracking>', '<img src="DEFAULT">']
)
def test_a_default_that_is_no_url_is_told(html):
    for default, told in (("www.a.org", 1), ("a.png", 1), ("javascript:x", 1), ("https://a.org", 0), ("", 0)):
        written = f"\n{html}".replace("DEFAULT", f"{{contactfield=w|{default}}}")
        warnings = made(html=written, text="x", kind="template").warnings
        assert [each.where.split(",")[1] for each in warnings] == [" line 2"] * told, default
        assert all("leads nowhere" in each.message and "https://" in each.mend for each in warnings)


def test_link_that_is_no_link_leads_nowhere():
    for value in ("", "javascript:alert(1)", "//evil.org", "data:x", "https://", " java\nscript:x"):
        contact = Contact(CONTACT, "a@b.org", {"w": value})
        assert html_of('<a href="{contactfield=w}">', contact, text="x") == '<a href="#">'
        assert html_of('<a href="{contactfield=w}" data-envoi-disable-tracking>', contact, text="x").startswith(
            '<a href="#"'
        )


def test_per_send_token_as_a_link():
    html = '<a href="{reset_url}">'
    given = {"reset_url": "https://a.org/?a=1&b=2"}
    assert html_of(html, tokens=given, kind="template", text="x") == '<a href="https://a.org/?a=1&amp;b=2">'
    assert html_of(html, tokens={"reset_url": "javascript:x"}, kind="template", text="x") == '<a href="#">'
    assert revised(html=html, kind="template", text="x").links == ()


def test_values_in_mailto_keep_their_at():
    assert html_of('<a href="mailto:{contactfield=email}?subject={subject}">', text="x", subject="a b") == (
        '<a href="mailto:ada@example.org?subject=a%20b">'
    )


@pytest.mark.parametrize("href", ["javascript:x", " JavaScript:x", "java\nscript:x", "vbscript:x", "data:text/html,x"])
@pytest.mark.parametrize("tag", ["a", "area", "v:rect", "a data-envoi-disable-tracking"])
def test_links_that_run_are_refused(href, tag):
    with pytest.raises(Invalid, match=r"Line 2, column \d+: A link in a letter begins with"):
        made(html=f'\n<{tag} href="{href}">')


@pytest.mark.parametrize(
    ("href", "mend", "reason"),
    [
        ("/relative", "https://", "a mail has no address that this could begin at"),
        ("page.html", "https://", "nor this"),
        ("?a=1", "https://", "nor a query alone"),
        ("/x?e={contactfield=email}", "https://", "a token within does not mend it"),
        ("//a.org/x", "https://", "nor has a mail a scheme"),
        ("www.a.org", "https://", "a host without a scheme is a path"),
        ("", "URL", "empty"),
        (" &#10; ", "URL", "empty once it is read"),
    ],
)
@pytest.mark.parametrize("tag", ["a", "area", "v:rect", "a data-envoi-disable-tracking"])
def test_links_that_lead_nowhere_are_told(tag, href, mend, reason):
    html = f'{{unsubscribe_url}}\n<{tag} href="{href}">'
    [warning] = made(html=html, text="x").warnings
    assert warning.where == f"html, line 2, column {len(tag) + 9}", reason
    assert "nowhere" in warning.message, reason
    assert mend in warning.mend, reason
    assert html_of(html, text="x") == html.replace("{unsubscribe_url}", U).replace(
        "{contactfield=email}", "ada%40example.org"
    ), "it goes out as it is"


def test_empty_links_without_quotes_are_told():
    for html in ("<a href>", "<a href=>", "<a href=''>"):
        [warning] = made(html=html, kind="template", text="x").warnings
        assert warning.where.startswith("html, line 1"), html


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ('<a href="#top">', "an anchor"),
        ('<a href="#">', "the letter's beginning"),
        ('<a href="mailto:a@b.org">', "mailto"),
        ('<a href="TEL:+33">', "tel, any case"),
        ('<a href="sms:+33">', "sms"),
        ('<a href="{reset_url}/x">', "a token of this sending"),
        ('<a href="{contactfield=website}">', "a field that holds the URL"),
        ('<a href="{unsubscribe_url}">', "its own endpoint"),
        ('<a href="http://%7Bwebview_url%7D">', "editors put a scheme before it"),
        ('<a href="{{ action_url }}">', "another system's"),
        ('<a href="%7B%7Baction_url%7D%7D">', "another system's, as editors encode it"),
        ('<a href="https://{{ host }}/">', "another system's host"),
        ('<a href="https://{contactfield=shop}.example/">', "a host with a field in it"),
        ('<a name="top"><a>', "no link at all"),
        ('<link href="/x"><img src="/x">', "no link that people click"),
        ('<a class="" href="https://a.org">', "another attribute that is empty"),
    ],
)
def test_links_that_lead_somewhere_are_not_warned_of(html, reason):
    assert made(html=html, kind="template", text="x").warnings == (), reason


@pytest.mark.parametrize(
    ("href", "reason"),
    [
        ("http://", "nothing behind it"),
        ("https:///x", "a path where the host belongs"),
        ("HTTPS://?a=1", "a query"),
        (" https://#x", "an anchor"),
        ("https:", "not even slashes"),
        ("https:/a.org", "one slash is missing"),
        ("ht\ntps://", "line ends are taken out of URLs"),
        ("https:&#47;/", "as it is read"),
    ],
)
@pytest.mark.parametrize("tag", ["a", "area", "v:rect", "a data-envoi-disable-tracking"])
def test_links_without_a_host_are_refused(tag, href, reason):
    with pytest.raises(
        Invalid, match=rf"Line 2, column {len(tag) + 9}: This link has no host: write it whole"
    ) as caught:
        made(html=f'\n<{tag} href="{href}">')
    assert caught.value.field == "html", reason


def test_too_many_links_are_refused():
    with pytest.raises(Invalid, match="1000 tracked links"):
        made(html='<a href="https://a.org">' * (MAX_LINKS + 1))
    assert len(links_of(revised(html='<a href="https://a.org">' * MAX_LINKS, text="x"))) == MAX_LINKS


def test_too_long_a_link_is_refused():
    with pytest.raises(Invalid, match="4096 characters"):
        made(text="https://a.org/" + "x" * 4096)


def test_all_links_the_pixel_and_the_endpoints_share_one_slot():
    html = '<a href="https://a.org">{unsubscribe_text}{webview_text}<a href="https://b.org">'
    assert [slot.kind for slot in revised(html=html, text="https://c.org").program.slots] == ["track"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<html><body><p>x</p></body></html>", "<html><body><p>x</p>PIXEL</body></html>"),
        ("<p>x</p>", "<p>x</p>PIXEL"),
        ("<p>x</p><!-- </body> -->", "<p>x</p><!-- </body> -->PIXEL"),
        ("</body>x</BODY >", "</body>xPIXEL</BODY >"),
        ("x</html>", "xPIXEL</html>"),
        ("x<!-- y", "xPIXEL<!-- y"),
        ("a{tracking_pixel}b{tracking_pixel}</body>", "aPIXELb</body>"),
        ("a</body>{Tracking_Pixel}", "aPIXEL</body>"),
    ],
)
def test_pixel_stands_once(html, expected):
    letter = sent(html=html, text="x{tracking_pixel}")
    pixel = re.search("<img [^>]*>", letter.html)[0]
    assert f'src="{BASE}/o/{TOKEN}" width="1" height="1" alt=""' in pixel
    assert DECOY.sub("", letter.html.replace(pixel, "PIXEL")) == expected
    assert letter.text == "x"


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*" \"'=>/\n<a", "href", "href=", "https://a.org", "title", "&amp;"]), max_size=14))
def test_a_tag_is_read_as_a_browser_reads_it(pieces):
    html = "<a " + "".join(pieces)
    node = LexborHTMLParser(html).css_first("a")
    href = trimmed((node.attributes.get("href") or "") if node else "")
    expected = [href] if href.startswith("https://a.org") else []
    # nested <a> in the soup would be links of their own
    assume(html.count("<a") == 1)
    assert [unquote(link) for link in links_of(revised(html=html, text="x"))] == [unquote(href) for href in expected]
