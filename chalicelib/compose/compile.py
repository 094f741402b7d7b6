"""Publishing: an e-mail becomes an immutable revision, or is refused with the place and the mend."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from chalicelib.compose.html_part import html_part
from chalicelib.compose.letter_checks import check_email, check_program
from chalicelib.compose.own_headers import own_headers
from chalicelib.compose.part import Composing
from chalicelib.compose.pen import Pen
from chalicelib.compose.plain import plain_text
from chalicelib.compose.revision import Part, Program, Revision
from chalicelib.compose.sender import Sender, reply_to, sender
from chalicelib.compose.source import NO_WAY_OUT, Caution, Source
from chalicelib.compose.spot import FROM_NAME, SUBJECT_LINE, Spot
from chalicelib.compose.stationery import Stationery
from chalicelib.compose.text_part import text_part
from chalicelib.compose.token import tokens
from chalicelib.compose.utm import parameters
from chalicelib.model.email import Email

_BASE = re.compile(r"https?://[^\s\"'<>&{}]+[^\s\"'<>&{}/]")
# The endpoints of leaving the list, and of leaving all lists.
_LEAVING = frozenset({"u", "d"})


@dataclass(frozen=True, slots=True)
class Compiled:
    """`warnings` are about what goes out as it is and may not be meant so."""

    revision: Revision
    warnings: tuple[Caution, ...]


def compiled(
    email: Email, stationery: Stationery, *, published_at: int, number: int, tracked: bool = True, written: str = ""
) -> Compiled:
    """Compiles a draft, whose HTML was made of what is `written`, if that is another. `published_at` is epoch
    milliseconds, `number` the revision's; what is not `tracked` (a preview, a test) has no pixel, and its links lead
    where they lead. Raises Invalid (field, value, place and mend) or TooLarge for what would be a broken letter.
    """
    check_email(email)
    composing = Composing(email, stationery, _base(stationery.base_url), tracked, parameters(email.utm))
    program = _program(composing, email, written)
    check_program(program)
    revision = Revision(
        email=email.id,
        number=number,
        family=email.family,
        kind=email.kind,
        from_address=email.from_address,
        reply_to=reply_to(composing),
        program=program,
        links=tuple(composing.links),
        base_url=composing.base_url,
        published_at=published_at,
        language=composing.language,
        zone=stationery.workspace.zone,
        bcc=email.bcc,
        tracked=tracked,
        decoy=composing.decoys[0] if composing.decoys else -1,
        utm=composing.utm,
    )
    return Compiled(revision, tuple(composing.cautions.found.values()))


def _program(composing: Composing, email: Email, written: str) -> Program:
    """Each part may quote those before it."""
    who = sender(composing, _line(composing, "from_name", email.from_name, FROM_NAME))
    composing = replace(composing, from_name=who.name)
    composing = replace(composing, subject=_line(composing, "subject", email.subject, SUBJECT_LINE))
    page = Source("mjml" if email.mjml.strip() else "html", email.html, written)
    html = html_part(composing, page, email.preheader) if email.html.strip() else ()
    source = _text_source(email, page)
    text = text_part(composing, source) if source.text else ()
    headers = own_headers(composing)
    _advise(composing, email)
    return _gathered(composing, who, (html, text), headers)


def _gathered(
    composing: Composing, who: Sender, bodies: tuple[Part, Part], headers: tuple[tuple[str, Part], ...]
) -> Program:
    return Program(
        slots=tuple(composing.slots.order),
        subject=composing.subject,
        from_name=who.name,
        html=bodies[0],
        text=bodies[1],
        from_address=who.address,
        reply_to=who.reply_to,
        headers=headers,
    )


def _line(composing: Composing, part: str, text: str, spot: Spot) -> Part:
    pen = Pen(composing, Source(part, text), set())
    pen.stretch(0, len(text), spot)
    return pen.writer.done()


def _text_source(email: Email, page: Source) -> Source:
    """The text as written, or made of the HTML: a mail without one looks like spam and cannot be read everywhere."""
    if email.text.strip():
        return Source("text", email.text)
    return Source(page.part, plain_text(email.html), page.origin or email.html)


def _advise(composing: Composing, email: Email) -> None:
    for name, text in email.utm.items():
        source = Source(f"utm.{name}", text)
        for token in tokens(source, 0, len(text)):
            message = "Parameters are the same for everybody: this token is not filled in."
            composing.cautions.add(source, token.start, message, "Write a plain text, or put the token into the link.")
    if email.kind == "segment" and composing.ways.isdisjoint(_LEAVING):
        source = Source("html" if email.html.strip() else "text", "")
        composing.cautions.add(source, 0, NO_WAY_OUT, "Put {unsubscribe_text} or {unsubscribe_url} at its end.")


def _base(base_url: str) -> str:
    if not _BASE.fullmatch(base_url.rstrip("/")):
        raise ValueError(f"base_url {base_url!r} is no address that links can begin with (https://host)")
    return base_url.rstrip("/")
