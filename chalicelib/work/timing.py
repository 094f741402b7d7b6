"""When a broadcast is to go out: what was asked for, checked and worked out."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.email import Email
from chalicelib.model.errors import Invalid
from chalicelib.model.pacing import FASTEST, SLOWEST
from chalicelib.model.schedule import When, begins_at, is_gone
from chalicelib.work.emails import check_window

FAR_MS = 366 * 24 * 3_600_000


def within(when: When, email: Email, now: int) -> When:
    """What is asked for, kept to the time in which the e-mail may go out. Raises Invalid and Conflict."""
    opens = max(now, email.publish_up or 0)
    at = begins_at(when.schedule) if when.schedule else when.at
    if at is not None and now <= at < opens:
        raise Invalid("at", at, "The e-mail goes out later: see its publish_up.")
    if at is None and opens > now:
        when = replace(when, at=opens)
    check_window(email, max(opens, at or 0))
    ends = [each for each in (when.until, email.publish_down) if each is not None]
    return replace(when, until=min(ends, default=None))


def timed(broadcast: Broadcast, when: When, now: int) -> Broadcast:
    """The broadcast with its times. Raises Invalid."""
    at = begins_at(when.schedule) if when.schedule else when.at
    if at is not None and at > now + FAR_MS:
        raise Invalid("at", at, "At most a year ahead.")
    if when.schedule and when.schedule.timing != "instant" and is_gone(when.schedule, now):
        raise Invalid("at", when.schedule.local, "That time is over everywhere. Choose a later one, or start at once.")
    refuse_rate(when.rate)
    due = now if at is None else max(now, at)
    after = replace(broadcast, at=due, schedule=when.schedule, until=when.until, rate=when.rate)
    return _followed(_ended(after, now), when)


def refuse_rate(rate: float | None) -> None:
    """Raises Invalid for what is no rate of a broadcast's own."""
    if rate is not None and not SLOWEST <= rate <= FASTEST:
        raise Invalid("rate", rate, f"Give recipients a second, from {SLOWEST:g} to {FASTEST:g}, or none at all.")


def _ended(broadcast: Broadcast, now: int) -> Broadcast:
    until = broadcast.until
    if until is not None and not broadcast.at < until <= now + FAR_MS:
        raise Invalid("until", until, "Give a time behind the beginning, at most a year ahead.")
    return broadcast


def _followed(broadcast: Broadcast, when: When) -> Broadcast:
    if not when.joiners:
        return broadcast
    if broadcast.until is None:
        raise Invalid("joiners", True, "Say until when whoever joins later is to get it: give `until` too.")
    if broadcast.source is not None:
        raise Invalid("joiners", True, "This audience comes from earlier broadcasts: nobody joins it.")
    if broadcast.test is not None:
        raise Invalid("joiners", True, "The test is over before they join: start another broadcast for them.")
    return replace(broadcast, joiners=True)
