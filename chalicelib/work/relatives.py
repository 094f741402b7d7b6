"""New members of an e-mail's family, begun with what stands in it: a translation, or a variant for an A/B test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.model.email import Email
from chalicelib.work import emails, versions
from chalicelib.work.drafting import EDITABLE, MAX_NAME
from chalicelib.work.world import World

# A member has these of its own, or not at all.
OWN = frozenset({"name", "language", "weight", "test", "public_preview"})


def translate(world: World, email_id: str, language: str) -> Email:
    """A translation to be written into that language. Raises NotFound, Invalid and Conflict as `emails.create` does."""
    return _begun(world, email_id, language, {"translation_of": email_id, "language": language})


def vary(world: World, email_id: str, weight: object) -> Email:
    """A variant that `weight` percent get; the original gets what is left. Raises as above."""
    original = emails.read(world, email_id)
    named = "BCDEFGHIJKLMNOPQRSTUVWXYZ"[min(25, sum(1 for each in _family(world, original) if each.variant_of))]
    return _begun(world, email_id, named, {"variant_of": email_id, "weight": weight, "language": original.language})


def _family(world: World, email: Email) -> list[Email]:
    return world.emails.family(email.family)


def _begun(world: World, email_id: str, mark: str, more: Mapping[str, Any]) -> Email:
    original = emails.read(world, email_id)
    copied = {name: versions.given(name, original) for name in EDITABLE if name not in OWN}
    ending = f" ({mark})"
    name = original.name[: MAX_NAME - len(ending)] + ending
    return emails.create(world, {**copied, "kind": original.kind, "name": name, **more})
