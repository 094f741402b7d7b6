import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.letter_checks import MAX_SLOTS
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid, TooLarge
from tests.compose.making import BASE, CONTACT, NOBODY, TOKEN, html_of, made, sent, text_of

UNSUBSCRIBE = f"{BASE}/u/{TOKEN}"
WEB = f"{BASE}/w/{TOKEN}"


@pytest.mark.parametrize(
    ("text", "filled", "reason"),
    [
        ("{contactfield=firstname}", "Ada", "the contact's field"),
        ("{leadfield=firstname}", "Ada", "Mautic's older name of it"),
        ("{ContactField=FirstName}", "Ada", "tokens are case-insensitive, aliases are lower case"),
        ("%7Bcontactfield=firstname%7D", "Ada", "editors encode braces"),
        ("%7bcontactfield%3Dfirstname%7Cyou%7d", "Ada", "and what stands between them"),
        ("{contactfield=lastname|friend}", "friend", "the default where the field is empty"),
        ("{contactfield=lastname}", "", "nothing without a default"),
        ("{contactfield=zero|none}", "0", "0 is not empty"),
        ("{contactfield=email}", "ada@example.org", "the address is a field"),
        ("{contactfield=website|true}", "https%3A%2F%2Fada.example%2Fa%3Fb%3D1%26c%3D2", "|true: urlencoded"),
        ("{subject}", "Hello", "the subject"),
        ("{unsubscribe_url}", UNSUBSCRIBE, "the recipient's own"),
        ("{webview_url}", WEB, "the recipient's own"),
        ("{foo}", "{foo}", "unknown tokens stay verbatim"),
        ("{pagelink=5}", "{pagelink=5}", "also those with a value"),
        ("{{contactfield=firstname}}", "{{contactfield=firstname}}", "doubled braces are another system's"),
        ("{{ name }} {{#each x}}", "{{ name }} {{#each x}}", "doubled braces are another system's"),
        ("a { color: red } b", "a { color: red } b", "braces alone are no token"),
        ("{subject to change", "{subject to change", "prose"),
        ("}{contactfield=firstname}}{", "}Ada}{", "braces beside a token stay"),
    ],
)
def test_token(text, filled, reason):
    assert text_of(text) == filled, reason
    assert html_of(f"<p>{text}</p>") == f"<p>{filled}</p>", reason


@pytest.mark.parametrize(
    ("value", "shown"),
    [("x", "x"), (None, "-"), ("", "-"), ((), "-"), (0, "0"), (1.0, "1"), (2.5, "2.5"), (True, "1"), (False, "0")],
)
def test_value_as_text(value, shown):
    assert text_of("{contactfield=x|-}", Contact(CONTACT, "a@b.org", {"x": value})) == shown


def test_lists_and_lines_as_text():
    assert text_of("{contactfield=x}", Contact(CONTACT, "a@b.org", {"x": ("a", "b")})) == "a, b"
    assert text_of("{contactfield=x}", Contact(CONTACT, "a@b.org", {"x": "a\r\nb"})) == "a\nb"


def test_sentences():
    assert html_of("{unsubscribe_text}") == f'<a href="{UNSUBSCRIBE}">Unsubscribe from these e-mails</a>'
    assert html_of("{webview_text}") == f'<a href="{WEB}">Read this e-mail in your browser</a>'
    assert text_of("{unsubscribe_text}") == f"Unsubscribe from these e-mails: {UNSUBSCRIBE}"
    assert text_of("{webview_text}") == f"Read this e-mail in your browser: {WEB}"


EVIL = Contact(CONTACT, "a@b.org", {"x": "<b onclick=\"a('&')\">\r\nBcc: x@y.org"})


