"""The lines that were not taken, as a file to mend and import again: what they held, and why they were not taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby

from chalicelib.model.importing import Import, Rejected
from chalicelib.model.spreadsheet import defused
from chalicelib.work.csv_header import REPORT_LINE, REPORT_REASON
from chalicelib.work.file_lines import Record
from chalicelib.work.import_source import records_of
from chalicelib.work.pages import every
from chalicelib.work.world import World

REPORTS = "rejected/"
PAGE = 1_000


def reported(world: World, job: Import) -> Import:
    """The job with its report, where any line was rejected."""
    if not job.rejected:
        return job
    name = f"{REPORTS}{job.id}.csv"
    world.files.write(name, _lines(world, job), "text/csv; charset=utf-8")
    return replace(job, report=name)


def _lines(world: World, job: Import) -> Iterator[bytes]:
    # the mark tells spreadsheets that it is UTF-8
    yield b"\xef\xbb\xbf" + _line([*job.columns, REPORT_LINE, REPORT_REASON])
    offset, line = job.begins
    records = records_of(world, replace(job, offset=offset, line=line))
    for number, faults in groupby(_rejected(world, job), lambda each: each.line):
        record = next(each for each in records if each.line >= number)
        yield _line([*_cells(job, record), str(number), _reasons(list(faults))])


def _cells(job: Import, record: Record) -> list[str]:
    wide = len(job.columns)
    return [*record.cells, *[""] * wide][:wide]


def _reasons(faults: list[Rejected]) -> str:
    return " ".join(f"{each.column}: {each.reason}" if each.column else each.reason for each in faults)


def _rejected(world: World, job: Import) -> Iterator[Rejected]:
    return every(partial(world.imports.rejected, job.id), PAGE)


def _line(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([defused(each) for each in cells])
    return text.getvalue().encode()
