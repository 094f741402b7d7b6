"""A call's place: by which transport, when, and for how many; and what is learned from how it went.

Every reservation is one write, of the transport's budget. A broadcast with a rate of its own and a recipient domain
with a limit have budgets of their own, and cost one more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chalicelib.model import budget as budgets
from chalicelib.model import pacing
from chalicelib.model.budget import Budget, Reservation, Slot, Told, Wait
from chalicelib.model.outcome import Accepted, InDoubt, NotSent, Outcome, Refused
from chalicelib.model.pacing import Quota
from chalicelib.model.transport_setup import TransportSetup, Use
from chalicelib.work import routing
from chalicelib.work.world import World

# A transport that failed may be back at any moment: whoever waits for it looks again so soon. Milliseconds.
LOOK_MS = 30_000
# A throttled call is tried again in its slot after this part of the time that it uses up, so often at the most.
AGAIN, MOST_AGAIN = 32, 3
ROOM = 1.015
# What a provider's bucket gets to fill up again behind a throttling: half a second's worth. Milliseconds.
REST_MS = 500
# A reservation whose hour or day has less room than was seen is made again, for fewer.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """At most so many recipients, at most `ahead` ms from now, or as long as one call takes at a slow rate, and not
    beyond `until` (epoch ms). `seed` decides by the shares. `rate` is the broadcast's own, in recipients a second.
    """

    use: Use
    recipients: int
    ahead: int
    until: int
    seed: int = 0
    broadcast: str = ""
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A slot that has come. `most` is the rate that its provider allows, `cost_ms` what each of `recipients` cost. With
    `again` so many calls were throttled in it, a little too early, and it is used once more.
    """

    setup: TransportSetup
    recipients: int
    at: int
    reserved_at: int
    most: float
    cost_ms: float = 0.0
    probe: bool = False
    again: int = 0


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing near enough: look again after so many milliseconds."""

    wait: int


@dataclass(frozen=True, slots=True)
class Stop:
    """No transport is left, and a person must act."""

    reason: str


def take(world: World, wanted: Wanted) -> Taken | Later | Stop:
    """Waits for the slot. The next transport in turn where one is shut or its hour or day is used up."""
    held_back = _of_broadcast(world, wanted)
    if held_back is not None:
        return held_back
    setups = routing.carrying(world, wanted.use)
    until = list[int]()
    for setup in routing.in_turn(setups, wanted.seed):
        reserved = _of_transport(world, setup, wanted)
        if isinstance(reserved, Taken | Later):
            world.sleep(max(0, reserved.at - world.now()) if isinstance(reserved, Taken) else 0)
            return reserved
        until.append(reserved.until)
    return _none_left(world, setups, until)


def charge(world: World, setup: TransportSetup, recipients: int, ahead: int) -> int:
    """Uses the budget up for what goes in any case; when it may go (epoch ms)."""
    now, most = world.now(), setup.most(world.transports.quota(setup).per_second)
    asked = _reservation(setup, recipients, pacing.cost_ms(recipients, most), now, ahead)
    slot = world.budgets.reserve(setup.budget, replace(asked, bound=False))
    return slot.at if isinstance(slot, Slot) else now


def admitted(world: World, setup: TransportSetup, addresses: Mapping[int, str]) -> tuple[set[int], int]:
    """Who of these may go now by the limits of their domains, by position; how long the first of the others waits."""
    going, waits, now = set(addresses), list[int](), world.now()
    for domain, per_minute in setup.limits.domains.items():
        members = [i for i, address in addresses.items() if address.endswith(f"@{domain}")]
        if not members:
            continue
        rate = per_minute / 60
        fits = min(len(members), pacing.call_size(rate))
        asked = Reservation(fits, pacing.cost_ms(fits, rate), now, 0)
        slot = world.budgets.reserve(f"{setup.id}@{domain}", asked)
        going -= set(members[fits:] if isinstance(slot, Slot) else members)
        waits.append(slot.until - now if isinstance(slot, Wait) else asked.cost_ms)
    return going, max(pacing.SECOND, min(waits, default=0))


def unused(world: World, taken: Taken, recipients: int) -> None:
    """So many of those whom a slot was taken for are not sent to now: the next reservation pays so much less."""
    if recipients:
        world.budgets.note(taken.setup.budget, Told(unused_ms=int(recipients * taken.cost_ms)))
    if taken.probe and recipients == taken.recipients:
        world.budgets.change(taken.setup.budget, lambda budget: budgets.reopened(budget, world.now()))


def again(world: World, taken: Taken) -> Taken | None:
    """The slot of a call that was throttled, a little later, for use once more; None where that would not help.

    Calls arrive unevenly. A call of half a second's worth at the most does not suffer from that: the provider's bucket
    holds a second's worth. One of more, at less than two a second, does; those behind it then come later by as much.
    """
    if 2 * taken.recipients <= taken.most or taken.again == MOST_AGAIN:
        return None
    world.sleep(int(taken.recipients * taken.cost_ms / AGAIN))
    late = max(0, world.now() - taken.at)
    world.budgets.reserve(taken.setup.budget, Reservation(0, late, world.now(), LOOK_MS, bound=False))
    return replace(taken, at=world.now(), again=taken.again + 1)


def halted(world: World, taken: Taken, reason: str) -> None:
    """The transport sends nothing before a person acts: it is tried again by itself, seldom."""
    world.budgets.change(taken.setup.budget, lambda budget: budgets.tripped(budget, world.now(), reason, halted=True))


def report(world: World, taken: Taken, outcomes: Sequence[Outcome]) -> None:
    """What a call's outcomes say about its transport: its rate, and whether it works."""
    place, now = taken.setup.budget, world.now()
    throttled = any(isinstance(each, NotSent) and each.throttled for each in outcomes)
    decided = any(isinstance(each, Accepted | Refused) for each in outcomes)
    failed = not decided and not throttled
    accepted = sum(isinstance(each, Accepted) for each in outcomes)
    world.budgets.note(place, Told(accepted, well=int(decided), badly=int(failed)))
    if throttled:
        _slow_down(world, taken)
    if taken.probe and failed:
        world.budgets.change(place, lambda budget: budgets.tripped(budget, now, _why(outcomes)))
    elif taken.probe:
        world.budgets.change(place, lambda budget: budgets.mended(budget, now, taken.most))


