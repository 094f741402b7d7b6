"""What lets somebody in for a while: a session of the console, or a link that begins one and is used up by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chalicelib.model.actor import ActorKind

SessionKind = Literal["session", "link", "asked"]


@dataclass(frozen=True, slots=True)
class Session:
    """`actor` is a member's or a key's id; an `asked` counts one letter of an hour. Epoch milliseconds."""

    id: str
    kind: SessionKind
    actor_kind: ActorKind
    actor: str
    created_at: int
    expires_at: int
