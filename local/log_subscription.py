"""A subscription of CloudWatch Logs: the lines that the API printed, carried to a function.

The lines are in a file before anything else happens to them. The position behind the last line that the function
took is kept beside it: a batch is carried again until it was taken, as CloudWatch does.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

from __future__ import annotations

import base64
import gzip
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.function import Departure, Function

MAX_BYTES = 256 * 1024
LOG_GROUP = "/aws/lambda/api"


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a file, from where reading stopped the last time."""

    file: Path

    def read(self) -> tuple[list[str], int]:
        """The next lines, at most MAX_BYTES of them, and the position behind them."""
        start = self.position()
        if not self.file.exists():
            return [], start
        with self.file.open("rb") as file:
            file.seek(start)
            whole, newline, _ = file.read(MAX_BYTES).rpartition(b"\n")
        taken = whole + newline
        return taken.decode("utf-8", "replace").splitlines(), start + len(taken)

    def position(self) -> int:
        mark = self._mark()
        return int(mark.read_text()) if mark.exists() else 0

    def move_to(self, position: int) -> None:
        draft = self._mark().with_suffix(".new")
        draft.write_text(str(position))
        draft.replace(self._mark())

    def trim(self) -> None:
        """Drops the file when all of it was carried. Only while nobody writes to it."""
        if self.file.exists() and self.file.stat().st_size <= self.position():
            self.file.unlink()
            self.move_to(0)

    def _mark(self) -> Path:
        return self.file.with_suffix(".position")


@dataclass(frozen=True, slots=True)
class Subscription:
    """`field` and `value` are the filter `{ $.field = "value" }`."""

    lines: Lines
    function: Function
    field: str
    value: str
    every_s: float

    def turn(self, departure: Departure) -> None:
        lines, position = self.lines.read()
        if not lines:
            time.sleep(self.every_s)
            return
        matching = [line for line in lines if self._matches(line)]
        with departure.working():
            if matching:
                self.function.call(event_of(matching, self.lines.position()))
            self.lines.move_to(position)

    def _matches(self, line: str) -> bool:
        try:
            entry = json.loads(line)
        except ValueError:
            return False
        return isinstance(entry, dict) and entry.get(self.field) == self.value


def event_of(lines: Sequence[str], position: int) -> dict[str, Any]:
    """The event of a batch; ids are the same whenever the same lines are carried again."""
    now = time.time_ns() // 1_000_000
    data = {
        "messageType": "DATA_MESSAGE",
        "owner": "000000000000",
        "logGroup": LOG_GROUP,
        "logStream": "local",
        "subscriptionFilters": ["hits"],
        "logEvents": [
            {"id": f"{position:036d}{n:020d}", "timestamp": now, "message": line + "\n"} for n, line in enumerate(lines)
        ],
    }
    return {"awslogs": {"data": base64.b64encode(gzip.compress(json.dumps(data).encode())).decode("ascii")}}