def _slow_down(world: World, taken: Taken) -> None:
    """Once for all calls that were reserved before. A quota that has become lower is the new rate by itself."""
    place, now = taken.setup.budget, world.now()
    before = world.budgets.read(place).course.version
    _learn(world, taken.setup, world.transports.quota(taken.setup))
    after = world.budgets.change(place, lambda budget: budgets.slowed(budget, taken.reserved_at, now, taken.most))
    if after.course.version != before:
        world.budgets.reserve(place, Reservation(0, REST_MS, now, LOOK_MS, bound=False))


def _of_broadcast(world: World, wanted: Wanted) -> Later | None:
    if wanted.rate is None:
        return None
    recipients, now = min(wanted.recipients, pacing.call_size(wanted.rate)), world.now()
    cost = pacing.cost_ms(recipients, wanted.rate)
    asked = Reservation(recipients, cost, now, _ahead(wanted, cost, now))
    slot = world.budgets.reserve(f"broadcast/{wanted.broadcast}", asked)
    if isinstance(slot, Wait):
        return _next_turn(wanted, wanted.rate, now)
    world.sleep(max(0, slot.at - world.now()))
    return None


def _of_transport(world: World, setup: TransportSetup, wanted: Wanted) -> Taken | Later | Wait:
    now, quota = world.now(), world.transports.quota(setup)
    if quota.halt:
        return Wait(now + LOOK_MS, "shut")
    _learn(world, setup, quota)
    _watch(world, setup, now)
    wait = Wait(now, "slot")
    for _ in range(ATTEMPTS):
        seen = world.budgets.seen(setup.budget)
        most = budgets.known_most(seen, setup.most(quota.per_second), quota.asked_at)
        rate = budgets.rate(seen, most)
        asked = _fitting(setup, wanted, seen, rate, now)
        slot = world.budgets.reserve(setup.budget, asked)
        if isinstance(slot, Slot):
            taken = Taken(setup, asked.recipients, slot.at, now, most, asked.cost_ms / asked.recipients, slot.probe)
            return _trimmed(world, taken, wanted, quota)
        if slot.why == "slot":
            return _next_turn(wanted, rate, now)
        if slot.why == "shut":
            return Wait(min(slot.until, now + LOOK_MS), "shut")
        wait = slot
    return wait


