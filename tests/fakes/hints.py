"""The queue in memory. Nothing is promised about order, and a message may come twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from chalicelib.model.message import MessageKey


@dataclass(frozen=True)
class Hint:
    """`kind` is the method that sent it, `args` what it said."""

    kind: str
    args: tuple[Any, ...]
    delay_s: int = 0


@dataclass
class FakeHints:
    queue: list[Hint] = field(default_factory=list)

    def plan(self, broadcast_id: str, walker: int) -> None:
        self._put("plan", broadcast_id, walker)

    def deliver(self, broadcast_id: str, walker: int, numbers: Sequence[int], delay_s: int = 0) -> None:
        self._put("deliver", broadcast_id, walker, tuple(numbers), delay_s=delay_s)

    def tend(self, broadcast_id: str) -> None:
        self._put("tend", broadcast_id)

    def message(self, key: MessageKey, delay_s: int = 0) -> None:
        self._put("message", key, delay_s=delay_s)

    def run_import(self, import_id: str) -> None:
        self._put("run_import", import_id)

    def count(self, count_id: str) -> None:
        self._put("count", count_id)

    def preflight(self, preflight_id: str) -> None:
        self._put("preflight", preflight_id)

    def relabel(self, job_id: str) -> None:
        self._put("relabel", job_id)

    def rename(self, job_id: str) -> None:
        self._put("rename", job_id)

    def merge(self, merge_id: str) -> None:
        self._put("merge", merge_id)

    def fill(self, job_id: str) -> None:
        self._put("fill", job_id)

    def erase(self, erasure_id: str) -> None:
        self._put("erase", erasure_id)

    def export(self, export_id: str) -> None:
        self._put("export", export_id)

    def sign_in(self, member: str, language: str, ask: str, at: int, to: str = "") -> None:
        self._put("sign_in", member, language, ask, at, to)

    def drain(self, *, doubled: bool = False, shuffled: Random | None = None) -> list[Hint]:
        """Takes everything out of the queue, each twice if `doubled`, in an order of chance if `shuffled`."""
        taken, self.queue[:] = list(self.queue), []
        taken += taken if doubled else []
        if shuffled is not None:
            shuffled.shuffle(taken)
        return taken

    def _put(self, kind: str, *args: Any, delay_s: int = 0) -> None:
        assert 0 <= delay_s <= 900, "SQS delays by 15 minutes at most"
        self.queue.append(Hint(kind, args, delay_s))
