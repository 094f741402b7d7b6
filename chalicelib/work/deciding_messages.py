"""Deciding about a template e-mail that is held in doubt: at once, one message at a time."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.decision import Decision
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.message import Message, State
from chalicelib.work import messaging, single_call
from chalicelib.work.deciding import Word, checked, resent
from chalicelib.work.recording import record
from chalicelib.work.world import World

# What is held is looked at every hour (`single_call.HELD_LOOK_MS`): nobody held is due later.
LOOKED_AT = 500
UNSETTLED: tuple[State, ...] = ("waiting", "calling", "in_doubt", "held")


def decide(world: World, message_id: str, word: Word) -> Message:
    """The message after the decision. Evidence that has come meanwhile goes first. Raises NotFound, Invalid, and
    Conflict where the message is not held, or a resending is not forced.
    """
    message, _ = messaging.read(world, message_id)
    if message.state == "held":
        single_call.settle(world, message)
        message, _ = messaging.read(world, message_id)
    if message.state != "held":
        raise Conflict(f"This message is not held in doubt: it is {message.state}.", field="state")
    decision = replace(checked(world, word, message_id), contacts=(message.key.contact,), number=1)
    world.decisions.create(replace(decision, state="done", done_at=decision.at))
    return single_call.decided(world, message, _after(world, message, decision))


def unsettled(world: World, state: str | None, limit: int) -> list[Message]:
    """Template e-mails that wait, are in a call, in doubt or held (or one of these), among the next that anybody would
    look at. Raises Invalid.
    """
    if state not in (None, *UNSETTLED):
        raise Invalid("state", state, f"It is one of {', '.join(UNSETTLED)}.")
    due = world.messages.due(world.now() + single_call.HELD_LOOK_MS, LOOKED_AT)
    return [each for each in due if state in (None, each.state)][:limit]


def _after(world: World, message: Message, decision: Decision) -> Message:
    who = decision.by or "an operator"
    if decision.what == "sent":
        return replace(
            message, state="sent", reason=f"Counted as sent by {who}: nobody knows whether it arrived.", due_at=None
        )
    if decision.what == "given_up":
        return replace(
            message, state="failed", reason=f"Given up by {who}: nobody knows whether it arrived.", due_at=None
        )
    record(world, [resent(message.key, message.email, message.attempt, world.now())])
    now, again = world.now(), world.new_id()
    return replace(message, state="waiting", reason="", attempt=again, at=now, due_at=now, lease_until=0)