@pytest.mark.parametrize(
    ("fields", "part", "expected", "reason"),
    [
        (
            {"html": "{contactfield=x}"},
            "html",
            "&lt;b onclick=&quot;a(&#x27;&amp;&#x27;)&quot;&gt;\nBcc: x@y.org",
            "HTML",
        ),
        ({"text": "{contactfield=x}"}, "text", "<b onclick=\"a('&')\">\nBcc: x@y.org", "text is never escaped"),
        ({"text": "x", "subject": "{contactfield=x}"}, "subject", "<b onclick=\"a('&')\"> Bcc: x@y.org", "one line"),
        ({"text": "x", "from_name": "{contactfield=x}"}, "from_", r'"<b onclick=\"a(\'&\')\"> Bcc: x@y.org"', "quoted"),
        (
            {"html": '<img src="/i?{contactfield=x}">'},
            "html",
            "%3Cb%20onclick%3D%22a%28%27%26%27%29%22%3E%0ABcc",
            "URL",
        ),
        ({"html": "<p>{subject}</p>", "subject": "{contactfield=x}"}, "html", "<p>&lt;b onclick=&quot;", "HTML"),
    ],
)
def test_escaped_for_its_place(fields, part, expected, reason):
    assert expected.replace(r"\'", "'") in getattr(sent(EVIL, **fields), part), reason


def test_default_in_html_is_html():
    assert html_of("{contactfield=x|R&amp;D &eacute;\n  l'ami & <3}") == "R&amp;D é l&#x27;ami &amp; &lt;3"


def test_preheader():
    fields = {"preheader": "{contactfield=firstname|you} & <us>"}
    assert "Ada &amp; &lt;us&gt;</div><p>" in html_of("<body><p>", **fields)
    existing = '<body><div class="a preheader"><div>old {contactfield=x}</div></div><p>'
    expected = '<body><div class="a preheader">Ada &amp; &lt;us&gt;</div><p>'
    assert html_of(existing, **fields) == expected


@pytest.mark.parametrize(
    ("html", "behind"),
    [
        ("<html><body bgcolor='a>b'><p>x", "<html><body bgcolor='a>b'>"),
        ("<!-- <body> --><html><head></head><p>x", "<!-- <body> --><html><head></head>"),
        ("<!DOCTYPE html>\n<p>x", "<!DOCTYPE html>"),
        ("<p>x", ""),
    ],
)
def test_preheader_goes_right_behind_body(html, behind):
    assert html_of(html, preheader="Hi").startswith(f'{behind}<div class="preheader"')


@pytest.mark.parametrize(
    ("text", "place", "mend"),
    [
        ("a\n {contactfield=first name}", "Line 2, column 2", "alias"),
        ("{contactfield=}", "Line 1, column 1", "alias"),
        ("{contactfield}", "Line 1, column 1", "alias"),
        ("{contactfield=firstname", "Line 1, column 1", "not closed"),
        ("{leadfield=a{b}", "Line 1, column 1", "not closed"),
        ("{ contactfield=a}", "Line 1, column 1", "written {contactfield=alias}"),
        ("{unsubscribe_url", "Line 1, column 1", "not closed"),
        ("{unsubscribe_url|x}", "Line 1, column 1", "written {unsubscribe_url}"),
        ("x %7Bcontactfield=a", "Line 1, column 3", "not closed"),
        ("{contactfield=a|" + "x" * 1001 + "}", "Line 1, column 1", "1000 characters"),
    ],
)
def test_broken_token_is_refused(text, place, mend):
    for part in ("html", "text"):
        with pytest.raises(Invalid) as fault:
            made(**{part: text})
        assert (fault.value.field, place in fault.value.hint, mend in fault.value.hint) == (part, True, True)


