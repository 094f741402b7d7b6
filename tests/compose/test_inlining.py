import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from chalicelib.compose.css import declarations
from chalicelib.compose.inlining import inlined
from chalicelib.compose.parsing_cost import MAX_DEPTH, MAX_ELEMENTS
from chalicelib.compose.source import Cautions, Source
from chalicelib.compose.tags import EVERY, attributes, spans
from chalicelib.model.errors import Invalid, TooLarge
from tests.compose.test_real_mails import FILES, MAILS, read

HTML_FILES = [path for path in FILES if path.suffix == ".html"]


def inline(html: str) -> str:
    return inlined(Source("html", html), Cautions())


def cautions(html: str) -> list[str]:
    found = Cautions()
    inlined(Source("html", html), found)
    return [each.message for each in found.found.values()]


@pytest.mark.parametrize(
    ("css", "body", "expected", "reason"),
    [
        ("p{color:red}", "<p>x", '<p style="color:red">x', "the first thing in the tag"),
        ("p{color:red}", "<p class=a>x", '<p style="color:red" class=a>x', "before other attributes"),
        (
            "p{color:red}",
            "<p style='margin:0'>x",
            "<p style='color:red;margin:0'>x",
            "with its own style, whose quotes stay",
        ),
        ("p{color:red}", "<p style=margin:0>x", '<p style="color:red;margin:0">x', "quotes where there were none"),
        ("p{color:red}", "<p style>x", '<p style="color:red">x', "a style without a value"),
        ("p{color:red}", "<p style=>x", '<p style="color:red">x', "with the sign alone"),
        ("p{color:red}", '<p style="">x', '<p style="color:red">x', "empty"),
        ("p{color:red}", '<p style="color:blue">x', '<p style="color:blue">x', "its own wins"),
        (
            "p{color:red!important}",
            '<p style="color:blue">x',
            '<p style="color:blue;color:red">x',
            "unless the rule is important, which is no longer said: it would beat media queries",
        ),
        (
            "p{color:red}",
            '<p style="color:{contactfield=color|a;b}; margin:0">x',
            '<p style="color:{contactfield=color|a;b}; margin:0">x',
            "tokens in a style stay",
        ),
        ("p{color:red}", '<p style="{{ x }}">y', '<p style="color:red;{{ x }}">y', "another system's too"),
        ("p{font-family:\"A B\",'C'}", "<p>x", "<p style=\"font-family:'A B','C'\">x", "quotes in a quoted value"),
        (
            'p{font-family:"A B"}',
            "<p style='margin:0'>x",
            "<p style='font-family:&#39;A B&#39;;margin:0'>x",
            "and in a value that stands in the same ones",
        ),
        ("p{background:url(a?b&c)}", "<p>x", '<p style="background:url(a?b&amp;c)">x', "an ampersand"),
        (
            "#i{color:a}.y.x{color:b}p{color:c}",
            '<p id=i class="x y">',
            '<p style="color:a" id=i class="x y">',
            "weight",
        ),
        ("p:hover{color:red}p::before{color:red}", "<p>x", "<p>x", "what no attribute can say stays in the <style>"),
        ("@media screen{p{color:red}}@font-face{font-family:x}", "<p>x", "<p>x", "media queries and fonts stay there"),
        ("*{color:red}", "<br><b>x</b>", '<br style="color:red"><b style="color:red">x</b>', "everything that is seen"),
        (
            "td{color:red}",
            "<table>{{#each x}}<tr><td>x</td></tr>{{/each}}</table>",
            '<table>{{#each x}}<tr><td style="color:red">x</td></tr>{{/each}}</table>',
            "loops stay in tables, where a parser would move them out",
        ),
        (
            "p,td{color:red}",
            "<!--[if mso]><tr><td><p><![endif]--><p>x<!--[if mso]></td></tr><![endif]-->",
            '<!--[if mso]><tr><td><p><![endif]--><p style="color:red">x<!--[if mso]></td></tr><![endif]-->',
            "Outlook's comments stay as they are",
        ),
        ("p{color:red}", "<![if !mso]><p>x<![endif]>", '<![if !mso]><p style="color:red">x<![endif]>', "revealed ones"),
        ("p{color:red}", "<P>x</P><p/>", '<P style="color:red">x</P><p style="color:red"/>', "whatever the case"),
        ("p{color:red}", "<p data-css-inline=ignore>x", "<p data-css-inline=ignore>x", "an element that asks for it"),
        ("p{color:red}", "<p title='<p>'>x", "<p style=\"color:red\" title='<p>'>x", "tags in values are none"),
        ("p{color:red}", "<tr><p>x", '<tr><p style="color:red">x', "what the parser drops has no style"),
        ("b{color:red}", "<b><p>x</b>y", '<b style="color:red"><p>x</b>y', "what it copies has one"),
    ],
)
def test_styles(css, body, expected, reason):
    sheet = f"<style>{css}</style>"
    assert inline(sheet + body) == sheet + expected, reason


