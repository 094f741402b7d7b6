"""A sign-up form: what it asks, what people agree to by it, and which lists they come onto once they confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

MAX_FORMS = 200
MAX_ASKED = 20
MAX_JOINED = 20
MAX_CONSENT = 2_000
MAX_THANKS = 500
MAX_TITLE = 100
MAX_PER_HOUR = 10_000
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of the contact's that the form asks for, beside the address."""

    alias: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class FormText:
    """The form's own words in one language; empty ones have Envoi's own, but `consent`, which only the team can say."""

    consent: str = ""
    title: str = ""
    thanks: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """`segments` are static lists. `texts` are by language tag; `language` is the one for whom there is none. After
    the form people are sent to `redirect_url`, after the confirmation to `confirmed_url` ("" for our own pages).

    The confirmation letter is the template e-mail `email`, which has `{confirm_url}` in it, or where that is "" or no
    longer there the built-in one, from `from_address`. `per_hour` is how many entries an hour are taken. One that is
    not `active` takes none; what was asked for before can still be confirmed. Epoch milliseconds.
    """

    id: str
    name: str
    from_address: str
    from_name: str = ""
    segments: tuple[str, ...] = ()
    fields: tuple[Asked, ...] = ()
    language: str = "en"
    texts: Mapping[str, FormText] = field(default_factory=dict)
    redirect_url: str = ""
    confirmed_url: str = ""
    email: str = ""
    per_hour: int = 200
    active: bool = True
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    def text(self, language: str) -> tuple[str, FormText]:
        """The words in this language (`fr-CH` -> `fr`), else in the form's own; and which language that is."""
        for tag in (language, language.partition("-")[0], self.language):
            if tag in self.texts:
                return tag, self.texts[tag]
        return self.language, FormText()


@dataclass(frozen=True, slots=True)
class FormUse:
    """How many `entries` a form has had in one hour (`hour` is epoch hours); how many letters it has `asked` by in
    all, and how many sign-ups were `confirmed`. A worker that dies between a confirmation and its count leaves it out.
    """

    id: str
    hour: int = 0
    entries: int = 0
    asked: int = 0
    confirmed: int = 0
    version: int = 1

    def entered(self, hour: int) -> FormUse:
        entries = self.entries if self.hour == hour else 0
        return replace(self, hour=hour, entries=entries + 1, asked=self.asked + 1)

    def agreed(self) -> FormUse:
        return replace(self, confirmed=self.confirmed + 1)
