"""Values that need no care are passed on by a short way: it must lead to the same place."""

import re
from html import escape

from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.compose.escape import in_html, plain

UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff]")
TEXTS = st.text(st.characters() | st.sampled_from("\r\n\t\x0b\x7f\x85\u2028\ud800\xad\xa0&<>\"'"))


def cleaned(text: str) -> str:
    return UNSEEN.sub("", re.sub(r"\r\n?", "\n", text))


@given(TEXTS)
@example("O'Brien & Söhne")
@example("two\r\nlines\r")
def test_text_keeps_all_but_what_nobody_can_see(text: str) -> None:
    assert plain(text) == cleaned(text)


@given(TEXTS)
@example("value & more")
def test_html_escapes_the_same(text: str) -> None:
    assert in_html(text) == escape(cleaned(text))
