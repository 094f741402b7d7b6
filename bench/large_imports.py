"""`import_csv`, `import_xlsx`, `import_jsonl`: whole files of contacts, put into a list, in CPU seconds of our own
process, with the most memory that it had, write units, and dollars for a million rows.

The file lies on a disk and is read by ranges, as from a bucket; contacts, list and addresses go through the real stores
into the sink. Beside each stands the plain loop of `bench/imports.py`, and beside the memory that for the smaller file.
"""

from __future__ import annotations

import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from bench import audience
from bench.child import measured, told
from bench.cost import LAMBDA_SECOND, MILLION, PRICES
from bench.disk import DiskFiles
from bench.figure import figure, per_cpu_second
from bench.imports import COLUMNS, PLAIN, answering, people
from bench.memory import peak_megabytes
from bench.sink import READ_UNITS, WRITE_UNITS, Json, calls, sink
from bench.sizes import Sizes, sizes

MEMORY = 300.0
# Seconds that a call takes on AWS beside our own CPU.
CALL = 0.01
NAMED = "uploads/{}.csv"


def figures(given: Sizes) -> Iterator[Json]:
    with sink(answering) as url, TemporaryDirectory() as name:
        plain = measured("bench.imports", url, "plain")
        small = _run(url, Path(name), "csv", given.table_rows)
        yield from _figures("csv", given.rows, _run(url, Path(name), "csv", given.rows), plain, small)
        for kind in ("xlsx", "jsonl"):
            yield from _figures(kind, given.table_rows, _run(url, Path(name), kind, given.table_rows), plain, small)


def _figures(
    kind: str, rows: int, done: Mapping[str, float], plain: float, small: Mapping[str, float]
) -> Iterator[Json]:
    name = f"import_{kind}"
    yield per_cpu_second(name, "rows", rows / done["seconds"], {PLAIN: plain}) | {"rows": rows}
    beside = {"CSV of a tenth, or as many rows": small["megabytes"], "the most that is allowed": MEMORY}
    yield figure(f"{name}_memory", done["megabytes"], "MB at the most", beside) | {"rows": rows}
    yield figure(f"{name}_write_units", done["writes"] / rows, "per row", {"one row a contact": 1.0})
    yield figure(f"{name}_dollars", _dollars(rows, done), "dollars for a million rows", {"SES for as many": 100.0})


def _dollars(rows: int, done: Mapping[str, float]) -> float:
    seconds = done["seconds"] + CALL * done["calls"]
    units = (done["writes"] * PRICES["write"] + done["reads"] * PRICES["read"]) / MILLION
    return (units + seconds * LAMBDA_SECOND) / rows * MILLION


def _run(url: str, folder: Path, kind: str, rows: int) -> dict[str, float]:
    """Seconds and megabytes of one import; units and calls of the sink while it ran."""
    path = folder / NAMED.format(audience.numbered(kind, rows))
    path.parent.mkdir(exist_ok=True)
    WRITERS[kind](path, rows)
    before = calls(url)
    done = told("bench.large_imports", url, f"{folder} {kind} {rows}")
    path.unlink()
    return done | _asked(calls(url) - before)


def _asked(found: Counter[str]) -> dict[str, float]:
    made = sum(value for name, value in found.items() if not name.endswith((".items", "units")))
    return {"writes": found[WRITE_UNITS], "reads": found[READ_UNITS], "calls": made}


def _csv(path: Path, rows: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(people(rows))


def _jsonl(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for person in people(rows):
            file.write(json.dumps(dict(zip(COLUMNS, person, strict=True)), ensure_ascii=False) + "\n")


def _xlsx(path: Path, rows: int) -> None:
    from openpyxl import Workbook  # noqa: PLC0415  # for this file alone

    book = Workbook(write_only=True)
    sheet = book.create_sheet("People")
    sheet.append(COLUMNS)
    for person in people(rows):
        sheet.append(person)
    book.save(path)


WRITERS: Mapping[str, Callable[[Path, int], None]] = MappingProxyType({"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx})


def measure(folder: Path, kind: str, rows: int) -> dict[str, float]:
    """CPU seconds of the import of a file that lies there, and the most memory."""
    from chalicelib.model.importing import Wishes  # noqa: PLC0415
    from chalicelib.settings import Settings  # noqa: PLC0415  # the parent needs none of them
    from chalicelib.wiring import Wiring  # noqa: PLC0415
    from chalicelib.work import importing  # noqa: PLC0415
    from tests.fakes.jobs import FakeImports  # noqa: PLC0415  # the job's row; contacts are real
    from tests.fakes.tables import Tables  # noqa: PLC0415

    world = Wiring(Settings.from_env()).world(lambda: 600_000)
    world = replace(world, imports=FakeImports(Tables()), files=DiskFiles(folder))  # type: ignore[arg-type]  # what an import asks alone
    begun = time.process_time()
    name = NAMED.format(audience.numbered(kind, rows))
    job = importing.start(world, name, Wishes(segment=audience.LIST))
    importing.run(world, job.id)
    done = importing.read(world, job.id)
    if done.created != rows:
        raise RuntimeError(f"{done.created} of {rows} rows were created: {done}")
    return {"seconds": time.process_time() - begun, "megabytes": peak_megabytes()}


if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.argv[1].startswith("--"):  # from `_run`
        folder, kind, number = sys.argv[1].rsplit(" ", 2)
        print(json.dumps(measure(Path(folder), kind, int(number))))
    else:
        for each in figures(sizes(sys.argv[1:])):
            print(json.dumps(each))
