"""Answers as CSV, a part of a list at a time: the header `Link` says where the rest is (RFC 8288)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from chalice import Response

from chalicelib.model.spreadsheet import defused

CSV = "text/csv"


def csv_answer(path: str, columns: Sequence[str], rows: Iterable[Sequence[str | None]], cursor: str | None) -> Response:
    """`path` is this address without its query, whose last part names the file; `cursor` is where the rest begins."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([defused(value or "") for value in row] for row in rows)
    name = path.removesuffix("/export").rpartition("/")[2]
    headers: dict[str, str | list[str]] = {
        "Content-Type": f"{CSV}; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }
    if cursor:
        headers["Link"] = f'<{path}?{urlencode({"cursor": cursor})}>; rel="next"'
    return Response(text.getvalue(), headers, 200)
