"""The e-mails as a team looks for them: by words, kind and state, those that were changed last first.

Teams have hundreds of e-mails: all of them are read (a hundred a request, without their bodies) and sorted here.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Literal

from chalicelib.model.email import Email, Kind
from chalicelib.model.errors import Invalid
from chalicelib.work.pages import every
from chalicelib.work.world import World

Standing = Literal["draft", "published"]
MAX_READ = 5_000
MAX_WORDS = 200
MAX_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """`words` are all in the name or the subject; what is empty does not matter."""

    words: str = ""
    kind: Kind | Literal[""] = ""
    standing: Standing | Literal[""] = ""

    def takes(self, email: Email) -> bool:
        written = f"{email.name} {email.subject}".casefold()
        return (
            all(word in written for word in self.words[:MAX_WORDS].casefold().split())
            and self.kind in ("", email.kind)
            and self.standing in ("", standing_of(email))
        )


def find(world: World, wanted: Wanted, limit: int, cursor: str | None) -> tuple[list[Email], str | None]:
    """A page; the cursor counts. Raises Invalid for a cursor that is none."""
    first = _first(cursor)
    found = sorted(
        filter(wanted.takes, islice(every(world.emails.page), MAX_READ)), key=lambda each: (-each.updated_at, each.id)
    )
    following = first + limit
    return found[first:following], str(following) if following < len(found) else None


def standing_of(email: Email) -> Standing:
    return "published" if email.revision else "draft"


def _first(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= MAX_DIGITS):
        raise Invalid("cursor", cursor, "Use `next` of the page before, as it is.")
    return int(cursor)
