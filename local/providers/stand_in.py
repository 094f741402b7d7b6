"""A provider on a loopback port: it checks calls as its documentation says, keeps an inbox, and fails on demand."""

from __future__ import annotations

import threading
import time
import traceback
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Any, Self

import msgspec

from local.providers.faults import Fault, Faults
from local.providers.inbox import Inbox
from local.ses_simulator.exchange import Answer, Request
from local.ses_simulator.server import Server

# How soon a stop is noticed, in seconds.
POLL = 0.02


class Refused(Exception):
    """The provider's own way to say no."""

    def __init__(self, status: int, body: object) -> None:
        super().__init__(str(body))
        self.answer = Answer(status, msgspec.json.encode(body))


class StandIn(ABC):
    """`with SendGrid() as provider`: `provider.url` is the base URL for the transport. `calls` counts every request to
    the sending address, whatever came of it.
    """

    path: str

    def __init__(self) -> None:
        self.inbox = Inbox()
        self.faults = Faults()
        self.calls = 0
        self._numbers = 0
        self._lock = threading.Lock()
        self._server = Server("127.0.0.1", 0, self._answered)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL,), daemon=True)

    @property
    def url(self) -> str:
        return self._server.url

    @abstractmethod
    def taken(self, request: Request) -> Answer:
        """Accepts what is right of a call and answers; raises Refused before anything is accepted."""

    def asked(self, request: Request) -> Answer:
        """Any other address."""
        raise Refused(404, {"message": f"{request.path} is not here"})

    def number(self) -> int:
        """Another one each time, for message ids."""
        with self._lock:
            self._numbers += 1
            return self._numbers

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answered(self, request: Request) -> Answer:
        try:
            if (request.method, request.path) != ("POST", self.path):
                return self.asked(request)
            with self._lock:
                self.calls += 1
            return self._sent(request, self.faults.next())
        except Refused as refused:
            return refused.answer
        except Exception as error:  # noqa: BLE001  # our own fault must be told, not look like a lost answer
            traceback.print_exc()
            return Answer(599, repr(error).encode())

    def _sent(self, request: Request, fault: Fault | None) -> Answer:
        if fault is None:
            return self.taken(request)
        if fault.kind == "refuse":
            return Answer(fault.status, fault.body)
        if fault.kind == "reset_before":
            return Answer(cut="reset")
        return _after(fault, self.taken(request))


def _after(fault: Fault, answer: Answer) -> Answer:
    """All is accepted: what becomes of the answer."""
    match fault.kind:
        case "fail_after":
            return Answer(fault.status, fault.body)
        case "lost_answer":
            return Answer(cut="close")
        case "reset_after":
            return Answer(cut="reset")
        case "garbled_answer":
            return Answer(answer.status, answer.body[: len(answer.body) // 2] or b"{", headers=answer.headers)
        case _:
            time.sleep(fault.ms / 1_000)
            return answer


def decoded(request: Request) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(request.body)
    return found
