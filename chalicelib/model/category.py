"""A category: what kind of e-mail this is (news, offers, events), so that people can leave one kind and keep others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# All of them are shown on one page, and read for it.
MAX_CATEGORIES = 50


@dataclass(frozen=True, slots=True)
class Category:
    """`name` is the team's; `names` are the recipients', by language tag. Only `public` ones are offered to people;
    an e-mail of another one can be left as a whole alone. Epoch milliseconds.
    """

    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    public: bool = True
    version: int = 1
    created_at: int = 0
    updated_at: int = 0


def public_name(name: str, names: Mapping[str, str], *languages: str) -> str:
    """The name in the first of these languages that it has one in (`fr-CH`, then `fr`), else the team's."""
    for tag in languages:
        for each in (tag, tag.partition("-")[0]):
            if names.get(each):
                return names[each]
    return name
