"""One call for one message: what must be ready before it, the call, and its outcome written down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from zlib import crc32

from chalicelib.compose.as_sent import kept
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.compose.untracked import for_contact
from chalicelib.model import pacing
from chalicelib.model.contact import Contact
from chalicelib.model.fact import Event, Kind
from chalicelib.model.message import Message
from chalicelib.model.outcome import (
    Accepted,
    Halted,
    InDoubt,
    LetterHalted,
    NotSent,
    Outcome,
    Refused,
    SendingFault,
    outcome_of,
)
from chalicelib.work import evidence, routing, slots
from chalicelib.work.addressees import addressees
from chalicelib.work.built_in_letters import addressed
from chalicelib.work.envelopes import envelope
from chalicelib.work.recording import record
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World

AHEAD_MS = 5_000
MOST_PATIENCE_MS = 300_000
GIVE_UP_MS = 24 * 3_600_000
HELD_LOOK_MS = 3_600_000

USED_UP = "The sending rate is used up; it goes out by itself."
DOMAIN_USED_UP = "The limit of the recipient's domain is used up; it goes out by itself."

# How a message's end is told: by a fact, and counted with it (`model.fact.ENDS`).
ENDS: dict[str, Kind] = {"sent": "sent", "failed": "refused"}

# Transactional mail obeys what a mailbox said, not what a person said about marketing: see docs/decisions/.
BARRED = frozenset({"bounced", "complained"})


@dataclass(frozen=True, slots=True)
class Ready:
    """A message and, where it stands as calling, all that its call needs."""

    message: Message
    revision: Revision
    envelope: Envelope
    taken: slots.Taken | None = None


def ready(world: World, message: Message, contact: Contact, *, queued: bool = False) -> Ready:
    """The message as calling, with its lease and its slot; as failed where it may not be sent at all, as waiting
    where no slot is near. What comes from the queue keeps to the limits of the recipients' domains too; whatever is
    asked for at once goes before all others. Nothing is written yet. Raises LookupError without a revision.
    """
    revision = world.revisions.read(message.email, message.revision)
    if revision is None:
        raise LookupError(f"revision {message.email}/{message.revision} is not in the bucket")
    contact = addressed(world, message, contact)
    revision = for_contact(revision, tracking=contact.tracking)
    [to] = addressees(world, revision, [contact])
    copy = envelope(world, revision, to, message.key, message.attempt, dict(message.tokens))
    barred = _barred(world, contact)
    if barred is not None:
        return Ready(replace(message, state="failed", reason=barred, due_at=None), revision, copy)
    taken = _slot(world, message)
    if not isinstance(taken, slots.Taken):
        late = NotSent(taken.reason if isinstance(taken, slots.Stop) else USED_UP)
        return Ready(_after(world, message, late), revision, copy)
    blocked_ms = _blocked_ms(world, taken, contact.address) if queued else 0
    if blocked_ms:
        return Ready(_after(world, message, NotSent(DOMAIN_USED_UP), blocked_ms), revision, copy)
    lease = world.now() + world.timing.lease
    message = replace(message, kept=kept(revision, copy.values))
    calling = replace(message, state="calling", lease_until=lease, due_at=lease, reason="", transport=taken.setup.id)
    return Ready(calling, revision, copy, taken)


def called(world: World, ready: Ready) -> Message:
    """The call of a message that is stored as calling, and its outcome written down."""
    if ready.taken is None:
        raise ValueError(f"{ready.message.key} has no slot")
    return _write_down(world, ready.message, _outcome(world, ready, ready.taken))


def put_off(world: World, message: Message) -> Message:
    """A stored message that waits is hinted; one that failed before any call is told."""
    if message.state in ENDS:
        tell(world, message)
    elif message.due_at is not None:
        delay = -(-(message.due_at - world.now()) // pacing.SECOND)
        world.hints.message(message.key, max(0, delay))
    return message


def send_waiting(world: World, message: Message) -> None:
    contact = survivor(world, message.key.contact)
    if contact is None:
        ended(world, message, replace(message, state="failed", reason="The contact was deleted.", due_at=None))
        return
    prepared = ready(world, replace(message, attempt=world.new_id()), contact, queued=True)
    stored = ended(world, message, prepared.message)
    if stored is None:
        return
    if stored.state == "calling":
        called(world, replace(prepared, message=stored))
    elif stored.state == "waiting":
        put_off(world, stored)


def settle(world: World, message: Message) -> None:
    """A message whose lease is over: evidence decides; without any it is held when its time is up."""
    outcome = evidence.found(world, [message.key], [message.attempt]).get(message.key)
    if outcome is not None:
        _write_down(world, message, outcome)
        return
    held = message.lease_until + routing.evidence_window(world, message.transport) < world.now()
    look = world.now() + (HELD_LOOK_MS if held else world.timing.lease)
    reason = message.reason or "The worker stopped during the call."
    ended(world, message, replace(message, state="held" if held else "in_doubt", reason=reason, due_at=look))


def decided(world: World, message: Message, after: Message) -> Message:
    """The message after an outcome or somebody's decision; as it stands where somebody else was faster."""
    stored = ended(world, message, after) or world.messages.read(message.key) or after
    return put_off(world, stored) if stored.state == "waiting" else stored


