"""What the providers' webhooks have in common: one error, and readers for which no body is a surprise.

A webhook's body is anybody's until its proof is checked, and a provider's whims after it: whatever cannot be read
gives no event, and nothing but Unverified is ever raised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from chalicelib.model import ids

MAX_DETAIL = 500
# Seconds: from 2001 to 2286. What is outside is no time of an event.
FIRST_SECOND, LAST_SECOND = 10**9, 10**10

Said = Mapping[str, Any]


class Unverified(Exception):
    """The proof is missing or wrong: nobody knows who said this. The reason is for our log alone."""


def objects(body: bytes) -> list[Said]:
    """The JSON objects of a body: an array of them, or one alone; none where it is anything else."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return []
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, dict)]


def event_id(*parts: object) -> str:
    """The same event told twice has the same id."""
    said = "\n".join(str(part) for part in parts).encode("utf-8", "replace")
    return ids.from_bytes(hashlib.sha256(said).digest()[: ids.ID_BYTES])


def instant(seconds: object) -> int | None:
    """Unix seconds, as a number or as digits, as epoch milliseconds."""
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdecimal() and len(seconds) <= len(str(LAST_SECOND)):
        seconds = int(seconds)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    return round(seconds * 1_000) if FIRST_SECOND <= seconds < LAST_SECOND else None


def text(said: Said, name: str) -> str:
    """A field as text that any store takes; "" where there is none."""
    found = said.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found)[:MAX_DETAIL].encode("utf-8", "replace").decode()


def details(said: Said, names: Iterable[str]) -> dict[str, str]:
    """What people see of an event: those fields that are there."""
    return {name: found for name in names if (found := text(said, name))}


def inner(said: Said, name: str) -> Said:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def header(headers: Mapping[str, str], name: str) -> str:
    """By name in any case; Unverified where it is missing."""
    for each, value in headers.items():
        if each.lower() == name.lower():
            return value
    raise Unverified(f"The header {name} is missing.")
