"""No input takes more than linear time: what doubles the input at most about triples the time."""

import time

import pytest

from chalicelib.compose.html_part import html_part
from chalicelib.compose.part import Composing
from chalicelib.compose.source import Source
from chalicelib.compose.text_part import text_part
from chalicelib.model.errors import Invalid
from tests.compose.making import BASE

PIECES = [
    '<a "',
    "<!--[if",
    "<<<<",
    "{contactfield=",
    "<a x='",
    "<![if",
    "{a=",
    "%7Ba=",
    "{{",
    "</a",
    "<a =",
    "<a a=b ",
    "&#",
]
TAILS = ["", ">", "-->", "}", "\"'>"]


def seconds(piece: str, tail: str, size: int) -> float:
    """The best of three: the one that was disturbed least."""
    text = piece * (size // len(piece)) + tail
    return min(_once(text) for _ in range(3))


def _once(text: str) -> float:
    began = time.process_time()
    for write in (
        lambda: html_part(Composing("template", BASE), text, (), ""),
        lambda: text_part(Composing("template", BASE), Source("text", text), ()),
    ):
        try:
            write()
        except Invalid:
            continue
    return time.process_time() - began


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("tail", TAILS)
def test_linear(piece, tail):
    half, whole = seconds(piece, tail, 50_000), seconds(piece, tail, 100_000)
    assert whole < 3 * half + 0.01
    assert whole < 0.5, "generous: measured under 0.05 on an idle core"
