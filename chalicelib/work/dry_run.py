"""Letters made and looked at, and not sent: every pending recipient's, as a broadcast would make them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.compose.holes import holes
from chalicelib.compose.letter import joined
from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Revision
from chalicelib.model.addressee import Addressee
from chalicelib.model.cohort import domain_of, tallied
from chalicelib.model.contact import Contact
from chalicelib.model.family import Member, choice
from chalicelib.model.message import MessageKey
from chalicelib.model.preflight import Preflight
from chalicelib.model.token import Tracked
from chalicelib.work.addressees import addressees
from chalicelib.work.world import World


@dataclass(frozen=True, slots=True)
class DryRun:
    """Of these revisions: a family's by the places of its `members`, the only one where it is alone."""

    world: World
    family: str
    members: tuple[Member, ...]
    revisions: Sequence[Revision]

    def flown(self, job: Preflight, going: Sequence[Contact]) -> Preflight:
        """The job after these recipients' letters were made and looked at."""
        counted = tallied(job.domains, (domain_of(each.address) for each in going))
        after = replace(job, pending=job.pending + len(going), domains=counted)
        for place, contacts in self._groups(going).items():
            revision = self.revisions[place]
            after = _carried(after, revision, len(contacts))
            for to in addressees(self.world, revision, contacts):
                filled = self._filled(revision, to)
                heaviest = max(after.heaviest, len(joined(revision.program.html, filled).encode()))
                found = holes(revision, to, filled)
                after = after.seen(to.contact.id, heaviest, found)
        return after

    def _groups(self, contacts: Iterable[Contact]) -> dict[int, list[Contact]]:
        groups: dict[int, list[Contact]] = {}
        for contact in contacts:
            place = choice(self.members, self.family, contact) if self.members else 0
            groups.setdefault(place, []).append(contact)
        return groups

    def _filled(self, revision: Revision, to: Addressee) -> tuple[str, ...]:
        key = MessageKey(to.contact.id, self.family)
        token = self.world.signer.token(Tracked(key, revision.email, revision.number))
        return values(revision, to, token, self.world.signer)


def _carried(job: Preflight, revision: Revision, recipients: int) -> Preflight:
    mails = recipients * (1 + len(revision.bcc))
    attached = sum(each.size for each in revision.attachments)
    return replace(job, mails=job.mails + mails, carried=job.carried + mails * attached)
