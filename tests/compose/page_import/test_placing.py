import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.page_import.leftover import skipped
from chalicelib.compose.page_import.page import Page
from chalicelib.compose.page_import.placing import placed, planned
from chalicelib.model.errors import Invalid, TooLarge
from tests.compose.page_import.brought import GIF, PNG, WEBP, with_addresses
from tests.compose.processor_time import seconds


def page(text, path="mail.html", **files):
    found = {name.replace("__", "/"): body for name, body in files.items()}
    return brought(text, found, path)


def brought(text, files, path="mail.html"):
    return Page(path, text, files, {each: each for each in files})


FILES = {"i/a.png": PNG, "i/b c.gif": GIF, "i/d.webp": WEBP, "style.css": b"x"}
A, B = "https://x/i/a.png", "https://x/i/b c.gif"
PLACES = [
    ('<img src="i/a.png" alt="">', f'<img src="{A}" alt="">', "an attribute"),
    ("<img src=i/a.png>", f"<img src={A}>", "without quotes"),
    ("<IMG\n SRC = './i/../i/a.png'>", f"<IMG\n SRC = '{A}'>", "with dots"),
    ('<img src="/i/a.png">', f'<img src="{A}">', "from the top"),
    ('<img src="i\\a.png">', f'<img src="{A}">', "as Windows writes it"),
    ('<img src="i/a.png?v=2#x">', f'<img src="{A}">', "with a query"),
    ('<img src="i/b%20c.gif">', f'<img src="{B}">', "percent-encoded"),
    ('<img src="i&#47;a.png">', f'<img src="{A}">', "with a reference"),
    (
        '<img srcset="i/a.png, i/b%20c.gif 2x,i/a.png 3x">',
        f'<img srcset="{A}, {B} 2x,{A} 3x">',
        "candidates for screens",
    ),
    ('<td background="i/a.png">', f'<td background="{A}">', "HTML 3.2"),
    ('<video poster="i/a.png">', f'<video poster="{A}">', "a poster"),
    ('<p style="background:url(i/a.png)">', f'<p style="background:url({A})">', "CSS"),
    ("<p style=\"background:url( 'i/a.png' )\">", f"<p style=\"background:url( '{A}' )\">", "CSS in quotes"),
    (
        '<p style="background:URL(&quot;i/a.png&quot;)">',
        f'<p style="background:URL(&quot;{A}&quot;)">',
        "CSS in quotes that are references",
    ),
    ("<p style='background:url(&#39;i/a.png&#39;)'>", f"<p style='background:url(&#39;{A}&#39;)'>", "the other ones"),
    ("<style>p{background:url(i/a.png)}</style>", f"<style>p{{background:url({A})}}</style>", "a style sheet"),
    (
        '<!--[if mso]><v:fill src="i/a.png"/><v:imagedata src="i/a.png"/><style>p{b:url(i/a.png)}</style><![endif]-->',
        f'<!--[if mso]><v:fill src="{A}"/><v:imagedata src="{A}"/><style>p{{b:url({A})}}</style><![endif]-->',
        "what Outlook alone reads",
    ),
    ('<mjml><mj-image src="i/a.png"/></mjml>', f'<mjml><mj-image src="{A}"/></mjml>', "MJML"),
    ('<mj-hero background-url="i/a.png">', f'<mj-hero background-url="{A}">', "MJML's backgrounds"),
    ("<mj-style>p{b:url(i/a.png)}</mj-style>", f"<mj-style>p{{b:url({A})}}</mj-style>", "MJML's style sheets"),
]


@pytest.mark.parametrize(("text", "becomes", "reason"), PLACES)
def test_a_picture_is_shown_from_its_address(text, becomes, reason):
    assert with_addresses(brought(text, FILES)) == becomes, reason
    assert not planned(brought(text, FILES)).missing


@pytest.mark.parametrize(("text", "becomes", "reason"), PLACES)
def test_names_are_as_seen_from_the_page(text, becomes, reason):
    text = text.replace("/i/", "/news/i/") if '"/i/' in text else text
    inside = brought(text, {f"news/{path}": body for path, body in FILES.items()}, "news/mail.html")
    assert with_addresses(inside) == becomes.replace("https://x/i/", "https://x/news/i/"), reason


