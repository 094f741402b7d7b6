"""Soft bounces: a mailbox that is full for weeks is as good as gone.

One mail is one soft bounce, however often and by whatever road it is told; so many within so many days (both the
workspace's) suppress the address. A delivery in between forgives all before it, as mailbox providers count failures
in a row; it is looked for only once the number is reached, so that the millions of deliveries cost nothing.
"""

from __future__ import annotations

from chalicelib.model.address_record import AddressRecord, SoftBounce, run_of_bounces, with_soft_bounce
from chalicelib.model.errors import Conflict
from chalicelib.model.fact import Event
from chalicelib.model.ids import is_id
from chalicelib.model.suppression import Suppression
from chalicelib.work import workspaces
from chalicelib.work.world import World

SOURCE = "soft bounces"
TRIES = 8
LOOKED_AT = 100


def counted(world: World, event: Event, address_hash: str) -> Suppression | None:
    """Keeps a soft bounce; the suppression that follows from it with those before it, None where none does.

    Idempotent: told again it is kept once, and judged again. Raises Conflict where others keep writing.
    """
    bounce = SoftBounce(event.at, mail_of(event))
    for _ in range(TRIES):
        before = world.suppressions.record(address_hash)
        after = with_soft_bounce(before, bounce)
        if after is before or world.suppressions.write_record(after, before.version):
            return _judged(world, after, event)
    raise Conflict(f"The record of {address_hash} is changing too fast.", hint="It will be told again.")


def mail_of(event: Event) -> str:
    """The provider's id of the mail: an identity's notice about it says the same one. Else our own id of it."""
    known = is_id(event.message.contact)
    return event.provider_id or (str(event.message) if known else event.id)


def _judged(world: World, record: AddressRecord, event: Event) -> Suppression | None:
    space = workspaces.read(world)
    most, days = space.soft_bounces, space.soft_bounce_days
    if not most or not run_of_bounces(record, most, days):
        return None
    run = run_of_bounces(record, most, days, _last_delivery(world, record.address_hash, event))
    return Suppression(record.address_hash, "bounced", SOURCE, run[-1].at) if run else None


def _last_delivery(world: World, address_hash: str, event: Event) -> int:
    """When a mail last reached this person, as far as it was told: of the newest mails; 0 where none did."""
    contact = event.message.contact if is_id(event.message.contact) else world.contacts.by_address(address_hash)
    if contact is None:
        return 0
    messages, _ = world.messages.history(contact, LOOKED_AT, None)
    told = world.facts.read_many([message.key for message in messages])
    facts = (fact for feedback in told.values() for fact in feedback.facts)
    return max((fact.event.at for fact in facts if fact.event.kind == "delivered"), default=0)
