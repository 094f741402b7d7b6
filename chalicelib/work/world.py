"""The world that every verb takes first: what it may read, write, send and ask. No globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.model.actor import SYSTEM, Actor
from chalicelib.model.api_key import ApiKey
from chalicelib.model.asset import Asset
from chalicelib.model.category import Category
from chalicelib.model.company import Company
from chalicelib.model.definition import Definition
from chalicelib.model.erasure import Erasure
from chalicelib.model.export import Export
from chalicelib.model.filling import Filling
from chalicelib.model.form import Form, FormUse
from chalicelib.model.member import Member
from chalicelib.model.merging import Merge
from chalicelib.model.owner import Owner
from chalicelib.model.pending import PendingCount
from chalicelib.model.preflight import Clearance, Preflight
from chalicelib.model.pulse import Pulse
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.relabelling import Relabelling
from chalicelib.model.renaming import Renaming
from chalicelib.model.stage import Stage
from chalicelib.model.suppression_sync import SuppressionSync
from chalicelib.model.tag import Tag
from chalicelib.model.theme import Theme
from chalicelib.model.token import Signer
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.model.workspace import Workspace
from chalicelib.work.ports.broadcasts import Broadcasts, Budgets, Chunks, Decisions, Recipients, Turns
from chalicelib.work.ports.contacts import Claims, Consents, Contacts, Edits
from chalicelib.work.ports.emails import Emails, Links, Revisions, SenderDomains, ThemeFiles
from chalicelib.work.ports.files import AssetFiles, Files
from chalicelib.work.ports.jobs import Imports, Jobs, ListedJobs
from chalicelib.work.ports.messages import Facts, Incoming, Messages
from chalicelib.work.ports.queues import DeadLetters, Hints
from chalicelib.work.ports.segments import Memberships, Segments, SegmentSizes
from chalicelib.work.ports.shelf import Shelf
from chalicelib.work.ports.suppressions import AccountList, Suppressions
from chalicelib.work.ports.team import Audit, Sessions
from chalicelib.work.ports.transports import Transports


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take; milliseconds. Production's values are in `settings.py`.

    A call starts only if its lease has more left than the call's time-out and the skew of clocks;
    evidence for a call in doubt is awaited until `evidence_window` after its lease.
    """

    lease: int = 150_000
    call_timeout: int = 30_000
    skew: int = 60_000
    reading_age: int = 2_000
    evidence_window: int = 900_000
    ahead: int = 1_000
    rehint: int = 300_000


@dataclass(frozen=True, slots=True)
class World:
    """Ports, keys and clocks of one workspace. `base_url` is where recipients reach us, `bucket_url` where the bucket's
    public objects are read, both without a slash at the end. `now` is epoch milliseconds; `sleep` takes milliseconds.

    `time_left` is how long the current job may still work, in milliseconds. `actor` is on whose behalf it is done:
    `work/permitting.py` makes the world that an actor may change.
    """

    contacts: Contacts
    segments: Segments
    memberships: Memberships
    segment_sizes: SegmentSizes
    fillings: Jobs[Filling]
    emails: Emails
    revisions: Revisions
    links: Links
    broadcasts: Broadcasts
    chunks: Chunks
    decisions: Decisions
    recurrences: Shelf[Recurrence]
    pulses: Shelf[Pulse]
    dead_letters: DeadLetters
    recipients: Recipients
    turns: Turns
    messages: Messages
    facts: Facts
    suppressions: Suppressions
    account_list: AccountList
    suppression_syncs: Shelf[SuppressionSync]
    consents: Consents
    edits: Edits
    merges: Jobs[Merge]
    exports: ListedJobs[Export]
    erasures: ListedJobs[Erasure]
    claims: Claims
    budgets: Budgets
    imports: Imports
    counts: Jobs[PendingCount]
    relabellings: Jobs[Relabelling]
    renamings: Jobs[Renaming]
    files: Files
    preflights: Jobs[Preflight]
    clearances: Shelf[Clearance]
    workspaces: Shelf[Workspace]
    owners: Shelf[Owner]
    companies: Shelf[Company]
    definitions: Shelf[Definition]
    assets: Shelf[Asset]
    themes: Shelf[Theme]
    categories: Shelf[Category]
    forms: Shelf[Form]
    form_uses: Shelf[FormUse]
    tags: Shelf[Tag]
    stages: Shelf[Stage]
    members: Shelf[Member]
    api_keys: Shelf[ApiKey]
    sessions: Sessions
    audit: Audit
    theme_files: ThemeFiles
    asset_files: AssetFiles
    hints: Hints
    incoming: Incoming
    transports: Transports
    transport_setups: Shelf[TransportSetup]
    sender_domains: SenderDomains
    signer: Signer
    base_url: str
    bucket_url: str
    timing: Timing
    now: Callable[[], int]
    sleep: Callable[[int], None]
    new_id: Callable[[], str]
    time_left: Callable[[], int]
    actor: Actor = SYSTEM
