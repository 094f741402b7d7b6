"""What keeps e-mails, what was published of them, and themes."""

from __future__ import annotations

from typing import Protocol

from chalicelib.compose.revision import Revision
from chalicelib.model.dns_record import Identity
from chalicelib.model.email import Email
from chalicelib.model.sender_domain import SenderDomain
from chalicelib.model.version import Version


class Emails(Protocol):
    def create(self, email: Email) -> bool: ...
    def read(self, email_id: str) -> Email | None: ...
    def update(self, email: Email, expected_version: int) -> bool: ...
    def publish(self, email: Email, expected_version: int, by: str) -> bool:
        """As `update`, and keeps it as a version under its revision's number."""
        ...

    def versions(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Version], str | None]:
        """The newest first, without bodies."""
        ...

    def version(self, email_id: str, number: int) -> Version | None: ...

    def delete(self, email: Email) -> bool:
        """Conditional on its version. What was published stays."""
        ...

    def family(self, family: str) -> list[Email]:
        """The translations and variants of this root, without their bodies, the oldest first."""
        ...

    def page(self, limit: int, cursor: str | None) -> tuple[list[Email], str | None]:
        """Without `html`, `mjml`, `text` and `blocks`, which live in a row of their own."""
        ...


class Revisions(Protocol):
    """Immutable objects in the bucket: the revision (private) and its link table (public)."""

    def put(self, revision: Revision) -> None:
        """Link table first. Puts the same content twice without harm; raises Conflict on other content."""
        ...

    def read(self, email_id: str, number: int) -> Revision | None:
        """Cached in the process: revisions never change."""
        ...


class Links(Protocol):
    """The public link tables, read over HTTP without an AWS client (the click endpoint's only read)."""

    def read(self, email_id: str, number: int) -> tuple[str, ...] | None: ...


class ThemeFiles(Protocol):
    """A theme's zip (private) and its pictures (public), under its content's digest: they never change."""

    def put(self, theme: str, content: str, body: bytes) -> None: ...

    def read(self, theme: str, content: str) -> bytes | None: ...

    def publish(self, place: str, body: bytes, content_type: str) -> None:
        """A picture at its public place."""
        ...

    def place(self, theme: str, content: str, path: str) -> str:
        """The key in the bucket of a picture."""
        ...


class SenderDomains(Protocol):
    def look(self, name: str) -> SenderDomain:
        """What DNS and the transport know about a domain. Never raises; what does not answer is not known."""
        ...

    def ask(self, name: str, kind: str) -> tuple[str, ...] | None:
        """The records of this kind (TXT, CNAME, MX, A) as DNS has them, () for none; None where it did not answer."""
        ...

    def identity(self, name: str) -> Identity | None:
        """What SES knows of the domain or of one above it; None where it knows none, or did not answer."""
        ...