UNTOUCHED = [
    ('<a href="i/a.png">', "a link shows nothing"),
    ("<!-- <img src='i/a.png'> -->", "a comment"),
    ("<style>/* url(i/a.png) */</style>", "a comment in CSS"),
    ('<style>p{content:"url(i/a.png)"}</style>', "a text in CSS"),
    ("<textarea><img src='i/a.png'></textarea>", "a text"),
    ("<script>'<img src=\"i/a.png\">'</script>", "a script's text"),
    ('<img src="https://a.example/i/a.png">', "somewhere else"),
    ('<img src="//a.example/i/a.png">', "somewhere else, with any scheme"),
    ('<img src="data:image/png;base64,AAAA">', "its own bytes"),
    ('<img src="{contactfield=photo}">', "a token"),
    ('<img src="{{ photo }}">', "another system's token"),
    ('<img src="%7Bassetlink=0123456789abcdef%7D">', "a token, as editors encode it"),
    ('<img src="">', "nothing"),
    ('<iframe src="page.html"></iframe>', "a frame is no picture"),
    ('<img src="i/a.png', "a tag that never ends"),
]


@pytest.mark.parametrize(("text", "reason"), UNTOUCHED)
def test_what_names_no_picture_stays(text, reason):
    plan = planned(brought(text, FILES))
    assert (placed(plan, {}), plan.missing) == (text, {}), reason


@pytest.mark.parametrize(
    "name", ["i/none.png", "cid:x@y", "file:///C:/a.png", "C:\\a.png", "../i/a.png", "style.css", "I/A.PNG"]
)
def test_what_nobody_brought_is_missing_with_its_line(name):
    text = f"<p>\n<img src='{name}'>\n<img src='{name}'>"
    plan = planned(brought(text, FILES))
    assert placed(plan, {}) == text
    assert [(each.path, each.line, each.file) for each in plan.missing.values()] == [(name, 2, "mail.html")]


class TestSheets:
    def test_it_stands_in_place_of_its_link(self):
        text = '<head>\n<link rel="stylesheet" media="print" href="css/a.css">\n<link rel=StyleSheet href=css/a.css>'
        found = brought(text, {"css/a.css": b"p{b:url(../i/a.png)}", "i/a.png": PNG})
        sheet = f"p{{b:url({A})}}</style>"
        assert with_addresses(found) == f'<head>\n<style media="print">{sheet}\n<style>{sheet}'
        assert skipped(planned(found)) == ()

    @pytest.mark.parametrize(
        "link",
        [
            '<link rel="stylesheet" href="https://fonts.example/a.css">',
            '<link rel="alternate stylesheet" href="a.css">',
            '<link rel="icon" href="a.css">',
            "<link rel=stylesheet>",
            "<!-- <link rel=stylesheet href=a.css> -->",
        ],
    )
    def test_other_links_stay(self, link):
        found = page(link, **{"a.css": b"p{}"})
        assert with_addresses(found) == link
        assert [each.path for each in skipped(planned(found))] == ["a.css"]

    @pytest.mark.parametrize(
        ("css", "reason"),
        [
            (b"p{}</STYLE><script>", "would end"),
            (b"p{}-->", "would end"),
            (b"\xff", "Line 1: it is not utf-8"),
            (b" " * 1_048_577, "at most 1048576"),
        ],
    )
    def test_one_that_cannot_be_put_inline_is_named(self, css, reason):
        text = "<!--[if mso]><link rel=stylesheet href=a.css><![endif]-->"
        plan = planned(page(text, **{"a.css": css}))
        assert placed(plan, {}) == text
        assert [(each.path, reason in each.reason) for each in skipped(plan)] == [("a.css", True)]
        assert [each.path for each in plan.missing.values()] == ["a.css"]

    def test_many_links_to_one_are_no_bomb(self):
        with pytest.raises(TooLarge, match="with its style sheets"):
            planned(page("<link rel=stylesheet href=a.css>" * 1_000, **{"a.css": b"p{}" * 30_000}))

    def test_what_a_sheet_misses_is_named_in_it(self):
        plan = planned(page("\n<link rel=stylesheet href=a.css>", **{"a.css": b"\n\n@font-face{src:url(f.woff)}"}))
        assert [(each.path, each.line, each.file) for each in plan.missing.values()] == [("f.woff", 3, "a.css")]


