"""What a handler works with: the parts, and the time that is left to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chalicelib.model.fact import Event
from chalicelib.settings import Settings
from chalicelib.wiring import RecipientSide
from chalicelib.work.world import World

# Handlers stop this long before Lambda would kill them.
MARGIN_MS = 3_000


class Hooks(Protocol):
    """The providers' webhooks, by the names of their transports."""

    def knows(self, transport: str) -> bool: ...

    def read(self, transport: str, headers: Mapping[str, str], body: bytes, now: int) -> list[Event] | None:
        """The events of a webhook's POST; None where its proof is missing or wrong. NotFound where there is no such
        webhook, or none is set up.
        """
        ...


class Parts(Protocol):
    """Where a World comes from: `wiring.Wiring` in production, a World of fakes in tests."""

    @property
    def settings(self) -> Settings: ...

    @property
    def recipient_side(self) -> RecipientSide:
        """Keys and link tables, made without any AWS client."""
        ...

    @property
    def hooks(self) -> Hooks: ...

    def world(self, time_left: Callable[[], int]) -> World: ...


def time_left(lambda_context: Any) -> Callable[[], int]:  # noqa: ANN401  # chalice gives Lambda's context untyped
    """Milliseconds until this job must have stopped, by Lambda's own clock."""

    def left() -> int:
        return max(0, int(lambda_context.get_remaining_time_in_millis()) - MARGIN_MS)

    return left
