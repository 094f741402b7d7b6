import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.mjml import MAX_MJML, converted
from chalicelib.compose.mjml_attributes import ATTRIBUTES, UNUSED, attributes_of
from chalicelib.compose.mjml_source import MAX_IMAGES
from chalicelib.compose.mjml_tags import HTML_INSIDE, NEEDED, PARENTS
from chalicelib.compose.source import Source
from chalicelib.model.errors import Fault, Invalid, TooLarge

COLUMN = "<mjml>\n<mj-head>{}</mj-head><mj-body><mj-section><mj-column>\n{}</mj-column></mj-section></mj-body></mjml>"


def html_of(mjml: str, tag: str = "") -> str:
    return converted(Source("mjml", mjml), tag).html


def column(content: str, head: str = "") -> str:
    return html_of(COLUMN.format(head, content))


CONTENTS = [
    ('{contactfield=firstname|friend} {dynamiccontent="x"} {{ name }} {unsubscribe_url}', "tokens"),
    ("a &amp; &nbsp;&eacute;&copy &lt;b&gt; &#39; & b", "entities, and what is none"),
    ('<a href="https://a.org/?a=1&amp;b={contactfield=x}">l</a> <a href="{unsubscribe_url}">u</a>', "tokens in links"),
    ("<a href='{dynamiccontent=\"x\"}'>y</a>", "quotes in a token"),
    ("<!--[if mso]><table><tr><td><br><![endif]-->x<!--[if mso]></td></tr></table><![endif]-->", "Outlook's comments"),
    ("<![if !mso]>k<![endif]><!--[if !mso]><!-->x<!--<![endif]-->", "and what they reveal"),
    ("<p>a<p>b<br>c<IMG src=x alt>", "HTML that is no XML"),
    ("<tr>{{#each}}", "halves"),
    ("1 < 2 <3 </i>", "signs"),
    ("a -- b <!-- <mj-text> -- -->", "comments"),
    ('\\x \\" \\1 \\g<0> é😀\n\ttab', "what replacing could take for its own"),
    ("<script>if (a < b) c()</script><![CDATA[x]]><?php x ?>", "all else"),
]


@pytest.mark.parametrize(("content", "reason"), CONTENTS)
@pytest.mark.parametrize("name", ["mj-text", "mj-button", "mj-table", "mj-raw"])
def test_html_passes_unchanged(name, content, reason):
    assert f">{content}</" in column(f"<{name}>{content}</{name}>") or name == "mj-raw", reason
    assert content in column(f"<{name}>{content}</{name}>"), reason


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("mj-navbar", "<mj-navbar-link>{}</mj-navbar-link>"),
        ("mj-social", "<mj-social-element>{}</mj-social-element>"),
        ("mj-accordion", "<mj-accordion-element><mj-accordion-title>{}</mj-accordion-title></mj-accordion-element>"),
        ("mj-accordion", "<mj-accordion-element><mj-accordion-text>{}</mj-accordion-text></mj-accordion-element>"),
    ],
)
def test_html_passes_unchanged_deeper(name, inside):
    for content, reason in CONTENTS:
        assert content in column(f"<{name}>{inside.replace('{}', content)}</{name}>"), reason


@pytest.mark.parametrize(
    "attribute",
    [
        'href="{unsubscribe_url}"',
        'href="https://a.org/?a=1&amp;b=2&c={contactfield=x|d}"',
        'href="%7Bcontactfield=x%7D"',
        "href='{dynamiccontent=\"x\"}'",
        'href="a\\b"',
        'href="a<b>"',
        'href="a\nb"',
        'href="it\'s"',
    ],
)
def test_attributes_pass_unchanged(attribute):
    for written in (
        f"<mj-button {attribute}>x</mj-button>",
        f'<mj-image {attribute} src="x" />',
        f"<mj-navbar><mj-navbar-link {attribute}>x</mj-navbar-link></mj-navbar>",
        f"<mj-social><mj-social-element {attribute}>x</mj-social-element></mj-social>",
    ):
        assert attribute in column(written)