def _barred(world: World, contact: Contact) -> str | None:
    """Why nothing may be sent to this contact, whatever it is."""
    if contact.merged_into is not None:
        return "The contact was merged into another."
    suppression = world.suppressions.read(world.signer.hashed("address", contact.address))
    if suppression is None or suppression.reason not in BARRED:
        return None
    return f"The address is suppressed: {suppression.reason}."


def _slot(world: World, message: Message) -> slots.Taken | slots.Later | slots.Stop:
    """Waits for a slot. One message may reserve further ahead than a broadcast: it always gets through first."""
    longest = world.time_left() - world.timing.call_timeout
    seed = crc32(str(message.key).encode())
    return slots.take(world, slots.Wanted("transactional", 1, AHEAD_MS, world.now() + longest, seed))


def _blocked_ms(world: World, taken: slots.Taken, address: str) -> int:
    """How long the limit of the address's domain lets it wait; the slot is given back. 0 where it may go now."""
    going, wait_ms = slots.admitted(world, taken.setup, {0: address})
    if going:
        return 0
    slots.unused(world, taken, 1)
    return wait_ms


def _outcome(world: World, ready: Ready, taken: slots.Taken) -> Outcome:
    if ready.message.lease_until - world.now() <= world.timing.call_timeout + world.timing.skew:
        slots.unused(world, taken, 1)
        return NotSent("The call would have started too late.")
    try:
        outcome = world.transports.send(taken.setup, ready.revision, [ready.envelope])[0]
    except Halted as fault:
        if not isinstance(fault, LetterHalted):
            slots.halted(world, taken, fault.reason)
        return NotSent(fault.reason)
    except SendingFault as fault:
        outcome = outcome_of(fault)
    slots.report(world, taken, [outcome])
    return outcome


def _write_down(world: World, message: Message, outcome: Outcome) -> Message:
    return decided(world, message, _after(world, message, outcome))


def _after(world: World, message: Message, outcome: Outcome, least_wait_ms: int = 0) -> Message:
    """Whatever it waits for, it waits at least so long, and not for more than a day."""
    now = world.now()
    match outcome:
        case Accepted(provider_id):
            return replace(message, state="sent", provider_id=provider_id, reason="", due_at=None)
        case Refused(reason):
            return replace(message, state="failed", reason=reason, due_at=None)
        case NotSent(reason) if now - message.at > GIVE_UP_MS:
            return replace(message, state="failed", reason=f"Given up after a day: {reason}", due_at=None)
        case NotSent(reason):
            due = now + max(least_wait_ms, _patience(message, now))
            return replace(message, state="waiting", reason=reason, lease_until=0, due_at=due)
        case InDoubt(reason):
            return replace(message, state="in_doubt", reason=reason, due_at=message.lease_until)


def _patience(message: Message, now: int) -> int:
    """The wait before another try, growing with the message's age: one second at first, five minutes at most."""
    return min(MOST_PATIENCE_MS, max(pacing.SECOND, (now - message.at) // 2))


def ended(world: World, before: Message, after: Message) -> Message | None:
    """The row after this step, where nobody else was faster. An end is told first: told twice it counts once."""
    after = replace(after, version=before.version + 1)
    if after.state in ENDS:
        tell(world, after)
    return after if world.messages.update(after, before.version) else None


def tell(world: World, message: Message) -> None:
    """The fact of a message's end and its count in one transaction: whoever tells it again changes nothing."""
    kind = ENDS[message.state]
    detail = {"reason": message.reason} if message.reason else {}
    event = Event(
        id=message.attempt,
        kind=kind,
        message=message.key,
        email=message.email,
        at=world.now(),
        attempt=message.attempt,
        provider_id=message.provider_id,
        detail=detail,
        ends=True,
    )
    record(world, [event])
