"""What changed between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.text_changes import MOST_LINES, Line, text_changes

LINES = st.lists(st.sampled_from(["one", "two", "three", "<p>", ""]), max_size=12)


def test_lines_in_and_out_with_what_stands_around():
    before = "\n".join(map(str, range(1, 11)))
    after = before.replace("\n6\n", "\nsix\n")
    assert text_changes(before, after) == (
        Line("gap"),
        Line("same", "4", 4, 4),
        Line("same", "5", 5, 5),
        Line("out", "6", 6, None),
        Line("in", "six", None, 6),
        Line("same", "7", 7, 7),
        Line("same", "8", 8, 8),
        Line("gap"),
    )


def test_the_same_is_no_change():
    assert text_changes("a", "a") == ()


def test_a_page_in_one_line_is_told_tag_by_tag():
    page = "".join(f"<p>Paragraph number {n}</p>" for n in range(30))
    changed = [
        each for each in text_changes(page, page.replace("number 7<", "number seven<")) if each.kind in ("in", "out")
    ]
    assert [each.text for each in changed] == ["<p>Paragraph number 7</p>", "<p>Paragraph number seven</p>"]


def test_what_is_too_long_is_told_as_a_whole():
    lines = text_changes("x\n" * (MOST_LINES + 1), "y")
    assert (len(lines), lines[-1]) == (MOST_LINES + 2, Line("in", "y", None, 1))


@given(LINES, LINES)
def test_every_line_that_is_not_the_same_is_told(before, after):
    told = text_changes("\n".join(before), "\n".join(after))
    out = [each for each in told if each.kind == "out"]
    into = [each for each in told if each.kind == "in"]
    old, new = "\n".join(before).splitlines(), "\n".join(after).splitlines()
    assert all(old[each.before - 1] == each.text for each in out)
    assert all(new[each.after - 1] == each.text for each in into)
    rest_old = [text for n, text in enumerate(old, 1) if n not in {each.before for each in out}]
    rest_new = [text for n, text in enumerate(new, 1) if n not in {each.after for each in into}]
    assert rest_old == rest_new
