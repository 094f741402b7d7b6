"""Contacts with what belongs to them: their owner and their primary company, where a letter may ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.compose.kept import Kept
from chalicelib.compose.revision import Revision
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.work.world import World


def addressees(world: World, revision: Revision, contacts: Sequence[Contact]) -> list[Addressee]:
    """In the order of the contacts. Reads nothing where the letter does not ask or nobody has an owner or company."""
    kinds, now = _kinds(revision), world.now()
    owner_ids = _ids(each.owner_id for each in contacts) if "owner" in kinds else []
    company_ids = _ids(each.company_id for each in contacts) if "field" in kinds else []
    owners = world.owners.read_many(owner_ids) if owner_ids else {}
    companies = world.companies.read_many(company_ids) if company_ids else {}
    return [Addressee(each, owners.get(each.owner_id), companies.get(each.company_id), now) for each in contacts]


@Kept
def _kinds(revision: Revision) -> frozenset[str]:
    return frozenset(slot.kind for slot in revision.program.slots)


def _ids(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(each for each in found if each))
