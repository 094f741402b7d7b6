"""The small interfaces that the work needs. `store/`, `transports/` and the tests' fakes fill them.

Every store is bound to one workspace when it is built; its keys all begin with it. A write that says
"conditional" returns whether it won, and a write whose answer was lost reads back before it says no.
Lists come as (items, next cursor or None).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.chunk import Chunk
from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.fact import Fact
from chalicelib.model.importing import Import, Rejected
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.outcome import Outcome
from chalicelib.model.pacing import Quota
from chalicelib.model.pending import PendingCount
from chalicelib.model.reading import Reading
from chalicelib.model.segment import Segment
from chalicelib.model.suppression import Suppression

T = TypeVar("T")


class Shelf(Protocol[T]):
    """The few things of one kind that a team keeps: owners, companies, field definitions, assets, the workspace."""

    def create(self, thing: T) -> bool: ...
    def read(self, thing_id: str) -> T | None: ...
    def read_many(self, ids: Sequence[str]) -> dict[str, T]: ...
    def update(self, thing: T, expected_version: int) -> bool: ...
    def delete(self, thing_id: str, expected_version: int) -> bool: ...
    def page(self, limit: int, cursor: str | None) -> tuple[list[T], str | None]:
        """In the order of their ids."""
        ...


class Contacts(Protocol):
    """Contacts and the address rows that keep one address to one contact."""

    def read(self, contact_id: str) -> Contact | None: ...

    def read_many(self, contact_ids: Sequence[str]) -> dict[str, Contact]:
        """Any number of ids; those that are gone are missing. Consistent."""
        ...

    def by_address(self, address_hash: str) -> str | None:
        """The id that this address has, or had before it was deleted."""
        ...

    def by_addresses(self, address_hashes: Sequence[str]) -> dict[str, str]: ...

    def create(self, contact: Contact, address_hash: str) -> bool:
        """Contact and address row in one transaction; False where the address or the id is taken by a
        living contact. A deleted contact's address must come back with its old id.
        """
        ...

    def create_many(self, contacts: Sequence[tuple[Contact, str]]) -> set[str]:
        """As `create`, for up to 50 with distinct addresses (a transaction of 100); the ids that were created.
        A cancelled transaction is cut again without those that exist.
        """
        ...

    def update(self, contact: Contact, expected_version: int) -> bool:
        """Conditional on the version; the address stays the same."""
        ...

    def update_many(self, contacts: Sequence[Contact]) -> set[str]:
        """Up to 100, each conditional on the version before its own; the ids that won."""
        ...

    def change_address(self, contact: Contact, expected_version: int, old_hash: str, new_hash: str) -> bool:
        """Conditional on the version and on the new address being free; the old address becomes free."""
        ...

    def delete(self, contact_id: str, expected_version: int) -> bool:
        """Deletes the contact; its address row stays, so that the same address gets its old id back."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]: ...

    def scan(self, segment: int, segments: int, after: str, limit: int) -> tuple[list[Contact], bool]:
        """Part `segment` of a parallel scan, from behind the contact `after` ("" at the start): about
        `limit` items in the scan's own order, and whether the part is done. An id is visited at most once.
        """
        ...


class Segments(Protocol):
    def create(self, segment: Segment) -> bool: ...
    def read(self, segment_id: str) -> Segment | None: ...
    def read_many(self, segment_ids: Sequence[str]) -> dict[str, Segment]: ...
    def update(self, segment: Segment, expected_version: int) -> bool: ...
    def delete(self, segment_id: str, expected_version: int) -> bool: ...
    def page(self, limit: int, cursor: str | None) -> tuple[list[Segment], str | None]: ...

    def add_member(self, segment_id: str, contact: Contact) -> bool:
        """Member row, the contact's `lists` and the list's size in one transaction, conditional on the contact's
        version. True also where it was a member already.
        """
        ...

    def remove_member(self, segment_id: str, contact: Contact) -> bool: ...

    def add_members(self, segment_id: str, contact_ids: Sequence[str]) -> None:
        """Member rows alone, in batches and idempotent: for an import, whose contacts already carry the list."""
        ...

    def members(self, segment_id: str, after: str, limit: int) -> list[str]:
        """Members in id order behind `after`; fewer than `limit` only at the end."""
        ...

    def recount(self, segment_id: str) -> int:
        """Counts a list's members and stores the size."""
        ...


class Emails(Protocol):
    def create(self, email: Email) -> bool: ...
    def read(self, email_id: str) -> Email | None: ...
    def update(self, email: Email, expected_version: int) -> bool: ...
    def delete(self, email: Email) -> bool:
        """Conditional on its version."""
        ...

    def family(self, family: str) -> list[Email]:
        """The translations and variants of this root, without their bodies, the oldest first."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Email], str | None]:
        """Without `html`, `mjml`, `text` and `blocks`, which live in a row of their own."""
        ...


class Revisions(Protocol):
    """Immutable objects in the bucket: the revision (private) and its link table (public)."""

    def put(self, revision: Revision) -> None:
        """Link table first. Puts the same content twice without harm; raises Conflict on other content."""
        ...

    def read(self, email_id: str, number: int) -> Revision | None:
        """Cached in the process: revisions never change."""
        ...


class Links(Protocol):
    """The public link tables, read over HTTP without an AWS client (the click endpoint's only read)."""

    def read(self, email_id: str, number: int) -> tuple[str, ...] | None: ...


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

    def of_email(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Broadcast], str | None]:
        """The newest first."""
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


