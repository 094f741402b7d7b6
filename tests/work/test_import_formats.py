"""JSON lines, workbooks, encodings and delimiters: what a file is, is found, shown, and read to the same contacts."""

import io
import json
from dataclasses import replace
from datetime import date, datetime, time
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.model.importing import MAX_WORKBOOK, Wishes
from chalicelib.work import contacts, definitions, import_conversion, importing, workbook
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world


@pytest.fixture
def world():
    return fake_world(tables=Tables(), clock=Clock())


def done(world, text, **wishes):
    job = importing.start(world, text, Wishes(**wishes))
    importing.run(world, job.id)
    return importing.read(world, job.id)


def counts(job):
    return job.created, job.updated, job.unchanged, job.rejected


def reasons(world, job):
    return [(each.line, each.reason) for each in world.imports.rejected(job.id, 100, None)[0]]


def book(*sheets):
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


# workbooks know no time zones
AT = datetime(2026, 11, 24, 9, 30)  # noqa: DTZ001
PEOPLE = [
    ["E-Mail", "Prénom", "Seats", "Since", "At", "Lunch", "Pro"],
    ["ann@example.com", "Zoé", 3.0, date(2026, 11, 24), AT, time(12, 15), True],
    [],
    ["ben@example.com", "two\nlines", 2.5, None, None, None, False],
    ["nobody", "x"],
]


def test_a_workbook_is_read_as_a_person_would_type_it(world):
    job = done(world, book(("Notes", []), ("People", PEOPLE)), sheet="People")
    assert (job.state, job.format, job.sheet, counts(job)) == ("finished", "xlsx", "People", (2, 0, 0, 1))
    assert contacts.read(world, "ann@example.com").fields == {
        "firstname": "Zoé",
        "seats": "3",
        "since": "2026-11-24",
        "at": "2026-11-24T09:30:00",
        "lunch": "12:15:00",
        "pro": "true",
    }
    assert contacts.read(world, "ben@example.com").fields == {"firstname": "two\nlines", "seats": "2.5", "pro": "false"}
    assert [line for line, _ in reasons(world, job)] == [5], "the sheet's own row"


def test_the_first_sheet_is_meant_where_none_is_named(world):
    assert counts(done(world, book(("People", PEOPLE), ("Notes", [["x"]])))) == (2, 0, 0, 1)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(world):
    with pytest.raises(Invalid, match="Notes, People"):
        importing.start(world, book(("Notes", []), ("People", PEOPLE)), Wishes(sheet="Persons"))


def test_an_empty_sheet_has_no_columns(world):
    with pytest.raises(Invalid, match="first row"):
        importing.start(world, book(("Empty", [])))


def test_a_bomb_is_refused_before_it_unpacks(world, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 100_000)
    bomb = io.BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 10_000_000)
    with pytest.raises(TooLarge, match="10000000"):
        importing.start(world, bomb.getvalue())


def test_a_large_workbook_is_refused_by_its_size():
    with pytest.raises(TooLarge, match=str(MAX_WORKBOOK)):
        workbook.sheets(lambda _start, _length: b"", MAX_WORKBOOK + 1)


@pytest.mark.parametrize("killed", [killed_before, killed_after])
@pytest.mark.parametrize("call", range(1, 8))
def test_a_crash_while_it_is_converted_repeats_nothing(world, killed, call):
    job = importing.start(world, book(("People", PEOPLE)))
    try:
        importing.run(intercepted(world, *killed(call)), job.id)
    except Killed:
        world.sleep(1_000_000_000)
        importing.run(world, job.id)
    assert counts(importing.read(world, job.id)) == (2, 0, 0, 1)


def test_what_takes_too_long_to_convert_says_so(world):
    job = importing.start(world, book(("People", PEOPLE)))
    importing.run(replace(world, time_left=lambda: import_conversion.RESERVE_MS - 1), job.id)
    after = importing.read(world, job.id)
    assert (after.state, after.reason) == ("failed", "The file takes too long to convert.")


LINES = [
    {"email": "ann@example.com", "firstname": "Zoé", "seats": 3, "pro": True, "tags": ["a", "b"], "score": None},
    {"email": "ben@example.com", "firstname": "two\nlines", "seats": 2.5},
]


def lines(*things):
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in things).encode()


def test_json_lines_give_typed_values_to_typed_fields(world):
    definitions.create(world, "seats", {"type": "number"})
    definitions.create(world, "pro", {"type": "boolean"})
    job = done(world, lines(*LINES))
    assert (job.state, job.format, counts(job)) == ("finished", "jsonl", (2, 0, 0, 0))
    ann = contacts.read(world, "ann@example.com")
    assert (ann.fields, ann.tags) == ({"firstname": "Zoé", "seats": 3, "pro": True}, {"a", "b"})
    assert contacts.read(world, "ben@example.com").fields["firstname"] == "two\nlines"
    assert counts(done(world, lines(*LINES))) == (0, 0, 2, 0)


FAULTS = [
    (b'["ann@example.com"]', "no object", "an array"),
    (b'{"email": "ann@example.com"', "no JSON", "cut off"),
    (b'{"email": "ann@example.com", "firstname": {"a": 1}}', "structure", "nested"),
    (b'{"email": "ann@example.com", "shoe": 42}', "'shoe': name it in the mapping", "a field that came late"),
    (b'{"email": "ann@\xff.com"}', "no JSON in UTF-8", "not UTF-8"),
    (b'{"email": "' + b"a" * 70_000 + b'"}', "longer than", "too long"),
    (b"[" * 50_000, "no JSON", "deep"),
]


