"""A message: one family to one contact (a segment e-mail), or one sending of a template e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chalicelib.model.cohort import UNKNOWN as NO_COHORT
from chalicelib.model.cohort import Cohort
from chalicelib.model.errors import NotFound
from chalicelib.model.ids import is_id

State = Literal["waiting", "calling", "sent", "failed", "in_doubt", "held"]


@dataclass(frozen=True, slots=True)
class MessageKey:
    """(contact, family), and for a template e-mail the id of this sending.

    As text `contact_family` or `contact_family_id`: what the API calls the message's id and what
    travels as the SES tag `message` (letters, digits, `_` and `-` alone are allowed there).
    """

    contact: str
    family: str
    sending: str = ""

    def __str__(self) -> str:
        return "_".join(part for part in (self.contact, self.family, self.sending) if part)


# A test letter's key: no message of the log. Nothing that comes back about it is told or counted.
TEST = MessageKey("test", "")

# A mail of which we know nothing but an address: what an identity's notice tells. It is no message of the log either:
# what is told of it is told of the address alone.
UNKNOWN = MessageKey("unknown", "")


def message_key(text: str) -> MessageKey:
    """The key behind a message's id; NotFound where the text is none."""
    parts = text.split("_")
    if len(parts) not in (2, 3) or not all(is_id(part) for part in parts):
        raise NotFound(f"There is no message {text[:60]!r}.", field="id")
    return MessageKey(*parts)


@dataclass(frozen=True, slots=True)
class Message:
    """The send log's row. Written by delivering alone, always with the same content for one attempt.

    `transport` is the name of the one that has it, `provider_id` its id there; `reason` says why it failed or is
    held. `lease_until` matters while calling (template e-mails only: a broadcast's leases live on its chunks).
    `due_at` is when the sweep looks at an open template message again; None on all others. `tokens` are the per-send
    values of a template e-mail that waits in the queue. `body_hash` is of the request that asked for it. `of` is there
    on a copy: the contact, since merged into this one, that it went to. `kept` is what the web version needs to be the
    letter as it was sent (`compose/as_sent.py`), `cohort` whose figures it belongs to.
    """

    key: MessageKey
    email: str
    revision: int
    state: State
    attempt: str
    at: int
    broadcast: str = ""
    provider_id: str = ""
    reason: str = ""
    lease_until: int = 0
    due_at: int | None = None
    tokens: tuple[tuple[str, str], ...] = ()
    body_hash: str = ""
    version: int = 1
    transport: str = "ses"
    of: str = ""
    kept: str = ""
    cohort: Cohort = NO_COHORT
