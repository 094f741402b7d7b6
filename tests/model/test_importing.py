from chalicelib.model.importing import MARKS, marked, with_mark


def test_a_mark_is_read_back_by_its_import_alone():
    marks = with_mark(with_mark((), "one", 7, "created"), "two", 9, "unchanged")
    assert marked(marks, "one") == (7, "created")
    assert marked(marks, "two") == (9, "unchanged")
    assert marked(marks, "on") is None
    assert marked((), "one") is None


def test_an_import_leaves_one_mark_and_the_oldest_go():
    marks = ()
    for number in range(10):
        marks = with_mark(marks, f"import{number}", number, "updated")
        marks = with_mark(marks, f"import{number}", number + 1, "updated")
    assert len(marks) == MARKS
    assert marked(marks, "import9") == (10, "updated")
    assert marked(marks, "import5") is None
