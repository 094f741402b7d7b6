"""What one contact did with its e-mails, read for the filters that ask for it."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.model.contact import Contact
from chalicelib.model.deeds import Click, Past, WithEmail
from chalicelib.model.fact import Fact, Kind
from chalicelib.model.feedback import Feedback
from chalicelib.model.message import Message
from chalicelib.work.addresses import address_hash
from chalicelib.work.world import World

PAGE = 100
# The newest messages of a contact; who got more is judged by these.
MOST = 1_000


def past_of(world: World, contact: Contact) -> Past:
    """Two reads for a hundred messages, and one of the suppression. Hits of scanners are left out; a click is an open
    too where the e-mail has none (as in Mautic).
    """
    messages = list(_messages(world, contact.id))
    feedback = world.facts.read_many([message.key for message in messages])
    emails: dict[str, WithEmail] = {}
    for message in messages:
        facts = _by_people(feedback.get(message.key))
        emails[message.email] = _and(emails.get(message.email, WithEmail()), _with(world, message, facts))
    suppression = world.suppressions.read(address_hash(world, contact.address))
    if suppression is None:
        return Past(emails)
    return Past(emails, suppression.reason, suppression.at)


def _messages(world: World, contact_id: str) -> Iterator[Message]:
    cursor: str | None = None
    for _ in range(MOST // PAGE):
        page, cursor = world.messages.history(contact_id, PAGE, cursor)
        yield from page
        if cursor is None:
            return


def _by_people(feedback: Feedback | None) -> list[Fact]:
    facts = feedback.facts if feedback else ()
    return [fact for fact in facts if fact.verdict is None or fact.verdict.label != "scanner"]


def _with(world: World, message: Message, facts: list[Fact]) -> WithEmail:
    clicked = tuple(Click(fact.event.at, _link(world, message, fact)) for fact in facts if fact.event.kind == "clicked")
    opened = _times(facts, "opened") or tuple(click.at for click in clicked[:1])
    return WithEmail((message.at,) if message.state == "sent" else (), opened, clicked)


def _times(facts: list[Fact], kind: Kind) -> tuple[int, ...]:
    return tuple(fact.event.at for fact in facts if fact.event.kind == kind)


def _link(world: World, message: Message, fact: Fact) -> str:
    links = world.links.read(message.email, message.revision) or ()
    number = fact.event.link
    return links[number] if number is not None and number < len(links) else ""


def _and(one: WithEmail, other: WithEmail) -> WithEmail:
    return WithEmail(one.sent + other.sent, one.opened + other.opened, one.clicked + other.clicked)
