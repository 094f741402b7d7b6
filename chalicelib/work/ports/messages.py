"""What keeps the send log, and brings what came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from chalicelib.model.counters import Change
from chalicelib.model.fact import Event
from chalicelib.model.feedback import Feedback
from chalicelib.model.inbox import InboxPage
from chalicelib.model.log_page import LogPage
from chalicelib.model.message import Message, MessageKey


class Messages(Protocol):
    """The send log."""

    def put_many(self, messages: Sequence[Message]) -> None:
        """Unconditional batch write of deterministic rows (a broadcast's), up to 50. Returns when all are written."""
        ...

    def claim(self, message: Message, idempotency: str | None) -> Message | None:
        """Puts a template message's row if absent, together with the claim of its idempotency key's hash
        (a row that names the message). None where it was put; otherwise the message that was there.
        """
        ...

    def update(self, message: Message, expected_version: int) -> bool: ...
    def read(self, key: MessageKey) -> Message | None: ...
    def read_many(self, keys: Sequence[MessageKey], *, consistent: bool = True) -> dict[MessageKey, Message]:
        """Those that are there. Not consistent costs half, where a row that comes late does no harm."""
        ...

    def history(self, contact_id: str, limit: int, cursor: str | None) -> tuple[list[Message], str | None]:
        """The newest first, by `at`. A message whose `at` moves on between two pages may be missed."""
        ...

    def of_contact(self, contact_id: str) -> tuple[list[Message], list[Feedback]]:
        """All of a contact's messages and what came back about them, in nobody's order. Consistent."""
        ...

    def scan(self, segment: int, segments: int, after: str, limit: int) -> LogPage:
        """About `limit` rows of one of the `segments` of the whole log behind a place ("" for the first), in nobody's
        order. Only the last page may be empty.
        """
        ...

    def due(self, now: int, limit: int) -> list[Message]:
        """Open template messages (waiting, calling, in doubt, held) whose `due_at` has come."""
        ...


class Facts(Protocol):
    """What came back about messages, beside their rows, and what that counts."""

    def read_many(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Feedback]:
        """The feedback of those messages that have any. Consistent. Any number of keys."""
        ...

    def write(self, changes: Sequence[Change]) -> dict[MessageKey, Feedback]:
        """Each conditional on the version before its own (before 1 there is nothing), in one transaction with what it
        adds to the counters; as many to a transaction as fit. Any number, one a message. Answers with what stands of
        those that somebody else has written in between; all others were written.
        """
        ...

    def counters(self, email_id: str) -> dict[str, int]:
        """The sums over all rows; without those that are zero."""
        ...


class Incoming(Protocol):
    """Events that somebody told us, on their way to whoever records them: safe once they are put."""

    def put(self, events: Sequence[Event]) -> None:
        """Any number; raises where not all of them could be put (some may have been: recording is idempotent)."""
        ...


class Inbox(Protocol):
    """A mailbox that bounces and complaints come to."""

    name: str

    def after(self, place: str) -> InboxPage:
        """The next mails behind a place ("" for the beginning), the oldest first; none at the end."""
        ...