def _trimmed(world: World, taken: Taken, wanted: Wanted, quota: Quota) -> Taken:
    """A slot for fewer, where the budget's row says that the rate is lower by now than this worker knew."""
    seen = world.budgets.seen(taken.setup.budget)
    most = budgets.known_most(seen, taken.setup.most(quota.per_second), quota.asked_at)
    fits = min(taken.recipients, _size(wanted, budgets.rate(seen, most)))
    if fits < taken.recipients:
        unused(world, taken, taken.recipients - fits)
    return replace(taken, recipients=fits, most=most)


def _fitting(setup: TransportSetup, wanted: Wanted, seen: Budget, rate: float, now: int) -> Reservation:
    """For as many as a call may have at this rate, and the hour and the day have room for."""
    most = min(wanted.recipients, _size(wanted, rate), setup.limits.batch)
    asked = replace(_reservation(setup, most, 0, now, wanted.ahead), bound=wanted.use == "broadcast")
    fits = budgets.fitting(seen, asked)
    cost = max(_cost_ms(fits, rate), setup.limits.interval_ms)
    return replace(asked, recipients=fits, cost_ms=cost, ahead_ms=_ahead(wanted, cost, now))


def _size(wanted: Wanted, rate: float) -> int:
    """A broadcast's own rate may be the slower one."""
    return pacing.call_size(min(rate, wanted.rate or rate))


def _reservation(setup: TransportSetup, recipients: int, cost_ms: int, now: int, ahead: int) -> Reservation:
    day = datetime.fromtimestamp(now / 1_000, UTC).date()
    return Reservation(recipients, cost_ms, now, ahead, setup.limits.per_hour, setup.volume(day))


def _next_turn(wanted: Wanted, rate: float, now: int) -> Later:
    """At different times for those who came at one: else nobody would be there when the next slot comes."""
    return Later(max(pacing.SECOND, int(pacing.turn_ms(rate) * (0.5 + pacing.spread(wanted.seed + now)))))


def _cost_ms(recipients: int, rate: float) -> int:
    """A call of more than half a second's worth is given a little more room: it has none in the provider's bucket."""
    cost = pacing.cost_ms(recipients, rate)
    return round(ROOM * cost) if 2 * recipients > rate else cost


def _ahead(wanted: Wanted, cost: int, now: int) -> int:
    """At a slow rate the next slot is further away than a second: one worker waits for it."""
    return max(0, min(max(wanted.ahead, cost), wanted.until - now))


def _learn(world: World, setup: TransportSetup, quota: Quota) -> None:
    """What one worker is told of the quota all others know with their next reservation."""
    most, place = setup.most(quota.per_second), setup.budget
    if budgets.learned(world.budgets.seen(place), most, quota.asked_at) is not None:
        world.budgets.change(place, lambda budget: budgets.learned(budget, most, quota.asked_at))


def _watch(world: World, setup: TransportSetup, now: int) -> None:
    """The breaker trips by what all workers told."""
    seen = world.budgets.seen(setup.budget)
    if seen.is_failing and seen.course.breaker.state == "closed":
        reason = f"{max(seen.badly, seen.in_a_row)} of its last calls failed."
        world.budgets.change(setup.budget, lambda budget: budgets.tripped(budget, now, reason))


def _why(outcomes: Sequence[Outcome]) -> str:
    return next((each.reason for each in outcomes if isinstance(each, NotSent | InDoubt)), "")


def _none_left(world: World, setups: Sequence[TransportSetup], until: Sequence[int]) -> Later | Stop:
    """A person must act only where none of them comes back by itself."""
    if not setups:
        return Stop(routing.NOBODY)
    reasons = [(setup, routing.why_halted(world, setup)) for setup in setups]
    if all(reason for _, reason in reasons):
        return Stop(routing.told_of(reasons))
    return Later(max(pacing.SECOND, min(until) - world.now()))
