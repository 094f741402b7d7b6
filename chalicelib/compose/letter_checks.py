"""What must be right about a letter before and after it is compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from chalicelib.compose.revision import Program
from chalicelib.compose.ses_template import MAX_DATA, data_of_blocks, written
from chalicelib.compose.size import check_size, size
from chalicelib.compose.source import Source
from chalicelib.model.email import MAX_FROM_NAME, MAX_HTML, MAX_PREHEADER, MAX_SUBJECT, MAX_TEXT, Email
from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.model.fields import MAX_BYTES

MAX_ADDRESS = 320
MAX_UTM = 200
MAX_SLOTS = 250
MAX_TEMPLATE = 500_000  # SES: a template, all its parts together, in bytes
# What is left for blocks when a contact's fields are as large as they may be.
MAX_BLOCKS = MAX_DATA - MAX_BYTES

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NAMED = re.compile(r"(?:[A-Za-z0-9 '.-]+|\"[^\"\\]*\") <([^<>]+)>")

_LINES: Mapping[str, int] = MappingProxyType(
    {
        "subject": MAX_SUBJECT,
        "from_name": MAX_FROM_NAME,
        "preheader": MAX_PREHEADER,
        "from_address": MAX_ADDRESS,
        "reply_to": MAX_ADDRESS,
    }
)


def check_email(email: Email) -> None:
    """Raises Invalid (field, value, place and mend) and TooLarge."""
    if not email.subject.strip():
        raise Invalid("subject", email.subject, "A letter needs a subject.")
    for name, limit in _LINES.items():
        _check_line(name, getattr(email, name), limit)
    for name, text in email.utm.items():
        _check_line(f"utm.{name}", text, MAX_UTM)
    if not _ADDRESS.fullmatch(email.from_address):
        raise Invalid("from_address", email.from_address, "Write one ASCII address: name@example.org.")
    _check_reply_to(email.reply_to)
    if not email.html.strip() and not email.text.strip():
        raise Invalid("html", email.html, "A letter needs HTML or text: write one of them.")
    for name, limit in (("html", MAX_HTML), ("text", MAX_TEXT)):
        check_size(Source(name, getattr(email, name)), limit)
    for number, block in enumerate(email.blocks):
        texts = [block.html, block.text, *(text for each in block.variations for text in (each.html, each.text))]
        for text in texts:
            size(Source(f"blocks[{number}]", text))


def _check_line(name: str, text: str, limit: int) -> None:
    size(Source(name, text))
    if found := _CONTROL.search(text):
        mend = f"Line 1, column {found.start() + 1}: a line end or control character; take it out."
        raise Invalid(name, text, mend)
    if len(text) > limit:
        raise Invalid(name, text, f"It may have {limit} characters; these are {len(text)}.")


def _check_reply_to(reply_to: str) -> None:
    named = _NAMED.fullmatch(reply_to)
    if reply_to and not _ADDRESS.fullmatch(named[1] if named else reply_to):
        mend = "Write one ASCII address, name@example.org or Name <name@example.org>, or nothing."
        raise Invalid("reply_to", reply_to, mend)


def check_program(program: Program) -> None:
    """Raises Invalid, TooLarge where it is more than SES takes."""
    if len(program.slots) > MAX_SLOTS:
        mend = f"A letter may have {MAX_SLOTS} different tokens and personal links: use fewer."
        raise Invalid("html", len(program.slots), mend)
    whole = sum(len(written(part).encode()) for part in (program.subject, program.html, program.text))
    if whole > MAX_TEMPLATE:
        mend = "Shorten it: tracked links and doubled braces make it longer than it looks."
        raise TooLarge(f"Compiled it has {whole} bytes; SES takes {MAX_TEMPLATE}.", field="html", hint=mend)
    blocks = data_of_blocks(program)
    if blocks > MAX_BLOCKS:
        message = f"The largest contents of the blocks have {blocks} bytes where they stand; {MAX_BLOCKS} are possible."
        raise TooLarge(message, field="blocks", hint="Shorten them, or put what all of them share outside.")
