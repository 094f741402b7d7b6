"""A version of an e-mail: what was written when it was published. Its revision is what went out."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.email import Email


@dataclass(frozen=True, slots=True)
class Version:
    """`email` as it was, with the number of its `revision`; `by` is the name of who published it."""

    email: Email
    by: str = ""

    @property
    def number(self) -> int:
        return self.email.revision
