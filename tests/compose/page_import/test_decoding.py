import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.page_import.decoding import page_text, sheet_text
from chalicelib.model.errors import Invalid


@pytest.mark.parametrize(
    ("body", "said", "text", "reason"),
    [
        ("é".encode(), "", "é", "UTF-8 where nothing is said"),
        (codecs.BOM_UTF8 + "é".encode(), "windows-1252", "é", "a mark goes before all words, and is no text"),
        (codecs.BOM_UTF16_LE + "é".encode("utf-16-le"), "", "é", "UTF-16 as Windows saves it"),
        (codecs.BOM_UTF16_BE + "é".encode("utf-16-be"), "utf-8", "é", "the other one"),
        (b"\xe9", "iso-8859-1", "é", "the request's word"),
        (b"\x80", "latin1", "\u20ac", "Latin-1 means Windows-1252 in the web"),
        (b'<meta charset="windows-1251">\xff', "", '<meta charset="windows-1251">я', "the page's word"),
        (b"<meta charset=windows-1251>\xc3\xa9", "utf-8", "<meta charset=windows-1251>é", "the request goes before"),
        (
            b'<META http-equiv="Content-Type" content="text/html; charset=Shift_JIS">\x83\x41',
            "",
            '<META http-equiv="Content-Type" content="text/html; charset=Shift_JIS">ア',
            "HTML 4's way",
        ),
        (b"<meta charset=utf-16>a", "", "<meta charset=utf-16>a", "what says so in ASCII is not UTF-16"),
        (b" " * 1_024 + b"<meta charset=nonsense>", "", " " * 1_024 + "<meta charset=nonsense>", "too far behind"),
    ],
)
def test_the_charset_is_found(body, said, text, reason):
    assert page_text(body, said) == text, reason


@pytest.mark.parametrize(
    ("body", "said", "field", "mend"),
    [
        (b"a\nb\xff", "", "body", "Line 2: it is not utf-8"),
        (b"\x81", "windows-1252", "body", "Line 1: it is not cp1252"),
        (b"a\n\x00", "", "body", "Line 2: take out the NUL"),
        (b"x", "nonsense", "charset", "save the page as UTF-8"),
        (b"x", "utf-7", "charset", "save the page as UTF-8"),
        (b"x", "hex", "charset", "save the page as UTF-8"),
        (b"x", "punycode", "charset", "save the page as UTF-8"),
        (b"x", "\u00e9\x00", "charset", "save the page as UTF-8"),
        (b"<meta charset=windows-1252>caf\xef\xbf\xbd", "", "body", "send it as application/octet-stream"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(body, said, field, mend):
    with pytest.raises(Invalid) as fault:
        page_text(body, said)
    assert (fault.value.field, mend in fault.value.hint) == (field, True), fault.value.hint


def test_a_style_sheet_says_it_at_its_beginning():
    assert sheet_text(b'@charset "windows-1252";a{content:"\x80"}').endswith('"\u20ac"}')
    with pytest.raises(Invalid):
        sheet_text(b' @charset "windows-1252";a{content:"\x80"}')


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufeff")))
def test_utf8_is_itself(text):
    assert page_text(text.encode(), "UTF-8") == text