@pytest.mark.parametrize(
    ("fields", "field", "mend"),
    [
        ({"html": "<p {contactfield=x}>"}, "html", "quotes"),
        ({"html": "<p title={contactfield=x}>"}, "html", "quotes"),
        ({"html": "<p onclick=\"f('{contactfield=x}')\">"}, "html", "script"),
        ({"html": '<p title="{unsubscribe_text}">'}, "html", "{unsubscribe_url}"),
        ({"html": '<a href="{tracking_pixel}">'}, "html", "Take it out"),
        ({"html": "{contactfield=x|<b>you</b>}"}, "html", "plain text"),
        ({"html": "{contactfield=<b>x</b>}"}, "html", "alias"),
        ({"text": "{contactfield=x|a\nb}"}, "text", "one line"),
        ({"text": "x", "subject": "{unsubscribe_url}"}, "subject", "Take it out"),
        ({"text": "x", "subject": "{subject}"}, "subject", "Take it out"),
        ({"text": "x", "subject": " "}, "subject", "needs a subject"),
        ({"text": "x", "subject": "a\r\nBcc: b"}, "subject", "column 2"),
        ({"text": "x", "subject": "a" * 191}, "subject", "190"),
        ({"text": "x", "from_name": "a\x00"}, "from_name", "control"),
        ({"text": "x", "reply_to": "a@b.org\nX: y"}, "reply_to", "control"),
        ({"text": "x", "reply_to": "nobody"}, "reply_to", "ASCII address"),
        ({"text": "x", "from_address": "zoé@b.org"}, "from_address", "ASCII address"),
        ({"text": "x", "preheader": "a" * 131}, "preheader", "130"),
        ({"text": " ", "html": "\n"}, "html", "HTML or text"),
        ({"text": "a\ud800"}, "text", "surrogate"),
        ({"text": "".join(f"{{contactfield=a{n}}}" for n in range(MAX_SLOTS + 1))}, "html", "250"),
    ],
)
def test_broken_letter_is_refused(fields, field, mend):
    with pytest.raises(Invalid) as fault:
        made(**fields)
    assert fault.value.field == field
    assert mend in fault.value.hint


def test_too_large_is_refused():
    for fields in ({"html": "é" * 131_073}, {"text": "é" * 32_769}, {"html": "{}a" * 1 + "{{a" * 87_000}):
        with pytest.raises(TooLarge):
            made(**fields)


def test_unknown_tokens_are_told_once_with_their_place():
    warnings = made(html="<p>\n {contactfeild=x} {contactfeild=x} {unsubscribe_url}").warnings
    assert [(each.where, each.mend) for each in warnings] == [
        ("html, line 2, column 2", "Did you mean {contactfield}?")
    ]


def test_no_way_to_unsubscribe_is_told():
    assert "unsubscribe" in made(text="x").warnings[0].message
    assert made(text="{unsubscribe_url}").warnings == ()
    assert made(text="x", kind="template").warnings == ()


def test_per_send_tokens():
    body = "Your code {code}, {Code} {x=1} {{code}} {b}"
    assert text_of(body, tokens={"{CODE}": "<1>"}, kind="template") == "Your code <1>, <1> {x=1} {{code}} {b}"
    assert html_of(body, tokens={"code": "<1>"}, kind="template") == "Your code &lt;1&gt;, &lt;1&gt; {x=1} {{code}} {b}"
    assert text_of(body, tokens={"code": "<1>"}) == body, "a segment e-mail has none"


def test_comments_styles_and_scripts_are_left_alone():
    html = "<style>{contactfield=firstname}</style><!-- {contactfield= --><script>'{unsubscribe_url'</script>x"
    assert html_of(html, NOBODY) == html
    assert "<style>" in made(html=html).warnings[0].message


def test_title_and_conditional_comments_hold_tokens():
    html = "<title>{contactfield=firstname}<a href=x></title><!--[if mso]>{contactfield=firstname}<![endif]-->"
    assert html_of(html) == html.replace("{contactfield=firstname}", "Ada")


@given(st.text(st.sampled_from("{}%7BbDd|=aZ_ \ncontactfield<>&\"'"), max_size=60), st.sampled_from(["html", "text"]))
def test_no_input_breaks_it_otherwise_than_by_a_named_fault(text, part):
    try:
        revision = made(**{part: text + "x"}).revision
    except Invalid as fault:
        assert fault.field == part  # noqa: PT017  # either way must hold
    else:
        assert revision.program.text or revision.program.html
