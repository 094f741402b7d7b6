"""Frequency caps: how many broadcasts a person gets in a day, a week or a month, in their own zone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from types import MappingProxyType
from typing import Literal

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.ids import is_id
from chalicelib.model.zones import epoch_ms, moment_at

Per = Literal["day", "week", "month"]
PERIODS: tuple[Per, ...] = ("day", "week", "month")
MAX_CAPS = 20
MOST = 1_000
# Nobody waits for their turn for longer: what is late by more is no longer worth reading.
LONGEST_WAIT_MS = 31 * 86_400_000
FOREVER = 1 << 60


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` letters a person and calendar day, week (from Monday) or month: of all broadcasts, or of those of
    one `category` (its id).
    """

    most: int
    per: Per
    category: str = ""

    def covers(self, category: str) -> bool:
        return self.category in ("", category)


@dataclass(frozen=True, slots=True)
class Recent:
    """A family that was broadcast not long ago. Its last letter went out before `ended_at` (epoch ms); None while it is
    open, and calls for it may be under way, since `started_at`.
    """

    family: str
    category: str
    ended_at: int | None = None
    started_at: int = 0

    @property
    def last(self) -> int:
        return FOREVER if self.ended_at is None else self.ended_at


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter of a broadcast that a person got, and its e-mail's category. Epoch milliseconds."""

    at: int
    category: str


def caps_of(contact: Contact, caps: Iterable[Cap], category: str) -> tuple[Cap, ...]:
    """The caps that an e-mail of this category meets. What a person asked for stands instead of the caps on all
    broadcasts.
    """
    own = contact.preferences.most_per_week
    general = (Cap(own, "week"),) if own else tuple(each for each in caps if not each.category)
    return (*general, *(each for each in caps if each.category and each.category == category))


def may_bind(caps: Sequence[Cap], recent: Iterable[Recent], now: int, zone: tzinfo) -> bool:
    """Whether enough families went out for any of the caps to be reached: if not, nobody's letters need counting."""
    families = list(recent)
    for cap in caps:
        began = _since(cap, now, zone)
        counted = sum(cap.covers(each.category) and each.last >= began for each in families)
        if counted >= cap.most:
            return True
    return False


def since(caps: Iterable[Cap], now: int, zone: tzinfo) -> int:
    """From when on letters count for any of these caps; `now` without caps."""
    return min((_since(each, now, zone) for each in caps), default=now)


def over_until(caps: Iterable[Cap], sent: Sequence[Sent], now: int, zone: tzinfo) -> int:
    """When the next letter is allowed (epoch ms): at this time of day, on the first day of the next period of the caps
    that are reached. 0 where none is.
    """
    latest = 0
    for cap in caps:
        began = _since(cap, now, zone)
        if sum(cap.covers(each.category) and each.at >= began for each in sent) >= cap.most:
            latest = max(latest, _next(cap, now, zone))
    return latest


def checked_caps(value: object) -> tuple[Cap, ...]:
    """`[{"most": 3, "per": "week"}, ...]`, some with a `category`. Raises Invalid."""
    if isinstance(value, str) or not isinstance(value, Sequence) or len(value) > MAX_CAPS:
        mend = f'Give a list of at most {MAX_CAPS} caps, such as [{{"most": 3, "per": "week"}}].'
        raise Invalid("caps", value, mend)
    caps = [_checked(f"caps[{n}]", each) for n, each in enumerate(value)]
    for n, each in enumerate(caps):
        if any((each.per, each.category) == (other.per, other.category) for other in caps[:n]):
            raise Invalid(f"caps[{n}]", each.per, "There is a cap on the same letters for the same period before it.")
    return tuple(caps)


def _checked(place: str, value: object) -> Cap:
    if not isinstance(value, Mapping) or not {"most", "per"} <= value.keys() <= {"most", "per", "category"}:
        raise Invalid(place, value, 'Give {"most": 3, "per": "week"}, with a "category" where it is on one alone.')
    most, per, category = value["most"], value["per"], value.get("category") or ""
    if isinstance(most, bool) or not isinstance(most, int) or not 1 <= most <= MOST:
        raise Invalid(f"{place}.most", most, f"Give a whole number from 1 to {MOST}.")
    if per not in PERIODS:
        raise Invalid(f"{place}.per", per, f"It is one of {', '.join(PERIODS)}.")
    if category and not (isinstance(category, str) and is_id(category)):
        raise Invalid(f"{place}.category", category, "Give the id of a category, or nothing.")
    return Cap(most, per, category)


def _since(cap: Cap, now: int, zone: tzinfo) -> int:
    first, _ = BOUNDS[cap.per](moment_at(now, zone).date())
    return epoch_ms(datetime.combine(first, time(), zone))


def _next(cap: Cap, now: int, zone: tzinfo) -> int:
    here = moment_at(now, zone)
    _, following = BOUNDS[cap.per](here.date())
    return epoch_ms(datetime.combine(following, here.time(), zone))


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


# The first day of the period that a day lies in, and of the next.
BOUNDS: Mapping[Per, Callable[[date], tuple[date, date]]] = MappingProxyType(
    {"day": lambda day: (day, day + timedelta(days=1)), "week": _week, "month": _month}
)
