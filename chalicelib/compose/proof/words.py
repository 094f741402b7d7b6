"""What a letter says in its lines: subject, preheader, the text part, and what the law wants in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.compose.proof.page import Page
from chalicelib.compose.source import NO_WAY_OUT
from chalicelib.model.finding import Finding

# Phones show about this many characters of a subject, and of a preheader behind it.
SUBJECT, PREHEADER = 60, 100
ALIKE = 0.5
FEW = 5

_WORD = re.compile(r"[^\W\d_]{3,}")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_LEAVING = re.compile(r"(?:\{|%7B)(?:unsubscribe_url|unsubscribe_text|dnc_url)\b", re.IGNORECASE)


def subject(page: Page) -> Iterator[Finding]:
    text = page.email.subject
    if len(text) > SUBJECT:
        message = f"The subject has {len(text)} characters; phones show about {SUBJECT}."
        yield Finding("note", "subject_long", "subject", message, "Say what matters first.")
    if len(text) > FEW and text.isupper():
        message = "The subject is all capitals, as junk mail is."
        yield Finding("warning", "subject_capitals", "subject", message, "Write it as a sentence.")


def preheader(page: Page) -> Iterator[Finding]:
    text = page.email.preheader
    if not text and page.html and "preheader" not in page.html:
        message = "There is no preheader: inboxes show the letter's first words behind the subject."
        yield Finding(
            "note", "preheader_missing", "preheader", message, "Write one sentence that makes people open it."
        )
    elif len(text) > PREHEADER:
        message = f"The preheader has {len(text)} characters; inboxes show about {PREHEADER}."
        yield Finding("note", "preheader_long", "preheader", message, "Shorten it.")


def text_part(page: Page) -> Iterator[Finding]:
    """A text part that says something else looks like junk mail, and is what some people read."""
    if not page.html or not page.email.text.strip():
        return
    written, seen = _words(page.email.text), _words(page.generated_text)
    shared = len(written & seen) / max(1, len(seen))
    if len(seen) > FEW and shared < ALIKE:
        message = f"The text part has {shared:.0%} of the words of the HTML."
        yield Finding(
            "warning", "text_differs", "text", message, "Write it again, or empty it: it is then made of the HTML."
        )


def leaving(page: Page) -> Iterator[Finding]:
    if page.email.kind != "segment" or _LEAVING.search(page.html + page.text):
        return
    yield Finding(
        "error", "unsubscribe_missing", page.part, NO_WAY_OUT, "Put {unsubscribe_text} or {unsubscribe_url} at its end."
    )


def postal_address(page: Page) -> Iterator[Finding]:
    """CAN-SPAM (15 U.S.C. 7704): a valid physical postal address in every commercial mail."""
    if page.email.kind != "segment":
        return
    address = page.workspace.address
    if not address:
        message = "The workspace has no postal address, which the law wants in every such mail."
        yield Finding(
            "warning", "address_unknown", "workspace", message, 'Give it one: PATCH /v1/workspace {"address"}.'
        )
    elif not _words(address) <= _words(page.generated_text + " " + page.text):
        message = "The workspace's postal address is not in the letter."
        yield Finding("warning", "address_missing", page.part, message, f"Write it at the end: {address[:100]}")


def _words(text: str) -> set[str]:
    return {each.lower() for each in _WORD.findall(_URL.sub(" ", text))}
