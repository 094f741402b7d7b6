"""What one contact did with its e-mails, read for the filters that ask for it."""

from __future__ import annotations

from heapq import nlargest

from chalicelib.model.contact import Contact
from chalicelib.model.deeds import Click, Past, WithEmail
from chalicelib.model.fact import Fact, Kind
from chalicelib.model.feedback import Feedback
from chalicelib.model.message import Message, MessageKey
from chalicelib.work.addresses import address_hash
from chalicelib.work.world import World

# The newest messages of a contact; who got more is judged by these.
MOST = 1_000


def past_of(world: World, contact: Contact) -> Past:
    """A query of its messages and of those of each contact that was merged into it, and a read of the suppression. Hits
    of scanners are left out; a click is an open too where the e-mail has none (as in Mautic).
    """
    every, feedback = log(world, contact)
    messages = nlargest(MOST, every, key=lambda message: (message.at, str(message.key)))
    emails: dict[str, WithEmail] = {}
    for message in messages:
        facts = _by_people(feedback.get(message.key))
        emails[message.email] = _and(emails.get(message.email, WithEmail()), _with(world, message, facts))
    suppression = world.suppressions.read(address_hash(world, contact.address))
    if suppression is None:
        return Past(emails)
    return Past(emails, suppression.reason, suppression.at)


def log(world: World, contact: Contact) -> tuple[list[Message], dict[MessageKey, Feedback]]:
    """All its messages, in nobody's order, and what came back about any; those of contacts that were merged into it
    too. What is the copy of another's is with that other.
    """
    messages: list[Message] = []
    feedback: dict[MessageKey, Feedback] = {}
    for each in (contact.id, *contact.absorbed):
        sent, told = world.messages.of_contact(each)
        messages += [message for message in sent if not message.of]
        feedback |= {known.message: known for known in told}
    return messages, feedback


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
