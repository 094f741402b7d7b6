"""The history of a contact's consent: what was asked, given and taken back, when, from where, by which words."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.consent import Consent, ConsentKind, Source
from chalicelib.model.contact import Contact
from chalicelib.model.fact import Kind
from chalicelib.model.message import MessageKey
from chalicelib.work.world import World


@dataclass(frozen=True, slots=True)
class Visit:
    """Where somebody came from who says something: the shortened network ("" unless the workspace keeps those), the
    class of the browser, the language of the page, and the message whose link led there.
    """

    source: Source = "letter"
    network: str = ""
    agent: str = ""
    language: str = ""
    message: MessageKey | None = None


NOBODY = Visit()


def keep(world: World, contact_id: str, kind: ConsentKind, at: int, visit: Visit, **more: str) -> None:
    """An entry of its own; `more` are `text`, `digest`, `form`, `category` and, where it is to be kept once, `id`."""
    entry = Consent(
        id=more.pop("id", "") or world.new_id(),
        contact=contact_id,
        kind=kind,
        at=at,
        source=visit.source,
        network=visit.network,
        agent=visit.agent,
        language=more.pop("language", "") or visit.language,
        message=str(visit.message) if visit.message else "",
        text=more.pop("text", ""),
        digest=more.pop("digest", ""),
        form=more.pop("form", ""),
        category=more.pop("category", ""),
    )
    world.consents.add(entry)


def told(world: World, contact: Contact) -> list[Consent]:
    """What the contact said, and those that were merged into it; the oldest first."""
    found = [each for who in (contact.id, *contact.absorbed) for each in world.consents.of_contact(who)]
    return sorted(found, key=lambda each: (each.at, each.id))


def event_id(world: World, kind: Kind, message: MessageKey, category: str = "") -> str:
    """The same for the same word about the same message: told twice it is told once."""
    return world.signer.hashed(kind, f"{message} {category}".strip())
