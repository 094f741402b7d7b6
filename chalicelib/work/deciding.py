"""Deciding about recipients held in doubt: an operator's word, applied by tending, each recipient once.

A decision is a row of its own, written first; tending applies it, however often, and calls it done when nobody whom it
is about is held any more. While one is open its broadcast does not finish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.model.broadcast import Broadcast, moved
from chalicelib.model.chunk import FAILED, FORCED, HELD, SENT, WAITING, Call, Chunk, call_of, choice_of, judged
from chalicelib.model.decision import WHATS, Decision, What, covers, decided
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.fact import Event
from chalicelib.model.line import lines
from chalicelib.model.message import Message, MessageKey
from chalicelib.work import broadcasting, routing
from chalicelib.work.recording import record
from chalicelib.work.world import World

FATES: Mapping[What, str] = {"sent": SENT, "given_up": FAILED, "resend": WAITING}
MAX_CHOSEN = 100
MAX_NOTE = 500
WARNING = "Some of these people may have got this letter: they would have it twice."


@dataclass(frozen=True, slots=True)
class Word:
    """Somebody's word as it came in; `contacts` None: about everybody who is held now."""

    what: str
    contacts: Sequence[str] | None = None
    force: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeldOne:
    """A recipient in doubt: nobody knows what became of the call that began then (epoch ms)."""

    message: MessageKey
    attempt: str
    began_at: int


def decide(world: World, broadcast_id: str, word: Word) -> Decision:
    """The decision as stored; tending applies it within seconds. Raises NotFound, Invalid, and Conflict (nobody is
    held; a resending without `force`, or of a broadcast that was cancelled).
    """
    progress = broadcasting.progress(world, broadcast_id)
    if not progress.tally.held:
        raise Conflict("Nobody of this broadcast is held in doubt.", hint="GET /v1/broadcasts/{id} says who is where.")
    decision = replace(checked(world, word, broadcast_id), contacts=_chosen(world, broadcast_id, word))
    if decision.what == "resend" and progress.broadcast.state == "cancelled":
        raise Conflict("This broadcast was cancelled: it sends nothing more.", field="decision")
    decision = replace(decision, number=len(decision.contacts) or progress.tally.held)
    world.decisions.create(decision)
    world.hints.tend(broadcast_id)
    return decision


def checked(world: World, word: Word, about: str) -> Decision:
    """The decision that this word makes. Raises Invalid, and Conflict for a resending that is not forced."""
    what = next((each for each in WHATS if each == word.what), None)
    if what is None:
        raise Invalid("decision", word.what, f"It is one of {', '.join(WHATS)}.")
    if what == "resend" and not word.force:
        raise Conflict(WARNING, field="force", hint='Where you want that all the same: "force": true.')
    who, note = world.actor, lines(word.note, "note", MAX_NOTE)
    return Decision(world.new_id(), about, what, by=who.name, actor=who.id, note=note, at=world.now())


def held(world: World, broadcast_id: str) -> Iterator[HeldOne]:
    """Everybody held, in the order of the chunks; only those chunks are read that are not settled for good."""
    for chunk in broadcasting.under_way(world, broadcast_id):
        for i in chunk.at(HELD):
            call = call_of(chunk, i)
            key = MessageKey(chunk.contacts[i], chunk.family)
            yield HeldOne(key, call.attempt if call else "", call.began_at if call else 0)


def history(world: World, about: str) -> list[Decision]:
    """All decisions about a broadcast or a message, the oldest first."""
    return sorted(world.decisions.about(about), key=lambda each: (each.at, each.id))


def still_open(world: World, broadcast_id: str) -> tuple[Decision, ...]:
    return tuple(each for each in world.decisions.about(broadcast_id) if each.state == "open")


def reopened(world: World, broadcast: Broadcast, decisions: Sequence[Decision]) -> Broadcast | None:
    """The broadcast, running again where people are to be mailed again; None where somebody else changed it.

    It is written in any case: whoever read it before must not finish it now.
    """
    if broadcast.state == "cancelled" or all(each.what != "resend" for each in decisions):
        return broadcast
    after = moved(broadcast, "reopen") if broadcast.state == "finished" else broadcast
    after = replace(after, ended_at=None, version=broadcast.version + 1)
    return after if world.broadcasts.update(after, broadcast.version) else None