def test_every_file_that_is_not_taken_has_its_reason():
    text = "<img src=a.png><img src=b.svg><img src=c.jpg><script src=d.js></script><script src=none.js></script>"
    files = {
        "a.png": PNG,
        "b.svg": b"<svg/>",
        "c.jpg": b"<html>",
        "d.js": b"x",
        "e.js.download": b"x",
        "other.html": b"x",
        "f.css": b"x",
        "g.png": PNG,
        "h.png": PNG + b"x" * 10 * 1024 * 1024,
        ".DS_Store": b"x",
        "__MACOSX/._a.png": b"x",
        "i.pdf": b"%PDF-",
    }
    plan = planned(brought(text, files))
    assert list(plan.pictures) == ["a.png"]
    assert [each.path for each in plan.missing.values()] == ["b.svg", "c.jpg"]
    reasons = {each.path: each.reason for each in skipped(plan)}
    wanted = {
        ".DS_Store": "hidden",
        "__MACOSX/._a.png": "macOS",
        "b.svg": "no SVG",
        "c.jpg": "something else inside",
        "d.js": "Scripts are never taken",
        "e.js.download": "Scripts are never taken",
        "f.css": "links to no such",
        "g.png": "does not show it",
        "h.png": "at most 10485760 bytes",
        "i.pdf": "alone",
        "none.js": "Scripts are never taken",
        "other.html": "page of its own",
    }
    assert {path: wanted[path] in reason for path, reason in reasons.items()} == dict.fromkeys(wanted, True)


def test_a_sheet_that_is_asked_for_by_another_is_named_so():
    text = '<link rel="stylesheet" href="css/a.css"><style>@import url("own.css");</style>'
    files = {"css/a.css": b"@import 'deep/b.css' screen; p{}", "css/deep/b.css": b"q{}", "own.css": b"", "c.css": b""}
    reasons = {each.path: each.reason for each in skipped(planned(brought(text, files)))}
    assert reasons.keys() == {"css/deep/b.css", "own.css", "c.css"}
    assert {path for path, reason in reasons.items() if "asked for by @import" in reason} == {
        "css/deep/b.css",
        "own.css",
    }


def test_too_many_pictures_are_refused():
    files = {f"{n}.png": PNG for n in range(101)}
    with pytest.raises(Invalid, match="101 pictures"):
        planned(brought("".join(f"<img src={each}>" for each in files), files))


PIECES = st.sampled_from(
    ["<p>", "<style>", "</style>", "<!--[if mso]>", "<![endif]-->", "<script>", "</script>", "url(", '"']
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=20).map("".join))
def test_html_without_names_comes_out_unchanged(text):
    plan = planned(brought(text, {"\x01unlikely": PNG}))
    assert placed(plan, {}) == text


@given(
    st.lists(PIECES | st.sampled_from(['<img src="i/a.png">', "<p style='b:url(i/a.png)'>"]), max_size=20).map("".join)
)
def test_nothing_but_names_is_changed(text):
    assert with_addresses(brought(text, FILES)).replace(A, "i/a.png") == text


@pytest.mark.parametrize(
    "piece",
    [
        *("url(", 'url("', "url('", "url(&quot;", "url(&#39;", "url(a", "url( ", "/*", '"', "'", '\\"', "&quot;", "\\"),
        *("a,", ", ", "a b,", "<img src=", "<img srcset='", "<p style='", "<style>", "<img src=none.png>", "url(a)"),
        *("<link rel=stylesheet href=a.css>", "<img src=../", "%", "<script src=a>"),
    ],
)
@pytest.mark.parametrize("before", ["", "<style>", '<p style="', "<p style='", '<img srcset="'])
def test_linear(piece, before):
    half, whole = (
        seconds(lambda size=size: with_addresses(brought(before + piece * (size // len(piece)) + "\"'>", FILES)), 2)
        for size in (30_000, 60_000)
    )
    assert whole < 3 * half + 0.02
