"""What comes back as mail: bounces and complaints about what a plain SMTP server sent.

A mail may be read twice and recorded twice: its events have the same ids, and are facts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.model.fact import Event
from chalicelib.model.inbox import InboxMark
from chalicelib.model.message import Message
from chalicelib.work.ports.messages import Inbox
from chalicelib.work.ports.shelf import Shelf
from chalicelib.work.recording import record
from chalicelib.work.world import World

# For recording what one page of an inbox says.
MARGIN_MS = 20_000


def collect(world: World, inbox: Inbox, marks: Shelf[InboxMark]) -> int:
    """Reads an inbox from its mark on, as long as there is time; how many mails. The mark moves behind what was
    recorded: a crash repeats a page and loses none. Of two at once, one stops at the other's mark.
    """
    mails = 0
    while world.time_left() > MARGIN_MS:
        mark = marks.read(inbox.name)
        page = inbox.after(mark.place if mark else "")
        take(world, page.events)
        mails += page.mails
        moved = page.place != (mark.place if mark else "") and _moved(marks, mark, InboxMark(inbox.name, page.place))
        if not moved or not page.mails:
            break
    return mails


def take(world: World, events: Sequence[Event]) -> None:
    """Records events of mails, which know their message but not all of its row."""
    keys = list(dict.fromkeys(event.message for event in events))
    rows = world.messages.read_many(keys) if keys else {}
    record(world, [_completed(event, rows.get(event.message)) for event in events])


def _completed(event: Event, row: Message | None) -> Event:
    """Without a row (a call in doubt has none) a template e-mail's is its family, which has the root e-mail's id."""
    if row is None:
        return event if event.email else replace(event, email=event.message.family)
    return replace(event, email=row.email, attempt=row.attempt, provider_id=row.provider_id)


def _moved(marks: Shelf[InboxMark], before: InboxMark | None, after: InboxMark) -> bool:
    if before is None:
        return marks.create(after)
    return marks.update(replace(after, version=before.version + 1), before.version)
