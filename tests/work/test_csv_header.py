import pytest

from chalicelib.model.errors import Invalid
from chalicelib.work.csv_header import header, mapped, slug


def reader_of(body):
    return lambda start, length: body[start : start + length]


def columns_of(body):
    return header(reader_of(body)).columns


HEADERS = [
    (b"email,name\n", ",", ("email", "name"), "commas"),
    (b"email;name;a,b\n", ";", ("email", "name", "a,b"), "semicolons"),
    (b"email\tname\n", "\t", ("email", "name"), "tabs"),
    (b"email\n", ",", ("email",), "one column"),
    (b"\xef\xbb\xbfemail,name\r\n", ",", ("email", "name"), "a byte order mark"),
    (b'\xef\xbb\xbf"email","last, first"\n', ",", ("email", "last, first"), "a mark before a quote"),
    (b" email , name ,,\n", ",", ("email", "name"), "spaces, and empty cells at the end"),
    (b"email,,name\n", ",", ("email", "column 2", "name"), "a column without a name"),
    ("email;prénom\n".encode("cp1252"), ";", ("email", "prénom"), "Windows-1252"),
    (b"\n\nemail,x\n", ",", ("email", "x"), "blank lines first"),
]


@pytest.mark.parametrize(("start", "delimiter", "columns", "why"), HEADERS, ids=[row[-1] for row in HEADERS])
def test_header(start, delimiter, columns, why):
    found = header(reader_of(start + b"rest"))
    assert (found.delimiter, found.columns) == (delimiter, columns), why
    assert found.offset == len(start)
    assert found.line == start.count(b"\n")


REFUSED = [
    (b"", "empty", "nothing"),
    (b" \r\n\n", "empty", "blank"),
    ("email,x\n".encode("utf-16"), "no text", "wide characters that were not converted"),
    ("email,x\n".encode("utf-16-le"), "no text", "the same without a mark"),
    (b"PK\x03\x04\0\0\0", "no text", "a spreadsheet, not a CSV"),
    (b"email,name\rann@example.com,Ann\r", "LF", "old Macintosh"),
    (b'"email,name\n', "first line", "a quote that is not closed"),
    (b"email,name,name\n", "twice", "a name twice"),
    (b"email," + b",".join(b"c%d" % n for n in range(101)) + b"\n", "100", "102 columns"),
    (b"x" * 101 + b"\n", "missing", "a long name"),
]


@pytest.mark.parametrize(("body", "told", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(body, told, why):
    with pytest.raises(Invalid) as caught:
        columns_of(body)
    assert told in caught.value.message, why


MAPPINGS = [
    (("email", "First Name", "Ville"), {}, {"email": "address", "First Name": "firstname", "Ville": "city"}, "names"),
    (("Adresse", "Courriel"), {}, {"Adresse": "adresse", "Courriel": "address"}, "the surer name"),
    (("E-Mail-Adresse", "Größe"), {}, {"E-Mail-Adresse": "address", "Größe": "grosse"}, "umlauts"),
    (("Mail", "id"), {}, {"Mail": "address", "id": "imported_id"}, "a name of the contact's own"),
    (("mail", "2nd", "日本"), {}, {"mail": "address", "2nd": "field_2nd", "日本": "field"}, "no letter first"),
    (("Contact", "x"), {"Contact": "address", "x": ""}, {"Contact": "address", "x": ""}, "given by hand"),
    (("a", "email"), {"a": "email"}, {"a": "address", "email": "imported_email"}, "given against the name"),
    (("email", "x"), {"x": "plan"}, {"email": "address", "x": "plan"}, "given in part"),
    (("email", "Owner"), {}, {"email": "address", "Owner": "owner_id"}, "an owner, by address or id"),
    (("email", "company_id"), {}, {"email": "address", "company_id": "company_id"}, "an id"),
    (("email", "Firma"), {}, {"email": "address", "Firma": "company"}, "a company's name is a plain field"),
    (("email", "Firma"), {"Firma": "company_id"}, {"email": "address", "Firma": "company_id"}, "a company by hand"),
]


@pytest.mark.parametrize(("columns", "given", "expected", "why"), MAPPINGS, ids=[row[-1] for row in MAPPINGS])
def test_mapped(columns, given, expected, why):
    assert mapped(columns, given) == expected, why


BROKEN = [
    (("name", "city"), {}, "file", "no address"),
    (("email", "x"), {"y": "plan"}, "mapping", "no such column"),
    (("email", "x"), {"x": "Plan"}, "mapping.x", "no alias"),
    (("email", "x"), {"x": "created_at"}, "mapping.x", "reserved"),
    (("email", "x"), {"email": "address", "x": "address"}, "mapping", "two addresses"),
    (("email", "Ville", "city"), {}, "mapping", "two columns for one field"),
    (("email", "owner", "owner_id"), {}, "mapping", "two columns for one owner"),
    (("email", "x"), {"email": ""}, "file", "the address left out"),
]


@pytest.mark.parametrize(("columns", "given", "field", "why"), BROKEN, ids=[row[-1] for row in BROKEN])
def test_no_mapping(columns, given, field, why):
    with pytest.raises(Invalid) as caught:
        mapped(columns, given)
    assert caught.value.field == field, why


def test_slug():
    assert slug("  Prénom (2) ") == "prenom_2"
