"""No input takes more than linear time: what doubles the input at most about triples the time."""

import pytest

from chalicelib.model.email import Block
from tests.compose import processor_time
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


TRIES = 3


def seconds(text: str, part: str, times: int = 3) -> float:
    return processor_time.seconds(lambda: made(kind="template", preheader="Soon", blocks=BLOCKS, **{part: text}), times)


def is_linear(piece: str, tail: str, part: str) -> bool:
    # the small ones first: where it is quadratic, this fails at once instead of in minutes
    quarter, half, whole = (seconds(piece * (size // len(piece)) + tail, part) for size in (6_000, 12_000, 24_000))
    return half < 3 * quarter + 0.01 and whole < 3 * half + 0.01


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("part", ["html", "text"])
def test_linear(piece, part):
    for tail in TAILS:
        # what is quadratic fails every time; a machine with other things to do fails a linear one now and then
        assert any(is_linear(piece, tail, part) for _ in range(TRIES)), tail


@pytest.mark.parametrize("piece", ['<a "', "<!--[if", "<<<<", "{contactfield="])
def test_a_hundred_kilobytes_are_quick(piece):
    assert seconds(piece * (SIZE // len(piece)), "html") < 0.05


@pytest.mark.parametrize("piece", PIECES)
def test_a_hundred_kilobytes_of_anything_are_no_matter_of_seconds(piece):
    for tail in TAILS:
        assert seconds(piece * (SIZE // len(piece)) + tail, "html", times=1) < 1.5


@pytest.mark.parametrize("form", ["{{z{}}}", "{{zzz={}}} ", "<a href='https://a.b/{{z{}}}'>"])
def test_many_different_unknown_tokens(form):
    text = "".join(form.format(number) for number in range(5_000))
    assert processor_time.seconds(lambda: made(html=text, text="x"), times=1) < 1.5
