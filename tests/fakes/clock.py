"""A clock that a test turns. Sleeping turns it too."""

from dataclasses import dataclass

NOON = 1_764_072_000_000  # 2025-11-25T12:00:00Z


@dataclass
class Clock:
    """`deadline` is when the job's time is up; None leaves ten minutes, always."""

    at: int = NOON
    deadline: int | None = None
    slept: int = 0

    def now(self) -> int:
        return self.at

    def sleep(self, milliseconds: int) -> None:
        self.slept += max(0, milliseconds)
        self.at += max(0, milliseconds)

    def time_left(self) -> int:
        return 600_000 if self.deadline is None else self.deadline - self.at
