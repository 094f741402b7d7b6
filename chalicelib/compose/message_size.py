"""How large a revision's messages are at the most."""

from __future__ import annotations

from chalicelib.compose.quoted_printable import encoded_piece
from chalicelib.compose.revision import Revision
from chalicelib.model.errors import TooLarge
from chalicelib.model.message_size import attached_size

# For the message's head and for what is a recipient's own.
ROOM = 256 * 1024


def message_size(revision: Revision) -> int:
    """Bytes, for anybody: no recipient's message has more."""
    parts = (revision.program.text, revision.program.html)
    letter = sum(len(encoded_piece(each)) for part in parts for each in part if isinstance(each, str))
    return ROOM + letter + sum(attached_size(each.size) for each in revision.attachments)


def check_message_size(revision: Revision, transport: str, largest: int) -> None:
    """Raises TooLarge where this transport takes no such message: it would be refused for every recipient."""
    size = message_size(revision)
    if size > largest and revision.attachments:
        heaviest = max(revision.attachments, key=lambda each: each.size)
        message = f"A message with these attachments has up to {size} bytes (base64); {transport} takes {largest}."
        hint = f"Take out {heaviest.name} ({heaviest.size} bytes) and link to it: {{assetlink={heaviest.asset}}}."
        raise TooLarge(message, field="attachments", hint=hint)
