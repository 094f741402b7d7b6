"""Kills workers: at any moment, with SIGKILL, as a machine does that loses its power.

Most of the time it is one that delivers: there a death costs most. Each is let live for a while, by its own processor
time, whatever the clock says: some for about ten calls of fifty behind their start, some for the longest piece of work
that there is. On a busy machine nobody would get anywhere otherwise, and nothing would be tried by that.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import MappingProxyType

FEWEST_S, MOST_S = 0.3, 1.5
AIM, AIMED = "deliver", 0.7
# In seconds: a delivering one needs a quarter for its start and a thirtieth for a call, a page of planning one or two.
LIVES_S: Mapping[str, Sequence[float]] = MappingProxyType({AIM: (0.3, 0.4, 0.6, 1.0), "": (0.5, 1.0, 2.0, 4.0)})
TICKS = os.sysconf("SC_CLK_TCK")
# https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: behind the name, from `state` on
UTIME, STIME = 11, 12


@dataclass
class Killer:
    """Of the children of the process `parent`; their parent forks others in their place. `also` is done each time, and
    says whether it spoilt a call. `lives` are processor seconds that one of this name has at
    least, of any other name under "".
    """

    parent: int
    rng: Random
    also: Callable[[], bool]
    lives: Mapping[str, Sequence[float]] = field(default_factory=lambda: LIVES_S)
    killed: int = 0
    delivering: int = 0
    spoilt: int = 0
    _lives_s: dict[int, float] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _fault: Exception | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._kill_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Raises what ended it before."""
        self._over.set()
        self.join()
        if self._fault is not None:
            raise self._fault

    def join(self) -> None:
        """Returns when it has ended."""
        if self._thread is not None:
            self._thread.join()

    def _life(self, process: int) -> float:
        if process not in self._lives_s:
            self._lives_s[process] = self.rng.choice(self.lives.get(name_of(process), self.lives[""]))
        return self._lives_s[process]

    def _kill_on(self) -> None:
        try:
            while not self._over.wait(self.rng.uniform(FEWEST_S, MOST_S)):
                self.spoilt += self.also()
                self.kill()
        except Exception as fault:  # noqa: BLE001  # a run without kills would prove nothing: told when it is over
            self._fault = fault

    def kill(self) -> None:
        """One of them, where there is one to kill."""
        aimed = self.rng.random() < AIMED
        grown = [each for each in children(self.parent) if processor_s(each) >= self._life(each)]
        victims = [each for each in grown if not aimed or name_of(each) == AIM]
        if not victims:
            return
        victim = self.rng.choice(victims)
        self.delivering += name_of(victim) == AIM
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
            self.killed += 1


def children(parent: int) -> list[int]:
    """Ids of a process's children, by /proc."""
    path = Path(f"/proc/{parent}/task/{parent}/children")
    return [int(each) for each in path.read_text().split()] if path.exists() else []


def name_of(process: int) -> str:
    """What a process calls itself; "" where it is gone."""
    return _read(process, "comm").strip()


def processor_s(process: int) -> float:
    """How long it has worked; 0 where it is gone."""
    numbers = _read(process, "stat").rpartition(")")[2].split()
    return (int(numbers[UTIME]) + int(numbers[STIME])) / TICKS if numbers else 0.0


def _read(process: int, what: str) -> str:
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{process}/{what}").read_text()
    return ""