def test_quotes_inside_of_another_value_are_entities():
    made = column('<mj-navbar base-url=\'https://a.org/"\'><mj-navbar-link href="x">y</mj-navbar-link></mj-navbar>')
    assert 'href="https://a.org/&quot;x"' in made


def test_comments_between_elements_pass():
    comment = "<!--[if mso]><p -- {{x}} {contactfield=a}<![endif]-->"
    assert comment in column(f"{comment}<mj-text>x</mj-text>")


def test_head():
    head = """<mj-title>"T" &amp; {contactfield=x}</mj-title><mj-preview>{contactfield=firstname|"you"}</mj-preview>
      <mj-style>a > b::before{content:"<"}</mj-style><mj-raw><meta name="x" content="{{y}}"></mj-raw>"""
    made = column("<mj-text>x</mj-text>", head)
    assert '<title>"T" &amp; {contactfield=x}</title>' in made
    assert "aria-label='\"T\" &amp; {contactfield=x}'" in made
    for each in (
        '>{contactfield=firstname|"you"}</div>',
        'a > b::before{content:"<"}',
        '<meta name="x" content="{{y}}">',
    ):
        assert each in made


@pytest.mark.parametrize(
    ("root", "tag", "expected"),
    [
        ("<mjml>", "fr", '<html lang="fr" dir="ltr"'),
        ("<mjml>", "ar-EG", '<html lang="ar-EG" dir="rtl"'),
        ('<mjml lang="en" dir="ltr">', "ar", '<html lang="en" dir="ltr"'),
        ('<mjml lang="en">', "", '<html lang="en"'),
    ],
)
def test_language(root, tag, expected):
    assert expected in html_of(f"{root}<mj-body></mj-body></mjml>", tag)


def test_styles_that_are_to_be_inlined_are_told():
    source = COLUMN.format('<mj-style inline="inline">p{a:b}</mj-style>', "")
    assert converted(Source("mjml", source), "").inline_css
    assert not converted(Source("mjml", COLUMN.format("<mj-style>p{a:b}</mj-style>", "")), "").inline_css


def path_to(name: str) -> list[str]:
    parent = min(PARENTS[name])
    return [*path_to(parent), name] if parent else [name]


