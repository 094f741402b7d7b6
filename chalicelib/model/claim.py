"""The claim of an Idempotency-Key: which request it was used for, and what came of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HOUR_MS = 3_600_000
# For how long a repetition is known.
KEPT_MS = 24 * HOUR_MS
# After this long without an end the request that had the key is taken for dead.
LEASE_MS = 60_000

Outcome = Literal["created", "updated", "unchanged", "deleted", "failed"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one item: the contact's id ("" where there is none), or code and field of its fault. Nothing that
    was typed is kept here.
    """

    outcome: Outcome
    contact: str = ""
    code: str = ""
    field: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """`id` is the key's keyed hash, `body` the digest of the request, `source` what its marks on contacts say.
    `results` are there once it is done. Epoch milliseconds.
    """

    id: str
    body: str
    source: str
    expires_at: int
    lease_until: int = 0
    done: bool = False
    results: tuple[Result, ...] = ()
    version: int = 1
