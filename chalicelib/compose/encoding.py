"""A revision as bytes and back: JSON with its format's number, which the store keeps as it is."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from chalicelib.compose.revision import FORMAT, READABLE, Revision

T = TypeVar("T")


class Unreadable(ValueError):
    """Stored bytes that are no revision, or of a format that this version does not know."""


class _Format(msgspec.Struct):
    format: int


class _Links(msgspec.Struct):
    format: int
    links: tuple[str, ...]


_ENCODER = msgspec.json.Encoder()
_FORMAT = msgspec.json.Decoder(_Format)
_LINKS = msgspec.json.Decoder(_Links)
_REVISION = msgspec.json.Decoder(Revision)


def encoded(revision: Revision) -> bytes:
    return _ENCODER.encode(revision)


def decoded(raw: bytes) -> Revision:
    """Raises Unreadable."""
    _check(raw, "revision")
    return _read(_REVISION, raw, "revision")


def encoded_links(revision: Revision) -> bytes:
    """The public link table. A target that carries a recipient's values is "" here."""
    return _ENCODER.encode(_Links(FORMAT, revision.links))


def decoded_links(raw: bytes) -> tuple[str, ...]:
    """Raises Unreadable."""
    _check(raw, "link table")
    return _read(_LINKS, raw, "link table").links


def _check(raw: bytes, what: str) -> None:
    number = _read(_FORMAT, raw, what).format
    if number not in READABLE:
        known = ", ".join(map(str, sorted(READABLE)))
        raise Unreadable(f"This {what} has format {number}; this version of Envoi reads {known}.")


def _read(decoder: msgspec.json.Decoder[T], raw: bytes, what: str) -> T:
    try:
        return decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise Unreadable(f"These {len(raw)} bytes are no {what}: {error}") from error
