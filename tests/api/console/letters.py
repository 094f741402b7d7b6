"""A published letter, its segment and two people in it."""

from dataclasses import dataclass

from chalicelib.work import belonging, contacts, emails, preflight, segments
from chalicelib.work.world import World

DRAFT = {
    "kind": "segment",
    "name": "Spring <letter>",
    "subject": "Spring",
    "from_address": "team@example.com",
    "html": '<p>Hello <a href="https://example.org/rye">rye</a> {unsubscribe_text}</p>',
}


@dataclass(frozen=True)
class Letters:
    world: World
    email: str
    segment: str

    def checked(self) -> str:
        """A pre-flight that has finished."""
        job = preflight.begin(self.world, self.email, [self.segment], [])
        preflight.run(self.world, job.id)
        return job.id


def letters(world: World, *, published: bool = True) -> Letters:
    segment = segments.create(world, "Readers").id
    for name in ("ann", "bob"):
        contact = contacts.create(world, f"{name}@example.com", consent=True)
        belonging.put_member(world, segment, contact.id)
    email = emails.create(world, DRAFT | {"segments": [segment]}).id
    if published:
        emails.publish(world, email)
    return Letters(world, email, segment)
