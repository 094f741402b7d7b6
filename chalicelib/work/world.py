"""The world that every verb takes first: what it may read, write, send and ask. No globals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.model.token import Signer
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
    """Ports, keys and clocks of one workspace. `now` is epoch milliseconds; `sleep` takes milliseconds.

    `time_left` is how long the current job may still work, in milliseconds.
    """

    contacts: ports.Contacts
    segments: ports.Segments
    emails: ports.Emails
    revisions: ports.Revisions
    links: ports.Links
    broadcasts: ports.Broadcasts
    chunks: ports.Chunks
    recipients: ports.Recipients
    messages: ports.Messages
    facts: ports.Facts
    suppressions: ports.Suppressions
    budget: ports.Budget
    imports: ports.Imports
    counts: ports.Counts
    files: ports.Files
    hints: ports.Hints
    transport: ports.Transport
    signer: Signer
    base_url: str
    timing: Timing
    now: Callable[[], int]
    sleep: Callable[[int], None]
    new_id: Callable[[], str]
    time_left: Callable[[], int]