@pytest.mark.parametrize(
    ("sheet", "reason"),
    [
        ('<style media="print">p{color:red}</style>', "for printers"),
        ('<style media="screen and (max-width:600px)">p{color:red}</style>', "for some screens"),
        ('<style type="text/less">p{color:red}</style>', "no CSS"),
        ("<!--[if mso]><style>p{color:red}</style><![endif]-->", "for Outlook alone"),
        ("<!--[if !mso]><!--><style>p{color:red}</style><!--<![endif]-->", "for all but Outlook"),
        ("<!--[if !mso]> --><style>p{color:red}</style><!-- <![endif]-->", "written with blanks"),
        ("<![if !mso]><style>p{color:red}</style><![endif]>", "the same, revealed"),
        ("<!-- <style>p{color:red}</style> -->", "a comment"),
        ("<style></style>", "empty"),
        ("<style>{{{", "broken"),
        ("<style>p > > a{color:red}</style>", "a selector that is none"),
    ],
)
def test_sheets_that_are_not_for_everyone_are_not_inlined(sheet, reason):
    assert inline(sheet + "<p>x") == sheet + "<p>x", reason


@pytest.mark.parametrize("sheet", ['<style media="all">', '<style media="SCREEN">', '<style type="text/css">'])
def test_sheets_for_everyone_are_inlined(sheet):
    assert inline(f"{sheet}p{{color:red}}</style><p>") == f'{sheet}p{{color:red}}</style><p style="color:red">'


def test_behind_what_outlook_does_not_read_all_is_for_everyone_again():
    html = "<!--[if !mso]><!-->x<!--<![endif]--><style>p{color:red}</style>"
    assert inline(html + "<p>") == html + '<p style="color:red">'


def test_no_file_is_loaded(tmp_path):
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p{color:red}")
    for url in (str(sheet), sheet.as_uri()):
        for html in (f'<link rel="stylesheet" href="{url}">', f"<style>@import '{url}';</style>"):
            page = html + "<style>b{margin:0}</style><p>"
            assert inline(page) == page


def test_linked_sheets_are_cautioned_about():
    assert cautions('<p><link rel="Stylesheet" href="https://a.org/x.css">') == [
        "The style sheet https://a.org/x.css is not inlined: nothing is loaded."
    ]
    assert cautions('<link rel="icon" href="x"><!-- <link rel="stylesheet" href="x"> -->') == []
    assert cautions('<!--[if !mso]><!--><link rel="stylesheet" href="x"><!--<![endif]-->') == [], "meant as an extra"


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<td>", "<tr>", "<table>", "</table>", "<b>", "</b>", "<a href=x>", "</a>", "<br/>", "<svg>"),
        *(
            "<p style='margin:0'>",
            '<p style="color:blue;">',
            "<p style=x:y>",
            "<p style>",
            "<p/style=>",
            "<p\nclass=a >",
        ),
        *("<p style='a:\"b\"!important'>", '<p style="x:(" class=a>', "<p STYLE='' style='x:y'>", '<p style="&quot;">'),
        *("<style>", "</style>", "p{color:red!important}", ".a{margin:0 ; padding:'\"'}", "*{x:y}", "{{", "{", "}"),
        *("<!--[if mso]>", "<![endif]-->", "<!--", "-->", "<title>", "</title>", "<body>", "</head>", "<select>"),
        *("\n", "é😀", "x", "&amp;", '"', "'", "<", ">", "=", "<p '", "<p a='>", "{subject}", "<template>", "<p x:y/>"),
    ]
)
SHEETS = st.sampled_from(["", "<style>p{color:red;a:b!important}*{margin:0;padding:'\"'}td,.a{x:y(z)}</style>"])


