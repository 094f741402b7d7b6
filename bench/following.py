"""`follow`: contacts that changed, judged for ten live segments of three conditions each, in CPU seconds of our own
process; `follow_write_units` and `follow_read_units` for each change.

Two streams of changes: one of people who stay where they are, one of people who each enter one of the segments. Beside
the units stands what one would write without looking first: a row for each segment at each change.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from functools import cache

from bench import audience
from bench.child import told
from bench.figure import figure, per_cpu_second
from bench.sink import READ_UNITS, WRITE_UNITS, Json, calls, sink

SEGMENTS = 10
# As many as a call of the stream brings.
BATCH, BATCHES = 100, 30
CHANGES = BATCH * BATCHES


def figures() -> Iterator[Json]:
    done = {way: _run(way) for way in ("staying", "entering")}
    rates = {way: CHANGES / each["seconds"] for way, each in done.items()}
    yield per_cpu_second("follow", "changes", rates["staying"], {"each enters a segment": rates["entering"]})
    for way, each in done.items():
        unit = f"per change, {way}, in {SEGMENTS} live segments"
        yield figure("follow_write_units", each["writes"] / CHANGES, unit, {"a row for each segment": float(SEGMENTS)})
        yield figure("follow_read_units", each["reads"] / CHANGES, unit, {"the contact and its rows": 1.0 + SEGMENTS})


def _run(way: str) -> dict[str, float]:
    with sink(answering) as url:
        before = calls(url)
        done = told("bench.following", url, way)
        asked = calls(url) - before
    return done | {"writes": asked[WRITE_UNITS], "reads": asked[READ_UNITS]}


def answering(operation: str, request: Json) -> Json | None:
    """Ten live segments, the contacts as they stand, and nobody in any segment yet."""
    if operation == "Query" and request["TableName"].endswith("segments"):
        items = [_segment(number) for number in range(SEGMENTS)]
        return {"Items": items, "Count": len(items)}
    if operation == "BatchGetItem":
        asked = request["RequestItems"].items()
        return {"Responses": {table: _rows(table, keys["Keys"]) for table, keys in asked}, "UnprocessedKeys": {}}
    return None


def _rows(table: str, keys: list[Json]) -> list[Json]:
    if not table.endswith("contacts"):
        return []
    return [audience.contact_item(key["pk"]["S"].rpartition("#")[2]) for key in keys]


@cache
def _segment(number: int) -> Json:
    """The first holds whoever's id begins with an even digit of base 32; the others hold nobody."""
    from chalicelib.model.segment import Segment  # noqa: PLC0415  # the sink's process alone makes rows
    from chalicelib.store.segments import SegmentRow, _text  # noqa: PLC0415

    wanted = ENTERED if number == 0 else f"none {number}"
    tree = {
        "all": [
            {"field": "country", "operator": "=", "value": "FR"},
            {"field": "firstname", "operator": "startsWith", "value": "Zo"},
            {"field": "email", "operator": "regexp" if number == 0 else "contains", "value": wanted},
        ]
    }
    segment = Segment(audience.numbered("live", number), f"Live {number}", filter=tree, generation=1)
    row = SegmentRow(audience.WORKSPACE, segment.id, v=1, doc=_text(segment), size=0, generation=1)
    item: Json = row.item()
    return item


ENTERED = "^[02468acegikmoqsu]"


def people(way: str) -> list[str]:
    """The ids of those who changed: none of the stayers fits, all of those who enter do."""
    found: list[str] = []
    even, number = set(ENTERED[2:-1]), 0
    while len(found) < CHANGES:
        number += 1
        each = audience.numbered("changed", number)
        if (each[0] in even) is (way == "entering"):
            found.append(each)
    return found


def measure(way: str) -> dict[str, float]:
    """CPU seconds of all batches."""
    from chalicelib.settings import Settings  # noqa: PLC0415  # each child brings its own side alone
    from chalicelib.wiring import Wiring  # noqa: PLC0415
    from chalicelib.work.following import follow  # noqa: PLC0415

    world, changed = Wiring(Settings.from_env()).world(lambda: 600_000), people(way)
    begun = time.process_time()
    moved = sum(follow(world, changed[at : at + BATCH]) for at in range(0, CHANGES, BATCH))
    if moved != (CHANGES if way == "entering" else 0):
        raise RuntimeError(f"{moved} of {CHANGES} changes moved somebody")
    return {"seconds": time.process_time() - begun}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(sys.argv[1])))
    else:
        for each in figures():
            print(json.dumps(each))
