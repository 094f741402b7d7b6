"""`segment`: a filter of ten conditions judged over contacts, in CPU seconds; `segment_growth` and `segment_scan`.

Beside it the same question, asked of the same people: SQL over a table of SQLite's in memory, without an index, as a
filter of any fields has none; and a loop over dicts with the ten comparisons written out by hand. All three must
find as many. `segment_scan` is the same with the contacts read and decoded on the way, by pages of the real store.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import Any

from bench import audience
from bench.child import told
from bench.cost import LAMBDA_SECOND, MILLION, PRICES
from bench.figure import figure, per_cpu_second
from bench.growth import STEPS, exponent
from bench.sink import READ_UNITS, Json, calls, sink
from bench.sizes import Sizes, sizes
from chalicelib.model import ids
from chalicelib.model.contact import Contact, Value

NOW = 1_795_492_800_000
DAY = 86_400_000
SINCE = NOW - 30 * DAY
BATCH = 10_000
SCANNED, PAGE, KEPT = 20_000, 500, 1_000
COUNTRIES = ("FR", "be", "CH", "de", "ES", "it", "LU", "nl", "PT", "ca")
CITIES = ("Paris", "Liège", "Genève", "Köln", "Lyon", "Milano", "Luxembourg", "Utrecht", "Porto", "Montréal")
PLANS = ("free", "pro", "team", "")
FILTER: Json = {
    "all": [
        {"field": "country", "operator": "in", "value": ["FR", "BE", "CH", "LU", "CA", "DE", "ES", "IT"]},
        {"field": "credits", "operator": "gte", "value": 100},
        {"field": "email", "operator": "contains", "value": "@example"},
        {"field": "lastname", "operator": "!empty"},
        {"field": "points", "operator": "lt", "value": 90},
        {
            "any": [
                {"field": "plan", "operator": "=", "value": "Pro"},
                {"field": "city", "operator": "startsWith", "value": "l"},
                {"field": "vip", "operator": "=", "value": True},
                {"field": "born", "operator": "lt", "value": "1960-01-01"},
                {"field": "created_at", "operator": "gte", "value": "-30 days"},
            ]
        },
    ]
}
SQL = """SELECT count(*) FROM contacts WHERE lower(country) IN ('fr', 'be', 'ch', 'lu', 'ca', 'de', 'es', 'it')
AND credits >= 100 AND lower(email) LIKE '%@example%' AND lastname IS NOT NULL AND lastname <> '' AND points < 90
AND (lower(plan) = 'pro' OR lower(city) LIKE 'l%' OR vip = 1 OR born < '1960-01-01' OR created_at >= ?)"""
COLUMNS = ("email", "points", "created_at", "country", "credits", "lastname", "plan", "city", "vip", "born")
WANTED = frozenset({"fr", "be", "ch", "lu", "ca", "de", "es", "it"})
BESIDE = ("SQLite", "a loop over dicts")


def figures(given: Sizes) -> Iterator[Json]:
    with sink() as url:  # nobody asks it anything: the children are told of it all the same
        runs = {way: {n: _timed(url, way, n) for n in _steps(given)} for way in ("envoi", "sql", "dicts")}
    most = max(_steps(given))
    found = {each[most]["found"] for each in runs.values()}
    if len(found) > 1:
        raise RuntimeError(f"they do not find the same people: {found}")
    beside = {name: most / runs[way][most]["seconds"] for name, way in zip(BESIDE, ("sql", "dicts"), strict=True)}
    yield per_cpu_second("segment", "contacts", most / runs["envoi"][most]["seconds"], beside) | {"contacts": most}
    grown = {way: exponent({n: each["seconds"] for n, each in of.items()}) for way, of in runs.items()}
    others = {name: grown[way] for name, way in zip(BESIDE, ("sql", "dicts"), strict=True)}
    yield figure("segment_growth", grown["envoi"], "exponent of the number of contacts", {"linear": 1.0} | others)
    yield from _scan()


def _steps(given: Sizes) -> list[int]:
    return [given.contacts // each for each in STEPS]


def _timed(url: str, way: str, contacts: int) -> dict[str, float]:
    return told("bench.segments", url, f"{way} {contacts}", runs=3 if contacts < max(SCANNED, BATCH) else 1)


def _scan() -> Iterator[Json]:
    with sink(pages) as url:
        done = told("bench.segments", url, f"scan {SCANNED}")
        units = calls(url)[READ_UNITS] / SCANNED
    yield per_cpu_second(
        "segment_scan", "contacts", SCANNED / done["seconds"], {"the filter alone": SCANNED / done["judging"]}
    )
    yield figure("segment_scan_units", units, "read units a contact", {"a get of each": 1.0})
    dollars = units * PRICES["read"] + done["seconds"] / SCANNED * MILLION * LAMBDA_SECOND
    yield figure("segment_scan_dollars", dollars, "dollars a million contacts", {"SES for as many": 100.0})


def pages(operation: str, request: Json) -> Json | None:
    """The contacts of a table of SCANNED, in pages; the page's number stands in its last key."""
    if operation != "Scan":
        return None
    begun = int(request.get("ExclusiveStartKey", {}).get("pk", {"S": "#0"})["S"].rpartition("#")[2], 32)
    first = begun % (1 << 40)
    items = [_item(n) for n in range(first, min(first + request["Limit"], SCANNED))]
    last = {"LastEvaluatedKey": {"pk": items[-1]["pk"]}} if first + len(items) < SCANNED else {}
    return {"Items": items, "Count": len(items), "ScannedCount": len(items), **last}


