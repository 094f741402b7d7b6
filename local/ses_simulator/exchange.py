"""A request and its answer, whatever the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from local.ses_simulator.refusal import Refusal

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is decoded piece by piece when it is matched; `query` has the last value of each name; `headers` are by
    lower-case name.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: NONE)


@dataclass(frozen=True, slots=True)
class Answer:
    """`cut`: instead of an answer the connection is closed (FIN) or reset (RST)."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=lambda: NONE)
    cut: Literal["", "close", "reset"] = ""


def json_answer(body: Any, status: int = 200) -> Answer:  # noqa: ANN401  whatever JSON can say
    return Answer(status, msgspec.json.encode(body))


def refused(refusal: Refusal) -> Answer:
    """An error as the REST-JSON protocol carries it: the code in a header, the message in the body."""
    return Answer(
        refusal.status,
        msgspec.json.encode({"message": refusal.message}),
        headers={"x-amzn-ErrorType": refusal.code},
    )
