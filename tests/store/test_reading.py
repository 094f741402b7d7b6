from threading import Barrier

from chalicelib.store.reading import side_by_side


def test_the_first_pages_are_read_at_the_same_time_and_all_that_follows_in_order():
    together = Barrier(3, timeout=30)
    asked = []

    def partition(number, size):
        together.wait()
        for item in range(size):
            asked.append((number, item))
            yield {"sk": {"S": f"{number}{item}"}}

    readings = side_by_side([partition(0, 3), partition(1, 0), partition(2, 1)])
    assert sorted(asked) == [(0, 0), (2, 0)], "no more than the first of each"
    assert [[item["sk"]["S"] for item in each] for each in readings] == [["00", "01", "02"], [], ["20"]]
