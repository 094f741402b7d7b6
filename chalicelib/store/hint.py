"""What the queues carry: hints, as JSON `{"v": 1, "do": ..., ...}`, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

import msgspec

VERSION = 1


@dataclass(frozen=True, slots=True)
class Plan:
    broadcast: str
    walker: int


@dataclass(frozen=True, slots=True)
class Deliver:
    broadcast: str
    walker: int
    number: int


@dataclass(frozen=True, slots=True)
class Tend:
    broadcast: str


@dataclass(frozen=True, slots=True)
class SendMessage:
    """`message` is the message's id (`model.message.message_key` reads it)."""

    message: str


@dataclass(frozen=True, slots=True)
class RunImport:
    id: str


@dataclass(frozen=True, slots=True)
class Count:
    id: str


@dataclass(frozen=True, slots=True)
class Relabel:
    id: str


@dataclass(frozen=True, slots=True)
class Rename:
    id: str


@dataclass(frozen=True, slots=True)
class RunPreflight:
    id: str


@dataclass(frozen=True, slots=True)
class RunMerge:
    id: str


@dataclass(frozen=True, slots=True)
class Fill:
    id: str


@dataclass(frozen=True, slots=True)
class RunExport:
    id: str


@dataclass(frozen=True, slots=True)
class Erase:
    id: str


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody asked for a link at `at` (epoch ms), to go on `to`; `member` is the id that this address's member would
    have.
    """

    member: str
    language: str
    ask: str
    at: int
    to: str = ""


Hint = (
    Plan
    | Deliver
    | Tend
    | SendMessage
    | RunImport
    | Count
    | Relabel
    | Rename
    | RunPreflight
    | RunMerge
    | Fill
    | Erase
    | RunExport
    | SignIn
)

KINDS: Mapping[str, type[Hint]] = MappingProxyType(
    {
        "plan": Plan,
        "deliver": Deliver,
        "tend": Tend,
        "message": SendMessage,
        "import": RunImport,
        "count": Count,
        "relabel": Relabel,
        "rename": Rename,
        "preflight": RunPreflight,
        "merge": RunMerge,
        "fill": Fill,
        "erase": Erase,
        "export": RunExport,
        "sign-in": SignIn,
    }
)
NAMES: Mapping[type[Hint], str] = MappingProxyType({kind: name for name, kind in KINDS.items()})


class BadHint(ValueError):
    """A queue message that is no hint of ours."""


def body_of(hint: Hint) -> str:
    return json.dumps({"v": VERSION, "do": NAMES[type(hint)]} | asdict(hint), separators=(",", ":"))


def hint_of(body: str) -> Hint:
    """Raises BadHint."""
    said = _read(body)
    kind = KINDS.get(str(said.get("do")))
    if said.get("v") != VERSION or kind is None:
        raise BadHint(f"hint: v={said.get('v')!r}, do={said.get('do')!r} is not known; v is {VERSION}.")
    try:
        hint: Hint = msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        raise BadHint(f"hint {said['do']}: {error}") from error
    return hint


def _read(body: str) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except ValueError as error:
        raise BadHint(f"hint: {body[:100]!r} is no JSON.") from error
    if not isinstance(said, dict):
        raise BadHint(f"hint: {body[:100]!r} is no object.")
    return said
