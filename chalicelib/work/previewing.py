"""What a draft would look like to somebody: previews, test letters, and the public preview.

A letter that is only looked at is compiled untracked: no pixel, links that lead where they lead, and nothing that
comes back about it counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.header import decode_header, make_header
from typing import TYPE_CHECKING

from chalicelib.compose.in_scheme import in_scheme
from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.mime import mime
from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Envelope, Letter, Revision
from chalicelib.compose.source import Caution
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import ADDRESS_ALIASES, Contact
from chalicelib.model.email import Email
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.fields import checked_fields
from chalicelib.model.message import TEST
from chalicelib.model.outcome import Outcome
from chalicelib.model.token import UNTRACKED
from chalicelib.work import contacts, emails, unlogged
from chalicelib.work.addressees import addressees
from chalicelib.work.addresses import normalised
from chalicelib.work.messaging import checked_tokens
from chalicelib.work.world import World

if TYPE_CHECKING:
    from chalicelib.compose.shown_links import ShownLink

NOBODY = "preview@example.com"
PURPOSE = "public preview"
MAX_TESTS = 10
MARK = "[Test] "
TEST_HEADER = "X-Envoi-Test"


@dataclass(frozen=True, slots=True)
class Preview:
    """`letter.from_` and `reply_to` as people read them; `raw` is the whole MIME message; `links` in their order."""

    letter: Letter
    raw: str
    links: tuple[ShownLink, ...]
    warnings: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one test letter."""

    address: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Somebody:
    """For whom: a contact by id or address, or a made-up one by its fields; nobody in particular without either."""

    contact_id: str | None = None
    contact: Mapping[str, object] | None = None
    tokens: Mapping[str, str] | None = None


def preview(world: World, email_id: str, whom: Somebody) -> Preview:
    """The draft as it stands, for this contact. Raises NotFound, Invalid and TooLarge as publishing does."""
    from chalicelib.compose.shown_links import shown_links  # noqa: PLC0415  # parsers that only previews need

    revision, warnings = _compiled(world, emails.read(world, email_id))
    copy = _copy(world, revision, _addressee(world, revision, whom), whom)
    seen = letter(revision, copy)
    return Preview(
        letter=replace(seen, from_=_readable(seen.from_), reply_to=_readable(seen.reply_to)),
        raw=mime(revision, copy).decode("ascii"),
        links=tuple(shown_links(seen, revision.base_url)),
        warnings=warnings,
    )


def looked_at(world: World, email_id: str, whom: Somebody, *, dark: bool) -> str:
    """The HTML of the draft for this contact, as a mail program in that scheme shows it. Raises as `preview` does."""
    return in_scheme(preview(world, email_id, whom).letter.html, "dark" if dark else "light")


def send_tests(world: World, email_id: str, to: Sequence[str], whom: Somebody) -> list[Trial]:
    """A test letter to each of these addresses, marked as such, with the values of `whom`.

    Each is one call, tried once. Nothing of it is tracked, counted or kept. Raises as `preview` does.
    """
    addresses = _addresses(to)
    revision, _ = _compiled(world, emails.read(world, email_id))
    marked = _marked(revision)
    copy = _copy(world, marked, _addressee(world, marked, whom), whom)
    return [Trial(each, unlogged.send(world, marked, replace(copy, address=each))) for each in addresses]


def public_url(world: World, email: Email) -> str | None:
    """Where anybody may look at the e-mail; None while that is switched off."""
    if not email.public_preview:
        return None
    return f"{world.base_url}/v/{email.id}/{world.signer.seal(PURPOSE, email.id)}"


def public_preview(world: World, email_id: str, seal: str) -> str | None:
    """The page behind a public link; None where it is not ours, switched off, or cannot be shown."""
    if not world.signer.sealed(PURPOSE, email_id, seal):
        return None
    email = world.emails.read(email_id)
    if email is None or not email.public_preview:
        return None
    try:
        revision, _ = _compiled(world, email)
    except Fault:
        return None
    return as_nobody(world, revision)


def as_nobody(world: World, revision: Revision) -> str:
    """The page of a revision, for nobody in particular."""
    whom = Somebody()
    return web_page(revision, _copy(world, revision, _addressee(world, revision, whom), whom).values)


def _compiled(world: World, email: Email) -> tuple[Revision, tuple[Caution, ...]]:
    made = emails.compiled_draft(world, email, tracked=False)
    return made.revision, made.warnings


def _addressee(world: World, revision: Revision, whom: Somebody) -> Addressee:
    if whom.contact_id is not None and whom.contact is not None:
        raise Invalid("contact", dict(whom.contact), "Give `contact_id` or `contact`, not both.")
    someone = (
        _made_up(whom.contact or {}) if whom.contact_id is None else contacts.read(world, whom.contact_id, "contact_id")
    )
    [to] = addressees(world, revision, [someone])
    return to


def _made_up(fields: Mapping[str, object]) -> Contact:
    address = next((value for alias, value in fields.items() if alias in ADDRESS_ALIASES), NOBODY)
    if not isinstance(address, str):
        raise Invalid("contact.email", address, "Give one address such as ann@example.com.")
    own = {alias: value for alias, value in fields.items() if alias not in ADDRESS_ALIASES}
    known = checked_fields(own, "contact")
    return Contact(TEST.contact, normalised(address, "contact.email"), known)


def _copy(world: World, revision: Revision, to: Addressee, whom: Somebody) -> Envelope:
    tokens = dict(checked_tokens(whom.tokens or {}))
    filled = values(revision, to, UNTRACKED, world.signer, tokens)
    return Envelope(TEST, to.contact.address, world.new_id(), UNTRACKED, filled)


def _marked(revision: Revision) -> Revision:
    program = revision.program
    first, *rest = program.subject or ("",)
    subject = (MARK + first, *rest) if isinstance(first, str) else (MARK, first, *rest)
    headers = (*program.headers, (TEST_HEADER, ("yes",)))
    return replace(revision, program=replace(program, subject=subject, headers=headers), bcc=())


def _addresses(to: Sequence[str]) -> list[str]:
    unique = list(dict.fromkeys(normalised(each, "to") for each in to))
    if not 1 <= len(unique) <= MAX_TESTS:
        raise Invalid("to", len(unique), f"Give 1 to {MAX_TESTS} addresses.")
    return unique


def _readable(mailboxes: str) -> str:
    return str(make_header(decode_header(mailboxes)))
