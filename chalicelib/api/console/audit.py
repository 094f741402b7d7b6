"""The audit log, the newest first."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from chalice import Blueprint, Response

from chalicelib.api.console.doors import shows
from chalicelib.api.console.visit import ROWS, Visit
from chalicelib.model.audit import AuditEntry
from chalicelib.model.ids import is_id
from chalicelib.work import auditing

blueprint = Blueprint(__name__)

# By what a deed is of: the pages of such things. A broadcast is started from its e-mail.
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "broadcasts": "broadcasts",
        "broadcasts.start": "emails",
        "categories": "categories",
        "companies": "companies",
        "contents": "emails",
        "email_builder": "emails",
        "email_family": "emails",
        "email_preflight": "emails",
        "email_versions": "emails",
        "emails": "emails",
        "exports": "exports",
        "fates.decide": "broadcasts",
        "forms": "forms",
        "imports": "imports",
        "owners": "owners",
        "previews": "emails",
        "recurrences.create": "emails",
        "segments": "segments",
        "split_tests": "broadcasts",
    }
)
# Behind these nothing stands any more.
GONE = frozenset({"delete", "remove"})


@shows(blueprint, "/audit")
def index(visit: Visit) -> Response:
    entries, cursor = auditing.page(visit.world, ROWS, visit.cursor)
    return visit.page("audit/index", entries=[(each, place(each)) for each in entries], next=cursor)


def place(entry: AuditEntry) -> str:
    """The page of what was changed; "" where it has none. The API names contacts by address too, of which the log has
    the hash: only whoever sat in the console has named an id for certain.
    """
    of, _, done = entry.deed.partition(".")
    pages = "contacts" if of == "contacts" and entry.actor_kind == "member" else PAGES.get(entry.deed, PAGES.get(of))
    thing = entry.thing.partition(" ")[0]
    return f"/console/{pages}/{thing}" if pages and done not in GONE and is_id(thing) else ""
