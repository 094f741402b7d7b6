"""The audit log: who changed what, and when."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.actor import ActorKind

DAY_MS = 86_400_000
KEPT_MS = 2 * 366 * DAY_MS


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`deed` is `emails.publish`, of the thing `thing` (its id or name; "" for the workspace); `changed` are the names
    of the fields that were given, never their values. `actor_name` is what they were called then.
    """

    id: str
    at: int
    actor_kind: ActorKind
    actor: str
    actor_name: str
    deed: str
    thing: str = ""
    changed: tuple[str, ...] = ()
