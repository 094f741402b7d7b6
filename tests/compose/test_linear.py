"""No input takes more than linear time: what doubles the input at most about triples the time."""

import time
from contextlib import suppress

import pytest

from chalicelib.model.email import Block
from chalicelib.model.errors import Fault
from tests.compose.making import made

PIECES = [
    *(
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
    ),
    *(
        "\\",
        "{}",
        "&a",
        "{ ",
        "%7B",
        "https://{",
        "https://a.",
        "[if]>",
        "<!--[if]>",
        "<style>",
        "<title>",
        "<a href='))",
    ),
    *(
        "<div class=preheader>",
        "<a><table><td>",
        "{subject}",
        "<a href=x>",
        "{a}",
        "<b a={>",
        "<!-- -->",
        "<!-->",
        "<p>",
    ),
    *(
        "{today|",
        "{today}",
        "{today|Y}",
        "{zzz=}",
        "{signature}",
        "{ownerfield=email}",
        "{unsubscribe_text}",
        "{assetlink=",
        "{assetlink=x} ",
        '{dynamiccontent="a"}',
        "{dynamiccontent=",
        "https://a.b{today|Y}",
        "https://a.b{unsubscribe_text}",
    ),
]
TAILS = ["", "x>", "-->", "}", "\"'>{subject}"]
SIZE = 100_000
BLOCKS = (Block("a", "<a href='https://a.b'>x</a>{today}", "{today} https://a.b"),)


def seconds(text: str, part: str) -> float:
    """The best of three: the one that was disturbed least."""
    return min(_once(text, part) for _ in range(3))


def _once(text: str, part: str) -> float:
    began = time.process_time()
    with suppress(Fault):  # refused by name: that takes no longer either
        made(kind="template", preheader="Soon", blocks=BLOCKS, **{part: text})
    return time.process_time() - began


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("part", ["html", "text"])
def test_linear(piece, part):
    for tail in TAILS:
        # the small ones first: where it is quadratic, this fails at once instead of in minutes
        quarter, half, whole = (seconds(piece * (size // len(piece)) + tail, part) for size in (6_000, 12_000, 24_000))
        assert half < 3 * quarter + 0.01, tail
        assert whole < 3 * half + 0.01, tail


@pytest.mark.parametrize("piece", ['<a "', "<!--[if", "<<<<", "{contactfield="])
def test_a_hundred_kilobytes_are_quick(piece):
    assert seconds(piece * (SIZE // len(piece)), "html") < 0.05


@pytest.mark.parametrize("piece", PIECES)
def test_a_hundred_kilobytes_of_anything_are_no_matter_of_seconds(piece):
    for tail in TAILS:
        assert _once(piece * (SIZE // len(piece)) + tail, "html") < 1.5


@pytest.mark.parametrize("form", ["{{z{}}}", "{{zzz={}}} ", "<a href='https://a.b/{{z{}}}'>"])
def test_many_different_unknown_tokens(form):
    text = "".join(form.format(number) for number in range(5_000))
    began = time.process_time()
    with suppress(Fault):
        made(html=text, text="x")
    assert time.process_time() - began < 1.5
