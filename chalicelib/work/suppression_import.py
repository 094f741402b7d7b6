"""Suppression lists from elsewhere: a CSV file of addresses, or of hashes of our own export, as an import's job."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import cast

from chalicelib.model.errors import Invalid
from chalicelib.model.ids import is_id
from chalicelib.model.importing import Import, Kind
from chalicelib.model.suppression import STRENGTH, Reason, Suppression, overrides
from chalicelib.work.addresses import normalised
from chalicelib.work.csv_header import Header, header
from chalicelib.work.file_lines import Record
from chalicelib.work.import_lines import Taken
from chalicelib.work.suppressing import suppress
from chalicelib.work.world import World

ADDRESS, REASON, AT = "address", "reason", "at"
# A column by what the lists of other tools call it; all other columns are left out.
COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("address", "email", "e-mail", "email address", "e-mail address", "hash"), ADDRESS),
    "reason": REASON,
    **dict.fromkeys(("at", "date", "created", "created_at"), AT),
}
BOM = b"\xef\xbb\xbf"


def described(world: World, job: Import, file: str) -> Import:
    """The job with the file's columns. Without a header line its first column holds the addresses."""
    read = partial(world.files.read, file)
    found = header(read)
    mapping = {column: COLUMNS.get(column.lower(), "") for column in found.columns}
    if ADDRESS in mapping.values():
        return _with(job, found, mapping)
    if "@" not in found.columns[0] and not is_id(found.columns[0]):
        raise Invalid("file", ", ".join(found.columns)[:100], "Name the column of the addresses `address` or `hash`.")
    bom = len(BOM) if read(0, len(BOM)) == BOM else 0
    columns = tuple(f"column {number}" for number, _ in enumerate(found.columns, 1))
    return _with(job, Header(found.delimiter, columns, bom, 0), {columns[0]: ADDRESS})


def default_reason(text: str) -> Reason:
    if text not in STRENGTH:
        raise Invalid("reason", text, f"It is one of {', '.join(STRENGTH)}.")
    return cast(Reason, text)


def take(world: World, job: Import, lines: Sequence[Record]) -> Taken:
    """Every line is created (suppressed now), updated (a stronger reason), unchanged or rejected, and counted once."""
    taken = Taken()
    wished = [(line, found) for line in lines if (found := _read(world, job, line, taken))]
    standing = world.suppressions.read_many([each.address_hash for _, each in wished])
    for _, each in wished:
        taken.kinds[_put(world, each, standing)] += 1
    return taken


def _put(world: World, wish: Suppression, standing: dict[str, Suppression]) -> Kind:
    """A line that is done again after a crash finds its own suppression, and counts as what it was."""
    stands = standing.get(wish.address_hash)
    if stands is not None and not overrides(wish.reason, stands.reason):
        return "created" if stands == wish else "unchanged"
    suppress(world, wish)
    standing[wish.address_hash] = wish
    return "created" if stands is None else "updated"


def _read(world: World, job: Import, line: Record, taken: Taken) -> Suppression | None:
    cells = dict(zip(job.columns, (cell.strip() for cell in line.cells), strict=False))
    said = {job.mapping.get(column, ""): cell for column, cell in cells.items()}
    typed = said.get(ADDRESS, "")
    if line.fault:
        taken.reject(line.line, "", line.cells[0], line.fault)
        return None
    try:
        hashed = typed if is_id(typed) else world.signer.hashed("address", normalised(typed))
        reason = default_reason(said.get(REASON) or job.suppress)
        at = _instant(said.get(AT, ""), job.created_at)
    except Invalid as fault:
        taken.reject(line.line, str(fault.field), str(fault.value), str(fault.hint))
        return None
    return Suppression(hashed, reason, f"import {job.id}", at)


def _instant(text: str, otherwise: int) -> int:
    """ISO 8601; a time without a zone is UTC, and what lies ahead is now."""
    if not text:
        return otherwise
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(AT, text, "Give a time such as 2026-11-24T09:30:00Z, or leave it empty.") from None
    aware = found if found.tzinfo else datetime.fromisoformat(f"{found.isoformat()}+00:00")
    return min(otherwise, max(0, round(aware.timestamp() * 1_000)))


def _with(job: Import, found: Header, mapping: Mapping[str, str]) -> Import:
    return replace(
        job,
        columns=found.columns,
        mapping=mapping,
        delimiter=found.delimiter,
        offset=found.offset,
        line=found.line,
        begins=(found.offset, found.line),
    )
