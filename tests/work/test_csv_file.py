import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.work.csv_file import MAX_LINES, records
from chalicelib.work.file_lines import MAX_RECORD, RANGE


def reader_of(body, at_most=RANGE):
    return lambda start, length: body[start : start + min(length, at_most)]


def cells_of(body, delimiter=","):
    return [record.cells for record in records(reader_of(body), 0, 0, delimiter)]


CELLS = st.text(st.sampled_from('ab",;\t\n\r é\u20ac\U0001f600'), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8)
ENDS = st.sampled_from(["\n", "\r\n"])


def written(rows, delimiter, end):
    sink = io.StringIO(newline="")
    csv.writer(sink, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return sink.getvalue().encode()


@given(TABLES, st.sampled_from(",;\t"), ENDS, st.integers(1, 9))
def test_what_was_written_comes_back_whatever_the_ranges(rows, delimiter, end, at_most):
    body = written(rows, delimiter, end)
    found = list(records(reader_of(body, at_most), 0, 0, delimiter))
    assert [record.cells for record in found] == [row for row in rows if any(cell.strip() for cell in row)]
    assert not any(record.fault for record in found)


@given(TABLES, ENDS, st.integers(1, 50), st.data())
def test_reading_goes_on_from_behind_any_record(rows, end, at_most, data):
    body = written(rows, ",", end)
    found = list(records(reader_of(body), 0, 0, ","))
    if found:
        at = data.draw(st.integers(0, len(found) - 1))
        assert list(records(reader_of(body, at_most), found[at].end, found[at].last, ",")) == found[at + 1 :]


@given(st.binary(max_size=200) | st.text(st.sampled_from('a,"\n\r\0é'), max_size=60).map(str.encode), st.integers(1, 9))
def test_no_byte_is_read_twice_or_passed_over(body, at_most):
    found = list(records(reader_of(body, at_most), 0, 0, ","))
    ends = [0] + [record.end for record in found]
    assert ends == sorted(set(ends))
    assert body[ends[-1] :].strip(b'\n\r\t ,"\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0') == b"" or found == []
    for record in found:
        assert record.line <= record.last == body[: record.end].count(b"\n") + (not body[: record.end].endswith(b"\n"))


ROWS = [
    (b"a,b\n1,2\n", [["a", "b"], ["1", "2"]], "plain"),
    (b"a,b\n1,2", [["a", "b"], ["1", "2"]], "no line break at the end"),
    (b"a\r\n\r\n \r\n,\r\nb\r\n", [["a"], ["b"]], "blank lines"),
    (b'a,"x\ny"\nb,1\n', [["a", "x\ny"], ["b", "1"]], "a line break in quotes"),
    (b'a,"say ""hi"""\n', [["a", 'say "hi"']], "doubled quotes"),
    (b'5" disk,b\nc,d\n', [['5" disk', "b"], ["c", "d"]], "a quote inside a value opens nothing"),
    ("Köln,é\n".encode("cp1252"), [["Köln", "é"]], "Windows-1252"),
]


@pytest.mark.parametrize(("body", "expected", "why"), ROWS, ids=[row[-1] for row in ROWS])
def test_cells(body, expected, why):
    assert cells_of(body) == expected, why


FAULTS = [
    (b'a,"open\n', "quote is not closed", "never closed"),
    (b'a,"open,b\nc,"d",e\n'.replace(b"\nc", b"\nx,1\nc"), "quote is not closed", "closed by a later line's quote"),
    (b'a,"b" c\n', "text follows", "text behind a closed quote"),
    (b'a,"b\n' + b"x,1\n" * MAX_LINES, "quote is not closed", "more lines than a record may have"),
    (b"a" * (MAX_RECORD + 1) + b"\n", "longer than", "a long line"),
    (b"a" * (3 * RANGE) + b"\n", "longer than", "a line longer than ranges"),
    (b"a,\0\n", "zero byte", "a zero byte"),
    (b"a\rb\n", "carriage return", "a lone carriage return"),
    (b"a,\x81\n", "neither UTF-8 nor", "no encoding has it"),
]


@pytest.mark.parametrize(("body", "fault", "why"), FAULTS, ids=[row[-1] for row in FAULTS])
def test_a_broken_line_costs_no_other(body, fault, why):
    before, after = b"first,1\n", b"last,9\n"
    found = list(records(reader_of(before + body + after), 0, 0, ","))
    assert found[0].cells == ["first", "1"]
    assert fault in found[1].fault, why
    assert (found[1].line, found[1].last) == (2, 2)
    assert found[-1].cells == ["last", "9"]
    assert found[-1].end == len(before + body + after)
    good = [record for record in found if not record.fault]
    assert len(good) == 2 + body.count(b"x,1\n") + body.count(b'c,"d",e\n')


def test_recoded_lines_are_marked():
    body = "é\n".encode() + "é\n".encode("cp1252")
    assert [record.recoded for record in records(reader_of(body), 0, 0, ",")] == [False, True]
