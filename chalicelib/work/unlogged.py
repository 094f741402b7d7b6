"""A letter outside the send log: a test, a link to sign in. One call, tried once; it is neither counted nor kept."""

from __future__ import annotations

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.outcome import CallInDoubt, CallNotSent, CallRefused, Halted, InDoubt, Outcome, Refused
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import routing, slots
from chalicelib.work.world import World

AHEAD_MS = 5_000


def send(world: World, revision: Revision, copy: Envelope) -> Outcome:
    setup = routing.first(world, routing.USE[revision.kind])
    return Refused(routing.NOBODY) if setup is None else send_by(world, setup, revision, copy)


def send_by(world: World, setup: TransportSetup, revision: Revision, copy: Envelope) -> Outcome:
    world.sleep(max(0, slots.charge(world, setup, 1, AHEAD_MS) - world.now()))
    try:
        return world.transports.send(setup, revision, [copy])[0]
    except (CallRefused, CallNotSent, Halted) as fault:
        return Refused(fault.reason)
    except CallInDoubt as fault:
        return InDoubt(fault.reason)
