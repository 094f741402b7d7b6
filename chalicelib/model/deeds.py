"""What a contact did with e-mails, and the conditions that ask for it.

As JSON `{"field": "opened", "operator": "=", "value": {"emails": [id], "times": 2, "days": 30}}`: opened one of these
e-mails, twice at least, in the last thirty days. The fields are `sent`, `opened` and `clicked`; `!=` asks for those who
did not. Every part of the value may be missing: any e-mail, once, at any time. `link` counts the clicks alone whose
address contains this text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from chalicelib.model.contact import MAX_VALUE
from chalicelib.model.errors import Invalid
from chalicelib.model.ids import is_id

DEEDS = ("sent", "opened", "clicked")
MAX_EMAILS = 500
MAX_TIMES = 1_000
MAX_DAYS = 3_650
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Deed:
    """`emails` are ids, any of them (none: any e-mail); `times` at least; `days` back from now (None: ever)."""

    emails: tuple[str, ...] = ()
    times: int = 1
    days: int | None = None
    link: str = ""

    def as_json(self) -> dict[str, Any]:
        """What differs from a deed of any e-mail, once, at any time."""
        given = {"emails": list(self.emails), "times": self.times, "days": self.days, "link": self.link}
        return {name: value for name, value in given.items() if value != STANDARD[name]}


STANDARD: Mapping[str, Any] = MappingProxyType({"emails": [], "times": 1, "days": None, "link": ""})


@dataclass(frozen=True, slots=True)
class Click:
    """`at` is epoch milliseconds; `link` the address that was clicked, as it stands in the e-mail."""

    at: int
    link: str = ""


@dataclass(frozen=True, slots=True)
class WithEmail:
    """One e-mail and one contact: when it went out, was opened, was clicked; epoch milliseconds."""

    sent: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()
    clicked: tuple[Click, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """All that filters may ask about one contact beside the contact: `emails` by id, and why and since when (epoch
    milliseconds) its address is not mailed ("" and None where it is).
    """

    emails: Mapping[str, WithEmail] = field(default_factory=lambda: MappingProxyType({}))
    do_not_contact: str = ""
    do_not_contact_at: int | None = None


NOTHING = Past()


def last_active(past: Past) -> int | None:
    """The last open or click."""
    opens = (at for each in past.emails.values() for at in each.opened)
    clicks = (click.at for each in past.emails.values() for click in each.clicked)
    return max([*opens, *clicks], default=None)


def did(kind: str, deed: Deed, now: int | None) -> Callable[[Past], bool]:
    """Whether a contact with this past did it. ValueError where the deed counts days and there is no `now`."""
    since = _since(deed, now)
    moments = TIMES[kind]

    def holds(past: Past) -> bool:
        chosen = [past.emails[each] for each in deed.emails or past.emails if each in past.emails]
        found = sum(at >= since for each in chosen for at in moments(each, deed))
        return found >= deed.times

    return holds


def checked_deed(kind: str, value: object, place: str) -> Deed:
    """The deed of its JSON form (None: any e-mail, once, at any time); Invalid names the part."""
    if isinstance(value, Deed):
        value = value.as_json()
    value = {} if value is None else value
    if not isinstance(value, Mapping) or value.keys() - STANDARD.keys():
        raise Invalid(place, value, f"Give an object with any of: {', '.join(STANDARD)}.")
    given = {**STANDARD, **value}
    return Deed(
        _emails(given["emails"], f"{place}.emails"),
        _whole(given["times"], MAX_TIMES, f"{place}.times"),
        None if given["days"] is None else _whole(given["days"], MAX_DAYS, f"{place}.days"),
        _link(kind, given["link"], f"{place}.link"),
    )


def _since(deed: Deed, now: int | None) -> int:
    if deed.days is None:
        return 0
    if now is None:
        raise ValueError("A condition within some days is judged at a moment: give `now`.")
    return now - deed.days * DAY_MS


def _clicks(each: WithEmail, deed: Deed) -> Iterator[int]:
    return (click.at for click in each.clicked if deed.link in click.link)


TIMES: Mapping[str, Callable[[WithEmail, Deed], Iterator[int]]] = MappingProxyType(
    {
        "sent": lambda each, _: iter(each.sent),
        "opened": lambda each, _: iter(each.opened),
        "clicked": _clicks,
    }
)


def _emails(value: object, place: str) -> tuple[str, ...]:
    ids = value if isinstance(value, list | tuple) else None
    if ids is None or len(ids) > MAX_EMAILS or not all(isinstance(each, str) and is_id(each) for each in ids):
        raise Invalid(place, value, f"Give a list of up to {MAX_EMAILS} ids of e-mails.")
    return tuple(ids)


def _whole(value: object, most: int, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise Invalid(place, value, f"Give a whole number from 1 to {most}.")
    return value


def _link(kind: str, value: object, place: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_VALUE or (value and kind != "clicked"):
        raise Invalid(
            place, value, f"Give a part of a link's address, up to {MAX_VALUE} characters, to `clicked` alone."
        )
    return value