@pytest.mark.parametrize(("line", "said", "why"), FAULTS, ids=[row[-1] for row in FAULTS])
def test_a_bad_line_costs_itself_alone(world, line, said, why):
    filling = b"".join(lines({"email": f"p{n}@example.com", "firstname": "x" * 500}) for n in range(600))
    job = done(world, filling + line + b"\n" + lines({"email": "last@example.com"}))
    assert counts(job) == (601, 0, 0, 1), why
    [(number, reason)] = reasons(world, job)
    assert number == 601
    assert said in reason


def test_a_field_that_comes_late_is_taken_where_the_mapping_names_it(world):
    filling = b"".join(lines({"email": f"p{n}@example.com", "firstname": "x" * 500}) for n in range(600))
    late = lines({"email": "late@example.com", "shoe": 42})
    assert counts(done(world, filling + late, mapping={"shoe": "shoe_size"})) == (601, 0, 0, 0)
    assert contacts.read(world, "late@example.com").fields == {"shoe_size": "42"}


# Names and towns as spreadsheets of these countries save them. A handful of signs would fit several encodings.
ENCODED = [
    ("cp1252", "René Müller, Zoé François, Chloé Lefèvre, Jürgen Weiß, Noël Bérénice", "Western Europe"),
    ("cp1250", "Łukasz Wiśniewski, Żofia Kamińska, Małgorzata Dąbrowska, Stanisław Zając", "Poland"),
    ("cp1251", "Иван Петров, Ольга Сидорова, Дмитрий Кузнецов, Екатерина Смирнова", "Russia"),
    ("cp1253", "Μαρία Παπαδοπούλου, Γιώργος Νικολάου, Ελένη Αθανασίου, Κώστας Δημητρίου", "Greece"),
    ("cp932", "山田太郎 東京都, 鈴木花子 大阪府, 佐藤さくら 京都市, 高橋ひろし さいたま市, タナカ ケンジ", "Japan"),
    ("gb18030", "李小龙 北京市, 王芳 上海市, 张伟的公司, 刘洋在广州, 陈静是经理, 我们的客户", "China"),
    ("euc_kr", "김철수 서울, 이영희 부산, 박지성 대구, 최민수 인천, 정다은 광주", "Korea"),
    ("utf-16-le", "\ufeffZoé Müller, 山田太郎", "Excel's Unicode text"),
    ("utf-16-be", "\ufeffZoé Müller, 山田太郎", "the other order"),
    ("utf-16-le", "Zoé Müller, Ann Smith", "without a mark"),
]


@pytest.mark.parametrize(("encoding", "people", "where"), ENCODED, ids=[row[-1] for row in ENCODED])
def test_the_encoding_is_found_and_shown(world, encoding, people, where):
    names = people.strip("\ufeff").split(", ")
    mark = "\ufeff" if people.startswith("\ufeff") else ""
    rows = "".join(f"p{number}@example.com;{name}\n" for number, name in enumerate(names))
    job = done(world, f"{mark}email;name\n{rows}".encode(encoding))
    assert (job.encoding, counts(job)) == (encoding, (len(names), 0, 0, 0)), where
    assert [contacts.read(world, f"p{n}@example.com").fields["name"] for n in range(len(names))] == names


def test_a_wrong_guess_is_overruled(world):
    name = "Ayşe Güneş"
    text = f"email;ad\nayse@example.com;{name}\n".encode("cp1254")
    assert done(world, text).encoding == "cp1252"
    assert contacts.read(world, "ayse@example.com").fields["ad"] != name
    assert done(world, text, encoding="windows-1254").encoding == "cp1254"
    assert contacts.read(world, "ayse@example.com").fields["ad"] == name


def test_an_encoding_that_does_not_fit_costs_the_line(world):
    job = done(world, "email,name\nann@example.com,Zoé\n".encode("cp1252"), encoding="utf-8")
    assert job.recoded == 1
    job = done(world, b"email,name\nann@example.com,\x81\x20\nben@example.com,Ben\n", encoding="cp932")
    assert counts(job) == (1, 0, 0, 1)
    assert "cp932" in reasons(world, job)[0][1]


def test_a_pipe_separates_and_a_delimiter_may_be_given(world):
    assert done(world, b"email|plan\nann@example.com|pro\n").delimiter == "|"
    job = done(world, b"email;a,b\nann@example.com;pro\n", delimiter=";")
    assert job.columns == ("email", "a,b")
    assert done(world, b"email\tplan\nann@example.com\tx\n", delimiter="tab").delimiter == "\t"


def test_a_file_is_shown_before_it_is_imported(world):
    found = importing.inspected(world, book(("People", PEOPLE), ("Notes", [["x"]])))
    assert (found.source.format, found.source.sheet, found.source.sheets) == ("xlsx", "People", ("People", "Notes"))
    assert [(each.name, each.fills, each.samples) for each in found.columns][:3] == [
        ("E-Mail", "address", ("ann@example.com", "ben@example.com", "nobody")),
        ("Prénom", "firstname", ("Zoé", "two\nlines", "x")),
        ("Seats", "seats", ("3", "2.5")),
    ]
    assert world.imports.open() == []
    found = importing.inspected(world, lines(*LINES))
    assert [each.name for each in found.columns] == ["email", "firstname", "seats", "pro", "tags", "score"]
    found = importing.inspected(world, "\ufeffemail\tname\nann@example.com\tZoé\n".encode("utf-16-le"))
    assert (found.source.encoding, found.columns[1].samples) == ("utf-16-le", ("Zoé",))
