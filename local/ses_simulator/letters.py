"""A copy as its recipient sees it: the values filled in, a raw message's parts found, the source as SES sends it."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from typing import Any

import msgspec

from local.ses_simulator import substitution
from local.ses_simulator.events import iso
from local.ses_simulator.ledger import Copy

# Generous lines: SES keeps the lines of what it is given; 998 is RFC 5322's limit.
_POLICY = policy.SMTP.clone(max_line_length=998)


class Letter(msgspec.Struct, frozen=True):
    """What `GET /messages` shows. `to` is the first address; times are ISO 8601, UTC."""

    message_id: str
    seq: int
    to: str
    destination: list[str]
    from_: str = msgspec.field(name="from")
    subject: str
    headers: dict[str, str]
    tags: dict[str, str]
    attempt: str
    html: str
    text: str
    received_at: str
    operation: str
    configuration_set: str
    fate: str


def letter(copy: Copy) -> Letter:
    envelope = copy.envelope
    parsed = _parsed(copy)
    subject, html, text = _raw_parts(parsed) if parsed is not None else _parts(copy)
    headers = {name: str(value) for name, value in parsed.items()} if parsed is not None else _headers(copy, subject)
    return Letter(
        message_id=copy.message_id,
        seq=copy.seq,
        to=envelope["addresses"][0],
        destination=envelope["destination"],
        from_=envelope["from"],
        subject=subject,
        headers=headers,
        tags=envelope["tags"],
        attempt=envelope["tags"].get("attempt", ""),
        html=html,
        text=text,
        received_at=iso(copy.received_at),
        operation=envelope["operation"],
        configuration_set=envelope["configuration_set"],
        fate=envelope["fate"],
    )


def source(copy: Copy) -> bytes:
    """The message on the wire. Of a raw message all is as it was but Message-ID and Date, which SES overwrites."""
    if copy.content.kind == "raw":
        return _stamped(copy)
    subject, html, text = _parts(copy)
    message = _headed(copy, subject)
    if text:
        message.set_content(text, cte="quoted-printable")
    if html:
        (message.add_alternative if text else partial(message.set_content))(
            html, subtype="html", cte="quoted-printable"
        )
    for attachment in copy.content.parts()["attachments"]:
        _attach(message, attachment)
    return message.as_bytes()


def _attach(message: EmailMessage, attachment: dict[str, Any]) -> None:
    main, _, sub = attachment["ContentType"].partition("/")
    message.add_attachment(
        b64decode(attachment["RawContent"]),
        maintype=main,
        subtype=sub or "octet-stream",
        filename=attachment["FileName"],
        disposition=attachment["ContentDisposition"].lower(),
        cid=f"<{attachment['ContentId']}>" if attachment["ContentId"] else None,
    )


def _parts(copy: Copy) -> tuple[str, str, str]:
    parts = copy.content.parts()
    texts = (parts["subject"], parts["html"], parts["text"])
    if copy.content.kind == "plain":
        return texts
    subject, html, text = (substitution.filled(each, copy.envelope["data"]) for each in texts)
    return subject, html, text


def _headed(copy: Copy, subject: str) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    for name, value in _headers(copy, subject).items():
        message[name] = value
    return message


def _headers(copy: Copy, subject: str) -> dict[str, str]:
    """As people read them: encoded words are decoded."""
    envelope = copy.envelope
    shown = {
        "From": envelope["from"],
        "To": ", ".join(envelope["to"]),
        "Cc": ", ".join(envelope["cc"]),
        "Reply-To": ", ".join(envelope["reply_to"]),
        # a subject is one line: what a template's value broke, SES folds
        "Subject": " ".join(subject.splitlines()),
        "Message-ID": _message_id(copy),
        "Date": _date(copy),
        **envelope["headers"],
    }
    return {name: _decoded(value) for name, value in shown.items() if value}


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value))) if "=?" in value else value


def _parsed(copy: Copy) -> EmailMessage | None:
    if copy.content.kind != "raw":
        return None
    parsed = message_from_bytes(_stamped(copy), policy=_POLICY)
    assert isinstance(parsed, EmailMessage)  # noqa: S101  what this policy makes
    return parsed


def _raw_parts(parsed: EmailMessage) -> tuple[str, str, str]:
    found = {kind: parsed.get_body((kind,)) for kind in ("html", "plain")}
    html, text = (each.get_content() if each is not None else "" for each in found.values())
    return str(parsed.get("Subject", "")), html, text


def _stamped(copy: Copy) -> bytes:
    head, gap, body = _split(copy.content.body)
    lines = [line for line in _logical_lines(head) if line.split(b":", 1)[0].strip().lower() not in _OVERWRITTEN]
    lines += [f"Message-ID: {_message_id(copy)}".encode(), f"Date: {_date(copy)}".encode()]
    return b"\r\n".join(lines) + gap + body


_OVERWRITTEN = frozenset({b"message-id", b"date", b"bcc", b"x-ses-configuration-set", b"x-ses-message-tags"})


def _split(message: bytes) -> tuple[bytes, bytes, bytes]:
    """Headers, the gap between, and the body, whichever line ends are used."""
    for gap in (b"\r\n\r\n", b"\n\n"):
        head, found, body = message.partition(gap)
        if found:
            return head, gap, body
    return message, b"\r\n\r\n", b""


def _logical_lines(head: bytes) -> list[bytes]:
    """Header fields with their folded lines."""
    fields: list[bytes] = []
    for line in head.splitlines():
        if line[:1] in b" \t" and fields:
            fields[-1] += b"\r\n" + line
        else:
            fields.append(line)
    return fields


def _message_id(copy: Copy) -> str:
    return f"<{copy.message_id}@email.amazonses.com>"


def _date(copy: Copy) -> str:
    return format_datetime(datetime.fromtimestamp(copy.received_at // 1_000, UTC))
