"""Each finding: what brings it about, what does not, and the place that it tells."""

from dataclasses import replace
from time import process_time

import pytest

from chalicelib.compose.proof.page import MAX_SAME, Page
from chalicelib.compose.proof.read import findings
from chalicelib.model.email import Email
from chalicelib.model.workspace import Workspace
from tests.compose.processor_time import too_slow

ADDRESS = "Envoi, 1 Main Street, 75011 Paris"
GOOD = (
    '<html lang="en"><head><title>x</title></head><body><div class="preheader">All the news</div>'
    '<h1 style="color:#222222">News</h1><p>Hello</p><img src="https://x.example/a.png" alt="A" width="10">'
    '<a href="https://x.example/?a=1&amp;b=%20">read</a><p>{unsubscribe_text}</p><p>' + ADDRESS + "</p></body></html>"
)


def page(html=GOOD, *, kind="segment", address=ADDRESS, size=0, **fields):
    plain = {"subject": "Hello", "preheader": "All the news"} | fields
    email = Email("e" * 16, kind, "News", from_address="a@x.example", family="e" * 16, html=html, **plain)
    return Page(email, Workspace(address=address), html, html_bytes=size)


def codes(*args, **fields):
    return [each.code for each in findings(page(*args, **fields))]


def test_a_letter_in_order_has_no_finding():
    assert codes() == []


