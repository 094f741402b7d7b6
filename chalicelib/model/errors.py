"""The caller's faults: each names what is wrong and how to mend it. `api/` turns them into 4xx."""

from __future__ import annotations

from types import MappingProxyType


class Fault(Exception):
    """Something that the caller can mend. `code` is stable, for programs; the message is for people."""

    code = "fault"

    def __init__(self, message: str, *, field: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.hint = hint


class NotFound(Fault):
    code = "not_found"


class Conflict(Fault):
    code = "conflict"


class Invalid(Fault):
    """A value that cannot be taken: the field, the value (cut at 100 characters) and the mend."""

    code = "invalid"

    def __init__(self, field: str, value: object, mend: str) -> None:
        shown = CONSTANTS.get(repr(value), repr(value))
        shown = shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"
        super().__init__(f"{field}: {shown} cannot be taken. {mend}", field=field, hint=mend)
        self.value = value


class Forbidden(Fault):
    """Whoever asks may not do this."""

    code = "forbidden"


class TooLarge(Fault):
    code = "too_large"


SHOWN = 100
# As callers write them.
CONSTANTS = MappingProxyType({"None": "null", "True": "true", "False": "false"})
