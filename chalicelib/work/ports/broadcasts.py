"""What keeps broadcasts: their walks, chunks and decisions, and what paces them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.budget import Budget, Course, Reservation, Slot, Told, Wait
from chalicelib.model.cap import Recent
from chalicelib.model.chunk import Chunk
from chalicelib.model.decision import Decision
from chalicelib.model.reading import Reading


class Broadcasts(Protocol):
    """Broadcast rows, their walks, the list of open broadcasts and the families' locks."""

    def create(self, broadcast: Broadcast) -> bool:
        """The row and its entry in the list of open broadcasts, in one transaction."""
        ...

    def read(self, broadcast_id: str) -> Broadcast | None:
        """Consistent."""
        ...

    def start(self, broadcast: Broadcast, walks: Sequence[Walk]) -> bool:
        """scheduled -> planning, the walks' rows and the family's lock in one transaction; False where the broadcast
        has moved on (version) or where another broadcast holds the lock: `lock_holder` tells which.
        """
        ...

    def lock_holder(self, family: str) -> str | None: ...

    def update(self, broadcast: Broadcast, expected_version: int) -> bool: ...

    def close(self, broadcast: Broadcast, expected_version: int) -> bool:
        """The row (closed=True), out of the list of open broadcasts, and the lock released, in one transaction."""
        ...

    def open(self) -> list[str]:
        """Ids of the broadcasts that the sweep looks after. Consistent."""
        ...

    def recent(self, since: int) -> list[Recent]:
        """Those that have begun and are open, and those that ended since (epoch ms). Consistent; in no order."""
        ...

    def of_email(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        """The newest first."""
        ...

    def latest(self, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        """Of all e-mails, the newest first. Those from before this list was kept are not in it."""
        ...

    def walks(self, broadcast_id: str) -> list[Walk]:
        """Consistent, in the order of their numbers."""
        ...

    def update_walk(self, broadcast_id: str, walk: Walk, expected_version: int) -> bool:
        """Conditional on the walk's version."""
        ...

    def commit_page(self, broadcast: Broadcast, walk: Walk, expected_version: int, chunks: Sequence[Chunk]) -> bool:
        """At most 98 chunks and the walk in one transaction, conditional on the walk's version and on the
        broadcast being in planning still. After a failure it reads back: it won if the page id is its own.
        """
        ...


class Chunks(Protocol):
    def with_broadcast(self, broadcast_id: str, walker: int, number: int) -> tuple[Broadcast | None, Chunk | None]:
        """Both in one read. Consistent."""
        ...

    def read(self, broadcast_id: str, walker: int, number: int) -> Chunk | None:
        """Consistent."""
        ...

    def write(self, chunk: Chunk) -> bool:
        """Conditional on the version before the chunk's own. A lost answer is read back: it won if what is
        stored is what it wrote.
        """
        ...

    def between(self, broadcast_id: str, walker: int, first: int, end: int) -> Iterable[Chunk]:
        """Chunks first <= number < end, in order. Consistent."""
        ...


class Recipients(Protocol):
    def read(self, broadcast_id: str, family: str, contact_ids: Sequence[str]) -> Reading:
        """In two batch reads: contacts and message rows, then broadcast and suppressions. All four mappings
        but `broadcast` are by contact id. Up to 50 ids.
        """
        ...


class Turns(Protocol):
    """Whose turn it is to write to a person, where two broadcasts together could be more than a cap allows."""

    def take(self, family: str, done: Mapping[str, Collection[str]], until: int, now: int) -> set[str]:
        """Takes the turn of each of these contacts (by id, with the families that are done with them), up to 50, for
        this family and until then (epoch ms); those whose turn it has. It is free where nobody has it, where it ran
        out before `now`, where this family has it already, and where the one that has it is done.
        """
        ...


class Decisions(Protocol):
    """What was decided about recipients held in doubt; kept for ever."""

    def create(self, decision: Decision) -> bool: ...
    def update(self, decision: Decision, expected_version: int) -> bool: ...
    def about(self, broadcast_or_message: str) -> list[Decision]:
        """Consistent; in nobody's order."""
        ...


class Budgets(Protocol):
    """Send budgets by their place: a transport's name ("" for SES, whose budget is the account's), `name@domain` for a
    recipient domain's, `broadcast/id` for that of a broadcast with a rate of its own.
    """

    def reserve(self, place: str, asked: Reservation) -> Slot | Wait:
        """The slot of a call; where there is none nothing is reserved."""
        ...

    def seen(self, place: str) -> Budget:
        """What the row said when it was seen last: no older than some seconds where its breaker is not closed."""
        ...

    def read(self, place: str) -> Budget:
        """Consistent."""
        ...

    def note(self, place: str, told: Told) -> None:
        """What has come of a call. Never fails: the next reservation of this process carries it."""
        ...

    def change(self, place: str, change: Callable[[Budget], Course | None]) -> Budget:
        """The budget after this change of its course, made of what stands there; None leaves it as it is."""
        ...
