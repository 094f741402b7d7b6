"""Where and when filters are judged, and what is known beside the contact itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from chalicelib.model.contact import Contact
from chalicelib.model.deeds import NOTHING, Past

if TYPE_CHECKING:
    from chalicelib.model.filter import Filter


def nothing_known(_contact: Contact) -> Past:
    return NOTHING


@dataclass(frozen=True, slots=True)
class Setting:
    """`now` (epoch milliseconds) is what relative dates count from: compiling one without it is a ValueError, for
    every answer would be wrong. `zone` is the workspace's. `live` holds the filters of the live segments that
    conditions on `segment` name, and those that these name in turn; every other id is a static list's. `past` is
    asked once for each condition on what a contact did, and only where the cheaper conditions leave it open.
    """

    now: int | None = None
    zone: tzinfo = UTC
    live: Mapping[str, Filter] = field(default_factory=lambda: MappingProxyType({}))
    past: Callable[[Contact], Past] = nothing_known
