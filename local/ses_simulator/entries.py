"""What a sending request asks for, each message of it on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Any

import msgspec

from local.ses_simulator import rules
from local.ses_simulator.ledger import Content
from local.ses_simulator.refusal import Refusal, bad_request
from local.ses_simulator.shapes import (
    Attachment,
    BulkEntry,
    Destination,
    Header,
    SendBulkEmail,
    SendEmail,
    Simple,
    Tag,
    Template,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message: its envelope as the ledger keeps it, its values, and the bare addresses that it goes to."""

    envelope: dict[str, Any]
    data: Mapping[str, Any]
    recipients: tuple[str, ...]


def single(request: SendEmail) -> tuple[Content, Entry]:
    """The one message of a SendEmail; BadRequest where it is not exactly one of Simple, Raw and Template."""
    content = request.content
    given = [each for each in (content.simple, content.raw, content.template) if each is not None]
    if len(given) != 1:
        raise bad_request("Content must have exactly one of Simple, Raw and Template.")
    rules.check_tags(request.email_tags)
    if content.raw is not None:
        return _raw(request, content.raw.data)
    shaped = content.simple or content.template
    assert shaped is not None  # noqa: S101  one of the three was given, and it is not the raw one
    rules.check_headers(shaped.headers)
    data = rules.template_data(shaped.template_data) if isinstance(shaped, Template) else {}
    envelope = _envelope(request, request.destination, shaped.headers, request.email_tags)
    kept = template_content(shaped) if isinstance(shaped, Template) else _plain_content(shaped)
    return kept, _entry(envelope, data)


def bulk(request: SendBulkEmail) -> list[Entry]:
    """The messages of a SendBulkEmail; one broken entry refuses all."""
    template = request.default_content.template
    rules.check_tags(request.default_email_tags)
    rules.check_headers(template.headers)
    defaults = rules.template_data(template.template_data)
    return [_bulk_entry(request, entry, defaults) for entry in request.bulk_email_entries]


def _bulk_entry(request: SendBulkEmail, entry: BulkEntry, defaults: Mapping[str, Any]) -> Entry:
    rules.check_tags(entry.replacement_tags)
    rules.check_headers(entry.replacement_headers)
    own = entry.replacement_email_content.replacement_template.replacement_template_data
    headers = {each.name.lower(): each for each in request.default_content.template.headers}
    headers |= {each.name.lower(): each for each in entry.replacement_headers}
    tags = (*request.default_email_tags, *entry.replacement_tags)
    envelope = _envelope(request, entry.destination, tuple(headers.values()), tags)
    return _entry(envelope, {**defaults, **rules.template_data(own)})


def template_content(template: Template) -> Content:
    content = template.template_content
    if content is None:
        name = template.template_name or template.template_arn
        raise (
            Refusal("NotFoundException", f"Template {name} does not exist.")
            if name
            else bad_request("A template needs TemplateContent, TemplateName or TemplateArn.")
        )
    if not content.subject or not (content.html or content.text):
        raise bad_request("A template needs a subject, and an HTML or a text part.")
    return _content("template", content.subject, content.html, content.text, template.attachments)


def _plain_content(simple: Simple) -> Content:
    html, text = simple.body.html, simple.body.text
    if html is None and text is None:
        raise bad_request("Body needs Html or Text.")
    return _content(
        "plain", simple.subject.data, html.data if html else "", text.data if text else "", simple.attachments
    )


def _content(kind: Any, subject: str, html: str, text: str, attachments: Sequence[Attachment]) -> Content:  # noqa: ANN401  a literal
    parts = {"subject": subject, "html": html, "text": text, "attachments": attachments}
    body = msgspec.json.encode(parts)
    if len(body) > rules.MAX_MESSAGE:
        raise bad_request(f"Message length is more than {rules.MAX_MESSAGE} bytes long: '{len(body)}'.")
    return Content(kind, body)


def _raw(request: SendEmail, data: bytes) -> tuple[Content, Entry]:
    """Where the call names no sender, recipients, tags or set, the message's own headers do, as SES documents."""
    if len(data) > rules.MAX_MESSAGE:
        raise bad_request(f"Message length is more than {rules.MAX_MESSAGE} bytes long: '{len(data)}'.")
    parsed = BytesHeaderParser().parsebytes(data)
    if parsed["From"] is None and not request.from_email_address:
        raise bad_request("Missing required header 'From'.")
    destination = request.destination if request.destination.all else _named_in(parsed)
    tags = (*_tags_in(parsed), *request.email_tags)
    rules.check_tags(tags)
    named = msgspec.structs.replace(
        request,
        from_email_address=request.from_email_address or str(parsed["From"]),
        configuration_set_name=request.configuration_set_name or parsed.get("X-SES-CONFIGURATION-SET", ""),
    )
    return Content("raw", data), _entry(_envelope(named, destination, (), tags), {})


def _named_in(parsed: Message) -> Destination:
    to, cc, bcc = (
        tuple(address for _, address in getaddresses([str(each) for each in parsed.get_all(name, [])]))
        for name in ("To", "Cc", "Bcc")
    )
    return Destination(to, cc, bcc)


def _tags_in(parsed: Message) -> tuple[Tag, ...]:
    pairs = (pair.partition("=") for pair in parsed.get("X-SES-MESSAGE-TAGS", "").split(",") if pair.strip())
    return tuple(Tag(name.strip(), value.strip()) for name, _, value in pairs)


def _envelope(
    request: SendEmail | SendBulkEmail, destination: Destination, headers: Sequence[Header], tags: Sequence[Tag]
) -> dict[str, Any]:
    return {
        "from": request.from_email_address,
        "to": destination.to_addresses,
        "cc": destination.cc_addresses,
        "bcc": destination.bcc_addresses,
        "destination": destination.all,
        "reply_to": request.reply_to_addresses,
        "headers": {each.name: each.value for each in headers},
        "tags": {each.name: each.value for each in tags},
        "operation": type(request).__name__,
        "configuration_set": request.configuration_set_name,
    }


def _entry(envelope: dict[str, Any], data: Mapping[str, Any]) -> Entry:
    recipients = rules.checked_recipients(envelope["destination"])
    return Entry(envelope | {"addresses": recipients, "data": data}, data, recipients)
