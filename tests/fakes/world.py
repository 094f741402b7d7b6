"""A world of fakes. Ids and keys are the same in every run; the clock is the test's."""

from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import Any

from chalicelib.model.ids import ID_BYTES, from_bytes
from chalicelib.model.token import Signer
from chalicelib.work.world import Timing, World
from tests.fakes.account_list import FakeAccountList
from tests.fakes.assets import FakeAssetFiles
from tests.fakes.audit import FakeAudit
from tests.fakes.broadcasts import FakeBroadcasts, FakeChunks
from tests.fakes.budgets import FakeBudgets
from tests.fakes.claims import FakeClaims
from tests.fakes.clock import Clock
from tests.fakes.consents import FakeConsents
from tests.fakes.contacts import FakeContacts
from tests.fakes.dead_letters import FakeDeadLetters
from tests.fakes.decisions import FakeDecisions
from tests.fakes.edits import FakeEdits
from tests.fakes.emails import FakeEmails, FakeLinks, FakeRevisions
from tests.fakes.hints import FakeHints
from tests.fakes.incoming import FakeIncoming
from tests.fakes.jobs import (
    FakeCounts,
    FakeErasures,
    FakeExports,
    FakeFiles,
    FakeFillings,
    FakeImports,
    FakeMerges,
    FakePreflights,
    FakeRelabellings,
    FakeRenamings,
)
from tests.fakes.memberships import FakeMemberships, FakeSegmentSizes
from tests.fakes.messages import FakeFacts, FakeMessages
from tests.fakes.recipients import FakeRecipients
from tests.fakes.segments import FakeSegments
from tests.fakes.sender_domains import FakeSenderDomains
from tests.fakes.sessions import FakeSessions
from tests.fakes.shelf import FakeShelf
from tests.fakes.suppressions import FakeSuppressions
from tests.fakes.tables import Tables
from tests.fakes.themes import FakeThemeFiles
from tests.fakes.transport import FakeTransports
from tests.fakes.turns import FakeTurns

SIGNER = Signer("main", {1: b"a signing key of thirty-two bytes"}, b"a hash key of thirty-two bytes..")

# What a team keeps few of, by the names of World's fields.
SHELVES = (
    "workspaces",
    "clearances",
    "owners",
    "companies",
    "definitions",
    "assets",
    "themes",
    "categories",
    "forms",
    "form_uses",
    "members",
    "api_keys",
    "suppression_syncs",
    "pulses",
    "recurrences",
    "tags",
    "stages",
    "transport_setups",
)


def numbered_id(number: int, seed: str = "") -> str:
    """The same id for the same number, spread over all shards as random ids are."""
    return from_bytes(sha256(f"{seed} {number}".encode()).digest()[:ID_BYTES])


def id_source(seed: str = "") -> Callable[[], str]:
    numbers = count(1)
    return lambda: numbered_id(next(numbers), seed)


def fake_world(*, clock: Clock | None = None, tables: Tables | None = None, seed: str = "", **changes: Any) -> World:
    """`changes` are fields of World; worlds with the same `tables` and `clock` see the same rows and time.

    A second world over the same tables (a second worker) takes a `seed` of its own, or its ids would be the first's.
    """
    clock, tables = clock or Clock(), tables or Tables()
    signer = changes.get("signer", SIGNER)
    parts: dict[str, Any] = {
        "contacts": FakeContacts(tables),
        "segments": FakeSegments(tables),
        "memberships": FakeMemberships(tables),
        "segment_sizes": FakeSegmentSizes(tables),
        "fillings": FakeFillings(tables),
        "emails": FakeEmails(tables),
        "revisions": FakeRevisions(tables),
        "links": FakeLinks(tables),
        "broadcasts": FakeBroadcasts(tables),
        "chunks": FakeChunks(tables),
        "dead_letters": FakeDeadLetters(),
        "decisions": FakeDecisions(tables),
        "recipients": FakeRecipients(tables, signer),
        "turns": FakeTurns(tables),
        "messages": FakeMessages(tables),
        "facts": FakeFacts(tables),
        "suppressions": FakeSuppressions(tables),
        "account_list": FakeAccountList(),
        "consents": FakeConsents(tables),
        "claims": FakeClaims(tables),
        "merges": FakeMerges(tables),
        "erasures": FakeErasures(tables),
        "exports": FakeExports(tables),
        "edits": FakeEdits(tables),
        "budgets": FakeBudgets(tables),
        "imports": FakeImports(tables),
        "counts": FakeCounts(tables),
        "relabellings": FakeRelabellings(tables),
        "renamings": FakeRenamings(tables),
        "files": FakeFiles(tables),
        **{kind: FakeShelf(tables.shelves.setdefault(kind, {})) for kind in SHELVES},
        "sessions": FakeSessions(tables),
        "audit": FakeAudit(tables),
        "theme_files": FakeThemeFiles(tables),
        "hints": FakeHints(),
        "incoming": FakeIncoming(),
        "transports": FakeTransports(clock, tables.shelves.setdefault("transport_setups", {})),
        "sender_domains": FakeSenderDomains(),
        "preflights": FakePreflights(tables),
        "asset_files": FakeAssetFiles(tables),
        "signer": signer,
        "base_url": "https://mail.example.com",
        "bucket_url": "https://files.example.com",
        "timing": Timing(),
        "now": clock.now,
        "sleep": clock.sleep,
        "new_id": id_source(seed),
        "time_left": clock.time_left,
    }
    return World(**(parts | changes))
