"""Time zones by their IANA names, and moments on their wall clocks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache, lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.nearest import offered
from chalicelib.model.relative_date import EPOCH

# The field in which a contact's own zone stands.
ZONE_FIELD = "timezone"
MILLISECOND = timedelta(milliseconds=1)

# Names that are a machine's own, not a place's.
LOCAL = frozenset({"Factory", "localtime", "posixrules"})


def zone_name(text: str, place: str) -> str:
    """`europe/paris` as `Europe/Paris`; Invalid with the nearest name of the IANA database."""
    found = known_zones().get(text.strip().lower())
    if found is None:
        near = offered(text, known_zones()) or offered(text, _cities())
        raise Invalid(place, text, f"Give the IANA name of a time zone, such as Europe/Paris.{near}")
    return found


@lru_cache(maxsize=1024)
def zone_of(name: str) -> tzinfo | None:
    """By its IANA name, in any case; None for what is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        known = known_zones().get(name.strip().lower())  # reads the disk: a name that is right does not wait for it
    return ZoneInfo(known) if known else None


def zone_of_contact(contact: Contact, otherwise: str) -> tzinfo:
    """The contact's own zone, else this one (the workspace's), else UTC."""
    own = contact.fields.get(ZONE_FIELD)
    return (zone_of(own) if own and isinstance(own, str) else None) or zone_of(otherwise) or UTC


def moment_at(at: int, zone: tzinfo) -> datetime:
    """`at` in epoch milliseconds."""
    return (EPOCH + at * MILLISECOND).astimezone(zone)


def epoch_ms(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


@cache
def known_zones() -> Mapping[str, str]:
    """The names by themselves in small letters."""
    from zoneinfo import available_timezones  # noqa: PLC0415  # reads the disk: no click waits for it

    return MappingProxyType({each.lower(): each for each in sorted(available_timezones() - LOCAL)})


def _cities() -> Mapping[str, str]:
    return {name.rpartition("/")[2]: zone for name, zone in known_zones().items()}
