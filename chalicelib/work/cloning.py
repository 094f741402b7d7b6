"""A new e-mail made of another: what a team writes once and changes a little."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict
from chalicelib.work import drafting, emails
from chalicelib.work.world import World

COPY = " (copy)"


def clone(world: World, email_id: str, name: str | None = None) -> Email:
    """A draft with everything that was written in the other, and nothing of what became of it.

    As in Mautic it stands alone (no translation, no variant, no test), is not published, and counts nothing; a text
    part beside HTML is made anew when it is published, lest it says what the HTML no longer does. Nobody has its public
    link: that is off. Raises NotFound, Invalid (the name).
    """
    return stored(world, copied(world, emails.read(world, email_id), name))


def copied(world: World, original: Email, name: str | None) -> Email:
    """The draft, not stored yet. Raises Invalid (the name)."""
    identifier, now = world.new_id(), world.now()
    return replace(
        original,
        id=identifier,
        family=identifier,
        name=_named(original, name),
        text="" if original.html or original.mjml else original.text,
        public_preview=False,
        translation_of="",
        variant_of="",
        weight=0,
        test=None,
        edition_of="",
        edition_for="",
        revision=0,
        version=1,
        created_at=now,
        updated_at=now,
        published_at=None,
    )


def copied_family(world: World, root: Email, ids: Callable[[Email], str] | None = None) -> list[Email]:
    """Drafts of the e-mail and of its translations and variants, which stand to each other as those do; the root's
    first, none of them stored yet. Each is an edition of its own original. `ids` says what its id is.
    """
    members = [root, *(emails.read(world, each.id) for each in world.emails.family(root.id))]
    copies = {each.id: copied(world, each, None) for each in members}
    named = {each.id: ids(each) if ids else copies[each.id].id for each in members}
    return [
        replace(
            copies[each.id],
            id=named[each.id],
            family=named[root.id],
            translation_of=named.get(each.translation_of, each.translation_of),
            variant_of=named.get(each.variant_of, each.variant_of),
            weight=each.weight,
            test=each.test,
            edition_of=each.id,
        )
        for each in members
    ]


def stored(world: World, copy: Email) -> Email:
    if not world.emails.create(copy):
        raise Conflict(f"The id {copy.id} is taken.", hint="Try again.")
    return copy


def _named(original: Email, name: str | None) -> str:
    if name is not None:
        return str(drafting.checked("name", name))
    return original.name[: drafting.MAX_NAME - len(COPY)] + COPY
