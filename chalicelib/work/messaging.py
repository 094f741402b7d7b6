"""Template e-mails: one sending to one contact, at once or through the queue, each at most once.

The row is put as *calling* before the call, so that a repetition of the request finds it and never sends. All that
can fail of ours (the revision, the values, the slot) comes before: `single_call.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from chalicelib.model.cohort import Cohort, domain_of, named
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.feedback import Feedback
from chalicelib.model.message import Message, MessageKey, message_key
from chalicelib.model.workspace import Mode
from chalicelib.work import contacts, emails, single_call, workspaces
from chalicelib.work.survivors import survivor
from chalicelib.work.world import World

MAX_TOKENS = 50
MAX_TOKENS_TOTAL = 64 * 1024


@dataclass(frozen=True, slots=True)
class Letter:
    """A published revision, and the family that its messages are of."""

    email: str
    family: str
    revision: int


def send(
    world: World,
    email_id: str,
    to: str,
    tokens: Mapping[str, str],
    mode: Mode | None = None,
    idempotency_key: str | None = None,
) -> Message:
    """One sending to the contact `to` (an id or an address); the message as it stands afterwards. In the workspace's
    own mode where none is given.

    With an idempotency key a repetition returns the first message's state; another body under the same key is a
    Conflict. Raises NotFound (e-mail, contact), Conflict (not a template, not published) and Invalid (tokens).
    """
    email = emails.published(world, email_id, "template")
    emails.check_window(email, world.now())
    letter = Letter(email.id, email.family, email.revision)
    contact = contacts.read(world, to, "contact_id")
    return send_letter(world, letter, survivor(world, contact.id) or contact, tokens, mode, idempotency_key)


def send_letter(
    world: World,
    letter: Letter,
    contact: Contact,
    tokens: Mapping[str, str],
    mode: Mode | None,
    idempotency_key: str | None = None,
) -> Message:
    """As `send`, of a revision that is in the bucket. Raises Conflict (another body under the key) and Invalid."""
    drafted = _drafted(world, letter, contact, checked_tokens(tokens), mode, idempotency_key)
    at_once = (mode or workspaces.read(world).mode) == "immediate"
    ready = single_call.ready(world, drafted, contact) if at_once else None
    asked = drafted if ready is None else ready.message
    existing = world.messages.claim(asked, _hashed(world, idempotency_key))
    if existing is not None:
        return _repeated(existing, asked)
    if ready is not None and asked.state == "calling":
        return single_call.called(world, ready)
    return single_call.put_off(world, asked)


def deliver_message(world: World, key: MessageKey) -> None:
    """What a hint asks for: sends a message that waits, or settles one whose lease ran out or that is in doubt."""
    message = world.messages.read(key)
    if message is None or message.due_at is None or message.due_at > world.now():
        return
    if message.state == "waiting":
        single_call.send_waiting(world, message)
    else:
        single_call.settle(world, message)


def read(world: World, message_id: str) -> tuple[Message, Feedback]:
    """A message of any kind and all that came back about it; NotFound."""
    key = message_key(message_id)
    message = world.messages.read(key)
    if message is None:
        raise NotFound(f"There is no message {message_id!r}.", field="id")
    return message, world.facts.read_many([key]).get(key, Feedback(key))


def history(world: World, contact_id: str, limit: int, cursor: str | None) -> tuple[list[Message], str | None]:
    return world.messages.history(contact_id, limit, cursor)


def checked_tokens(tokens: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Per-send values by name, without braces and in lower case; Invalid where they are too many or too long."""
    if len(tokens) > MAX_TOKENS:
        raise Invalid("tokens", len(tokens), f"At most {MAX_TOKENS} tokens.")
    total = sum(len(name) + len(text) for name, text in tokens.items())
    if total > MAX_TOKENS_TOTAL:
        raise Invalid("tokens", total, f"At most {MAX_TOKENS_TOTAL} characters in all.")
    return tuple(sorted((name.strip("{}").lower(), text) for name, text in tokens.items()))


def _hashed(world: World, idempotency_key: str | None) -> str | None:
    return world.signer.hashed("idempotency", idempotency_key) if idempotency_key else None


def _drafted(
    world: World,
    letter: Letter,
    contact: Contact,
    tokens: tuple[tuple[str, str], ...],
    mode: Mode | None,
    key: str | None,
) -> Message:
    now = world.now()
    # a request without a mode was one in the mode "immediate" before workspaces had theirs
    body = msgspec.json.encode([letter.email, contact.id, tokens, mode or "immediate"])
    return Message(
        key=MessageKey(contact.id, letter.family, world.signer.hashed("sending", key) if key else world.new_id()),
        email=letter.email,
        revision=letter.revision,
        state="waiting",
        attempt=world.new_id(),
        at=now,
        due_at=now,
        tokens=tokens,
        body_hash=hashlib.sha256(body).hexdigest()[:32],
        cohort=Cohort(domain=named(domain_of(contact.address), ())),
    )


def _repeated(existing: Message, asked: Message) -> Message:
    if existing.body_hash != asked.body_hash:
        raise Conflict(
            "This Idempotency-Key was used for another request.",
            field="Idempotency-Key",
            hint="Use a new key for a new message.",
        )
    return existing
