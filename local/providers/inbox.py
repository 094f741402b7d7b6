"""What a stand-in's recipients got."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.compose.revision import Letter


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Copy:
    """`provider_id` is what the call answered; `carried` what the sender wants back with every event; `settings` the
    rest of the message as it came over the wire.
    """

    provider_id: str
    letter: Letter
    carried: Mapping[str, str]
    bcc: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)


class Inbox:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._copies: list[Copy] = []

    def put(self, *copies: Copy) -> None:
        with self._lock:
            self._copies += copies

    def copies(self) -> list[Copy]:
        """The oldest first."""
        with self._lock:
            return list(self._copies)
