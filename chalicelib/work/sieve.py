"""Who of a chunk's recipients gets no letter now: left out for good and why, or put off and until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.cap import LONGEST_WAIT_MS
from chalicelib.model.chunk import SKIP_LETTERS, Chunk
from chalicelib.model.contact import Contact
from chalicelib.model.eligibility import skip_letter
from chalicelib.model.email import Wait
from chalicelib.model.quiet_hours import quiet_until
from chalicelib.model.reading import Reading
from chalicelib.model.workspace import Workspace
from chalicelib.model.zones import zone_of_contact
from chalicelib.work import capping
from chalicelib.work.world import World

# How long somebody is put off who takes over another contact just now, to whom the same letter may be under way.
SETTLING_MS = 300_000


@dataclass(frozen=True, slots=True)
class Sifted:
    """By position: the letters of those who are left out, and when those who are put off may be asked again."""

    skipped: Mapping[int, str] = field(default_factory=dict)
    later: Mapping[int, int] = field(default_factory=dict)

    def __contains__(self, position: int) -> bool:
        return position in self.skipped or position in self.later


def sifted(
    world: World, broadcast: Broadcast, chunk: Chunk, positions: Sequence[int], reading: Reading, now: int
) -> Sifted:
    skipped = _skipped(broadcast, chunk, positions, reading, now)
    known = {i: reading.contacts[chunk.contacts[i]] for i in positions if i not in skipped}
    settling = {i: now + SETTLING_MS for i, contact in known.items() if contact.settling}
    staying = {i: contact for i, contact in known.items() if i not in settling}
    asleep = _asleep(reading.workspace, staying, now)
    awake = {contact.id: i for i, contact in staying.items() if i not in asleep}
    verdict = capping.verdict(world, broadcast, reading.workspace, [staying[i] for i in awake.values()], now)
    over = {awake[who]: until for who, until in verdict.over.items()}
    busy = {awake[who]: until for who, until in verdict.busy.items()}
    quiet = dict.fromkeys(_given_up(broadcast, broadcast.quiet_hours, asleep), SKIP_LETTERS["quiet_hours"])
    capped = dict.fromkeys(_given_up(broadcast, broadcast.over_cap, over), SKIP_LETTERS["over_cap"])
    left_out = skipped | quiet | capped
    later = settling | asleep | over | busy
    return Sifted(left_out, {i: until for i, until in later.items() if i not in left_out})


def _skipped(
    broadcast: Broadcast, chunk: Chunk, positions: Sequence[int], reading: Reading, now: int
) -> dict[int, str]:
    found = {}
    for i in positions:
        who = chunk.contacts[i]
        contact, row, suppression = reading.contacts.get(who), reading.rows.get(who), reading.suppressions.get(who)
        letter = skip_letter(contact, row, suppression, now=now, category=broadcast.category)
        if letter:
            found[i] = letter
    return found


def _asleep(workspace: Workspace, staying: Mapping[int, Contact], now: int) -> dict[int, int]:
    hours = workspace.quiet_hours
    if hours is None:
        return {}
    ends = ((i, quiet_until(hours, now, zone_of_contact(each, workspace.zone))) for i, each in staying.items())
    return {i: end for i, end in ends if end}


def _given_up(broadcast: Broadcast, wait: Wait, until: Mapping[int, int]) -> Iterator[int]:
    """Those who are left out for good: as the e-mail says, or because nobody waits that long."""
    last = max(broadcast.started_at or 0, broadcast.round_at) + LONGEST_WAIT_MS
    return (i for i, moment in until.items() if wait == "skip" or moment > last)
