"""`deliver`: recipients through the whole of delivering (slot, reads, journal, call, rows, outcome), in CPU seconds.

Beside it the loop that anyone writes (an `EmailMessage` and a `send_email` each) and the best one with single calls
(MIME encoded beforehand, values put in, `send_email`): neither keeps a journal, reads suppressions or logs anything.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from itertools import count
from types import MappingProxyType
from typing import Any

from bench import audience
from bench.child import RUNS, measured
from bench.figure import per_cpu_second
from bench.sink import Json, calls, sink
from chalicelib.compose.letter import joined
from chalicelib.compose.mime import mime
from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.addressee import Addressee
from chalicelib.model.chunk import CHUNK
from chalicelib.model.contact import Contact
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Signer, Tracked

CHUNKS = 40
SINGLE = 300
SIGNER = Signer(audience.WORKSPACE, {1: b"k" * 32}, b"h" * 32)
# What the sink's process keeps of the budget's row.
COURSE: dict[str, Json] = {}
PLAIN, BEST = "EmailMessage + send_email", "raw MIME encoded beforehand + send_email"


def figures() -> Iterator[Json]:
    with sink(answering) as url:
        envoi = measured("bench.deliver", url, "envoi")
        check_sent(url, RUNS * (CHUNKS + 1) * CHUNK)
        beside = {name: measured("bench.deliver", url, way) for name, way in ((PLAIN, "plain"), (BEST, "best"))}
    yield per_cpu_second("deliver", "recipients", envoi, beside)


def check_sent(url: str, recipients: int) -> None:
    """A chunk that nobody is sent to is delivered fast, and tells nothing."""
    sent = calls(url)["outbound-bulk-emails.items"]
    if sent != recipients:
        raise RuntimeError(f"{sent} of {recipients} recipients were sent to")


def answering(operation: str, request: Json) -> Json | None:
    """The rows of an audience of any size, all of whom wait and none of whom is suppressed."""
    if operation == "BatchGetItem":
        asked = request["RequestItems"].items()
        return {"Responses": {table: _rows(table, keys["Keys"]) for table, keys in asked}, "UnprocessedKeys": {}}
    if operation in ("GetItem", "UpdateItem") and request["TableName"].endswith("budget"):
        return {"Attributes" if operation == "UpdateItem" else "Item": _budget(request)}
    return None


def _budget(request: Json) -> Json:
    """A row that is free at once. What a worker has learned of the quota stays in it, as in DynamoDB: else each chunk
    would learn it anew, with a read and a write that no real one makes.
    """
    told = request.get("ExpressionAttributeValues", {})
    COURSE.update({name: told[f":{name}"] for name in ("c", "doc") if f":{name}" in told})
    return {"next_at": {"N": str(time.time_ns() // 1_000_000)}, "f": {"N": "1"}, **COURSE}


def _rows(table: str, keys: list[Json]) -> list[Json]:
    from chalicelib.store.broadcast_rows import broadcast_row  # noqa: PLC0415  # the sink's process alone makes rows

    if table.endswith("contacts"):
        return [audience.contact_item(key["pk"]["S"].rpartition("#")[2]) for key in keys]
    if table.endswith("chunks"):
        return [_chunk(int(key["sk"]["S"])) for key in keys]
    if table.endswith("broadcasts"):
        return [broadcast_row(audience.WORKSPACE, audience.broadcast()).item()]
    return []


def _chunk(number: int) -> Json:
    from chalicelib.store.chunk_rows import chunk_row  # noqa: PLC0415  # as above

    item: Json = chunk_row(audience.WORKSPACE, audience.waiting_chunk(number)).item()
    for name, value in item.items():
        if "B" in value:
            item[name] = {"B": _text(value["B"])}
    return item


def _text(binary: object) -> str:
    """Binary values travel as base64."""
    import base64  # noqa: PLC0415  # as above

    return binary if isinstance(binary, str) else base64.b64encode(bytes(binary)).decode()  # type: ignore[call-overload]


@dataclass(frozen=True)
class Published:
    """A revision that is in the process already, as in every worker after its first chunk."""

    revision: Revision

    def read(self, _email: str, _number: int) -> Revision:
        return self.revision


def _envoi() -> tuple[Callable[[int], None], int]:
    from chalicelib.settings import Settings  # noqa: PLC0415  # each child brings its own side alone
    from chalicelib.wiring import Wiring  # noqa: PLC0415
    from chalicelib.work.delivering import deliver  # noqa: PLC0415

    world = Wiring(Settings.from_env()).world(lambda: 600_000)
    world = replace(world, revisions=Published(audience.revision()))  # type: ignore[arg-type]  # reads alone
    return lambda number: deliver(world, audience.BROADCAST, 0, number), CHUNK


def _single(send: Callable[[Any, Contact, Envelope], None]) -> tuple[Callable[[int], None], int]:
    import boto3  # noqa: PLC0415  # as above

    ses, revision, numbers = boto3.client("sesv2"), audience.revision(), count()

    def one(_number: int) -> None:
        person = audience.contact(audience.numbered("contact", next(numbers)))
        key = MessageKey(person.id, revision.family)
        token = SIGNER.token(Tracked(key, revision.email, revision.number))
        send(
            ses,
            person,
            Envelope(key, person.address, "a" * 16, token, values(revision, Addressee(person), token, SIGNER)),
        )

    return one, 1


def _plain() -> tuple[Callable[[int], None], int]:
    program = audience.revision().program

    def send(ses: Any, person: Contact, envelope: Envelope) -> None:  # noqa: ANN401  # boto3 has no types
        message = EmailMessage()
        message["From"], message["To"] = "news@example.com", person.address
        message["Subject"] = joined(program.subject, envelope.values)
        message.set_content(joined(program.text, envelope.values))
        message.add_alternative(joined(program.html, envelope.values), subtype="html")
        ses.send_email(Content={"Raw": {"Data": message.as_bytes()}})

    return _single(send)


def _best() -> tuple[Callable[[int], None], int]:
    revision = audience.revision()
    return _single(lambda ses, _, envelope: ses.send_email(Content={"Raw": {"Data": mime(revision, envelope)}}))


WAYS = MappingProxyType({"envoi": (_envoi, CHUNKS), "plain": (_plain, SINGLE), "best": (_best, SINGLE)})


def measure(way: str) -> float:
    """Recipients per CPU second, after one call to warm up."""
    make, times = WAYS[way]
    work, recipients = make()
    work(0)
    begun = time.process_time()
    for number in range(1, times + 1):
        work(number)
    return recipients * times / (time.process_time() - begun)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(sys.argv[1]))
    else:
        for figure in figures():
            print(json.dumps(figure))
