"""How contacts are found by the beginning of an address or a name: one folded spelling for what is typed and kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Literal, get_args

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import Condition
from chalicelib.model.filter_text import as_text

# In the order in which their finds are shown. `name` is the first name before the last, `surname` the last before the
# first.
SearchKind = Literal["address", "name", "surname"]
SEARCH_KINDS: tuple[SearchKind, ...] = get_args(SearchKind)
FIRST_NAME, LAST_NAME = "firstname", "lastname"
MAX_TYPED = 100
MAX_KEY = 100


def folded(text: str) -> str:
    """Small letters without accents, one blank between words; at most MAX_KEY characters."""
    if text.isascii():
        return " ".join(text.lower().split())[:MAX_KEY]
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())[:MAX_KEY]


def search_keys(contact: Contact) -> Mapping[SearchKind, str]:
    """Under what this contact is found; a kind is missing where there is nothing to find by."""
    first, last = _text(contact, FIRST_NAME), _text(contact, LAST_NAME)
    if contact.merged_into is not None:
        return {}
    keys: dict[SearchKind, str] = {
        "address": folded(contact.address),
        "name": folded(f"{first} {last}") if first else "",
        "surname": folded(f"{last} {first}") if last else "",
    }
    return {kind: key for kind, key in keys.items() if key}


def found_by(contact: Contact, start: str) -> SearchKind | None:
    """The first kind by which these folded letters find the contact; None for a contact that has changed since."""
    keys = search_keys(contact)
    return next((kind for kind in SEARCH_KINDS if keys.get(kind, "").startswith(start)), None)


def checked_start(typed: str) -> str:
    """What was typed, folded; Invalid where nothing can be looked for."""
    start = folded(typed)
    if start.startswith("@"):
        wanted = as_text(Condition("email", "endsWith", start))
        mend = f"Whole domains are found by a segment: its filter says {wanted}."
        raise Invalid("search", typed[:MAX_TYPED], mend)
    if not start or len(typed) > MAX_TYPED:
        mend = f"Give the beginning of an address, a first or a last name: 1 to {MAX_TYPED} characters."
        raise Invalid("search", typed, mend)
    return start


def _text(contact: Contact, alias: str) -> str:
    value = contact.fields.get(alias)
    return value if isinstance(value, str) else ""
