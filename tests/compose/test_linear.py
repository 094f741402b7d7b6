"""No input takes more than linear time: what doubles the input at most about triples the time."""

from collections.abc import Callable

import pytest

from chalicelib.model.email import Block
from tests.compose.making import made
from tests.compose.processor_time import seconds, too_slow

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


TRIES = 3


def making(piece: str, size: int, tail: str = "", part: str = "html") -> Callable[[], object]:
    text = piece * (size // len(piece)) + tail
    return lambda: made(kind="template", preheader="Soon", blocks=BLOCKS, **{part: text})


def is_linear(piece: str, tail: str, part: str) -> bool:
    # the small ones first: where it is quadratic, this fails at once instead of in minutes
    quarter, half, whole = (making(piece, size, tail, part) for size in (6_000, 12_000, 24_000))
    return keeps_step(quarter, half) and keeps_step(half, whole)


def keeps_step(small: Callable[[], object], large: Callable[[], object]) -> bool:
    """What takes less than the hundredth of a second that is allowed for anyway is compared with nothing."""
    return not too_slow(0.01, large, 1) or not too_slow(3 * seconds(small) + 0.01, large)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("part", ["html", "text"])
def test_linear(piece, part):
    for tail in TAILS:
        # what is quadratic fails every time; a machine with other things to do fails a linear one now and then
        assert any(is_linear(piece, tail, part) for _ in range(TRIES)), tail


@pytest.mark.parametrize("piece", ['<a "', "<!--[if", "<<<<", "{contactfield="])
def test_a_hundred_kilobytes_are_quick(piece):
    assert not too_slow(0.05, making(piece, SIZE))


@pytest.mark.parametrize("piece", PIECES)
def test_a_hundred_kilobytes_of_anything_are_no_matter_of_seconds(piece):
    for tail in TAILS:
        assert seconds(making(piece, SIZE, tail), times=1) < 1.5


@pytest.mark.parametrize("form", ["{{z{}}}", "{{zzz={}}} ", "<a href='https://a.b/{{z{}}}'>"])
def test_many_different_unknown_tokens(form):
    text = "".join(form.format(number) for number in range(5_000))
    assert seconds(lambda: made(html=text, text="x"), times=1) < 1.5
