"""Editions: an e-mail again, as a new family linked to the first, for those who got the first and did not open it.

The family has all of the first one's members: whoever got a translation gets that translation again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.source import Source
from chalicelib.work import cloning, drafting, emails
from chalicelib.work.world import World

# The newest of the first e-mail's broadcasts; a team that has sent one e-mail to more audiences has another problem.
MOST_BROADCASTS = 50
SUBJECT = "subject"


def create(
    world: World, email_id: str, subject: str, name: str | None = None, subjects: Mapping[str, str] | None = None
) -> Email:
    """A draft like the e-mail with another subject: its broadcasts go to whom the first reached and who did not open.
    Drafts of the translations and variants stand beside it, with the `subjects` that are given by their originals' ids,
    or those they have.

    Raises NotFound, Invalid (subject, subjects, name) and Conflict (a template e-mail, a translation or variant, never
    sent).
    """
    original = emails.published(world, email_id, "segment")
    if original.family != original.id:
        hint = f"Make it of the first: POST /v1/emails/{original.family}/editions."
        raise Conflict("This e-mail is a translation or variant of another.", field="id", hint=hint)
    source(world, original.id)
    root, *others = cloning.copied_family(world, original)
    members = _titled(others, subjects or {})
    checked: dict[str, Any] = {SUBJECT: drafting.checked(SUBJECT, subject)}
    if name is not None:
        checked["name"] = drafting.checked("name", name)
    # the root last: what has one is whole
    for each in members:
        cloning.stored(world, each)
    return cloning.stored(world, replace(root, **checked, edition_for="unopened", segments=(), exclude=()))


def _titled(members: Sequence[Email], subjects: Mapping[str, str]) -> list[Email]:
    """With their new subjects. Raises Invalid."""
    for each in subjects.keys() - {member.edition_of for member in members}:
        raise Invalid("subjects", each, "Give the ids of translations and variants of this e-mail.")
    titles = {each: drafting.checked(SUBJECT, subject) for each, subject in subjects.items()}
    return [replace(each, subject=titles.get(each.edition_of, each.subject)) for each in members]


def source(world: World, first: str) -> Source:
    """Those of an e-mail's broadcasts who did not open. Conflict where there are none to resend to."""
    found, _ = world.broadcasts.of_email(first, MOST_BROADCASTS, None)
    begun = tuple(each.id for each in found if each.started_at is not None)
    if not begun:
        hint = "An edition goes to those who got the first e-mail and did not open it."
        raise Conflict("This e-mail has not been broadcast yet.", field="id", hint=hint)
    return Source(begun, "unopened")


def own_source(world: World, email: Email, segments: Sequence[str] | None) -> Source | None:
    """The audience of an edition that has one of its own; None where `segments` are chosen instead, or for any other
    e-mail. Raises Conflict as `source`.
    """
    return source(world, email.edition_of) if email.edition_for and segments is None else None


def estimate(world: World, edition: Email) -> dict[str, Any]:
    """How many a broadcast started now would plan: by the counters, without reading anybody. Its template sendings
    are none.
    """
    from chalicelib.work.stats import of_family  # noqa: PLC0415  # compares link tables, for this answer alone

    said = of_family(world, edition.edition_of)
    return {"estimate": max(0, said["sent"] - said["human"]["opened"]["unique"]), "exact": False}
