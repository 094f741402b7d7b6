"""Template e-mails: one sending to one contact, at once or through the queue, each at most once.

The row is put as *calling* before the call, so that a repetition of the request finds it and never sends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import msgspec

from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model import pacing
from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.fact import Fact
from chalicelib.model.message import Message, MessageKey, message_key
from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallNotSent,
    CallRefused,
    Halted,
    InDoubt,
    NotSent,
    Outcome,
    Refused,
)
from chalicelib.model.token import Tracked
from chalicelib.work import contacts, emails, evidence, stats
from chalicelib.work.world import World

Mode = Literal["immediate", "queue"]

COUNTED = ("sent", "failed")

MAX_TOKENS = 50
MAX_TOKENS_TOTAL = 64 * 1024
AHEAD_MS = 5_000
MOST_PATIENCE_MS = 300_000
GIVE_UP_MS = 24 * 3_600_000
HELD_LOOK_MS = 3_600_000


def send(
    world: World,
    email_id: str,
    to: str,
    tokens: Mapping[str, str],
    mode: Mode,
    idempotency_key: str | None = None,
) -> Message:
    """One sending to the contact `to` (an id or an address); the message as it stands afterwards.

    With an idempotency key a repetition returns the first message's state; another body under the same key is a
    Conflict. Raises NotFound (e-mail, contact), Conflict (not a template, not published) and Invalid (tokens).
    """
    email = emails.published(world, email_id, "template")
    contact = contacts.read(world, to)
    message = _drafted(world, email, contact, _checked(tokens), mode, idempotency_key)
    hashed = world.signer.hashed("idempotency", idempotency_key) if idempotency_key else None
    existing = world.messages.claim(message, hashed)
    if existing is not None:
        return _repeated(existing, message)
    if mode == "immediate":
        return _call(world, message, contact)
    world.hints.message(message.key)
    return message


def deliver_message(world: World, key: MessageKey) -> None:
    """What a hint asks for: sends a message that waits, or settles one whose lease ran out or that is in doubt."""
    message = world.messages.read(key)
    if message is None or message.due_at is None or message.due_at > world.now():
        return
    if message.state == "waiting":
        _send_waiting(world, message)
    else:
        _settle(world, message)


def read(world: World, message_id: str) -> tuple[Message, list[Fact]]:
    """A message of any kind and all its facts; NotFound."""
    key = message_key(message_id)
    message = world.messages.read(key)
    if message is None:
        raise NotFound(f"There is no message {message_id!r}.", field="id")
    return message, world.messages.facts(key)


def history(world: World, contact_id: str, limit: int, cursor: str | None) -> tuple[list[Message], str | None]:
    return world.messages.history(contact_id, limit, cursor)


def _checked(tokens: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if len(tokens) > MAX_TOKENS:
        raise Invalid("tokens", len(tokens), f"At most {MAX_TOKENS} tokens.")
    total = sum(len(name) + len(text) for name, text in tokens.items())
    if total > MAX_TOKENS_TOTAL:
        raise Invalid("tokens", total, f"At most {MAX_TOKENS_TOTAL} characters in all.")
    return tuple(sorted((name.strip("{}").lower(), text) for name, text in tokens.items()))


def _drafted(
    world: World, email: Email, contact: Contact, tokens: tuple[tuple[str, str], ...], mode: Mode, key: str | None
) -> Message:
    now = world.now()
    sending = world.signer.hashed("sending", key) if key else world.new_id()
    body = msgspec.json.encode([email.id, contact.id, tokens, mode])
    lease = now + world.timing.lease if mode == "immediate" else 0
    return Message(
        key=MessageKey(contact.id, email.family, sending),
        email=email.id,
        revision=email.revision,
        state="calling" if mode == "immediate" else "waiting",
        attempt=world.new_id(),
        at=now,
        lease_until=lease,
        due_at=lease or now,
        tokens=tokens,
        body_hash=hashlib.sha256(body).hexdigest()[:32],
    )


def _repeated(existing: Message, asked: Message) -> Message:
    if existing.body_hash != asked.body_hash:
        raise Conflict(
            "This Idempotency-Key was used for another request.",
            field="Idempotency-Key",
            hint="Use a new key for a new message.",
        )
    return existing


def _send_waiting(world: World, message: Message) -> None:
    now = world.now()
    contact = world.contacts.read(message.key.contact)
    if contact is None:
        _update(world, message, replace(message, state="failed", reason="The contact was deleted.", due_at=None))
        return
    lease = now + world.timing.lease
    calling = replace(message, state="calling", attempt=world.new_id(), lease_until=lease, due_at=lease, reason="")
    stored = _update(world, message, calling)
    if stored is not None:
        _call(world, stored, contact)


def _call(world: World, message: Message, contact: Contact) -> Message:
    """The call of a message that stands as calling, and its outcome written down."""
    revision = world.revisions.read(message.email, message.revision)
    if revision is None:
        raise LookupError(f"revision {message.email}/{message.revision} is not in the bucket")
    envelope = _envelope(world, message, contact, revision)
    outcome = _outcome(world, message, revision, envelope)
    after = _after(world, message, outcome)
    stored = _update(world, message, after) or world.messages.read(message.key) or after
    if stored.state == "waiting" and stored.due_at is not None:
        delay = -(-(stored.due_at - world.now()) // pacing.SECOND)
        world.hints.message(stored.key, max(1, delay))
    return stored


def _envelope(world: World, message: Message, contact: Contact, revision: Revision) -> Envelope:
    token = world.signer.token(Tracked(message.key, message.email, message.revision))
    filled = values(revision, contact, token, world.signer, dict(message.tokens))
    return Envelope(message.key, contact.address, message.attempt, token, filled)


def _outcome(world: World, message: Message, revision: Revision, envelope: Envelope) -> Outcome:
    slot = _slot(world)
    if slot is not None:
        return NotSent(slot)
    if message.lease_until - world.now() <= world.timing.call_timeout + world.timing.skew:
        return NotSent("The call would have started too late.")
    try:
        return world.transport.send(revision, [envelope])[0]
    except (Halted, CallNotSent) as fault:
        return NotSent(fault.reason)
    except CallRefused as fault:
        return Refused(fault.reason)
    except CallInDoubt as fault:
        return InDoubt(fault.reason)


def _slot(world: World) -> str | None:
    """Waits for a slot. One message may reserve further ahead than a broadcast: it always gets through first."""
    now = world.now()
    cost = pacing.cost_ms(1, world.transport.quota().per_second)
    slot = world.budget.reserve(cost, now, AHEAD_MS)
    if slot is None or slot - now + world.timing.call_timeout > world.time_left():
        return "The sending rate is used up; it goes out by itself."
    world.sleep(max(0, slot - now))
    return None


def _after(world: World, message: Message, outcome: Outcome) -> Message:
    now = world.now()
    match outcome:
        case Accepted(provider_id):
            return replace(message, state="sent", provider_id=provider_id, reason="", due_at=None)
        case Refused(reason):
            return replace(message, state="failed", reason=reason, due_at=None)
        case NotSent(reason) if now - message.at > GIVE_UP_MS:
            return replace(message, state="failed", reason=f"Given up after a day: {reason}", due_at=None)
        case NotSent(reason):
            return replace(message, state="waiting", reason=reason, lease_until=0, due_at=now + _patience(message, now))
        case InDoubt(reason):
            return replace(message, state="in_doubt", reason=reason, due_at=message.lease_until)


def _patience(message: Message, now: int) -> int:
    """The wait before another try, growing with the message's age: one second at first, five minutes at most."""
    return min(MOST_PATIENCE_MS, max(pacing.SECOND, (now - message.at) // 2))


def _settle(world: World, message: Message) -> None:
    """A message whose lease is over: evidence decides; without any it is held when its time is up."""
    outcome = evidence.found(world, [message.key], [message.attempt]).get(message.key)
    if outcome is not None:
        _update(world, message, _after(world, message, outcome))
        return
    held = message.lease_until + world.timing.evidence_window < world.now()
    look = world.now() + (HELD_LOOK_MS if held else world.timing.lease)
    reason = message.reason or "The worker stopped during the call."
    _update(world, message, replace(message, state="held" if held else "in_doubt", reason=reason, due_at=look))


def _update(world: World, before: Message, after: Message) -> Message | None:
    after = replace(after, version=before.version + 1)
    if not world.messages.update(after, before.version):
        return None
    if after.state in COUNTED and before.state not in COUNTED:
        stats.count_sending(world, after.email, after.state)
    return after
