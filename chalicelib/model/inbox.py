"""An inbox that bounces come to: what was read of it, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.fact import Event


@dataclass(frozen=True, slots=True)
class InboxMark:
    """`place` is the inbox's own word for the last mail that was recorded ("" before the first)."""

    id: str
    place: str = ""
    version: int = 1


@dataclass(frozen=True, slots=True)
class InboxPage:
    """`mails` were read, whatever they held; `place` is that of the last of them."""

    mails: int
    events: Sequence[Event]
    place: str
