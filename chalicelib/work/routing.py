"""Which transport a message goes by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chalicelib.model.email import Kind
from chalicelib.model.message import MessageKey
from chalicelib.model.pacing import Quota
from chalicelib.model.transport_setup import TransportSetup, Use
from chalicelib.work.world import World

USE: Mapping[Kind, Use] = MappingProxyType({"segment": "broadcast", "template": "transactional"})
NOBODY = "No transport is set up for this kind of e-mail. Give one this use (PATCH /v1/transports/NAME), then resume."


def carrying(world: World, use: Use) -> Sequence[TransportSetup]:
    """In their order."""
    return [each for each in world.transports.setups() if each.active and use in each.uses]


def first(world: World, use: Use) -> TransportSetup | None:
    return next(iter(carrying(world, use)), None)


def quota(world: World, use: Use) -> Quota:
    """What may be expected of those that carry this; that of nobody where none does."""
    setup = first(world, use)
    return world.transports.quota(setup) if setup else Quota(per_second=0, per_day=0, sent_today=0)


def tightest(world: World, use: Use) -> TransportSetup | None:
    """The one that takes the smallest messages: what it takes, all take."""
    return min(carrying(world, use), key=lambda each: each.largest, default=None)


def evidence_window(world: World, transport: str) -> int:
    """How long evidence for a call in doubt is awaited behind its lease: none comes where the transport gives none."""
    setup = named(world, transport)
    return 0 if setup is not None and not setup.gives_evidence else world.timing.evidence_window


def named(world: World, transport: str) -> TransportSetup | None:
    return next((each for each in world.transports.setups() if each.id == transport), None)


def is_with_ses(world: World, key: MessageKey) -> bool:
    """Whether SES has this message, as far as anybody knows now."""
    if all(each.provider == "ses" for each in world.transports.setups()):
        return True
    message = world.messages.read(key)
    setup = named(world, message.transport) if message else None
    return setup is not None and setup.provider == "ses"
