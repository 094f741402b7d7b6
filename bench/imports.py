"""`import`: rows of a CSV checked, deduplicated and stored as contacts in a list, in CPU seconds.

Beside it the loop that anyone writes: `csv.DictReader`, email-validator and a conditional `put_item` a row.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import MappingProxyType

from bench import audience
from bench.child import measured
from bench.figure import per_cpu_second
from bench.sink import Json, sink

ROWS, PLAIN_ROWS = 20_000, 1_000
PLAIN = "DictReader + email-validator + put_item"
COLUMNS = ("email", "firstname", "lastname", "company", "city", "country", "preferred_locale", "points")


def figures() -> Iterator[Json]:
    with sink(answering) as url:
        envoi, plain = (measured("bench.imports", url, way) for way in ("envoi", "plain"))
    yield per_cpu_second("import", "rows", envoi, {PLAIN: plain})


def answering(operation: str, request: Json) -> Json | None:
    """Nobody is there yet; the list is."""
    if operation == "GetItem" and request["TableName"].endswith("segments"):
        from bench.plan import _list  # noqa: PLC0415  # the sink's process alone makes rows

        return {"Item": _list()}
    return None


def rows(number: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(people(number))
    return text.getvalue().encode()


def people(number: int) -> Iterator[tuple[str | int, ...]]:
    for n in range(number):
        yield f"person.{n}@example.com", "Zoë", f"O'Neil {n}", "Société Générale", "Liège", "BE", "fr", n % 100


def _envoi(number: int) -> Callable[[], None]:
    from chalicelib.model.importing import Wishes  # noqa: PLC0415
    from chalicelib.settings import Settings  # noqa: PLC0415  # each child brings its own side alone
    from chalicelib.wiring import Wiring  # noqa: PLC0415
    from chalicelib.work import importing  # noqa: PLC0415
    from tests.fakes.jobs import FakeFiles, FakeImports  # noqa: PLC0415  # the job and its file; contacts are real
    from tests.fakes.tables import Tables  # noqa: PLC0415

    tables = Tables()
    world = Wiring(Settings.from_env()).world(lambda: 600_000)
    world = replace(world, imports=FakeImports(tables), files=FakeFiles(tables))
    job = importing.start(world, rows(number), Wishes(segment=audience.LIST))

    def work() -> None:
        importing.run(world, job.id)
        done = importing.read(world, job.id)
        if done.created != number:
            raise RuntimeError(f"{done.created} of {number} rows were created: {done}")

    return work


def _plain(number: int) -> Callable[[], None]:
    import boto3  # noqa: PLC0415  # as above
    from email_validator import validate_email  # noqa: PLC0415

    dynamodb = boto3.client("dynamodb")
    text = rows(number).decode()

    def loop() -> None:
        for row in csv.DictReader(io.StringIO(text)):
            checked = validate_email(row["email"], check_deliverability=False, test_environment=True)
            item = {name: {"S": value} for name, value in row.items()} | {"pk": {"S": checked.normalized}}
            dynamodb.put_item(TableName="contacts", Item=item, ConditionExpression="attribute_not_exists(pk)")

    return loop


WAYS = MappingProxyType({"envoi": (_envoi, ROWS), "plain": (_plain, PLAIN_ROWS)})


def measure(way: str) -> float:
    """Rows per CPU second."""
    make, number = WAYS[way]
    work = make(number)
    begun = time.process_time()
    work()
    return number / (time.process_time() - begun)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(sys.argv[1]))
    else:
        for figure in figures():
            print(json.dumps(figure))