@cache
def _item(number: int) -> Json:
    from chalicelib.store.contact_rows import contact_item  # noqa: PLC0415  # the sink's process alone makes rows

    item: Json = contact_item(audience.WORKSPACE, person(number + 1))
    return item


def person(number: int) -> Contact:
    """The same for the same number: fields of all kinds, a few of them empty."""
    fields: dict[str, Value] = {
        "firstname": "Zoë",
        "lastname": "" if number % 11 == 0 else f"O'Neil {number}",
        "country": COUNTRIES[number % 10],
        "city": CITIES[number // 7 % 10],
        "plan": PLANS[number // 3 % 4],
        "credits": number % 1_000,
        "vip": number % 50 == 0,
        "born": f"{1940 + number % 70}-{1 + number % 12:02}-{1 + number % 28:02}",
        "company": "Société Générale",
        "preferred_locale": "fr",
    }
    identifier = ids.from_bytes(number.to_bytes(ids.ID_BYTES, "big"))
    created = NOW - number % 400 * DAY
    return Contact(identifier, f"person.{number}@example.com", fields, created_at=created, points=number % 100)


def people(number: int) -> Iterator[Sequence[Contact]]:
    """So many, some at a time."""
    made = map(person, range(number))
    while batch := list(islice(made, BATCH)):
        yield batch


def row(contact: Contact) -> dict[str, Any]:
    own = {"email": contact.address, "points": contact.points, "created_at": contact.created_at}
    return own | dict(contact.fields)


def _holds() -> Callable[[Contact], bool]:
    from chalicelib.model.filter import parsed  # noqa: PLC0415  # each child brings its own side alone
    from chalicelib.model.predicate import predicate  # noqa: PLC0415
    from chalicelib.model.setting import Setting  # noqa: PLC0415

    return predicate(parsed(FILTER), Setting(now=NOW))


def _in_batches(number: int, judge: Callable[[Any], bool], made: Callable[[Contact], Any] | None) -> Json:
    """Making the people is not counted."""
    seconds, found = 0.0, 0
    for batch in people(number):
        things = [made(each) for each in batch] if made else batch
        begun = time.process_time()
        found += sum(map(judge, things))
        seconds += time.process_time() - begun
    return {"seconds": seconds, "found": found}


def _envoi(number: int) -> Json:
    return _in_batches(number, _holds(), None)


def _dicts(number: int) -> Json:
    return _in_batches(number, by_hand, row)


def by_hand(one: Mapping[str, Any]) -> bool:
    return (
        one["country"].lower() in WANTED
        and one["credits"] >= 100  # as in the filter
        and "@example" in one["email"].lower()
        and one["lastname"] not in (None, "")
        and one["points"] < 90  # as in the filter
        and (
            one["plan"].lower() == "pro"
            or one["city"].lower().startswith("l")
            or one["vip"] is True
            or one["born"] < "1960-01-01"
            or one["created_at"] >= SINCE
        )
    )


def _sql(number: int) -> Json:
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE contacts ({', '.join(COLUMNS)})")
    for batch in people(number):
        rows = [tuple(one[name] for name in COLUMNS) for one in map(row, batch)]
        base.executemany("INSERT INTO contacts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    begun = time.process_time()
    [(found,)] = base.execute(SQL, (SINCE,)).fetchall()
    return {"seconds": time.process_time() - begun, "found": found}


def _scanned(number: int) -> Json:
    from chalicelib.settings import Settings  # noqa: PLC0415  # each child brings its own side alone
    from chalicelib.wiring import Wiring  # noqa: PLC0415

    world, holds = Wiring(Settings.from_env()).world(lambda: 600_000), _holds()
    seen, after, done, judging = 0, "", False, 0.0
    begun = time.process_time()
    while not done:
        contacts, done = world.contacts.scan(0, 1, after, PAGE)
        judged = time.process_time()
        sum(map(holds, contacts))
        judging += time.process_time() - judged
        seen, after = seen + len(contacts), contacts[-1].id
    if seen != number:
        raise RuntimeError(f"{seen} of {number} contacts were read")
    return {"seconds": time.process_time() - begun, "judging": judging}


WAYS: Mapping[str, Callable[[int], Json]] = MappingProxyType(
    {"envoi": _envoi, "sql": _sql, "dicts": _dicts, "scan": _scanned}
)

if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.argv[1].startswith("--"):  # from `figures`
        way, _, count = sys.argv[1].partition(" ")
        print(json.dumps(WAYS[way](int(count))))
    else:
        for each in figures(sizes(sys.argv[1:])):
            print(json.dumps(each))