@pytest.mark.parametrize(("name", "parent"), sorted((name, each) for name in PARENTS for each in PARENTS[name] if each))
def test_mrml_knows_every_element_wherever_it_may_stand(name, parent):
    """What it does not know it refuses, or writes as it is."""
    steps = path_to(parent)[1:]
    opened, closed = "".join(f"<{each}>" for each in steps), "".join(f"</{each}>" for each in reversed(steps))
    needed = f' {NEEDED[name]}="a"' if name in NEEDED else ""
    own = f"<{name}{needed}>{'x' if name in HTML_INSIDE else ''}</{name}>"
    body = "" if "mj-body" in (*steps, name) else "<mj-body></mj-body>"
    made = html_of(f"<mjml>{opened}{own}{closed}{body}</mjml>")
    assert "<mj-" not in made
    assert made.startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("content", "place", "mend"),
    [
        ("<mj-textt>x</mj-textt>", "Line 3, column 1", "There is no <mj-textt>: is <mj-text> meant?"),
        ("<mj-quux-99>x", "Line 3, column 1", "There is no <mj-quux-99>."),
        ("<MJ-TEXT>x</MJ-TEXT>", "Line 3, column 1", "There is no <MJ-TEXT>: is <mj-text> meant?"),
        ("<mj-html-attributes/>", "Line 3, column 1", "There is no <mj-html-attributes>: is <mj-attributes> meant?"),
        ("\n  <div>x</div>", "Line 4, column 3", "HTML stands in <mj-text>, <mj-table> or <mj-raw>."),
        ("<mj-include path='/etc/passwd'/>", "Line 3, column 1", "Nothing is included from other files"),
        ("<mj-section/>", "Line 3, column 1", "<mj-section> stands in <mj-body> or <mj-wrapper>, not in <mj-column>."),
        ("<mj-spacer/> hello", "Line 3, column 14", "Text stands in <mj-text>, or in <mj-raw> as it is."),
        ("<mj-text>\nx<mj-button>", "Line 4, column 2", "<mj-text> of line 3, column 1 holds HTML alone"),
        ("<mj-hero>", "Line 3, column 1", "<mj-hero> stands in <mj-body> or <mj-wrapper>, not in <mj-column>."),
        ("</mj-text>", "Line 3, column 1", "<mj-column> of line 2, column 41 is to be closed first."),
        ("<mj-image src=x />", "Line 3, column 1", "It cannot be read from line 3, column 11 on"),
        ("<mj-image src='x' alt />", "Line 3, column 1", "It cannot be read from line 3, column 19 on"),
        ('<mj-text colour="red">x</mj-text>', "Line 3, column 10", "no attribute colour: is color meant?"),
        ('<mj-text\n  Color="red">x</mj-text>', "Line 4, column 3", "no attribute Color: is color meant?"),
        ('<mj-text onclick="x()">x</mj-text>', "Line 3, column 10", "<mj-text> has no attribute onclick: take it out."),
        ('<mj-image href="x" fluid-on-mobil="true"/>', "Line 3, column 20", "is fluid-on-mobile meant?"),
        ('<mj-text href="x">x</mj-text>', "Line 3, column 10", "<mj-text> has no attribute href"),
        ('<mj-text color="a" color="b">x</mj-text>', "Line 3, column 20", "color stands twice on this <mj-text>"),
        ('<mj-text mj-class="b">x</mj-text>', "Line 3, column 20", 'put <mj-class name="b" /> into <mj-attributes>.'),
        ("<mj-image src='x>", "Line 3, column 1", "It cannot be read from line 3, column 11 on"),
        ("<!-- x", "Line 3, column 1", "a comment is never closed"),
        ("</mj-column></mj-section></mj-body><mj-body/>", "Line 3, column 36", "There may be 1 of <mj-body>."),
        ("< x", "Line 3, column 1", "No MJML element begins like this"),
        ("<?xml?>", "Line 3, column 1", "No MJML element begins like this"),
        ("<mj-carousel>" + "<mj-carousel-image/>" * (MAX_IMAGES + 1), "Line 3", f"may be {MAX_IMAGES} of <mj-carousel"),
    ],
)
def test_faults_are_told_with_place_and_mend(content, place, mend):
    with pytest.raises(Invalid) as fault:
        column(content)
    assert fault.value.field == "mjml"
    assert place in fault.value.message
    assert mend in fault.value.message


@pytest.mark.parametrize(
    ("mjml", "mend"),
    [
        ("x", "Line 1, column 1: Text stands in <mj-text>"),
        ("<!-- x -->", "There is no <mjml>: MJML begins with <mjml>"),
        ("<mjml></mjml>", "There is no <mj-body>"),
        ("<mjml/>", "There is no <mj-body>"),
        ("<mj-body/>", "<mj-body> stands in <mjml>, not in the top."),
        ("<mjml><mj-body/><mj-body/></mjml>", "Line 1, column 17: There may be 1 of <mj-body>."),
        ("<mjml><mj-body/></mjml><mjml/>", "Line 1, column 24: There may be 1 of <mjml>."),
        ("<mjml>", "<mjml> is never closed: write </mjml>."),
        ("<mjml><mj-body/></mjml></mjml>", "Line 1, column 24: Take it out."),
        ("<mjml><mj-head><mj-attributes><mj-class/>", "Line 1, column 31: <mj-class> needs a name."),
        ("<mjml><mj-head><mj-style>x", "<mj-style> is never closed: write </mj-style>."),
    ],
)
def test_what_is_no_mjml_is_refused(mjml, mend):
    with pytest.raises(Invalid, match=re.escape(mend)):
        html_of(mjml)


def test_what_stands_around_is_taken():
    assert "<body" in html_of("\ufeff\n<!-- x --><mjml><mj-body/></mjml>\n")


