"""What the fakes share, as the real tables do."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from chalicelib.compose.revision import Revision
from chalicelib.model.address_record import AddressRecord
from chalicelib.model.audit import AuditEntry
from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.budget import Budget
from chalicelib.model.chunk import Chunk
from chalicelib.model.claim import Claim
from chalicelib.model.consent import Consent
from chalicelib.model.contact import Contact, Edit
from chalicelib.model.decision import Decision
from chalicelib.model.email import Email
from chalicelib.model.erasure import Erasure
from chalicelib.model.errors import Invalid
from chalicelib.model.export import Export
from chalicelib.model.feedback import Feedback
from chalicelib.model.filling import Filling
from chalicelib.model.importing import Import, Rejected
from chalicelib.model.merging import Merge
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.pending import PendingCount
from chalicelib.model.preflight import Preflight
from chalicelib.model.relabelling import Relabelling
from chalicelib.model.renaming import Renaming
from chalicelib.model.segment import Segment
from chalicelib.model.session import Session
from chalicelib.model.suppression import Suppression
from chalicelib.model.version import Version

Item = TypeVar("Item")


@dataclass
class Tables:
    """`addresses` and `suppressions` are by address hash; `chunks` by (broadcast, walker, number)."""

    contacts: dict[str, Contact] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)
    segment_sizes: dict[tuple[str, date], int] = field(default_factory=dict)
    fillings: dict[str, Filling] = field(default_factory=dict)
    emails: dict[str, Email] = field(default_factory=dict)
    revisions: dict[tuple[str, int], Revision] = field(default_factory=dict)
    versions: dict[tuple[str, int], Version] = field(default_factory=dict)
    broadcasts: dict[str, Broadcast] = field(default_factory=dict)
    open_broadcasts: set[str] = field(default_factory=set)
    walks: dict[tuple[str, int], Walk] = field(default_factory=dict)
    locks: dict[str, str] = field(default_factory=dict)
    chunks: dict[tuple[str, int, int], Chunk] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    messages: dict[MessageKey, Message] = field(default_factory=dict)
    claims: dict[str, MessageKey] = field(default_factory=dict)
    turns: dict[str, tuple[str, int]] = field(default_factory=dict)
    facts: dict[MessageKey, Feedback] = field(default_factory=dict)
    counters: dict[str, dict[str, int]] = field(default_factory=dict)
    suppressions: dict[str, Suppression] = field(default_factory=dict)
    consents: dict[tuple[str, str], Consent] = field(default_factory=dict)
    bulk_claims: dict[str, Claim] = field(default_factory=dict)
    erasures: dict[str, Erasure] = field(default_factory=dict)
    tombs: dict[str, int] = field(default_factory=dict)
    exports: dict[str, Export] = field(default_factory=dict)
    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    merges: dict[str, Merge] = field(default_factory=dict)
    edits: dict[tuple[str, int], Edit] = field(default_factory=dict)
    address_records: dict[str, AddressRecord] = field(default_factory=dict)
    budgets: dict[str, Budget] = field(default_factory=dict)
    imports: dict[str, Import] = field(default_factory=dict)
    rejected: dict[str, dict[tuple[int, str], Rejected]] = field(default_factory=dict)
    counts: dict[str, PendingCount] = field(default_factory=dict)
    relabellings: dict[str, Relabelling] = field(default_factory=dict)
    renamings: dict[str, Renaming] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    theme_files: dict[str, bytes] = field(default_factory=dict)
    preflights: dict[str, Preflight] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    audit: dict[str, AuditEntry] = field(default_factory=dict)
    shelves: dict[str, dict[str, Any]] = field(default_factory=dict)


def put_new(table: dict[Any, Any], key: object, row: object) -> bool:
    """Put if absent; a row equal to what stands there is our own, whose answer was lost."""
    return bool(table.setdefault(key, row) == row)


def put_over(table: dict[Any, Any], key: object, row: Any, expected_version: int) -> bool:
    """Conditional on the version; a row equal to what stands there is our own, whose answer was lost."""
    stored = table.get(key)
    if stored is not None and stored.version == expected_version:
        table[key] = row
        return True
    return stored is not None and stored == row


def drop(table: dict[Any, Any], key: object, expected_version: int) -> bool:
    stored = table.get(key)
    if stored is None or stored.version != expected_version:
        return False
    del table[key]
    return True


def paged(items: list[Item], limit: int, cursor: str | None) -> tuple[list[Item], str | None]:
    """A page of a list that stays as it is between two pages; the cursor is a position."""
    if cursor and not (cursor.isascii() and cursor.isdecimal()):
        raise Invalid("cursor", cursor, "Use `next` of the page before, as it is.")
    start = int(cursor) if cursor else 0
    end = start + limit
    return items[start:end], str(end) if end < len(items) else None
