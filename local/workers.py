"""The local Lambda: processes that take what is on the queues, the schedule and the log to the handlers in app.py.

One process runs one handler; when it ends by itself (a handler exceeded its time, or crashed the interpreter)
another takes its place. The event sources are those that app.py declares.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from chalicelib.store.connection import Connection
from local import function
from local.function import Function, Turn
from local.lambda_context import LambdaContext
from local.log_subscription import Lines, Subscription
from local.polling import Source
from local.schedule import Rule
from local.streaming import Stream

# For two cores. What is not named has one process.
PROCESSES: Mapping[str, int] = {"deliver": 2}
SWEEP_EVERY_S = 2.0
CARRY_EVERY_S = 0.5
RAPID_S = 5.0
MOST_RAPID = 5
DEFAULT_TIMEOUT_S = 60
# https://man7.org/linux/man-pages/man5/proc_pid_comm.5.html
COMM, MOST_OF_A_NAME = Path("/proc/self/comm"), 15
CHALICE_CONFIG = Path(__file__).parent.parent / ".chalice" / "config.json"


@dataclass(frozen=True, slots=True)
class Pace:
    """How many processes handlers have (one where they are not named), and the seconds between two sweeps."""

    processes: Mapping[str, int] = field(default_factory=lambda: PROCESSES)
    sweep_s: float = SWEEP_EVERY_S


def turns(app: Any, lines: Path, region: str, pace: Pace) -> Iterable[tuple[str, Turn]]:  # noqa: ANN401  # chalice is untyped
    """A name and what to do in turn, for each process to fork."""
    timeouts = _timeouts(CHALICE_CONFIG)

    def named(name: str) -> Function:
        return Function(name, app.handler_map[name], timeouts.get(name, DEFAULT_TIMEOUT_S))

    for source in app.event_sources:
        for _ in range(pace.processes.get(source.name, 1)):
            if hasattr(source, "queue"):
                yield source.name, _queue(source, named(source.name), region).turn
            elif hasattr(source, "stream_arn"):
                yield source.name, _stream(source, named(source.name), region).turn
            elif hasattr(source, "schedule_expression"):
                yield source.name, Rule(source.name, named(source.name), pace.sweep_s, region).turn
    yield "record_hits", Subscription(Lines(lines), named("record_hits"), "envoi", "hit", CARRY_EVERY_S).turn


def _queue(source: Any, handler: Function, region: str) -> Source:  # noqa: ANN401  # chalice is untyped
    import boto3  # noqa: PLC0415  # after the fork, so that no connection is shared

    window = source.maximum_batching_window_in_seconds
    return Source(boto3.client("sqs"), source.queue, handler, source.batch_size, window, region)


def _stream(source: Any, handler: Function, region: str) -> Stream:  # noqa: ANN401  # chalice is untyped
    import boto3  # noqa: PLC0415  # as above

    dynamodb, streams = boto3.client("dynamodb"), boto3.client("dynamodbstreams")
    return Stream(dynamodb, streams, source.stream_arn, handler, source.batch_size, region)


def _timeouts(config: Path) -> dict[str, int]:
    """Seconds by function, as they are deployed."""
    if not config.exists():
        return {}
    stages = json.loads(config.read_text()).get("stages", {})
    functions = {name: each for stage in stages.values() for name, each in stage.get("lambda_functions", {}).items()}
    return {name: each["lambda_timeout"] for name, each in functions.items() if "lambda_timeout" in each}


class Workers:
    """The forked processes by id, and who takes whose place."""

    def __init__(self, kinds: list[tuple[str, Turn]]) -> None:
        self._kinds = kinds
        self._running: dict[int, tuple[int, float]] = {}
        self._rapid = 0
        self._leaving = False

    def run(self) -> int:
        """Until SIGTERM (0) or until they die as fast as they are born (1)."""
        signal.signal(signal.SIGTERM, self._leave)
        for kind in range(len(self._kinds)):
            self._fork(kind)
        while self._running:
            self._reap()
            if self._rapid >= MOST_RAPID:
                self._leave()
        return 1 if self._rapid >= MOST_RAPID else 0

    def _fork(self, kind: int) -> None:
        """SIGTERM waits: it must find the child either noted here or already with a handler of its own."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
        pid = os.fork()
        if pid == 0:
            _call_oneself(self._kinds[kind][0])
            function.run(self._kinds[kind][1])
        self._running[pid] = (kind, time.monotonic())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def _reap(self) -> None:
        pid, status = os.wait()
        kind, born = self._running.pop(pid)
        if self._leaving:
            return
        code = os.waitstatus_to_exitcode(status)
        if code != -signal.SIGKILL:  # somebody else's doing says nothing about the handler
            self._rapid = self._rapid + 1 if time.monotonic() - born < RAPID_S else 0
        print(f"{self._kinds[kind][0]} ended (exit {code}); another takes its place", file=sys.stderr, flush=True)
        self._fork(kind)

    def _leave(self, *_: object) -> None:
        self._leaving = True
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)


def _call_oneself(name: str) -> None:
    """What `ps` and `make chaos` know this process by, where there is a /proc."""
    if COMM.exists():
        COMM.write_text(name[:MOST_OF_A_NAME])


def _load(app: Any) -> None:  # noqa: ANN401  # chalice is untyped
    """What every process would load by itself when it is born, half a second of work. Nothing is connected by that."""
    app.world(LambdaContext("load", DEFAULT_TIMEOUT_S * 1_000))
    clients = Connection(os.environ["AWS_REGION"], "load", "load")
    _ = clients.dynamodb, clients.sqs, clients.s3


def main() -> NoReturn:
    from app import app  # noqa: PLC0415  # once, before the forks share it

    _load(app)
    lines, region, pace = Path(sys.argv[1]), os.environ["AWS_REGION"], Pace(**json.loads(sys.argv[2]))
    sys.exit(Workers(list(turns(app, lines, region, pace))).run())


if __name__ == "__main__":
    main()
