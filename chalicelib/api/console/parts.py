"""The console's parts, one file each: what `app.py` registers under `/console`."""

from __future__ import annotations

from types import ModuleType

from chalicelib.api.console import (
    audit,
    broadcasts,
    companies,
    contacts,
    dead_letters,
    email_beginning,
    email_builder,
    email_editor,
    email_preview,
    emails,
    fields,
    first_mail,
    imports,
    keys,
    members,
    overview,
    owners,
    segments,
    settings,
    signing_in,
    suppressions,
    tags,
    transports,
)

PARTS: tuple[ModuleType, ...] = (
    signing_in,
    overview,
    first_mail,
    emails,
    email_beginning,
    email_builder,
    email_editor,
    email_preview,
    broadcasts,
    contacts,
    segments,
    suppressions,
    dead_letters,
    transports,
    settings,
    imports,
    fields,
    tags,
    owners,
    companies,
    members,
    keys,
    audit,
)
