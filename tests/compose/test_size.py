import pytest

from chalicelib.compose.size import check_size, size
from chalicelib.compose.source import Source
from chalicelib.model.errors import Invalid, TooLarge


def test_sizes_are_bytes():
    assert size(Source("html", "aé😀")) == 7


def test_half_a_character_is_told_with_its_place():
    with pytest.raises(Invalid, match=r"html: .*lone surrogate\) at line 2, column 2: take it out"):
        size(Source("html", "a\nb\ud800"))


def test_limits():
    check_size(Source("html", "éé"), 4)
    with pytest.raises(TooLarge, match="html has 5 bytes; 4 are possible") as fault:
        check_size(Source("html", "ééx"), 4)
    assert fault.value.field == "html"
    with pytest.raises(TooLarge, match="The HTML made of the MJML has 5 bytes"):
        check_size(Source("mjml", "ééx"), 4, "The HTML made of the MJML")
