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
from chalicelib.model.form import Form, FormUse
from chalicelib.model.member import Member
from chalicelib.model.owner import Owner
from chalicelib.model.preflight import Clearance
from chalicelib.model.pulse import Pulse
from chalicelib.model.recurrence import Recurrence
from chalicelib.model.stage import Stage
from chalicelib.model.suppression_sync import SuppressionSync
from chalicelib.model.tag import Tag
from chalicelib.model.theme import Theme
from chalicelib.model.token import Signer
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.model.workspace import Workspace
from chalicelib.work import ports


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

    contacts: ports.Contacts
    segments: ports.Segments
    memberships: ports.Memberships
    segment_sizes: ports.SegmentSizes
    fillings: ports.Fillings
    emails: ports.Emails
    revisions: ports.Revisions
    links: ports.Links
    broadcasts: ports.Broadcasts
    chunks: ports.Chunks
    decisions: ports.Decisions
    recurrences: ports.Shelf[Recurrence]
    pulses: ports.Shelf[Pulse]
    dead_letters: ports.DeadLetters
    recipients: ports.Recipients
    turns: ports.Turns
    messages: ports.Messages
    facts: ports.Facts
    suppressions: ports.Suppressions
    account_list: ports.AccountList
    suppression_syncs: ports.Shelf[SuppressionSync]
    consents: ports.Consents
    edits: ports.Edits
    merges: ports.Merges
    exports: ports.Exports
    erasures: ports.Erasures
    claims: ports.Claims
    budgets: ports.Budgets
    imports: ports.Imports
    counts: ports.Counts
    relabellings: ports.Relabellings
    files: ports.Files
    preflights: ports.Preflights
    clearances: ports.Shelf[Clearance]
    workspaces: ports.Shelf[Workspace]
    owners: ports.Shelf[Owner]
    companies: ports.Shelf[Company]
    definitions: ports.Shelf[Definition]
    assets: ports.Shelf[Asset]
    themes: ports.Shelf[Theme]
    categories: ports.Shelf[Category]
    forms: ports.Shelf[Form]
    form_uses: ports.Shelf[FormUse]
    tags: ports.Shelf[Tag]
    stages: ports.Shelf[Stage]
    members: ports.Shelf[Member]
    api_keys: ports.Shelf[ApiKey]
    sessions: ports.Sessions
    audit: ports.Audit
    theme_files: ports.ThemeFiles
    asset_files: ports.AssetFiles
    hints: ports.Hints
    incoming: ports.Incoming
    transports: ports.Transports
    transport_setups: ports.Shelf[TransportSetup]
    sender_domains: ports.SenderDomains
    signer: Signer
    base_url: str
    bucket_url: str
    timing: Timing
    now: Callable[[], int]
    sleep: Callable[[int], None]
    new_id: Callable[[], str]
    time_left: Callable[[], int]
    actor: Actor = SYSTEM
