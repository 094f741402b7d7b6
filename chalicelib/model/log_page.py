"""A part of the whole send log, as an export reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.model.feedback import Feedback
from chalicelib.model.message import Message


@dataclass(frozen=True, slots=True)
class LogPage:
    """Messages, and what came back about any; `following` is the place behind them, None at the end."""

    messages: Sequence[Message]
    feedback: Sequence[Feedback]
    following: str | None
