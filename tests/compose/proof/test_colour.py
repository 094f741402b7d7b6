import pytest

from chalicelib.compose.proof.colour import colour_of, contrast


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("#1F5f8b", (31, 95, 139)),
        ("#1f5f8bff", (31, 95, 139)),
        (" Navy ", (0, 0, 128)),
        ("rgb(1, 2, 3)", (1, 2, 3)),
        ("rgb(1 2 3)", (1, 2, 3)),
        ("rgba(1,2,3,1)", (1, 2, 3)),
        ("rgba(1,2,3,0.5)", None),
        ("#1f5f8b80", None),
        ("transparent", None),
        ("var(--x)", None),
        ("linear-gradient(red, blue)", None),
        ("#12", None),
        ("", None),
    ],
)
def test_colours_are_read(text, colour):
    assert colour_of(text) == colour


@pytest.mark.parametrize(
    ("one", "other", "ratio", "source"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0, "WCAG 2.2: the largest"),
        ((7, 7, 7), (7, 7, 7), 1.0, "WCAG 2.2: the same"),
        ((119, 119, 119), (255, 255, 255), 4.48, "#777777 on white just fails, the best-known example"),
        ((118, 118, 118), (255, 255, 255), 4.54, "#767676 on white just passes"),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio, source):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01), source
    assert contrast(one, other) == contrast(other, one)
