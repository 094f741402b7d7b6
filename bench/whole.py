"""`broadcast`: a whole broadcast in one process: planned, delivered chunk by chunk, and all that came back recorded.

Recipients per CPU second of our own process; the most memory that it had, beside that for a tenth of the recipients;
calls, write units and dollars for each million, beside what AWS's own price list asks for the same mails.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from bench import audience, deliver, plan, record
from bench.child import told
from bench.cost import LAMBDA_SECOND, MILLION, PRICES, SES
from bench.figure import figure, per_cpu_second
from bench.large_imports import CALL
from bench.memory import peak_megabytes
from bench.sink import READ_UNITS, WRITE_UNITS, Json, calls, sink
from bench.sizes import Sizes, sizes
from chalicelib.model.chunk import CHUNK

# Of the events that `record` mixes, so many belong to each hundred recipients.
EVENTS = sum(record.SHARES.values())
# A message with each mail to the queue, a lookup, a row and its status: a worker of one's own, at the same prices.
NAIVE = {"calls": 5.0, "writes": 2.0}


def figures(given: Sizes) -> Iterator[Json]:
    small, done = (_run(each) for each in (given.recipients // 10, given.recipients))
    size, said = given.recipients, {"recipients": given.recipients}
    yield (
        per_cpu_second(
            "broadcast", "recipients", size / done["seconds"], {"a tenth of them": size / 10 / small["seconds"]}
        )
        | said
    )
    beside = {"a tenth of the recipients": small["megabytes"]}
    yield figure("broadcast_memory", done["megabytes"], "MB at the most", beside) | said
    unit = "per recipient, events included"
    yield figure("broadcast_calls", done["calls"] / size, unit, {"one mail a call": NAIVE["calls"]})
    yield figure("broadcast_write_units", done["writes"] / size, unit, {"a row and its status": NAIVE["writes"]})
    yield figure(
        "broadcast_dollars", _dollars(done, size), "dollars a million, DynamoDB and Lambda", {"SES's price": SES}
    )


def _dollars(done: Mapping[str, float], size: int) -> float:
    units = (done["writes"] * PRICES["write"] + done["reads"] * PRICES["read"]) / MILLION
    return (units + (done["seconds"] + CALL * done["calls"]) * LAMBDA_SECOND) / size * MILLION


def _run(recipients: int) -> dict[str, float]:
    with sink(partial(answering, recipients)) as url:
        before = calls(url)
        done = told("bench.whole", url, str(recipients))
        asked = calls(url) - before
        deliver.check_sent(url, recipients)
    made = sum(value for name, value in asked.items() if not name.endswith((".items", "units")))
    return done | {"writes": asked[WRITE_UNITS], "reads": asked[READ_UNITS], "calls": made}


def answering(recipients: int, operation: str, request: Json) -> Json | None:
    """Each part of the work by the rule of its own bench."""
    if operation in ("Query", "GetItem"):
        return plan.answering_for(recipients, operation, request)
    if operation != "BatchGetItem":
        return deliver.answering(operation, request)
    asked = request["RequestItems"]
    if any(table.endswith("contacts") for table in asked) or any(table.endswith("broadcasts") for table in asked):
        return deliver.answering(operation, request)
    if any(table.endswith("segments") for table in asked):
        return plan.answering_for(recipients, operation, request)
    return record.proved(operation, request)


def measure(recipients: int) -> dict[str, float]:
    """CPU seconds and megabytes."""
    from chalicelib.settings import Settings  # noqa: PLC0415  # the parent needs none of them
    from chalicelib.wiring import Wiring  # noqa: PLC0415
    from chalicelib.work.delivering import deliver as delivered  # noqa: PLC0415
    from chalicelib.work.planning import plan as planned  # noqa: PLC0415
    from chalicelib.work.recording import record as recorded  # noqa: PLC0415

    world = Wiring(Settings.from_env()).world(lambda: 600_000)
    world = replace(world, revisions=deliver.Published(audience.revision()))  # type: ignore[arg-type]  # reads alone
    begun = time.process_time()
    planned(world, audience.BROADCAST, 0)
    for number in range(recipients // CHUNK):
        delivered(world, audience.BROADCAST, 0, number)
    for _ in range(recipients * EVENTS // 100 // record.BATCH):
        recorded(world, record.events(record.BATCH))
    return {"seconds": time.process_time() - begun, "megabytes": peak_megabytes()}


if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.argv[1].startswith("--"):  # from `_run`
        print(json.dumps(measure(int(sys.argv[1]))))
    else:
        for each in figures(sizes(sys.argv[1:])):
            print(json.dumps(each))
