"""Kills workers: at any moment, with SIGKILL, as a machine does that loses its power."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

FEWEST_S, MOST_S = 0.3, 1.5


@dataclass
class Killer:
    """Of the children of the process `parent`; their parent forks others in their place. `also` is done each time."""

    parent: int
    rng: Random
    also: Callable[[], None]
    killed: int = 0
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._kill_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()

    def _kill_on(self) -> None:
        while not self._over.wait(self.rng.uniform(FEWEST_S, MOST_S)):
            self.also()
            victims = children(self.parent)
            if victims:
                with suppress(ProcessLookupError):
                    os.kill(self.rng.choice(victims), signal.SIGKILL)
                    self.killed += 1


def children(parent: int) -> list[int]:
    """Ids of a process's children, by /proc."""
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []
