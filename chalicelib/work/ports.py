"""The small interfaces that the work needs. `store/`, `transports/` and the tests' fakes fill them.

Every store is bound to one workspace when it is built; its keys all begin with it. A write that says
"conditional" returns whether it won, and a write whose answer was lost reads back before it says no.
Lists come as (items, next cursor or None).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol, TypeVar

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.address_record import AddressRecord
from chalicelib.model.asset import Asset
from chalicelib.model.audit import AuditEntry
from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.budget import Budget, Course, Reservation, Slot, Told, Wait
from chalicelib.model.cap import Recent
from chalicelib.model.chunk import Chunk
from chalicelib.model.claim import Claim
from chalicelib.model.consent import Consent
from chalicelib.model.contact import Contact, Edit
from chalicelib.model.counters import Change
from chalicelib.model.dead_letter import DeadLetter, Queue
from chalicelib.model.decision import Decision
from chalicelib.model.email import Email
from chalicelib.model.erasure import Erasure
from chalicelib.model.export import Export
from chalicelib.model.fact import Event
from chalicelib.model.feedback import Feedback
from chalicelib.model.filling import Belonging, Filling
from chalicelib.model.history import Kept
from chalicelib.model.importing import Import, Rejected
from chalicelib.model.inbox import InboxPage
from chalicelib.model.log_page import LogPage
from chalicelib.model.merging import Merge
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.outcome import Outcome
from chalicelib.model.pacing import Quota
from chalicelib.model.pending import PendingCount
from chalicelib.model.preflight import Preflight
from chalicelib.model.reading import Reading
from chalicelib.model.relabelling import Relabelling
from chalicelib.model.segment import Segment
from chalicelib.model.sender_domain import SenderDomain
from chalicelib.model.session import Session
from chalicelib.model.suppression import Reason, Suppression
from chalicelib.model.suppression_sync import ListedPage
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.model.version import Version

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

    def entomb(self, address_hash: str, contact_id: str, at: int) -> None:
        """From now on no contact gets this address, by whatever write. The first tombstone stays."""
        ...

    def exhume(self, address_hash: str) -> None: ...

    def erased(self, address_hashes: Sequence[str]) -> dict[str, int]:
        """Of these, those under which somebody was erased, and when. Consistent."""
        ...

    def redirect(self, address_hash: str, before: str, after: str) -> None:
        """An address that leads to the contact `before` leads to `after` from now on; any other stays."""
        ...

    def delete(self, contact_id: str, expected_version: int) -> bool:
        """Deletes the contact; its address row stays, so that the same address gets its old id back."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]: ...

    def search(self, start: str, limit: int, cursor: str | None) -> tuple[list[Contact], str | None]:
        """Whom these folded letters (`model/searching.py`) find: by address, then by name, then by surname, in the
        order of those. A moment late; a page may be short, or empty, though there are more.
        """
        ...

    def scan(self, segment: int, segments: int, after: str, limit: int) -> tuple[list[Contact], bool]:
        """Part `segment` of a parallel scan, from behind the contact `after` ("" at the start): about
        `limit` items in the scan's own order, and whether the part is done. An id is visited at most once.
        """
        ...


class Segments(Protocol):
    def create(self, segment: Segment) -> bool: ...
    def read(self, segment_id: str) -> Segment | None: ...
    def read_many(self, segment_ids: Sequence[str]) -> dict[str, Segment]: ...
    def update(self, segment: Segment, expected_version: int, *, emptied: bool = False) -> bool:
        """The size, and what passes wrote, stay as they are; with `emptied` they begin anew, for another filter."""
        ...

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


class Memberships(Protocol):
    """Whom live segments have found, in rows beside those of the lists' members."""

    def standing(self, wanted: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
        """Of these contacts by roster, those that have a row: pairs of roster and contact. Consistent."""
        ...

    def settle(self, segment: Segment, belongings: Sequence[Belonging]) -> int:
        """Sets rows and size right; how many rows it changed. Each conditional on the contact's version, and on
        there being something to change; all on the segment's generation. Any number.
        """
        ...

    def passed(self, segment: Segment, at: int) -> bool:
        """All contacts were judged (epoch ms). False where its filter is another one by now."""
        ...

    def drop(self, roster: str, limit: int) -> int:
        """Deletes up to `limit` rows of a roster that nobody reads any more; how many there were."""
        ...


class SegmentSizes(Protocol):
    """How large segments were, day by day."""

    def put(self, segment_id: str, day: date, size: int) -> None: ...

    def since(self, segment_id: str, day: date, limit: int) -> list[tuple[date, int]]:
        """The earliest first."""
        ...


class Fillings(Protocol):
    def create(self, job: Filling) -> bool: ...
    def read(self, job_id: str) -> Filling | None: ...
    def update(self, job: Filling, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Passes that are not finished: the sweep hints them again."""
        ...


class Emails(Protocol):
    def create(self, email: Email) -> bool: ...
    def read(self, email_id: str) -> Email | None: ...
    def update(self, email: Email, expected_version: int) -> bool: ...
    def publish(self, email: Email, expected_version: int, by: str) -> bool:
        """As `update`, and keeps it as a version under its revision's number."""
        ...

    def versions(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Version], str | None]:
        """The newest first, without bodies."""
        ...

    def version(self, email_id: str, number: int) -> Version | None: ...

    def delete(self, email: Email) -> bool:
        """Conditional on its version. What was published stays."""
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


class Decisions(Protocol):
    """What was decided about recipients held in doubt; kept for ever."""

    def create(self, decision: Decision) -> bool: ...
    def update(self, decision: Decision, expected_version: int) -> bool: ...
    def about(self, broadcast_or_message: str) -> list[Decision]:
        """Consistent; in nobody's order."""
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

    def scan(self, after: str, limit: int) -> LogPage:
        """About `limit` rows of the whole log behind a place ("" for the first), in nobody's order. Only the last page
        may be empty.
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


class Consents(Protocol):
    """The history of each contact's consent. It goes with the contact."""

    def add(self, consent: Consent) -> bool:
        """If absent; True also where this very entry stands there."""
        ...

    def read(self, contact_id: str, consent_id: str) -> Consent | None:
        """Consistent."""
        ...

    def of_contact(self, contact_id: str) -> list[Consent]:
        """All of it, the oldest first. Consistent."""
        ...

    def forget(self, contact_id: str) -> None: ...


class Edits(Protocol):
    """The earlier changes of each contact, the newest of them. They go with the contact."""

    def keep(self, edits: Sequence[Kept]) -> None:
        """Any number, of any contacts, each at most once. Idempotent; each takes the place of one that is too old."""
        ...

    def of_contact(self, contact_id: str) -> list[Edit]:
        """The newest first. Consistent."""
        ...

    def forget(self, contact_id: str) -> None: ...


class Claims(Protocol):
    """Idempotency keys of calls with many contacts."""

    def create(self, claim: Claim) -> bool: ...
    def read(self, claim_id: str) -> Claim | None:
        """Consistent. One that has expired may still be there."""
        ...

    def update(self, claim: Claim, expected_version: int) -> bool: ...


class Suppressions(Protocol):
    def put(self, suppression: Suppression) -> None:
        """Puts it unless a stronger reason stands there already (`model.suppression.overrides`)."""
        ...

    def read(self, address_hash: str) -> Suppression | None: ...

    def read_many(self, address_hashes: Sequence[str]) -> dict[str, Suppression]: ...

    def remove(self, address_hash: str, reason: str) -> bool:
        """Removes it if it has this reason (a person's undo never lifts a bounce)."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Suppression], str | None]:
        """In nobody's order; without what lies beneath another."""
        ...

    def record(self, address_hash: str) -> AddressRecord:
        """Version 0 and empty where nothing is stored. Consistent."""
        ...

    def write_record(self, record: AddressRecord, expected_version: int) -> bool:
        """Conditional on the version (0: nothing is stored)."""
        ...


class AccountList(Protocol):
    """The provider's own suppression list, for the whole account."""

    def listed(self, since: int, token: str) -> ListedPage:
        """A page of what was put there since (epoch ms); "" asks for the first."""
        ...

    def put(self, address: str, reason: Reason) -> bool:
        """Bounced or complained. False where the provider did not take it: our own list holds all the same."""
        ...

    def remove(self, address: str) -> bool:
        """Whether it is off the list now."""
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


class Imports(Protocol):
    def create(self, job: Import) -> bool: ...
    def read(self, import_id: str) -> Import | None: ...
    def update(self, job: Import, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Imports that are not finished: the sweep hints them again."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Import], str | None]:
        """The newest first."""
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


class Relabellings(Protocol):
    """Jobs that judge hits anew."""

    def create(self, job: Relabelling) -> bool: ...
    def read(self, job_id: str) -> Relabelling | None: ...
    def update(self, job: Relabelling, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Those that are not finished: the sweep hints them again."""
        ...


class Merges(Protocol):
    """Jobs that make one contact of two, by the id of the one that goes."""

    def create(self, job: Merge) -> bool: ...
    def read(self, merge_id: str) -> Merge | None: ...
    def update(self, job: Merge, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Those that are not over: the sweep hints them again."""
        ...


class Erasures(Protocol):
    """Jobs that erase somebody, and their receipts."""

    def create(self, job: Erasure) -> bool: ...
    def read(self, erasure_id: str) -> Erasure | None: ...
    def update(self, job: Erasure, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Those that are not over: the sweep hints them again."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Erasure], str | None]:
        """The newest first."""
        ...


class Exports(Protocol):
    """Jobs that write files of what there is."""

    def create(self, job: Export) -> bool: ...
    def read(self, export_id: str) -> Export | None: ...
    def update(self, job: Export, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Those that are not over: the sweep hints them again."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Export], str | None]:
        """The newest first."""
        ...


class Preflights(Protocol):
    def create(self, job: Preflight) -> bool: ...
    def read(self, preflight_id: str) -> Preflight | None: ...
    def update(self, job: Preflight, expected_version: int) -> bool: ...
    def open(self) -> list[str]:
        """Pre-flights that are not finished: the sweep hints them again."""
        ...


class Sessions(Protocol):
    """Sessions, and the links that begin them. Those that have expired may go at any time."""

    def create(self, session: Session) -> bool:
        """If absent."""
        ...

    def read(self, session_id: str) -> Session | None:
        """Consistent; expired ones too, as long as they are there."""
        ...

    def end(self, session_id: str) -> bool:
        """Whether it was there: of two that end it, one is told so."""
        ...


class Audit(Protocol):
    """The log of changes."""

    def add(self, entry: AuditEntry) -> None: ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[AuditEntry], str | None]:
        """The newest first."""
        ...


class SenderDomains(Protocol):
    def look(self, name: str) -> SenderDomain:
        """What DNS and the transport know about a domain. Never raises; what does not answer is not known."""
        ...


class Files(Protocol):
    """Objects in the bucket: uploads to import."""

    def put(self, name: str, body: bytes, content_type: str) -> None: ...

    def read(self, name: str, start: int, length: int) -> bytes:
        """Bytes start .. start+length of the object; fewer at its end. NotFound where there is none."""
        ...

    def size(self, name: str) -> int | None: ...

    def names(self, after: str, limit: int) -> list[str]:
        """The next objects behind a name ("" for the first), in the order of their names."""
        ...

    def delete(self, name: str) -> None:
        """Nothing where there is none."""
        ...

    def write(self, name: str, parts: Iterable[bytes], content_type: str) -> int:
        """An object of any size, part by part; its size. It is there when all of it is, or not at all."""
        ...

    def begin(self, name: str, content_type: str) -> str:
        """An upload in parts: its id. One that is never completed is forgotten after a day."""
        ...

    def put_part(self, name: str, upload: str, number: int, body: bytes) -> str | None:
        """Part `number` (from 1) of at least 5 MiB, the last excepted; its ETag. Put again it takes the place of the
        first. None where there is no such upload any more.
        """
        ...

    def complete(self, name: str, upload: str, etags: Sequence[str]) -> bool:
        """The object of these parts, all or nothing; True also where it is there by an earlier try. False where the
        upload is gone, or a part is another.
        """
        ...

    def upload_url(self, name: str, seconds: int) -> str:
        """Where a client may PUT this object."""
        ...

    def download_url(self, name: str, seconds: int, shown_as: str) -> str:
        """Where a client may GET this object, to be saved under that name."""
        ...


class AssetFiles(Protocol):
    """What assets hold."""

    def put(self, asset: Asset, body: bytes) -> None: ...
    def read(self, asset: Asset) -> bytes | None: ...
    def delete(self, asset: Asset) -> None: ...


class ThemeFiles(Protocol):
    """A theme's zip (private) and its pictures (public), under its content's digest: they never change."""

    def put(self, theme: str, content: str, body: bytes) -> None: ...

    def read(self, theme: str, content: str) -> bytes | None: ...

    def publish(self, place: str, body: bytes, content_type: str) -> None:
        """A picture at its public place."""
        ...

    def place(self, theme: str, content: str, path: str) -> str:
        """The key in the bucket of a picture."""
        ...


class Hints(Protocol):
    """Queue messages are only hints: losing or doubling one does no harm."""

    def plan(self, broadcast_id: str, walker: int) -> None: ...
    def deliver(self, broadcast_id: str, walker: int, numbers: Sequence[int], delay_s: int = 0) -> None: ...
    def tend(self, broadcast_id: str) -> None: ...
    def message(self, key: MessageKey, delay_s: int = 0) -> None: ...
    def run_import(self, import_id: str) -> None: ...
    def count(self, count_id: str) -> None: ...
    def preflight(self, preflight_id: str) -> None: ...
    def relabel(self, job_id: str) -> None: ...
    def merge(self, merge_id: str) -> None: ...
    def fill(self, job_id: str) -> None: ...
    def erase(self, erasure_id: str) -> None: ...
    def export(self, export_id: str) -> None: ...


class DeadLetters(Protocol):
    """What queues gave up."""

    def number(self, queue: Queue) -> int:
        """About how many there are."""
        ...

    def page(self, queue: Queue, limit: int) -> list[DeadLetter]:
        """Some of them, in nobody's order; they stay where they are."""
        ...

    def replay(self, queue: Queue, ids: Collection[str] | None, most: int) -> int:
        """Puts these (None: all) back on their queue, of the first `most`; how many. One may come twice."""
        ...

    def drop(self, queue: Queue, ids: Collection[str], most: int) -> int: ...


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


class Transport(Protocol):
    """A way out. Each call is tried once: retrying is the work's business, never the client's."""

    name: str
    gives_evidence: bool
    # bytes of a whole message (`model/message_size.py`)
    largest: int

    def send(self, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """One call for up to 50 recipients; an outcome for each, in their order. Raises CallRefused, CallNotSent,
        CallInDoubt or Halted for the call as a whole.
        """
        ...

    def quota(self) -> Quota:
        """The provider's live limits, at most some seconds old. Never raises."""
        ...


class Transports(Protocol):
    """A workspace's ways out, by their setups."""

    def setups(self) -> Sequence[TransportSetup]:
        """In their order, SES alone where none is set up; at most some seconds old."""
        ...

    def check(self, setup: TransportSetup) -> None:
        """Invalid names a setting that the provider does not have, or not with this value."""
        ...

    def secret(self, setup: TransportSetup) -> str:
        """The name of the SSM parameter that its secret is read from."""
        ...

    def send(self, setup: TransportSetup, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """As `Transport.send`; a secret that cannot be had is a fault of the call."""
        ...

    def quota(self, setup: TransportSetup) -> Quota:
        """As `Transport.quota`."""
        ...
