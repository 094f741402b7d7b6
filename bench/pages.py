"""`page ...`: how long the console's pages take to their first byte, at 10,000 contacts, in milliseconds.

The local Envoi runs as `make run` starts it: the app behind the local HTTP API, DynamoDB by ministack. Every page of
the console that can be addressed is asked, one after the other, over one kept connection, by an admin who is signed in.
Beside each median stands the slowest but one in twenty, and what is allowed.
"""

from __future__ import annotations

import http.client
import io
import json
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median, quantiles
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from bench.figure import figure
from bench.sink import Json
from local import audience, demo, demonstration
from local.children import free_block
from local.client import Client
from local.demonstration import Demonstration
from local.home import FIRST_PORT, Home, opened
from local.showing import Show
from local.stack import Stack

CONTACTS, RUNS, ALLOWED = 10_000, 25, 150.0
WARMING = 3
# Behind these addresses stands something other than a page of HTML; or a count that its page asks for behind itself.
OTHER = re.compile(r"\.csv$|/file$|/rejected$|/access$|/picture$|/sign-in|/imports/map|/foreseen$|\{page\}")
SLOT = re.compile(r"\{(\w+)\}")
QUERIES: Mapping[str, tuple[str, ...]] = MappingProxyType({"/console/contacts": ("?search=ma", "?search=zzz")})


def figures() -> Iterator[Json]:
    with tempfile.TemporaryDirectory() as folder:
        home = opened(Path(folder), free_block(FIRST_PORT + 30), fresh=True)
        stack = Stack(home)
        try:
            stack.start()
            shown = _peopled(home)
            yield from measured(home, shown.made.newsletter, shown.broadcast["id"])
        finally:
            stack.stop()


def _peopled(home: Home) -> Demonstration:
    """The demonstration's few readers with their broadcast, and a list of many more."""
    show, client = Show(io.StringIO()), Client(home.url, home.api_key)
    shown = demonstration.perform(home, audience.SHIPPED.read_bytes(), show)
    large = client.post("/segments", {"name": "Everybody"})["id"]
    demo.import_audience(client, demo.audience_of(CONTACTS), large, show)
    return shown


def measured(home: Home, email: str, broadcast: str) -> Iterator[Json]:
    visitor, client = Visitor(home.url, _cookie(home)), Client(home.url, home.api_key)
    paths = list(_pages(_known(client) | {"email_id": email, "broadcast_id": broadcast}))
    there = [path for path in paths if visitor.sees(path)]
    for path in there:
        yield _figure(path, visitor.asked(path))
    yield figure("pages", len(there), "pages that were asked", {"and those of what is not there": len(paths)})


def _known(client: Client) -> dict[str, str]:
    """What stands for the parts of an address."""
    segments = client.get("/segments", limit=50)["items"]
    first = {each: client.get(f"/{each}", limit=1)["items"][0]["id"] for each in ("contacts", "imports", "emails")}
    return {
        "segment_id": max(segments, key=lambda each: each["size"] or 0)["id"],
        "contact_id": first["contacts"],
        "import_id": first["imports"],
        "export_id": client.post("/exports", {"what": "contacts"})["id"],
        "preflight_id": client.post(f"/emails/{first['emails']}/preflight")["id"],
        "company_id": client.post("/companies", {"name": "Miller & Sons"})["id"],
        "owner_id": client.post("/owners", {"address": "rose@bakery.example", "first_name": "Rose"})["id"],
    }


def _pages(known: Mapping[str, str]) -> Iterator[str]:
    """All pages whose parts are known, and with the queries that make them work harder."""
    from app import app  # noqa: PLC0415  # the other benches need no app

    for path, methods in sorted(app.routes.items()):
        parts = set(SLOT.findall(path))
        if path.startswith("/console") and "GET" in methods and known.keys() >= parts and not OTHER.search(path):
            yield from (path.format(**known) + query for query in ("", *QUERIES.get(path, ())))


def _cookie(home: Home) -> str:
    """Of somebody who signed in with the deployment's key."""
    connection = http.client.HTTPConnection(urlsplit(home.url).netloc)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": home.url}
    connection.request("POST", "/console/sign-in", urlencode({"key": home.api_key}), headers)
    return str(connection.getresponse().headers["Set-Cookie"]).partition(";")[0]


class Visitor:
    """A browser's one connection."""

    def __init__(self, url: str, cookie: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = {"Cookie": cookie, "Accept": "text/html"}

    def sees(self, path: str) -> bool:
        """Whether there is a page: a broadcast without a test has none of its test. RuntimeError where it is broken."""
        _, status = self._once(path)
        if status >= http.client.INTERNAL_SERVER_ERROR:
            raise RuntimeError(f"{path} answered {status}")
        return status == http.client.OK

    def asked(self, path: str) -> list[float]:
        """Milliseconds to the first byte, of each time."""
        return [self._once(path)[0] for _ in range(WARMING + RUNS)][WARMING:]

    def _once(self, path: str) -> tuple[float, int]:
        begun = time.perf_counter()
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        passed = (time.perf_counter() - begun) * 1_000
        answer.read()
        return passed, answer.status


def _figure(path: str, taken: list[float]) -> Json:
    slow = quantiles(taken, n=20)[-1]
    return figure(f"page {path}", median(taken), "ms to the first byte", {"p95": slow, "allowed": ALLOWED})


if __name__ == "__main__":
    for each in figures():
        print(json.dumps(each))
