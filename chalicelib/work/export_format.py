"""An export's rows as bytes: CSV that no spreadsheet runs and an import takes again, or JSON lines."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.model.export import Export
from chalicelib.model.spreadsheet import defused
from chalicelib.model.tagging import SEPARATOR
from chalicelib.work.export_rows import OTHERS, Row

# Tells spreadsheets that it is UTF-8.
BOM = b"\xef\xbb\xbf"
_ENCODER = msgspec.json.Encoder()
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}


def head(job: Export) -> bytes:
    return BOM + _lines([job.columns]) if job.format == "csv" else b""


def body(job: Export, rows: Sequence[Row]) -> bytes:
    if job.format == "jsonl":
        return b"".join(_ENCODER.encode(row) + b"\n" for row in rows)
    return _lines([_cells(job.columns, row) for row in rows])


def _cells(columns: Sequence[str], row: Row) -> list[str]:
    """Fields stand beside a contact's own; those that have no column are told in the last one."""
    fields = row.get("fields", {})
    others = {alias: value for alias, value in fields.items() if alias not in columns}
    told = {**fields, **row, OTHERS: _ENCODER.encode(others).decode() if others else None}
    return [_cell(told.get(column)) for column in columns]


def _cell(value: Any) -> str:  # noqa: ANN401  # whatever a row holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return defused(value)
    if isinstance(value, list | tuple):
        return defused(SEPARATOR.join(map(str, value)))
    return str(value)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
