"""Time zones by their IANA names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from chalicelib.model.errors import Invalid
from chalicelib.model.nearest import offered

# Names that are a machine's own, not a place's.
LOCAL = frozenset({"Factory", "localtime", "posixrules"})


def zone_name(text: str, place: str) -> str:
    """`europe/paris` as `Europe/Paris`; Invalid with the nearest name of the IANA database."""
    found = known_zones().get(text.strip().lower())
    if found is None:
        near = offered(text, known_zones()) or offered(text, _cities())
        raise Invalid(place, text, f"Give the IANA name of a time zone, such as Europe/Paris.{near}")
    return found


@cache
def known_zones() -> Mapping[str, str]:
    """The names by themselves in small letters."""
    from zoneinfo import available_timezones  # noqa: PLC0415  # reads the disk: no click waits for it

    return MappingProxyType({each.lower(): each for each in sorted(available_timezones() - LOCAL)})


def _cities() -> Mapping[str, str]:
    return {name.rpartition("/")[2]: zone for name, zone in known_zones().items()}
