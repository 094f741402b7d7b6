"""What a call must know of its recipients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.contact import Contact
from chalicelib.model.message import Message
from chalicelib.model.suppression import Suppression
from chalicelib.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reading:
    """Read consistently, all of it after the call's slot came. The mappings are by contact id."""

    broadcast: Broadcast | None
    contacts: Mapping[str, Contact]
    rows: Mapping[str, Message]
    suppressions: Mapping[str, Suppression]
    workspace: Workspace = field(default_factory=Workspace)
