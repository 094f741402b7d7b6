"""A revision with one recipient's values: what this person sees, and what the web version shows of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from chalicelib.compose.added import without_added
from chalicelib.compose.header import mailbox, unstructured
from chalicelib.compose.kept import Kept
from chalicelib.compose.revision import Envelope, Letter, Part, Revision
from chalicelib.model.email import MAX_FROM_NAME


def letter(revision: Revision, envelope: Envelope) -> Letter:
    """`from_` and `reply_to` as on the wire (RFC 2047); the subject in Unicode, as SES and people take it."""
    program, filled = revision.program, envelope.values
    return Letter(
        subject=joined(program.subject, filled),
        from_=sender(revision, filled),
        reply_to=answers_to(revision, filled),
        to=envelope.address,
        html=joined(program.html, filled),
        text=joined(program.text, filled),
        headers=headers(revision, envelope),
    )


def joined(part: Part, filled: Sequence[str]) -> str:
    return "".join([filled[each] if type(each) is int else each for each in part])  # type: ignore[misc]  # str or int


def sender(revision: Revision, filled: Sequence[str]) -> str:
    """The From field. Where its name or address has slots, recipients of one bulk call may differ in it.

    A name is cut where values make it longer than a draft's may be: a quoted name is never folded, and a line has 998
    octets at most (RFC 5322 section 2.1.1).
    """
    program = revision.program
    address = joined(program.from_address, filled) or revision.from_address
    return mailbox(joined(program.from_name, filled).strip()[:MAX_FROM_NAME].rstrip(), address)


def answers_to(revision: Revision, filled: Sequence[str]) -> str:
    """The Reply-To field, "" for none."""
    return joined(revision.program.reply_to, filled).strip() or revision.reply_to


def headers(revision: Revision, envelope: Envelope) -> dict[str, str]:
    """All fields but From, To, Subject and Reply-To, in ASCII, each on one line: the e-mail's own, then the list's."""
    own = {name: unstructured(text) for name, text in own_headers(revision, envelope.values)}
    return own | list_headers(revision, envelope.token)


def list_headers(revision: Revision, token: str) -> dict[str, str]:
    """What marks a segment e-mail as such; nothing for a template e-mail (one person's business letter).

    RFC 2369 and RFC 8058 (one-click unsubscribing), RFC 2919 (List-Id), Gmail's Feedback-ID.
    """
    if revision.kind != "segment":
        return {}
    unsubscribe = f"<{revision.base_url}/u/{token}>"
    return {"List-Unsubscribe": unsubscribe, **_list_headers(revision)}


def own_headers(revision: Revision, filled: Sequence[str]) -> list[tuple[str, str]]:
    """The headers that the team gave, in Unicode; those that come out empty are left out, as in Mautic."""
    found = ((name, joined(part, filled).strip()) for name, part in revision.program.headers)
    return [(name, text) for name, text in found if text]


@Kept
def _list_headers(revision: Revision) -> dict[str, str]:
    host = urlsplit(revision.base_url).hostname or "localhost"
    return {
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{revision.family}.{host}>",
        "Precedence": "bulk",
        "Feedback-ID": f"{revision.email}:{revision.family}:{revision.kind}:envoi",
    }


def web_page(revision: Revision, filled: Sequence[str]) -> str:
    """The letter as a page: its HTML without what nobody wrote, or its text, escaped."""
    if revision.program.html:
        return joined(_as_written(revision), filled)
    subject = escape(joined(revision.program.subject, filled))
    text = escape(joined(revision.program.text, filled))
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{subject}</title></head>\n'
        f'<body><pre style="white-space:pre-wrap">{text}</pre></body></html>\n'
    )


def page_parts(revision: Revision) -> tuple[Part, ...]:
    """What the page is made of."""
    program = revision.program
    return (_as_written(revision),) if program.html else (program.subject, program.text)


@Kept
def _as_written(revision: Revision) -> Part:
    return without_added(revision)
