"""A call for each of several recipients, a few at a time, where a provider has no call for all of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from chalicelib.compose.revision import Envelope
from chalicelib.model.outcome import (
    CallInDoubt,
    CallRefused,
    InDoubt,
    NotSent,
    Outcome,
    Refused,
    SendingFault,
    outcome_of,
)
from chalicelib.model.pacing import WHENEVER

AT_A_TIME = 8
# Calls begin within this time, so that all of them together end well within one call's lease. Seconds.
BEGINNING = 2.0

Send = Callable[[Envelope], Outcome]


def one_each(
    envelopes: Sequence[Envelope], send: Send, clock: Callable[[], float], begin_by: int = WHENEVER
) -> list[Outcome]:
    """An outcome for each, in their order. The first goes alone, and its fault is the whole call's where nothing was
    sent. No call begins after one that was neither accepted nor refused, nor behind `begin_by` (epoch ms; `clock` gives
    wall-clock seconds): the others are NotSent. Returns when every call has ended.
    """
    turn = _Turn(envelopes, send, clock, min(begin_by / 1_000, clock() + BEGINNING))
    turn.first()
    with ThreadPoolExecutor(AT_A_TIME, "one-each") as pool:
        for done in [pool.submit(turn.work) for _ in range(min(AT_A_TIME, len(envelopes) - 1))]:
            done.result()
    return turn.outcomes()


class _Turn:
    def __init__(self, envelopes: Sequence[Envelope], send: Send, clock: Callable[[], float], until: float) -> None:
        self._envelopes = envelopes
        self._send = send
        self._clock = clock
        self._until = until
        self._lock = threading.Lock()
        self._next = 0
        self._ended = False
        self._results: list[Outcome | None] = [None] * len(envelopes)

    def first(self) -> None:
        """Raises CallNotSent and Halted: nothing at all was sent."""
        try:
            self._done(0, self._send(self._envelopes[0]))
        except (CallRefused, CallInDoubt) as fault:
            self._done(0, _outcome(fault))
        self._next = 1

    def work(self) -> None:
        while (at := self._taken()) is not None:
            try:
                self._done(at, self._send(self._envelopes[at]))
            except SendingFault as fault:
                self._done(at, _outcome(fault))

    def outcomes(self) -> list[Outcome]:
        return [each or NotSent("The calls before it took up the time.") for each in self._results]

    def _taken(self) -> int | None:
        with self._lock:
            late = self._clock() > self._until
            if self._ended or late or self._next == len(self._envelopes):
                return None
            self._next += 1
            return self._next - 1

    def _done(self, at: int, outcome: Outcome) -> None:
        self._results[at] = outcome
        self._ended = self._ended or isinstance(outcome, NotSent | InDoubt)


def _outcome(fault: SendingFault) -> Outcome:
    """A call of one recipient: its fault is the recipient's outcome."""
    if isinstance(fault, CallRefused):
        return Refused(fault.reason)
    return outcome_of(fault)
