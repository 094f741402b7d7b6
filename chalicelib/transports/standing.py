"""A process's way out to SES, made at the first call: whoever never sends does not wait for boto3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.message_size import LARGEST
from chalicelib.model.outcome import Outcome
from chalicelib.model.pacing import Quota

if TYPE_CHECKING:
    from chalicelib.transports.ses import SesTransport


class StandingSes:
    name = "ses"
    gives_evidence = True
    largest = LARGEST["ses"]

    def __init__(self, make: Callable[[], SesTransport]) -> None:
        self._make = make

    @cached_property
    def _ses(self) -> SesTransport:
        return self._make()

    def send(self, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        return self._ses.send(revision, envelopes)

    def quota(self) -> Quota:
        return self._ses.quota()
