"""What a person sees while it works: a live bar where there is a terminal, plain lines where there is none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

PLAIN_EVERY_S = 5.0


class Bar(Protocol):
    def at(self, done: int, total: int, note: str = "") -> None:
        """How far it is; where `total` is 0 nobody knows yet."""
        ...


class Show:
    """One voice for all that is said."""

    def __init__(self, output: TextIO) -> None:
        self._console = Console(file=output, highlight=False, soft_wrap=True)

    def say(self, text: str = "") -> None:
        self._console.print(text, markup=False)

    @contextmanager
    def working(self, what: str) -> Iterator[Bar]:
        """A bar for one piece of work; the last thing it showed stays."""
        if not self._console.is_terminal:
            bar = PlainBar(self, what)
            try:
                yield bar
            finally:
                bar.close()
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
        )
        with Progress(*columns, console=self._console, refresh_per_second=8) as progress:
            yield LiveBar(progress, progress.add_task(what, total=None, note=""))


class LiveBar:
    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def at(self, done: int, total: int, note: str = "") -> None:
        self._progress.update(self._task, completed=done, total=total or None, note=note)


class PlainBar:
    """A line at the start, every five seconds and at the end."""

    def __init__(self, show: Show, what: str) -> None:
        self._show = show
        self._what = what
        self._said_at = time.monotonic()
        self._last = ""
        self._said = ""
        show.say(f"{what} ...")

    def at(self, done: int, total: int, note: str = "") -> None:
        self._last = f"{self._what}: {done}" + (f" of {total}" if total else "") + (f" ({note})" if note else "")
        if time.monotonic() - self._said_at >= PLAIN_EVERY_S:
            self.close()

    def close(self) -> None:
        if self._last and self._last != self._said:
            self._show.say(self._last)
        self._said, self._said_at = self._last, time.monotonic()
