"""Faults on demand: what goes wrong with which of the next sending calls."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from local.ses_simulator.fates import FATES
from local.ses_simulator.refusal import Refusal, bad_request

Kind = Literal[
    "throttle",  # 429 for the whole call, nothing accepted
    "error",  # `code` and `message`, with `http_status` or the code's own: nothing accepted
    "entry_failure",  # bulk: `status` for `entries` (all without), the others are accepted
    "error_before",  # `http_status` (500) before anything is accepted
    "error_after",  # `http_status` (500) after all is accepted
    "lost_answer",  # all is accepted, then the connection ends without an answer
    "reset_after",  # all is accepted, then the connection is reset
    "reset_before",  # the connection is reset before anything is accepted
    "slow",  # `ms` pass before anything is accepted
    "slow_answer",  # `ms` pass between accepting and answering
    "garbled_answer",  # all is accepted, the answer is no JSON
    "short_answer",  # bulk: all is accepted, the answer has one result too few
    "fate",  # `fate` befalls `entries` after they are accepted (a name of `fates.FATES`)
]

BEFORE: frozenset[Kind] = frozenset({"throttle", "error", "error_before", "reset_before"})
AFTER: Mapping[Kind, str] = MappingProxyType({"lost_answer": "close", "reset_after": "reset"})

MAX_FAULTS = 1_000
MAX_MS = 600_000


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hits `calls` calls (of `operation` alone, where one is named) after `skip` matching ones went by."""

    kind: Kind
    calls: int = 1
    skip: int = 0
    operation: Literal["", "SendEmail", "SendBulkEmail"] = ""
    entries: tuple[int, ...] | None = None
    status: str = "TRANSIENT_FAILURE"
    http_status: int | None = None
    code: str = "InternalServiceErrorException"
    message: str = "A fault on demand."
    ms: int = 0
    fate: str = "delayed"

    def hits(self, entry: int) -> bool:
        return self.entries is None or entry in self.entries

    def refusal(self) -> Refusal:
        """What the call is answered with, for the kinds that refuse it whole."""
        if self.kind == "throttle":
            return Refusal("TooManyRequestsException", "Maximum sending rate exceeded.", self.http_status)
        if self.kind == "error":
            return Refusal(self.code, self.message, self.http_status)
        return Refusal("InternalServiceErrorException", self.message, self.http_status or 500)


class Faults:
    """The faults still to come, in order; the first that matches a call hits it, one a call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, faults: Sequence[Fault]) -> None:
        for fault in faults:
            if fault.fate not in FATES:
                raise bad_request(f"Fault 'fate': {fault.fate!r} is none of {', '.join(sorted(FATES))}.")
            if fault.calls < 1 or fault.skip < 0 or not 0 <= fault.ms <= MAX_MS:
                raise bad_request(f"Fault {fault.kind!r}: calls >= 1, skip >= 0 and 0 <= ms <= {MAX_MS} are needed.")
        with self._lock:
            if len(self._waiting) + len(faults) > MAX_FAULTS:
                raise bad_request(f"At most {MAX_FAULTS} faults can wait.")
            self._waiting += faults

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[dict[str, Any]]:
        with self._lock:
            return [msgspec.to_builtins(fault) for fault in self._waiting]

    def next(self, operation: str) -> Fault | None:
        """The fault that hits this call, counted down."""
        with self._lock:
            for at, fault in enumerate(self._waiting):
                if fault.operation in ("", operation):
                    return self._hit(at, fault)
        return None

    def _hit(self, at: int, fault: Fault) -> Fault | None:
        if fault.skip:
            self._waiting[at] = msgspec.structs.replace(fault, skip=fault.skip - 1)
            return None
        left = fault.calls - 1
        self._waiting[at : at + 1] = [msgspec.structs.replace(fault, calls=left)] if left else []
        return fault
