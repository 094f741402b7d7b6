"""`write_units`, `calls` and `dollars_per_million`: what a broadcast to a million costs beside SES's own bill.

Units and calls are counted by the sink while planning, delivering and recording run; prices are AWS's list prices of
us-east-1, 2026-11 (on-demand, arm64). What is assumed and not measured stands in ASSUMED.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from bench import deliver, plan, record
from bench.child import measured
from bench.figure import figure
from bench.sink import READ_UNITS, WRITE_UNITS, Json, calls, sink
from chalicelib.model.chunk import CHUNK

MILLION = 1_000_000
SES = 100.0

# Dollars for a million of each, and for a second of a Lambda of 1,024 MB (arm64), as all busy functions have.
PRICES = MappingProxyType(
    {
        "write": 0.625,
        "read": 0.125,
        "queue": 0.40,
        "publish": 0.50,
        "request": 1.00,
        "invocation": 0.20,
        "log_gigabyte": 0.50,
    }
)
LAMBDA_SECOND = 0.0000133334

# Seconds that a chunk takes on AWS (eight calls of about 10 ms, one to SES of about 150, and our own CPU), that a hit
# takes, that a thousand events take; hits for each recipient (35% open, 8% click); events that SES publishes for each;
# bytes of a hit's line and of Lambda's own lines about a run, with what CloudWatch adds to each.
ASSUMED = MappingProxyType(
    {
        "chunk": 0.27,
        "hit": 0.005,
        "thousand_events": 0.5,
        "hits": 0.43,
        "events": 2.01,
        "line": 331,
        "lambda_lines": 400,
    }
)


def figures() -> Iterator[Json]:
    sent = _counted(deliver, deliver.answering, (deliver.CHUNKS + 1) * CHUNK)
    planned = _counted(plan, plan.answering, plan.CONTACTS)
    told = _counted(record, record.proved, record.RECORDED)
    per_event = 100 / 244  # of the events that `record` mixes, a hundred belong to each hundred recipients
    before = sent["write"] + planned["write"]
    yield figure("write_units", before, "per recipient, before events", {"a row and a status update": 2.0})
    yield figure("calls", sent["calls"] + planned["calls"], "API calls per recipient", {"a call each": 1.0})
    dollars = _dollars(sent, planned, {name: value / per_event for name, value in told.items()})
    beside = {"SES's own": SES, "a naive pipeline": 9.0}
    yield figure("dollars_per_million", sum(dollars.values()), "dollars beyond SES's own", beside) | {"split": dollars}


def _counted(module: ModuleType, answering: object, number: int) -> dict[str, float]:
    """Units and calls for each of `number` things, by one run."""
    with sink(answering) as url:  # type: ignore[arg-type]  # each module's own rule
        measured(module.__name__, url, "envoi", runs=1)
        found = calls(url)
    made = sum(value for name, value in found.items() if not name.endswith((".items", "units")))
    return {
        "write": found[WRITE_UNITS] / number,
        "read": found[READ_UNITS] / number,
        "queue": found["SendMessageBatch"] / number,
        "calls": made / number,
    }


def _dollars(sent: Mapping[str, float], planned: Mapping[str, float], told: Mapping[str, float]) -> dict[str, float]:
    """Dollars a million recipients, by service."""
    hits, events = ASSUMED["hits"], ASSUMED["events"]
    batches = 2 * (1 / CHUNK / 10) + sent["queue"] + planned["queue"] + 2 * events / 10
    lambdas = ASSUMED["chunk"] / CHUNK + ASSUMED["thousand_events"] * (events + hits) / 1_000 + hits * ASSUMED["hit"]
    invocations = 1 / CHUNK / 10 + events / 100 + hits * 1.1
    logs = (
        hits * (ASSUMED["line"] + ASSUMED["lambda_lines"]) + ASSUMED["lambda_lines"] * (1 / CHUNK / 10 + events / 100)
    ) / 1e9
    split = {
        "DynamoDB, sending": (sent["write"] + planned["write"]) * PRICES["write"]
        + (sent["read"] + planned["read"]) * PRICES["read"],
        "DynamoDB, events": told["write"] * PRICES["write"] + told["read"] * PRICES["read"],
        "SNS, published by SES": events * PRICES["publish"],
        "SQS": batches * PRICES["queue"],
        "Lambda": lambdas * LAMBDA_SECOND * MILLION + invocations * PRICES["invocation"],
        "HTTP API": hits * PRICES["request"],
        "CloudWatch Logs": logs * MILLION * PRICES["log_gigabyte"],
    }
    return {name: round(value, 3) for name, value in split.items()}


if __name__ == "__main__":
    for priced in figures():
        print(json.dumps(priced))
