"""What an actor may change: a World in which the ports refuse the writes that their role has no right to.

The verbs need not ask: whatever a verb writes passes a port. What only reads is open to every role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from chalicelib.model.actor import Actor
from chalicelib.model.errors import Forbidden
from chalicelib.model.role import Role, may
from chalicelib.work.world import World

# The least role that may write through a port, by the names of World's fields.
WRITERS: Mapping[str, Role] = MappingProxyType(
    {
        **dict.fromkeys(
            ("hints", "pulses", "counts", "sessions", "audit", "sender_domains", "links", "recipients"), "viewer"
        ),
        **dict.fromkeys(
            (
                "contacts",
                "segments",
                "memberships",
                "segment_sizes",
                "fillings",
                "emails",
                "revisions",
                "facts",
                "suppressions",
                "account_list",
                "suppression_syncs",
                "consents",
                "edits",
                "merges",
                "exports",
                "erasures",
                "claims",
                "budgets",
                "imports",
                "relabellings",
                "renamings",
                "files",
                "preflights",
                "clearances",
                "owners",
                "companies",
                "definitions",
                "assets",
                "themes",
                "categories",
                "forms",
                "form_uses",
                "tags",
                "stages",
                "theme_files",
                "asset_files",
                "transports",
                "incoming",
            ),
            "editor",
        ),
        **dict.fromkeys(
            ("broadcasts", "recurrences", "chunks", "decisions", "dead_letters", "messages", "turns"), "sender"
        ),
        **dict.fromkeys(("workspaces", "members", "api_keys", "transport_setups"), "admin"),
    }
)
# What ports do without changing anything.
READS = frozenset(
    {
        "about",
        "between",
        "by_address",
        "by_addresses",
        "check",
        "counters",
        "download_url",
        "due",
        "erased",
        "family",
        "gives_evidence",
        "history",
        "listed",
        "lock_holder",
        "look",
        "members",
        "name",
        "names",
        "number",
        "of_contact",
        "of_email",
        "open",
        "page",
        "place",
        "quota",
        "read",
        "read_many",
        "recent",
        "latest",
        "record",
        "rejected",
        "scan",
        "search",
        "secret",
        "seen",
        "setups",
        "since",
        "size",
        "standing",
        "version",
        "versions",
        "walks",
        "with_broadcast",
    }
)


def acting(world: World, actor: Actor) -> World:
    """The world as this actor may change it."""
    denied = {name: needed for name, needed in WRITERS.items() if not may(actor.role, needed)}
    guarded: dict[str, Any] = {name: ReadOnly(getattr(world, name), actor, needed) for name, needed in denied.items()}
    return replace(world, actor=actor, **guarded)


def require(world: World, needed: Role) -> None:
    """For what is not written through a port of its own. Raises Forbidden."""
    if not may(world.actor.role, needed):
        raise forbidden(world.actor, needed)


def forbidden(actor: Actor, needed: Role) -> Forbidden:
    return Forbidden(
        f"{actor.name or 'Whoever asks'} is {actor.role} here: this takes the role {needed}.",
        hint=f"Ask an admin of the workspace for the role {needed}.",
    )


class ReadOnly:
    """A port whose writes are refused, whatever they are called."""

    def __init__(self, port: object, actor: Actor, needed: Role) -> None:
        self._port, self._actor, self._needed = port, actor, needed

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # as many kinds as ports have methods
        if name not in READS:
            raise forbidden(self._actor, self._needed)
        return getattr(self._port, name)
