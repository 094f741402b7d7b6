"""Families of e-mails: translations and A/B variants, sent together by one broadcast; each contact gets one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.model.email import Email, SplitTest
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.family import MAX_MEMBERS, PERCENT, Member, tag
from chalicelib.work.world import World


def joined(world: World, email: Email) -> Email:
    """The new e-mail in the family of the one that it translates or is a variant of; as it is where it does neither.

    Raises Invalid (no such e-mail, another kind, a variant of a variant, weights over 100 percent, a
    language that is there) and Conflict (the
    family has been broadcast, or is full): nothing joins a family after its first broadcast.
    """
    parent_id = email.translation_of or email.variant_of
    if not parent_id:
        return email
    parent = _parent(world, email, "translation_of" if email.translation_of else "variant_of", parent_id)
    others = world.emails.family(parent.family)
    _refuse_late(world, parent.family, len(others))
    member = replace(email, family=parent.family)
    check(world, member)
    return member


def family(world: World, email: Email) -> list[Email]:
    """The e-mails of its family, the original first where it is still there."""
    root = email if email.family == email.id else world.emails.read(email.family)
    return [*filter(None, [root]), *world.emails.family(email.family)]


def members(world: World, root: Email) -> tuple[Member, ...]:
    """The members with their published revisions, the root first; none where it is alone.

    Raises Conflict where the e-mail is not the root, or where a member is not published.
    """
    if root.family != root.id:
        hint = f"Broadcast the e-mail {root.family}: each contact gets the member of its language and variant."
        raise Conflict("This e-mail is a translation or variant of another.", field="id", hint=hint)
    others = world.emails.family(root.id)
    for each in others:
        if not each.revision:
            raise Conflict(
                f"{each.name} ({each.id}) belongs to this e-mail and is not published.",
                hint=f"POST /v1/emails/{each.id}/publish, or delete it.",
            )
    return tuple(map(_member, (root, *others))) if others else ()


def test_of(root: Email, members: Sequence[Member]) -> SplitTest | None:
    """The test that a broadcast of these members makes: none where there is one variant alone."""
    return root.test if len({each.variant for each in members}) > 1 else None


def check(world: World, email: Email) -> None:
    """What the others say about a member as it is to be: their weights, and their languages. Raises Invalid."""
    others = [each for each in world.emails.family(email.family) if each.id != email.id]
    if email.family != email.id and (root := world.emails.read(email.family)):
        others.insert(0, root)
    if email.variant_of:
        _check_weights([*others, email])
    if email.translation_of and not email.language:
        raise Invalid("language", email.language, "A translation needs its language, such as fr or pt-BR.")
    _check_languages(email, others)


def _check_languages(email: Email, others: Sequence[Email]) -> None:
    """Of two in one language nobody would ever get the second."""
    for each in others:
        alike = email.language and tag(each.language) == tag(email.language)
        if alike and _translated(each) == _translated(email):
            mend = f"{each.name} ({each.id}) is in that language already: give another, or delete one."
            raise Invalid("language", email.language, mend)


def _translated(email: Email) -> str:
    """The original that it translates, or is."""
    return email.translation_of or email.id


def _check_weights(members: Sequence[Email]) -> None:
    """Invalid where the variants' weights leave nothing for the root (Mautic: together at most 100)."""
    total = sum(each.weight for each in members if each.variant_of)
    if total > PERCENT:
        raise Invalid("weight", total, "The weights of all variants together are at most 100; the root gets the rest.")


def _member(email: Email) -> Member:
    variant = email.variant_of and email.id
    return Member(email.id, email.revision, variant or email.translation_of or email.id, email.language, email.weight)


def _parent(world: World, email: Email, field: str, parent_id: str) -> Email:
    parent = world.emails.read(parent_id)
    if parent is None:
        raise Invalid(field, parent_id, "There is no such e-mail.")
    if email.translation_of and email.variant_of:
        raise Invalid(field, parent_id, "An e-mail is a translation or a variant, not both.")
    if not parent.kind == email.kind == "segment":
        raise Invalid(
            "kind", email.kind, "Translations and variants are segment e-mails, as the e-mail they belong to."
        )
    if parent.translation_of or (email.variant_of and parent.variant_of):
        raise Invalid(field, parent_id, f"That is itself a translation or variant: name {parent.family}.")
    return parent


def _refuse_late(world: World, family: str, others: int) -> None:
    if others + 1 >= MAX_MEMBERS:
        raise Conflict(f"A family has at most {MAX_MEMBERS} e-mails.")
    found, _ = world.broadcasts.of_email(family, 1, None)
    if found:
        raise Conflict(
            "The e-mail has been broadcast: nothing joins it any more, or people would get it again.",
            hint="Make a new e-mail.",
        )
