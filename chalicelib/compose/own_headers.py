"""The headers that a team adds to an e-mail: their names, their values, and those that are not theirs to set."""

from __future__ import annotations

import re

from chalicelib.compose.part import Composing
from chalicelib.compose.pen import Pen
from chalicelib.compose.revision import Part
from chalicelib.compose.source import Source
from chalicelib.compose.spot import HEADER
from chalicelib.model.email import Kind
from chalicelib.model.errors import Invalid

MAX_HEADERS = 9  # SES takes 15: five are ours, and a test letter has one more
MAX_NAME = 126
MAX_VALUE = 995  # a line has 998 octets at most (RFC 5322 section 2.1.1); SES says 995

# RFC 5322 section 3.6.8: printable US-ASCII without the colon.
_NAME = re.compile(r"[!-9;-~]+")
_VALUE = re.compile(r"[ -~]*")
# Who, to whom, when and what: the letter's own, or the transport's. Standing twice, they make mail that is refused.
_TAKEN = re.compile(
    r"from|sender|to|cc|bcc|reply-to|subject|date|message-id|in-reply-to|references|return-path|received(-spf)?"
    r"|delivered-to|dkim-signature|domainkey-signature|authentication-results"
    r"|(mime|content|resent|arc|list-unsubscribe|x-ses|x-envoi)(-.*)?",
    re.IGNORECASE,
)
_OF_LISTS = frozenset({"list-id", "precedence", "feedback-id"})


def own_headers(composing: Composing) -> tuple[tuple[str, Part], ...]:
    """By name, in their order. Raises Invalid, with the field `headers.Name`."""
    given = composing.email.headers
    if len(given) > MAX_HEADERS:
        raise Invalid("headers", f"{len(given)} headers", f"An e-mail may have {MAX_HEADERS} of its own.")
    seen: set[str] = set()
    for name in given:
        _check_name(name, composing.kind)
        if name.lower() in seen:
            raise Invalid(f"headers.{name}", name, "It stands twice: names differ by more than capitals.")
        seen.add(name.lower())
    return tuple((name, _part(composing, name, value)) for name, value in given.items())


def _check_name(name: str, kind: Kind) -> None:
    field = f"headers.{name}"[:MAX_NAME]
    if not _NAME.fullmatch(name) or len(name) > MAX_NAME:
        mend = f"A header's name has 1 to {MAX_NAME} printable ASCII characters without blanks and colons."
        raise Invalid(field, name, mend)
    if _TAKEN.fullmatch(name) or (kind == "segment" and name.lower() in _OF_LISTS):
        raise Invalid(field, name, "This header is Envoi's or the transport's to set: take it out.")


def _part(composing: Composing, name: str, value: str) -> Part:
    field = f"headers.{name}"
    if not _VALUE.fullmatch(value) or len(value) > MAX_VALUE:
        raise Invalid(field, value, f"A value is one line of printable ASCII, at most {MAX_VALUE} characters.")
    pen = Pen(composing, Source(field, value), set())
    pen.stretch(0, len(value), HEADER)
    return pen.writer.done()