def unstyled(html: str) -> str:
    """Without the `style` attributes of elements, and without the blank before each."""
    at, pieces = 0, []
    for span in spans(html, EVERY):
        own = [each for each in attributes(html, span) if each.name == "style"] if span.kind == "open" else []
        if own and not span.inside:
            start = html.lower().rindex("style", span.start, own[0].start)
            pieces.append(html[at:start].removesuffix(" "))
            at = own[0].end + len(own[0].quote)
    return "".join([*pieces, html[at:]])


@settings(max_examples=400, deadline=None)
@given(SHEETS, st.lists(PIECES, max_size=25).map("".join))
@example("<style>p{a:b}</style>", "<p style=a&quot;>")
def test_only_styles_are_written_and_once(sheet, body):
    html = sheet + body
    try:
        made = inline(html)
    except Invalid:  # a style that is broken, in a drawing's title
        assert "<svg>" in html
        return
    assert unstyled(made) == unstyled(html)
    assert made.count("\n") == html.count("\n")
    assert inline(made) == made


@pytest.mark.parametrize("path", HTML_FILES, ids=lambda path: path.name)
def test_real_mails(path):
    html = read(path)
    made = inline(html)
    assert unstyled(made) == unstyled(html)
    assert inline(made) == made
    assert cautions(html) == []


def said(html: str) -> list[tuple[str, dict[str, str]]]:
    """Each element below <body> with what its style says at the end; the sides of margins and paddings one by one."""
    return [(node.tag, _said(node.attributes.get("style") or "")) for node in LexborHTMLParser(html).css("body *")]


def _said(style: str) -> dict[str, str]:
    result: dict[str, str] = {}
    for each in declarations(style):
        value = each.value.lower().replace(", ", ",").replace('"', "'")
        if each.name in ("padding", "margin"):
            result |= _sides(each.name, value.split())
        result[each.name] = value
    return {name: value for name, value in result.items() if name not in ("padding", "margin")}


def _sides(name: str, values: list[str]) -> dict[str, str]:
    top, right, bottom, left = (values * 4)[:4] if len(values) != 3 else (*values, values[1])
    return {f"{name}-top": top, f"{name}-right": right, f"{name}-bottom": bottom, f"{name}-left": left}


@pytest.mark.skipif(not FILES, reason="the real mails are missing")
def test_as_another_inliner_does_it():
    ours, theirs = said(inline(read(MAILS / "leemunroe.html"))), said(read(MAILS / "leemunroe-inlined.html"))
    assert len(ours) > 30
    assert ours == theirs


@pytest.mark.parametrize(
    ("body", "mend"),
    [
        ("<div>" * (MAX_DEPTH + 1), f"nested more than {MAX_DEPTH} deep"),
        ("<svg>" + "<g>" * MAX_DEPTH, f"nested more than {MAX_DEPTH} deep"),
        ("<svg>" + "<tr>" * MAX_DEPTH, f"nested more than {MAX_DEPTH} deep"),
        ("<p>" * (MAX_ELEMENTS + 1), f"may have {MAX_ELEMENTS} elements"),
        ("<b>" * 200 + "<p></p>" * 1_000 + "<i>", "never closed"),
    ],
)
def test_what_would_take_a_parser_too_long_is_refused(body, mend):
    """css-inline's parser runs out of stack at some ten thousand levels and takes the process with it."""
    with pytest.raises(Invalid, match=mend):
        inline("<style>p{color:red}</style>\n" + body)


def test_legal_html_with_few_end_tags_is_not_deep():
    rows = "<tr><td>a<td>b<p>c<p>d<br><img>" * 400
    assert inline(f"<style>i{{a:b}}</style><table>{rows}</table><svg>{'<path/>' * 1_000}</svg>")


@pytest.mark.parametrize("css", ["p{a:" + "x" * 30_000 + "}", "".join(f"p{{a{at}:b}}" for at in range(1_000))])
def test_too_much_css_is_refused(css):
    with pytest.raises(TooLarge, match="too much to inline"):
        inline(f"<style>{css}</style>" + "<p>" * 3_000)


def test_a_rule_that_says_nothing_leaves_no_mark():
    assert inline('<style>p{color:"\\"; }</style><p>x') == '<style>p{color:"\\"; }</style><p>x'
