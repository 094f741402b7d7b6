"""Whom a letter is written to: the contact and what belongs to it, at one moment."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.company import Company
from chalicelib.model.contact import Contact, Value, value_of
from chalicelib.model.owner import Owner


@dataclass(frozen=True, slots=True)
class Addressee:
    """`company` is the primary one; `now` is the moment that `{today}` means, in epoch milliseconds."""

    contact: Contact
    owner: Owner | None = None
    company: Company | None = None
    now: int = 0

    def value(self, alias: str) -> Value:
        """The contact's field, or its primary company's where that is empty (Mautic's order); 0 and no are values."""
        own = value_of(self.contact, alias)
        if self.company is None or own not in (None, "", ()):
            return own
        return self.company.fields.get(alias)
