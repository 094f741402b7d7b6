"""How a webhook's event is read: what kind of fact it is, and which of its parts are kept as details."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.model.fact import Kind
from chalicelib.transports.webhooks import Said


@dataclass(frozen=True, slots=True)
class Reading:
    kind: Callable[[Said], Kind]
    details: tuple[str, ...] = ()


def always(kind: Kind) -> Callable[[Said], Kind]:
    return lambda _said: kind
