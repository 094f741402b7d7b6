import pytest

from chalicelib.model.errors import Invalid
from chalicelib.model.tagging import (
    MAX_POINTS,
    MAX_TAGS,
    checked_points,
    checked_stage,
    checked_tags,
    points_of,
    tags_of,
    with_tags,
)


def test_tags_are_a_set_spelt_as_given():
    assert checked_tags([" VIP ", "vip", "VIP", "söder"]) == {"VIP", "vip", "söder"}
    assert tags_of("VIP| new |", "tags") == {"VIP", "new"}


REFUSED = [
    (checked_tags, "vip", "one text"),
    (checked_tags, [""], "an empty tag"),
    (checked_tags, [5], "a number"),
    (checked_tags, ["x" * 51], "a long one"),
    (checked_tags, ["a|b"], "the separator of files"),
    (checked_tags, ["a\nb"], "two lines"),
    (checked_tags, [str(n) for n in range(MAX_TAGS + 1)], "too many"),
    (checked_points, True, "a boolean"),
    (checked_points, 1.5, "a fraction"),
    (checked_points, MAX_POINTS + 1, "too many points"),
    (checked_stage, "x" * 101, "a long stage"),
    (checked_stage, 5, "a number as a stage"),
]


@pytest.mark.parametrize(("check", "value"), [row[:2] for row in REFUSED], ids=[row[-1] for row in REFUSED])
def test_refused(check, value):
    with pytest.raises(Invalid):
        check(value)


@pytest.mark.parametrize("text", ["", "1.5", "1e3", "--5", "٣", "9" * 11])
def test_a_cell_that_is_no_points(text):
    with pytest.raises(Invalid):
        points_of(text, "points")


def test_cells_of_points():
    assert [points_of(text, "points") for text in ("0", "-5", "+7")] == [0, -5, 7]


def test_what_is_added_and_removed_goes():
    assert with_tags(frozenset("ab"), frozenset("cd"), frozenset("ad")) == frozenset("bc")
    with pytest.raises(Invalid, match="at most"):
        with_tags(frozenset(map(str, range(MAX_TAGS))), frozenset("x"), frozenset())


def test_no_stage_is_a_stage_too():
    assert (checked_stage(None), checked_stage(" lead ")) == ("", "lead")