@pytest.mark.parametrize(
    ("html", "code", "where"),
    [
        ('<a href="">x</a>', "link_empty", "html, line 2, column 1"),
        ("<p>\n <a href='#'>x</a></p>", "link_empty", "html, line 3, column 2"),
        ('<a href="/shop">x</a>', "link_relative", "html, line 2, column 1"),
        ('<a href="www.x.example">x</a>', "link_relative", "html, line 2, column 1"),
        ('<a href="https://x.example/a b">x</a>', "link_unencoded", "html, line 2, column 1"),
        ('<a href="https://x.example/é">x</a>', "link_unencoded", "html, line 2, column 1"),
        ('<a href="http://x.example/">x</a>', "link_insecure", "html, line 2, column 1"),
        ('<img src="https://x.example/a.png" width="1">', "image_alt", "html, line 2, column 1"),
        ('<img src="https://x.example/a.png" alt="a">', "image_size", "html, line 2, column 1"),
        ('<img alt="a" width="1">', "image_empty", "html, line 2, column 1"),
        ('<img src="a.png" alt="a" width="1">', "image_relative", "html, line 2, column 1"),
        ('<img src="data:image/png;base64,AA" alt="a" width="1">', "image_data", "html, line 2, column 1"),
        ("<h4>x</h4>", "heading_order", "html, line 2, column 1"),
        ("<table><tr><td>x</td></tr></table>", "table_role", "html, line 2, column 1"),
        ('<p style="color:#999999">pale words</p>', "contrast", "html, line 2, column 26"),
        ('<div style="background:#000"><p>black on black</p></div>', "contrast", "html, line 2, column 33"),
        ('<table role="presentation" bgcolor="#555"><td>grey</td></table>', "contrast", "html, line 2, column 47"),
        ('<p style="font-size:7px">small print</p>', "text_tiny", "html, line 2, column 26"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(html, code, where):
    found = findings(page(GOOD.replace("</body>", f"\n{html}</body>")))
    assert [(each.code, each.where) for each in found] == [(code, where)]
    assert all(each.message and each.mend for each in found)


@pytest.mark.parametrize(
    "html",
    [
        '<a href="{unsubscribe_url}">x</a>',
        '<a href="{contactfield=website|https://x.example/a b}">x</a>',
        '<a href="%7Bwebview_url%7D">x</a>',
        '<a href="mailto:a@x.example">x</a>',
        '<a name="top">x</a>',
        '<a href="#top">x</a>',
        '<img src="{tracking_pixel}">',
        '<img src="{contactfield=photo}" alt="" width="1">',
        '<img src="https://x.example/a.png" alt="" style="max-width:100%">',
        "<h2>x</h2><h3>y</h3><h2>z</h2>",
        '<table role="presentation"><tr><td>x</td></tr></table>',
        '<h1 style="color:#888888">large enough for 3:1</h1>',
        '<p style="color:#999;display:none">nobody sees it</p>',
        '<p style="font-size:1px;color:#fefefe">&nbsp;&zwnj;&#8199;\n</p>',
        '<p style="color:var(--x)">who knows</p>',
        '<div style="background-image:url(https://x.example/a.png)"><p style="color:#fff">on a picture</p></div>',
        '<!--[if mso]><a href="">x</a><p style="color:#fff">x</p><![endif]-->',
        "<!-- <img src='x'> -->",
        '<p style="color:#fff;background-color:#1f5f8b">white on blue</p>',
    ],
)
def test_what_is_in_order_is_left_alone(html):
    assert codes(GOOD.replace("</body>", f"{html}</body>")) == []


@pytest.mark.parametrize(
    ("fields", "code", "level"),
    [
        ({"subject": "x" * 61}, "subject_long", "note"),
        ({"subject": "BUY NOW"}, "subject_capitals", "warning"),
        ({"preheader": "x" * 101}, "preheader_long", "note"),
        (
            {"text": "Something else altogether is written by mistake {unsubscribe_url}"},
            "text_differs",
            "warning",
        ),
        ({"address": ""}, "address_unknown", "warning"),
        ({"address": "Another House, 9 Nowhere Road"}, "address_missing", "warning"),
        ({"size": 102 * 1024 + 1}, "clipped", "warning"),
    ],
)
def test_lines_text_law_and_weight(fields, code, level):
    html = GOOD.replace("<p>Hello</p>", "<p>Hello dear readers, spring came early this year</p>")
    assert [(each.code, each.level) for each in findings(page(html, **fields))] == [(code, level)]


def test_a_missing_preheader_and_way_out_are_told():
    assert codes(GOOD.replace('<div class="preheader">All the news</div>', ""), preheader="") == ["preheader_missing"]
    assert codes(GOOD.replace("{unsubscribe_text}", "")) == ["unsubscribe_missing"]
    assert codes(GOOD.replace("{unsubscribe_text}", "%7Bunsubscribe_url%7D")) == []


def test_one_persons_business_letter_needs_neither_way_out_nor_address():
    assert codes("<p>Your receipt</p>", kind="template", address="") == []


def test_styles_that_stand_in_a_sheet_alone():
    sheet = "<style>p { color: #333 }</style>"
    bare = GOOD.replace(' style="color:#222222"', "").replace("</head>", f"{sheet}</head>")
    assert codes(bare) == ["css_not_inlined"]
    assert codes(bare, inline_css=True) == []
    assert codes(GOOD.replace("</head>", f"{sheet}</head>")) == []


def test_text_alone_has_no_html_to_find_fault_with():
    assert codes("", text=f"Hello, {ADDRESS} {{unsubscribe_url}}") == []


def test_the_same_finding_is_told_twenty_times_at_most():
    html = GOOD.replace("</body>", '<a href="">x</a>' * 50 + "</body>")
    assert codes(html) == ["link_empty"] * MAX_SAME


@pytest.mark.parametrize("piece", ['<a "', "<!--[if", "<<<<", "<div>", "</p>", '<p style="', "<b><i>", "&#;", "{"])
def test_it_takes_linear_time_whatever_the_input(piece):
    html = piece * (100_000 // len(piece))
    began = process_time()
    findings(page(html))
    assert process_time() - began < 2.5, "quadratic time would take minutes"


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        ('<div style="color:#123456;background:#fff">' * 500, "a<b></b>"),
        ("<div>" * 500, "</x>"),
        ("", "<img src=x>\n"),
        ("", "<a href=/x>x</a>"),
        ("", '<p style="color:#777">x'),
        ("", "<h1><h3>"),
    ],
)
def test_no_letter_is_a_matter_of_minutes(begin, piece):
    """Deeply nested, or everything wrong."""
    assert not too_slow(2.5, lambda: findings(page(begin + piece * 16_000))), "quadratic time would take minutes"


def test_places_are_told_in_what_the_author_wrote():
    wrote = "<mjml>\n\n<mj-image src='x.png' />\n</mjml>"
    made = replace(page("<table>\n<tr><td><img src='x.png'></td></tr></table>"), part="mjml", wrote=wrote)
    [found] = [each for each in findings(made) if each.code == "image_relative"]
    assert found.where.startswith("mjml, line")
