"""What the attachments of a revision hold, as every transport gets it. Read once for a revision, and kept for some."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from chalicelib.compose.revision import Revision
from chalicelib.model.asset import Attachment
from chalicelib.model.outcome import CallNotSent, LetterHalted

# None where the content was deleted; raises where it cannot be read now.
Contents = Callable[[Attachment], bytes | None]

# Revisions whose attachments stay in the process: ten megabytes each at the most.
KEPT = 4


@dataclass(frozen=True)
class Attached:
    """`content_type` is a MIME type."""

    name: str
    content_type: str
    content: bytes

    @cached_property
    def base64(self) -> str:
        return base64.b64encode(self.content).decode("ascii")


class Attachments:
    """`contents` gives what an asset holds."""

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self._kept: dict[tuple[Attachment, ...], list[Attached]] = {}

    def __call__(self, revision: Revision) -> list[Attached]:
        """In the revision's order. A letter without its attachment is not the letter: Halted where one was deleted,
        CallNotSent where one cannot be read now.
        """
        if not revision.attachments:
            return []
        found = self._kept.get(revision.attachments)
        if found is None:
            found = [Attached(each.name, each.content_type, self._read(each)) for each in revision.attachments]
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[revision.attachments] = found
        return found

    def _read(self, attachment: Attachment) -> bytes:
        try:
            content = self._contents(attachment)
        except Exception as error:
            raise CallNotSent(f"The attachment {attachment.name!r} cannot be read: {error}.") from error
        if content is None:
            raise LetterHalted(f"The attachment {attachment.name!r} was deleted: publish the e-mail again without it.")
        return content


def no_contents(_attachment: Attachment) -> bytes | None:
    """For a transport that is given no letters with attachments."""
    return None
