"""The console's parts, one file each: what `app.py` registers under `/console`."""

from __future__ import annotations

from types import ModuleType

from chalicelib.api.console import audit, broadcasts, emails, keys, members, overview, signing_in

PARTS: tuple[ModuleType, ...] = (
    signing_in,
    overview,
    emails,
    broadcasts,
    members,
    keys,
    audit,
)
