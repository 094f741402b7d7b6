from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.page_import.saved_mail import page_of_mail
from chalicelib.model.errors import Fault, Invalid, TooLarge
from tests.compose.page_import.brought import GIF, PNG, SITE, html_part, mail, part, with_addresses
from tests.compose.processor_time import seconds

LOCATED = f"Content-Location: {SITE}"
HTML = f'<link rel="stylesheet" href="cid:css-1@mhtml.blink"><img src="{SITE}a.png?w=2"><img src="cid:b%40x">'
SAVED = mail(
    html_part(HTML, LOCATED),
    part(b"p{color:red}", "Content-Type: text/css", "Content-Location: cid:css-1@mhtml.blink", encoding="binary"),
    part(PNG, "Content-Type: image/png", f"Content-Location: {SITE}a.png?w=2"),
    part(GIF, "Content-Type: image/gif", "Content-ID: <b@x>"),
)


def test_a_page_saved_by_chrome():
    page = page_of_mail(SAVED)
    assert (page.path, page.text) == (SITE, HTML)
    assert page.files == {
        "cid:css-1@mhtml.blink": b"p{color:red}",
        f"{SITE}a.png?w=2": PNG,
        "cid:b@x": GIF,
    }
    shown = f'<style>p{{color:red}}</style><img src="https://x/{SITE}a.png?w=2"><img src="https://x/cid:b@x">'
    assert with_addresses(page) == shown


@pytest.mark.parametrize(
    ("name", "location", "reason"),
    [
        (f"{SITE}i/a.png", f"{SITE}i/a.png", "the whole address"),
        ("i/a.png", f"{SITE}i/a.png", "from the page's own (RFC 2557 section 5)"),
        ("/i/a.png", "https://shop.example/i/a.png", "from its site"),
        ("//cdn.example/a.png", "https://cdn.example/a.png", "with its scheme"),
        (f"{SITE}a.png?a=1&amp;b=2", f"{SITE}a.png?a=1&b=2", "as HTML writes it"),
        ("a.png", "a.png", "a location may be relative itself"),
    ],
)
def test_pictures_are_known_by_their_locations(name, location, reason):
    saved = mail(html_part(f'<img src="{name}">', LOCATED), part(PNG, f"Content-Location: {location}"))
    assert with_addresses(page_of_mail(saved)) == f'<img src="https://x/{location}">', reason


def test_a_location_is_folded_over_lines():
    saved = mail(html_part(f'<img src="{SITE}abc.png">'), part(PNG, f"Content-Location: {SITE}\r\n abc.png"))
    assert f"{SITE}abc.png" in page_of_mail(saved).files


def test_a_mail_with_alternatives_and_quoted_printable():
    inner = mail(
        part(b"Hello", "Content-Type: text/plain", encoding="7bit"),
        part(b"<p>caf=E9=\r\n!</p>", "Content-Type: text/html; charset=iso-8859-1", encoding="quoted-printable"),
        boundary="inner",
    )
    page = page_of_mail(mail(inner, part(PNG, "Content-ID: <a@b>")))
    assert page.text == "<p>café!</p>"
    assert page.files == {"part 1": b"Hello", "cid:a@b": PNG}


def test_a_location_that_stands_twice_is_named():
    page = page_of_mail(mail(html_part("x"), part(PNG, "Content-Location: a"), part(GIF, "Content-Location: a")))
    assert page.files == {"a": PNG}
    assert [(each.path, "twice" in each.reason) for each in page.skipped] == [("a", True)]


def nested(depth):
    inner = html_part("x")
    for number in range(depth):
        inner = mail(inner, boundary=f"b{number}")
    return inner


@pytest.mark.parametrize(
    ("body", "fault", "mend"),
    [
        (b"", Invalid, "It has no HTML"),
        (mail(part(PNG, "Content-Type: image/png")), Invalid, "It has no HTML"),
        (nested(6), Invalid, "more than 5 deep"),
        (mail(*[html_part("")] * 501), TooLarge, "At most 500"),
        (html_part("x" * 1_048_577), TooLarge, "bytes are taken"),
        (b"Content-Type: text/html;" + b"a=b;" * 300 + b"\r\n\r\nx", Invalid, "at most 500 characters"),
    ],
)
def test_what_is_no_saved_page_is_refused(body, fault, mend):
    with pytest.raises(fault) as raised:
        page_of_mail(body)
    assert mend in raised.value.hint


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_ones_raise_nothing_but_faults(data):
    made = bytearray(SAVED)
    for place in data.draw(st.lists(st.integers(0, len(made) - 1), max_size=8)):
        made[place] = data.draw(st.integers(0, 255))
    with suppress(Fault):
        page_of_mail(bytes(made))


@pytest.mark.parametrize(
    "piece", [b"--b\r\n", b"\r\n", b"--b", b"a: b\r\n", b"=", b"\r", b"--b\n\n", b" \t", b"--b" + b" " * 50]
)
def test_linear(piece):
    head = b'Content-Type: multipart/related; boundary="b"\r\n\r\n'
    half, whole = (
        seconds(lambda size=size: page_of_mail(head + piece * (size // len(piece)))) for size in (500_000, 1_000_000)
    )
    assert whole < 3 * half + 0.02


def test_a_page_whose_base64_is_cut_off_is_refused_and_a_picture_is_named():
    broken = b"Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+x"
    with pytest.raises(Invalid, match="base64 is damaged or cut off"):
        page_of_mail(mail(broken))
    picture = (
        b"Content-Type: image/png\r\nContent-Location: a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGg"
    )
    assert page_of_mail(mail(html_part("<img src=a.png>"), picture)).files == {"a.png": b"iVBORw0KGg"}


def test_a_pages_own_styles_name_pictures_as_the_page_does():
    saved = mail(
        html_part('<link rel="stylesheet" href="cid:css-1@mhtml.blink">', LOCATED),
        part(b"td{background:url(i/a.png)}", "Content-Type: text/css", "Content-Location: cid:css-1@mhtml.blink"),
        part(PNG, "Content-Type: image/png", f"Content-Location: {SITE}i/a.png"),
    )
    assert with_addresses(page_of_mail(saved)) == f"<style>td{{background:url(https://x/{SITE}i/a.png)}}</style>"


@pytest.mark.parametrize(
    ("link", "becomes"),
    [
        (f"{SITE}%7Bunsubscribe_url%7D", "{unsubscribe_url}"),
        (SITE + "{webview_url}", "{webview_url}"),
        (f"{SITE}%7Bunsubscribe_url%7D/x", f"{SITE}%7Bunsubscribe_url%7D/x"),
        (f"{SITE}more/%7Bunsubscribe_url%7D", f"{SITE}more/%7Bunsubscribe_url%7D"),
        ("https://other.example/%7Bunsubscribe_url%7D", "https://other.example/%7Bunsubscribe_url%7D"),
        (f"{SITE}more.html", f"{SITE}more.html"),
    ],
)
def test_a_token_that_the_browser_took_for_a_file_is_a_token_again(link, becomes):
    saved = mail(html_part(f"<a id=x href='{link}'>x</a>", LOCATED))
    assert with_addresses(page_of_mail(saved)) == f"<a id=x href='{becomes}'>x</a>"
