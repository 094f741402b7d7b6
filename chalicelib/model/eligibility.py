"""Whom a broadcast's call leaves out, and why. Judged again at each call, on consistent reads."""

from __future__ import annotations

from chalicelib.model.chunk import SKIP_LETTERS
from chalicelib.model.contact import Contact
from chalicelib.model.message import Message
from chalicelib.model.suppression import Suppression


def skip_letter(
    contact: Contact | None, row: Message | None, suppression: Suppression | None, *, now: int, category: str = ""
) -> str | None:
    """The letter of `chunk.SKIPS`, or None for somebody who is to get it.

    `category` is the e-mail's, `now` epoch milliseconds. A row that says failed does not stand in the way: nothing
    reached that person.
    """
    if contact is None:
        return SKIP_LETTERS["gone"]
    if contact.merged_into is not None:
        return SKIP_LETTERS["merged"]
    if row is not None and row.state != "failed":
        return SKIP_LETTERS["already_sent"]
    if suppression is not None:
        return SKIP_LETTERS[suppression.reason]
    return _wish_letter(contact, now, category)


def _wish_letter(contact: Contact, now: int, category: str) -> str | None:
    """What the person said of their own mail."""
    if not contact.consent:
        return SKIP_LETTERS["no_consent"]
    if category and category in contact.preferences.left:
        return SKIP_LETTERS["left_category"]
    return SKIP_LETTERS["paused"] if contact.preferences.paused_until > now else None
