"""One Lambda function in a process of its own, one event at a time."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, NoReturn

from local.lambda_context import LambdaContext

Json = dict[str, Any]
Handler = Callable[[Json, LambdaContext], Any]


@dataclass(frozen=True, slots=True)
class Function:
    """`handler` as app.py has it; `timeout_s` is how long one event may take."""

    name: str
    handler: Handler
    timeout_s: int

    def call(self, event: Json) -> Any:  # noqa: ANN401  # whatever the handler answers
        """Ends this process when the handler takes too long, as Lambda does."""
        signal.alarm(self.timeout_s)
        try:
            return self.handler(event, LambdaContext(self.name, self.timeout_s * 1000))
        finally:
            signal.alarm(0)


class Departure:
    """SIGTERM ends the process: at once while it waits, after the event while it works on one."""

    def __init__(self) -> None:
        self._asked = False
        self._busy = False

    def listen(self) -> None:
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    @contextmanager
    def working(self) -> Iterator[None]:
        self._busy = True
        try:
            yield
        finally:
            self._busy = False
            if self._asked:
                os._exit(0)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        self._asked = True
        if not self._busy:
            os._exit(0)


Turn = Callable[[Departure], None]


def run(turn: Turn) -> NoReturn:
    """Turns for ever, or until the process that forked this one is gone."""
    departure, parent = Departure(), os.getppid()
    departure.listen()
    while os.getppid() == parent:
        try:
            turn(departure)
        except Exception:  # noqa: BLE001  # as Lambda: a failed event is logged, and comes again
            traceback.print_exc()
            time.sleep(1)
    os._exit(0)
