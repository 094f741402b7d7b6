"""Events that webhooks told, on the queue of events: beside SES's own, in JSON of ours.

`{"envoi": 1, "workspace": ..., "events": [...]}`, up to a hundred in a message (SQS takes 1 MiB).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec

from chalicelib.model.fact import Event
from chalicelib.store.connection import Connection

VERSION = 1
TOGETHER = 100


class _Body(msgspec.Struct):
    envoi: int
    workspace: str
    events: list[Event]


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Body)


def body_of(workspace: str, events: Sequence[Event]) -> str:
    return _ENCODER.encode(_Body(VERSION, workspace, list(events))).decode()


def events_of(body: str, workspace: str) -> list[Event] | None:
    """None where the body is not of this kind; none at all where it is another workspace's. ValueError for a version
    that is not known, or what is malformed.
    """
    if not body.startswith('{"envoi":'):
        return None
    try:
        found = _DECODER.decode(body)
    except msgspec.MsgspecError as error:
        raise ValueError(f"events: {error}") from error
    if found.envoi != VERSION:
        raise ValueError(f"events: version {found.envoi} is not known; it is {VERSION}.")
    return found.events if found.workspace == workspace else []


class IncomingStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace

    def put(self, events: Sequence[Event]) -> None:
        for at in range(0, len(events), TOGETHER):
            body = body_of(self._workspace, events[at : at + TOGETHER])
            self._connection.sqs.send_message(QueueUrl=self._url, MessageBody=body)

    @cached_property
    def _url(self) -> str:
        return str(self._connection.sqs.get_queue_url(QueueName=f"{self._connection.prefix}-events")["QueueUrl"])