def test_defaults_may_be_given_for_every_element():
    head = """<mj-attributes><mj-all color="red"/><mj-class name="a" align="left"/><mj-section padding="0"></mj-section>
      <mj-text font-size="77px" /><mj-carousel-image border-radius="1px"/></mj-attributes>"""
    assert "font-size:77px" in column('<mj-text mj-class="a">x</mj-text>', head)


def test_every_element_has_its_attributes():
    assert ATTRIBUTES.keys() | {"mj-all", "mj-class"} == PARENTS.keys()
    assert all(UNUSED[name] <= ATTRIBUTES[name] for name in UNUSED)
    assert all({"css-class", "mj-class"} <= attributes_of(name) for name in PARENTS)


def test_a_class_that_is_meant_is_named():
    head = '<mj-attributes><mj-class name="blue" color="blue"/><mj-class name="big" font-size="9px"/></mj-attributes>'
    assert "color:blue" in column('<mj-text mj-class="big  blue" css-class="x">x</mj-text>', head)
    with pytest.raises(Invalid, match=r"Line 3, column 24: No <mj-class> .* is blue meant\?"):
        column('<mj-text mj-class="big bleu">x</mj-text>', head)


@pytest.mark.parametrize(
    "default", ['<mj-text heigth="3px"/>', '<mj-all colr="red"/>', '<mj-class name="a" widht="3px"/>']
)
def test_defaults_are_read_as_strictly(default):
    with pytest.raises(Invalid, match=r"Line 2, column .* has no attribute .* is (height|color|width) meant\?"):
        column("<mj-text>x</mj-text>", f"<mj-attributes>{default}</mj-attributes>")


@pytest.mark.parametrize(("name", "attribute"), sorted((name, each) for name in UNUSED for each in UNUSED[name]))
def test_what_does_nothing_is_told(name, attribute):
    """And does nothing: once mrml knows it, it is to be taken out of the table."""
    steps = path_to(name)
    opened, closed = "".join(f"<{each}>" for each in steps[1:-1]), "".join(f"</{each}>" for each in steps[-2:0:-1])
    own = f"<{name}{{}}>{'<b>x</b>' if name in HTML_INSIDE else ''}</{name}>"
    plain, given = (
        converted(Source("mjml", f"<mjml>{opened}{own.format(each)}{closed}</mjml>"), "")
        for each in ("", f' {attribute}="7px"')
    )
    assert (plain.html, plain.cautions.found) == (given.html, {})
    assert [each.message for each in given.cautions.found.values()] == [f"{attribute} does nothing on <{name}> here."]


def test_sizes():
    with pytest.raises(TooLarge, match=f"mjml has .* bytes; {MAX_MJML} are possible"):
        column("<mj-text>" + "x" * MAX_MJML + "</mj-text>")
    with pytest.raises(TooLarge, match="The HTML made of the MJML has"):
        column("<mj-text/>" * 5_000)


def test_marks_are_no_words_of_the_source():
    """Whatever is written, it is not taken for a mark."""
    assert "m0e m1e" in column("<mj-text>m0e m1e</mj-text>")


PIECES = st.sampled_from(
    [
        *("<mjml>", "</mjml>", "<mj-body>", "</mj-body>", "<mj-head>", "</mj-head>", "<mj-section>", "</mj-section>"),
        *("<mj-column>", "</mj-column>", "<mj-text>", "</mj-text>", "<mj-raw>", "</mj-raw>", "<mj-image src='\"'/>"),
        *("<!-- a -- -->", "<!--", "-->", "x", "<b>", "<", ">", "/", "'", '"', "=", "\n", "&amp;", "\\", "{a}", "é"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join), st.booleans())
def test_anything_is_converted_or_refused_by_name(text, within):
    with suppress(Fault):
        made = column(text) if within else html_of(text)
        assert "<mj-" not in re.sub("<!--.*?-->", "", made, flags=re.DOTALL)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: "mj" not in text.lower()))
def test_any_content_passes_unchanged(content):
    if content.strip():
        assert f">{content}</div>" in column(f"<mj-text>{content}</mj-text>")
