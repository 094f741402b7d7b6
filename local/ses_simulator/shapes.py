"""The requests that the simulator reads, as SES v2's service model shapes them."""

from __future__ import annotations

import msgspec


class Shape(msgspec.Struct, rename="pascal", frozen=True):
    """A structure of the API: its members' names on the wire are in PascalCase."""


class Tag(Shape, frozen=True):
    name: str
    value: str


class Header(Shape, frozen=True):
    name: str
    value: str


class Destination(Shape, frozen=True):
    to_addresses: tuple[str, ...] = ()
    cc_addresses: tuple[str, ...] = ()
    bcc_addresses: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        return (*self.to_addresses, *self.cc_addresses, *self.bcc_addresses)


class Attachment(Shape, frozen=True):
    raw_content: bytes
    file_name: str
    content_type: str = "application/octet-stream"
    content_disposition: str = "ATTACHMENT"
    content_id: str = ""


class TemplateContent(Shape, frozen=True):
    subject: str = ""
    text: str = ""
    html: str = ""


class Template(Shape, frozen=True):
    template_name: str = ""
    template_arn: str = ""
    template_content: TemplateContent | None = None
    template_data: str = "{}"
    headers: tuple[Header, ...] = ()
    attachments: tuple[Attachment, ...] = ()


class Content(Shape, frozen=True):
    data: str
    charset: str = ""


class Body(Shape, frozen=True):
    text: Content | None = None
    html: Content | None = None


class Simple(Shape, frozen=True):
    subject: Content
    body: Body
    headers: tuple[Header, ...] = ()
    attachments: tuple[Attachment, ...] = ()


class Raw(Shape, frozen=True):
    """`data` travels as base64."""

    data: bytes


class EmailContent(Shape, frozen=True):
    simple: Simple | None = None
    raw: Raw | None = None
    template: Template | None = None


class SendEmail(Shape, frozen=True):
    content: EmailContent
    from_email_address: str = ""
    destination: Destination = Destination()
    reply_to_addresses: tuple[str, ...] = ()
    email_tags: tuple[Tag, ...] = ()
    configuration_set_name: str = ""


class BulkContent(Shape, frozen=True):
    template: Template


class ReplacementTemplate(Shape, frozen=True):
    replacement_template_data: str = "{}"


class ReplacementContent(Shape, frozen=True):
    replacement_template: ReplacementTemplate = ReplacementTemplate()


class BulkEntry(Shape, frozen=True):
    destination: Destination
    replacement_tags: tuple[Tag, ...] = ()
    replacement_headers: tuple[Header, ...] = ()
    replacement_email_content: ReplacementContent = ReplacementContent()


class SendBulkEmail(Shape, frozen=True):
    default_content: BulkContent
    bulk_email_entries: tuple[BulkEntry, ...]
    from_email_address: str = ""
    reply_to_addresses: tuple[str, ...] = ()
    default_email_tags: tuple[Tag, ...] = ()
    configuration_set_name: str = ""
