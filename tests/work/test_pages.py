from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.work.pages import every


class Listed:
    """Things in pages, some of them empty; `read` are the cursors that were asked for."""

    def __init__(self, pages: list[list[int]]) -> None:
        self.pages = pages
        self.read: list[str | None] = []

    def page(self, limit: int, cursor: str | None) -> tuple[list[int], str | None]:
        self.read.append(cursor)
        place = int(cursor or 0)
        return self.pages[place][:limit], str(place + 1) if place + 1 < len(self.pages) else None


pages = st.lists(st.lists(st.integers(), max_size=3), min_size=1, max_size=6)


@given(pages)
def test_all_pages_are_read_once_in_their_order(cut: list[list[int]]) -> None:
    listed = Listed(cut)
    assert list(every(listed.page)) == [each for page in cut for each in page]
    assert listed.read == [None, *map(str, range(1, len(cut)))]


@given(pages, st.integers(0, 10))
def test_no_page_is_read_before_it_is_needed(cut: list[list[int]], wanted: int) -> None:
    listed = Listed(cut)
    taken = list(islice(every(listed.page), wanted))
    behind_the_last = [sum(map(len, cut[: place + 1])) for place in range(len(cut))]
    needed = sum(total < wanted for total in behind_the_last[:-1]) + 1 if wanted else 0
    assert (len(listed.read), len(taken)) == (needed, min(wanted, behind_the_last[-1]))


def test_the_size_of_a_page_is_asked_for() -> None:
    assert list(every(Listed([[1, 2, 3], [4]]).page, 2)) == [1, 2, 4]
