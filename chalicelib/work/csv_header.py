"""The header of a file: a CSV file's delimiter, the columns, and the field that each column fills."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from unicodedata import combining, normalize

from chalicelib.model.contact import MAX_FIELDS, RESERVED
from chalicelib.model.errors import Invalid
from chalicelib.model.fields import checked_alias
from chalicelib.work.csv_file import records
from chalicelib.work.file_lines import MAX_RECORD, Range, Record

ADDRESS, OWNER, COMPANY = "address", "owner_id", "company_id"
TAGS, POINTS, STAGE = "tags", "points", "stage"
# What a column may fill beside a field.
TARGETS = frozenset({ADDRESS, OWNER, COMPANY, TAGS, POINTS, STAGE})
DELIMITERS = ",;\t|"
MAX_NAME = 100
# What our own report of rejected lines adds to them: left out when the mended file comes back.
REPORT_LINE, REPORT_REASON = "Envoi: line", "Envoi: reason"
BOM = b"\xef\xbb\xbf"

# Column names for the address, the surest first: where two stand in a header, the later is a field.
ADDRESSES = (
    *("email", "e_mail", "email_address", "e_mail_address", "emailaddress"),
    *("courriel", "adresse_email", "adresse_e_mail", "adresse_courriel", "adresse_mail", "adresse_electronique"),
    *("e_mail_adresse", "emailadresse", "mailadresse", "mail", "address", "adresse"),
)

# What other systems call Mautic's fields, in three languages.
SAME: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("first_name", "given_name", "prenom", "vorname"), "firstname"),
        **dict.fromkeys(("last_name", "family_name", "surname", "nom", "nom_de_famille", "nachname"), "lastname"),
        # an owner's address or id; a company's name stays a plain field, as in Mautic's files
        **dict.fromkeys(("owner", "owner_email", "contact_owner"), OWNER),
        **dict.fromkeys(("societe", "entreprise", "firma", "unternehmen"), "company"),
        **dict.fromkeys(("ville", "stadt", "ort"), "city"),
        **dict.fromkeys(("pays", "land"), "country"),
        **dict.fromkeys(("locale", "language", "langue", "sprache"), "preferred_locale"),
        **dict.fromkeys(("time_zone", "fuseau_horaire", "zeitzone"), "timezone"),
    }
)


@dataclass(frozen=True, slots=True)
class Header:
    """`offset` is the byte and `line` the line behind which the first record begins."""

    delimiter: str
    columns: tuple[str, ...]
    offset: int
    line: int


def header(read: Range, encoding: str = "", delimiter: str = "") -> Header:
    """Invalid where the file has none that can be used. The delimiter is found where none is given."""
    start = read(0, MAX_RECORD)
    if not start.strip():
        raise Invalid("file", "an empty file", "Give a CSV file: a header line, then a line for each contact.")
    if b"\0" in start[:MAX_NAME]:
        raise Invalid("file", start[:20], "This is no text: give CSV, JSON lines or a workbook (.xlsx).")
    if re.search(rb"\r(?!\n)", start[:-1].partition(b"\n")[0] + b"\n"):
        raise Invalid("file", start[:50], "Lines must end with LF or CR LF, not with CR alone.")
    skip = len(BOM) if start.startswith(BOM) else 0
    chosen, record = _first(read, skip, encoding, delimiter or DELIMITERS)
    return Header(chosen, columns_of(record.cells), record.end, record.last)


def mapped(columns: Sequence[str], given: Mapping[str, str] | None) -> dict[str, str]:
    """The alias for each column, or one of TARGETS (OWNER: an owner's address or id); "" for a column left out.

    `given` overrules what the names say: column -> alias, a target, "email" or "". Raises Invalid.
    """
    given = given or {}
    for column in given:
        if column not in columns:
            raise Invalid("mapping", column, f"The columns are: {', '.join(columns)}"[:500] + ".")
    chosen = {column: _given(column, alias) for column, alias in given.items()}
    free = [column for column in columns if column not in chosen]
    if ADDRESS not in chosen.values():
        chosen[_address_column(columns, free)] = ADDRESS
    mapping = {column: chosen[column] if column in chosen else _alias(column) for column in columns}
    _refuse_doubles(mapping)
    return mapping


def guessed(columns: Sequence[str], given: Mapping[str, str] | None) -> dict[str, str]:
    """As `mapped`, of a file that is only looked at: no column need be the address, and of two that would fill the same
    the later is left out.
    """
    try:
        return mapped(columns, given)
    except Invalid:
        chosen = given or {}
        found: dict[str, str] = {}
        for column in columns:
            alias = chosen[column] if column in chosen else _alias(column)
            found[column] = "" if alias in found.values() else alias
        return found


def slug(name: str) -> str:
    """A column's name as an alias: `Prénom (2)` -> `prenom_2`."""
    plain = "".join(each for each in normalize("NFKD", name.replace("ß", "ss")) if not combining(each))
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:50].rstrip("_")


def _first(read: Range, skip: int, encoding: str, delimiters: str) -> tuple[str, Record]:
    """The delimiter that makes most columns, and what it makes; of equals the first."""
    firsts = ((each, next(records(read, skip, 0, each, encoding), None)) for each in delimiters)
    known = [(delimiter, record) for delimiter, record in firsts if record is not None]
    whole = [each for each in known if not each[1].fault]
    if not whole:
        why = known[0][1].fault if known else "The file has no line."
        raise Invalid("file", "the header", f"{why} The first line must name the columns.")
    return max(whole, key=lambda each: len(each[1].cells))


def columns_of(named: Sequence[str]) -> tuple[str, ...]:
    """The names of the columns; those without one are numbered. Raises Invalid."""
    cells = [cell.strip() for cell in named]
    while not cells[-1]:
        cells.pop()
    if len(cells) > MAX_FIELDS + 1:
        raise Invalid("file", f"{len(cells)} columns", f"At most {MAX_FIELDS} and the address.")
    columns = tuple(cell or f"column {number}" for number, cell in enumerate(cells, 1))
    for column in columns:
        if len(column) > MAX_NAME:
            raise Invalid("file", column, f"A column's name has at most {MAX_NAME} characters. Is the header missing?")
    for one, other in pairwise(sorted(columns)):
        if one == other:
            raise Invalid("file", one, "This name stands twice in the header.")
    return columns


def _given(column: str, alias: str) -> str:
    if not alias or alias in TARGETS:
        return alias
    return ADDRESS if alias == "email" else checked_alias(alias, f"mapping.{column}")


def _address_column(columns: Sequence[str], free: Sequence[str]) -> str:
    by_slug = {slug(column): column for column in reversed(free)}
    for name in ADDRESSES:
        if name in by_slug:
            return by_slug[name]
    mend = 'No column is the address: name one "email", or give a mapping such as {"Contact": "address"}.'
    raise Invalid("file", list(columns), mend)


def _alias(column: str) -> str:
    if column in (REPORT_LINE, REPORT_REASON):
        return ""
    alias = slug(column)
    alias = SAME.get(alias, alias)
    if alias in TARGETS - {ADDRESS}:
        return alias
    if alias in RESERVED:
        return f"imported_{alias}"
    return alias if alias[:1].isalpha() else f"field_{alias}"[:50].rstrip("_")


def _refuse_doubles(mapping: Mapping[str, str]) -> None:
    seen: dict[str, str] = {}
    for column, alias in mapping.items():
        if alias and alias in seen:
            mend = f'The column {seen[alias]!r} fills "{alias}" already: map one of them to another alias, or to "".'
            raise Invalid("mapping", column, mend)
        seen[alias] = column