def applied(world: World, broadcast: Broadcast, chunk: Chunk, decisions: tuple[Decision, ...]) -> Chunk:
    """The chunk with what was decided about its held recipients; as it was where somebody else was faster."""
    found = decided(decisions, chunk, _window(world))
    if not found:
        return chunk
    calls = {i: call for i in found if (call := call_of(chunk, i))}
    rows = [row for i, each in found.items() if (row := _row(broadcast, chunk, calls[i], i, each))]
    if rows:
        world.messages.put_many(rows)
    _tell(world, broadcast, chunk, {i: calls[i] for i, each in found.items() if each.what == "resend"})
    after = judged(chunk, {i: FATES[each.what] for i, each in found.items()}, FORCED)
    if not world.chunks.write(after):
        return chunk
    if after.waiting:
        world.hints.deliver(chunk.broadcast, chunk.walker, [chunk.number])
    return after


def close(world: World, decisions: Sequence[Decision], chunks: Sequence[Chunk]) -> None:
    """Those decisions are done that nobody among these chunks, all that are not settled, waits for any more."""
    window = _window(world)
    for each in decisions:
        if not any(covers(each, chunk, i, window) for chunk in chunks for i in chunk.at(HELD)):
            done = replace(each, state="done", done_at=world.now(), version=each.version + 1)
            world.decisions.update(done, each.version)
            world.hints.tend(each.about)


def resent(message: MessageKey, email: str, attempt: str, at: int) -> Event:
    """Our own word that a message goes out again though this attempt may have been accepted: evidence of it that
    comes later tells of a possible duplicate.
    """
    return Event(id=f"resent-{attempt}", kind="resent", message=message, email=email, at=at, attempt=attempt)


def _window(world: World) -> Callable[[str], int]:
    return partial(routing.evidence_window, world)


def _chosen(world: World, broadcast_id: str, word: Word) -> tuple[str, ...]:
    if word.contacts is None:
        return ()
    chosen = tuple(dict.fromkeys(word.contacts))
    if not 0 < len(chosen) <= MAX_CHOSEN:
        raise Invalid("contacts", len(chosen), f"Name 1 to {MAX_CHOSEN} of them, or leave it out for all who are held.")
    known = {each.message.contact for each in held(world, broadcast_id)}
    for each in chosen:
        if each not in known:
            raise Invalid("contacts", each, f"Not held: GET /v1/broadcasts/{broadcast_id}/held says who is.")
    return chosen


def _row(broadcast: Broadcast, chunk: Chunk, call: Call, position: int, decision: Decision) -> Message | None:
    """The send log's row. Whoever is given up is not mailed by another broadcast of the family either: its state is
    held, and not failed.
    """
    if decision.what == "resend":
        return None
    member = broadcast.member(choice_of(chunk, position))
    who = decision.by or "an operator"
    counted = f"Counted as sent by {who}: nobody knows whether it arrived."
    given_up = f"Given up by {who}: nobody knows whether it arrived."
    return Message(
        key=MessageKey(chunk.contacts[position], chunk.family),
        email=member.email,
        revision=member.revision,
        state="sent" if decision.what == "sent" else "held",
        attempt=call.attempt,
        transport=call.transport,
        at=call.began_at,
        broadcast=chunk.broadcast,
        reason=counted if decision.what == "sent" else given_up,
        cohort=broadcast.cohort(chunk, position),
    )


def _tell(world: World, broadcast: Broadcast, chunk: Chunk, calls: Mapping[int, Call]) -> None:
    """Before the chunk is written: a duplicate that nobody could see would be worse than one seen too many."""
    events = []
    for i, call in calls.items():
        email = broadcast.member(choice_of(chunk, i)).email
        events.append(resent(MessageKey(chunk.contacts[i], chunk.family), email, call.attempt, world.now()))
    record(world, events)
