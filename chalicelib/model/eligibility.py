"""Whom a broadcast's call leaves out, and why. Judged again at each call, on consistent reads."""

from __future__ import annotations

from chalicelib.model.chunk import SKIP_LETTERS
from chalicelib.model.contact import Contact
from chalicelib.model.message import Message
from chalicelib.model.suppression import Suppression


def skip_letter(contact: Contact | None, row: Message | None, suppression: Suppression | None) -> str | None:
    """The letter of `chunk.SKIPS`, or None for somebody who is to get it.

    A row that says failed does not stand in the way: nothing reached that person.
    """
    if contact is None:
        return SKIP_LETTERS["gone"]
    if contact.merged_into is not None:
        return SKIP_LETTERS["merged"]
    if row is not None and row.state != "failed":
        return SKIP_LETTERS["already_sent"]
    if suppression is not None:
        return SKIP_LETTERS[suppression.reason]
    return None if contact.consent else SKIP_LETTERS["no_consent"]
