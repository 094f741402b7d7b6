"""Publishing: an e-mail becomes an immutable revision, or is refused with the place and the mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from chalicelib.compose.html_part import html_part
from chalicelib.compose.part import TRACK, Composing
from chalicelib.compose.pen import FROM_NAME, SUBJECT_LINE, Pen, Spot
from chalicelib.compose.plain import plain_text
from chalicelib.compose.revision import Part, Program, Revision
from chalicelib.compose.ses_template import written
from chalicelib.compose.source import Caution, Source
from chalicelib.compose.stationery import Stationery
from chalicelib.compose.text_part import text_part
from chalicelib.model.email import MAX_HTML, MAX_PREHEADER, MAX_SUBJECT, MAX_TEXT, Email
from chalicelib.model.errors import Invalid, TooLarge

MAX_FROM_NAME = 190
MAX_ADDRESS = 320
MAX_SLOTS = 250
MAX_TEMPLATE = 500_000  # SES: a template, all its parts together, in bytes

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`|~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_NAMED = re.compile(r"(?:[A-Za-z0-9 '.-]+|\"[^\"\\]*\") <([^<>]+)>")
_BASE = re.compile(r"https?://[^\s\"'<>&{}]+[^\s\"'<>&{}/]")


@dataclass(frozen=True, slots=True)
class Compiled:
    """`warnings` are about what goes out as it is and may not be meant so."""

    revision: Revision
    warnings: tuple[Caution, ...]


def compiled(email: Email, stationery: Stationery, *, published_at: int, number: int, tracked: bool = True) -> Compiled:
    """Compiles a draft. `published_at` is epoch milliseconds, `number` the revision's; what is not `tracked` (a preview,
    a test) has no pixel, and its links lead where they lead. Raises Invalid (field, value, place and mend) or TooLarge
    for what would be a broken letter.
    """
    _check(email)
    composing = Composing(email, stationery, _base(stationery.base_url), tracked)
    program, links = _program(composing, email)
    _check_size(program)
    revision = Revision(
        email=email.id,
        number=number,
        family=email.family,
        kind=email.kind,
        from_address=email.from_address,
        reply_to=email.reply_to,
        program=program,
        links=links,
        base_url=composing.base_url,
        published_at=published_at,
        language=email.language,
        zone=stationery.workspace.zone,
        bcc=email.bcc,
        tracked=tracked,
    )
    return Compiled(revision, tuple(composing.cautions.found.values()))


def _program(composing: Composing, email: Email) -> tuple[Program, tuple[str, ...]]:
    subject = _line(composing, "subject", email.subject, SUBJECT_LINE)
    from_name = _line(composing, "from_name", email.from_name, FROM_NAME)
    html: Part = ()
    if email.html.strip():
        html = html_part(composing, email.html, subject, email.preheader)
    source = _text_source(email)
    text = text_part(composing, source, subject) if source.text else ()
    _advise(composing, email, html + text)
    program = Program(tuple(composing.slots.order), subject, from_name, html, text)
    return program, tuple(composing.links)


def _line(composing: Composing, part: str, text: str, spot: Spot) -> Part:
    pen = Pen(composing, Source(part, text))
    pen.stretch(0, len(text), spot)
    return pen.writer.done()


def _text_source(email: Email) -> Source:
    """The text as written, or made of the HTML: a mail without one looks like spam and cannot be read everywhere."""
    if email.text.strip():
        return Source("text", email.text)
    return Source("html", plain_text(email.html))


def _advise(composing: Composing, email: Email, body: Part) -> None:
    if email.kind != "segment":
        return
    ways = (each for each in body if isinstance(each, str) and each.endswith(f"{composing.base_url}/u/"))
    if next(ways, None) is None or TRACK not in composing.slots.numbers:
        source = Source("html" if email.html.strip() else "text", "")
        message = "There is no way to unsubscribe in the letter itself (its headers have one)."
        composing.cautions.add(source, 0, message, "Put {unsubscribe_text} or {unsubscribe_url} at its end.")


def _base(base_url: str) -> str:
    if not _BASE.fullmatch(base_url.rstrip("/")):
        raise ValueError(f"base_url {base_url!r} is no address that links can begin with (https://host)")
    return base_url.rstrip("/")


def _check(email: Email) -> None:
    _check_lines(email)
    _check_addresses(email)
    if not email.html.strip() and not email.text.strip():
        raise Invalid("html", email.html, "A letter needs HTML or text: write one of them.")
    for name, limit in (("html", MAX_HTML), ("text", MAX_TEXT)):
        size = _size(name, getattr(email, name))
        if size > limit:
            raise TooLarge(f"{name} has {size} bytes; {limit} are possible.", field=name, hint="Make it shorter.")


_LINES: Mapping[str, int] = MappingProxyType(
    {
        "subject": MAX_SUBJECT,
        "from_name": MAX_FROM_NAME,
        "preheader": MAX_PREHEADER,
        "from_address": MAX_ADDRESS,
        "reply_to": MAX_ADDRESS,
    }
)


def _check_lines(email: Email) -> None:
    if not email.subject.strip():
        raise Invalid("subject", email.subject, "A letter needs a subject.")
    for name, limit in _LINES.items():
        text: str = getattr(email, name)
        _size(name, text)
        if found := _CONTROL.search(text):
            mend = f"Line 1, column {found.start() + 1}: a line end or control character; take it out."
            raise Invalid(name, text, mend)
        if len(text) > limit:
            raise Invalid(name, text, f"It may have {limit} characters; these are {len(text)}.")


def _check_addresses(email: Email) -> None:
    if not _ADDRESS.fullmatch(email.from_address):
        raise Invalid("from_address", email.from_address, "Write one ASCII address: name@example.org.")
    named = _NAMED.fullmatch(email.reply_to)
    if email.reply_to and not _ADDRESS.fullmatch(named[1] if named else email.reply_to):
        mend = "Write one ASCII address, name@example.org or Name <name@example.org>, or nothing."
        raise Invalid("reply_to", email.reply_to, mend)


def _size(name: str, text: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        place = Source(name, text).place(error.start)
        raise Invalid(name, text, f"Half a character (a lone surrogate) at {place}: take it out.") from None


def _check_size(program: Program) -> None:
    if len(program.slots) > MAX_SLOTS:
        mend = f"A letter may have {MAX_SLOTS} different tokens and personal links: use fewer."
        raise Invalid("html", len(program.slots), mend)
    size = sum(len(written(part).encode()) for part in (program.subject, program.html, program.text))
    if size > MAX_TEMPLATE:
        mend = "Shorten it: tracked links and doubled braces make it longer than it looks."
        raise TooLarge(f"Compiled it has {size} bytes; SES takes {MAX_TEMPLATE}.", field="html", hint=mend)
