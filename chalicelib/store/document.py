"""A thing of the model as one JSON text: cheaper than a map of DynamoDB's, and the same text for the same thing."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")

# Sets are sorted: equal things are equal texts, so that a read back can tell whether a write was ours.
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Document(Generic[T]):
    """Unknown names in a stored text are skipped and missing ones get their defaults: additive changes need no new
    format.
    """

    def __init__(self, shape: type[T]) -> None:
        self._decoder = msgspec.json.Decoder(shape)

    def text(self, thing: T) -> str:
        return _ENCODER.encode(thing).decode()

    def thing(self, text: str) -> T:
        return self._decoder.decode(text)
