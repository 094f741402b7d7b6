"""Hints on SQS. Losing or doubling one does no harm: the state is in the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType

from chalicelib.model.message import MessageKey
from chalicelib.store.connection import Connection
from chalicelib.store.hint import (
    Count,
    Deliver,
    Erase,
    Fill,
    Hint,
    Plan,
    Relabel,
    Rename,
    RunExport,
    RunImport,
    RunMerge,
    RunPreflight,
    SendMessage,
    SignIn,
    Tend,
    body_of,
)
from chalicelib.store.patience import tries

# SQS's own limits
BATCH = 10
LONGEST_DELAY_S = 900

QUEUES: Mapping[type[Hint], str] = MappingProxyType(
    {
        Deliver: "outgoing",
        Plan: "planning",
        Tend: "planning",
        SendMessage: "messages",
        SignIn: "messages",
        RunImport: "imports",
        Count: "imports",
        Relabel: "imports",
        Rename: "imports",
        RunPreflight: "imports",
        RunMerge: "imports",
        Fill: "imports",
        Erase: "imports",
        RunExport: "imports",
    }
)


class HintsStore:
    """A delay longer than SQS knows is cut: a hint that comes too early is put off again by whoever reads it."""

    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._url = cache(self._find)

    def plan(self, broadcast_id: str, walker: int) -> None:
        self._send([Plan(broadcast_id, walker)])

    def deliver(self, broadcast_id: str, walker: int, numbers: Sequence[int], delay_s: int = 0) -> None:
        """A queue message for each chunk."""
        self._send([Deliver(broadcast_id, walker, number) for number in numbers], delay_s)

    def tend(self, broadcast_id: str) -> None:
        self._send([Tend(broadcast_id)])

    def message(self, key: MessageKey, delay_s: int = 0) -> None:
        self._send([SendMessage(str(key))], delay_s)

    def run_import(self, import_id: str) -> None:
        self._send([RunImport(import_id)])

    def count(self, count_id: str) -> None:
        self._send([Count(count_id)])

    def preflight(self, preflight_id: str) -> None:
        self._send([RunPreflight(preflight_id)])

    def relabel(self, job_id: str) -> None:
        self._send([Relabel(job_id)])

    def rename(self, job_id: str) -> None:
        self._send([Rename(job_id)])

    def merge(self, merge_id: str) -> None:
        self._send([RunMerge(merge_id)])

    def fill(self, job_id: str) -> None:
        self._send([Fill(job_id)])

    def erase(self, erasure_id: str) -> None:
        self._send([Erase(erasure_id)])

    def export(self, export_id: str) -> None:
        self._send([RunExport(export_id)])

    def sign_in(self, member: str, language: str, ask: str, at: int, to: str = "") -> None:
        self._send([SignIn(member, language, ask, at, to)])

    def _send(self, hints: Sequence[Hint], delay_s: int = 0) -> None:
        delay = max(0, min(delay_s, LONGEST_DELAY_S))
        for at in range(0, len(hints), BATCH):
            self._send_batch(hints[at : at + BATCH], delay)

    def _send_batch(self, hints: Sequence[Hint], delay_s: int) -> None:
        url = self._url(QUEUES[type(hints[0])])
        entries = [
            {"Id": str(n), "MessageBody": body_of(hint), "DelaySeconds": delay_s} for n, hint in enumerate(hints)
        ]
        for _ in tries(self._connection, f"hints to {url}"):
            answer = self._connection.sqs.send_message_batch(QueueUrl=url, Entries=entries)
            failed = {each["Id"] for each in answer.get("Failed", ())}
            entries = [entry for entry in entries if entry["Id"] in failed]
            if not entries:
                return

    def _find(self, queue: str) -> str:
        url = self._connection.sqs.get_queue_url(QueueName=f"{self._connection.prefix}-{queue}")["QueueUrl"]
        return str(url)