class Messages(Protocol):
    """The send log and, beside each row, its facts."""

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

    def facts(self, key: MessageKey) -> list[Fact]:
        """All facts of a message, by name."""
        ...

    def proofs(self, keys: Sequence[MessageKey]) -> dict[MessageKey, list[Fact]]:
        """The facts that say something about acceptance, for or against it (`model.fact.EVIDENCE`), of those messages
        that have any. Consistent.
        """
        ...

    def history(self, contact_id: str, limit: int, cursor: str | None) -> tuple[list[Message], str | None]:
        """The newest first, by `at`. A message whose `at` moves on between two pages may be missed."""
        ...

    def due(self, now: int, limit: int) -> list[Message]:
        """Open template messages (waiting, calling, in doubt, held) whose `due_at` has come."""
        ...


class Facts(Protocol):
    def put(self, facts: Sequence[Fact], counters: Mapping[str, Mapping[str, int]]) -> set[str] | None:
        """Up to 90 facts, each if absent, and per e-mail one ADD of these counters on a random shard, in one
        transaction. None where it was committed; otherwise the keys (`fact_id`) of the facts that exist already, and
        nothing was written.
        """
        ...

    def existing(self, facts: Sequence[Fact]) -> dict[str, Fact]:
        """What is stored under the keys of these facts, by `fact_id`. Consistent."""
        ...

    def counters(self, email_id: str) -> dict[str, int]:
        """The sum over the shards."""
        ...


def fact_id(fact: Fact) -> str:
    return f"{fact.message}!{fact.name}"


class Suppressions(Protocol):
    def put(self, suppression: Suppression) -> None:
        """Puts it unless a stronger reason stands there already (`model.suppression.overrides`)."""
        ...

    def read(self, address_hash: str) -> Suppression | None: ...

    def read_many(self, address_hashes: Sequence[str]) -> dict[str, Suppression]: ...

    def remove(self, address_hash: str, reason: str) -> bool:
        """Removes it if it has this reason (a person's undo never lifts a bounce)."""
        ...


class Budget(Protocol):
    """The account's send budget: one row an account and region."""

    def reserve(self, cost_ms: int, now: int, ahead_ms: int) -> int | None:
        """The slot (epoch ms, at least `now`) of a call that uses up `cost_ms`; None where the next slot is
        further ahead than `ahead_ms`: nothing is reserved then.
        """
        ...


class Imports(Protocol):
    def create(self, job: Import) -> bool: ...
    def read(self, import_id: str) -> Import | None: ...
    def update(self, job: Import, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Imports that are not finished: the sweep hints them again."""
        ...

    def add_rejected(self, import_id: str, rejected: Sequence[Rejected]) -> None:
        """Idempotent: keyed by line and column."""
        ...

    def rejected(self, import_id: str, limit: int, cursor: str | None) -> tuple[list[Rejected], str | None]: ...


class Counts(Protocol):
    """Jobs that count who is pending."""

    def create(self, count: PendingCount) -> bool: ...
    def read(self, count_id: str) -> PendingCount | None: ...
    def update(self, count: PendingCount, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Counts that are not finished: the sweep hints them again."""
        ...


class Files(Protocol):
    """Objects in the bucket: uploads to import."""

    def put(self, name: str, body: bytes, content_type: str) -> None: ...

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes start .. start+length of the object; fewer at its end. NotFound where there is none."""
        ...

    def size(self, name: str) -> int | None: ...

    def upload_url(self, name: str, seconds: int) -> str:
        """Where a client may PUT this object."""
        ...


class Hints(Protocol):
    """Queue messages are only hints: losing or doubling one does no harm."""

    def plan(self, broadcast_id: str, walker: int) -> None: ...
    def deliver(self, broadcast_id: str, walker: int, numbers: Sequence[int], delay_s: int = 0) -> None: ...
    def tend(self, broadcast_id: str) -> None: ...
    def message(self, key: MessageKey, delay_s: int = 0) -> None: ...
    def run_import(self, import_id: str) -> None: ...
    def count(self, count_id: str) -> None: ...


class Transport(Protocol):
    """A way out. Each call is tried once: retrying is the work's business, never the client's."""

    name: str
    gives_evidence: bool

    def send(self, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """One call for up to 50 recipients; an outcome for each, in their order. Raises CallRefused, CallNotSent,
        CallInDoubt or Halted for the call as a whole.
        """
        ...

    def quota(self) -> Quota:
        """The provider's live limits, at most some seconds old. Never raises."""
        ...
