"""Which transport a message goes by: those that carry its kind, by their shares, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from chalicelib.model.budget import reopened
from chalicelib.model.email import Kind
from chalicelib.model.message import MessageKey
from chalicelib.model.pacing import Quota, spread
from chalicelib.model.transport_setup import TransportSetup, Use
from chalicelib.work.world import World

USE: Mapping[Kind, Use] = MappingProxyType({"segment": "broadcast", "template": "transactional"})
NOBODY = "No transport is set up for this kind of e-mail. Give one this use (PATCH /v1/transports/NAME), then resume."


def carrying(world: World, use: Use) -> Sequence[TransportSetup]:
    """In their order."""
    return [each for each in world.transports.setups() if each.active and use in each.uses]


def in_turn(setups: Sequence[TransportSetup], seed: int) -> Sequence[TransportSetup]:
    """The one that this seed falls to by the shares; behind it those that follow where it fails: the others with a
    share, then those that stand by.
    """
    sharing = [each for each in setups if each.share]
    chosen = _chosen(sharing, seed)
    rest = [*sharing, *(each for each in setups if not each.share)]
    return rest if chosen is None else [chosen, *(each for each in rest if each is not chosen)]


def first(world: World, use: Use) -> TransportSetup | None:
    return next(iter(in_turn(carrying(world, use), 0)), None)


def quota(world: World, use: Use) -> Quota:
    """What may be expected of all that share in this together; of the first that stands by where none does."""
    setups = carrying(world, use)
    sharing = [each for each in setups if each.share] or setups[:1]
    quotas = [(each, world.transports.quota(each)) for each in sharing]
    if not quotas:
        return Quota(per_second=0, per_day=0, sent_today=0)
    days = [each for _, each in quotas]
    limited = all(each.per_day >= 0 for each in days)
    return Quota(
        per_second=sum(setup.most(each.per_second) for setup, each in quotas),
        per_day=sum(each.per_day for each in days) if limited else -1,
        sent_today=sum(each.sent_today for each in days),
        sending_enabled=any(each.sending_enabled for each in days),
        enforcement=days[0].enforcement,
        halt="" if any(not each.halt for each in days) else days[0].halt,
    )


def why_halted(world: World, setup: TransportSetup) -> str:
    """Why nothing can be sent by it before a person acts; "" where something can, now or by itself."""
    halt = world.transports.quota(setup).halt
    breaker = world.budgets.seen(setup.budget).course.breaker
    return halt or (breaker.reason if breaker.halted and breaker.is_shut(world.now()) else "")


def told_of(reasons: Iterable[tuple[TransportSetup, str]]) -> str:
    """Reasons for people: by name where there are several."""
    pairs = list(reasons)
    if len(pairs) == 1:
        return pairs[0][1]
    return " ".join(f"{setup.id}: {reason}" for setup, reason in pairs)


def try_again(world: World, use: Use) -> None:
    """Somebody has mended what halted: whatever does not send is tried at once."""
    for setup in carrying(world, use):
        world.budgets.change(setup.budget, lambda budget: reopened(budget, world.now()))


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


def _chosen(sharing: Sequence[TransportSetup], seed: int) -> TransportSetup | None:
    place = spread(seed) * sum(each.share for each in sharing)
    for each in sharing:
        place -= each.share
        if place < 0:
            return each
    return sharing[-1] if sharing else None
