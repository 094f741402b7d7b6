"""What travels with every message and comes back with every event about it: the ids that lead home.

The names have a prefix of our own: SendGrid lays them beside its own fields, where `email` is the recipient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model import ids
from chalicelib.model.errors import NotFound
from chalicelib.model.message import MessageKey, message_key

WORKSPACE, MESSAGE, EMAIL, ATTEMPT = "envoi_workspace", "envoi_message", "envoi_email", "envoi_attempt"


@dataclass(frozen=True, slots=True)
class Carried:
    message: MessageKey
    email: str
    attempt: str


def carried(workspace: str, revision: Revision, envelope: Envelope) -> dict[str, str]:
    """Ids alone: providers keep these for years and show them to their staff."""
    return {
        WORKSPACE: workspace,
        MESSAGE: str(envelope.message),
        EMAIL: revision.email,
        ATTEMPT: envelope.attempt,
    }


def brought_back(said: Mapping[str, object], workspace: str) -> Carried | None:
    """None for what is not of this workspace, or names nothing that could be ours."""
    found = {name: said.get(name) for name in (WORKSPACE, MESSAGE, EMAIL, ATTEMPT)}
    texts = {name: value for name, value in found.items() if isinstance(value, str)}
    if len(texts) != len(found) or texts[WORKSPACE] != workspace:
        return None
    if not ids.is_id(texts[EMAIL]) or not ids.is_id(texts[ATTEMPT]):
        return None
    try:
        return Carried(message_key(texts[MESSAGE]), texts[EMAIL], texts[ATTEMPT])
    except NotFound:
        return None
