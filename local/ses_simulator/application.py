"""Every way into the simulator, as a table: SES's own API, the controls of a test, the inbox."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote

import msgspec

from local.ses_simulator import management, sending
from local.ses_simulator.account import Limits
from local.ses_simulator.exchange import Answer, Request, json_answer, refused
from local.ses_simulator.faults import AFTER, BEFORE, Fault, Faults
from local.ses_simulator.inbox import Inbox
from local.ses_simulator.letters import letter, source
from local.ses_simulator.office import Office
from local.ses_simulator.refusal import Refusal, bad_request

MAX_PAGE = 1_000
PAGE = 100
ALWAYS = 1 << 62

# A verb takes the request and the pieces of its path.
Verb = Callable[..., Answer]
Send = Callable[[Office, bytes, Fault | None], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Route:
    method: str
    path: re.Pattern[str]
    verb: Verb


@dataclass(frozen=True, slots=True)
class Application:
    """Answers requests; what goes wrong inside is a 500 with its reason, never a broken connection."""

    office: Office
    faults: Faults
    inbox: Inbox

    def routes(self) -> Sequence[Route]:
        """In the order in which they are tried."""
        set_path = "/v2/email/configuration-sets/{}"
        table: Sequence[tuple[str, str, Verb]] = (
            ("POST", "/v2/email/outbound-emails", partial(self._send, "SendEmail", sending.send_email)),
            ("POST", "/v2/email/outbound-bulk-emails", partial(self._send, "SendBulkEmail", sending.send_bulk_email)),
            ("GET", "/v2/email/account", self._ask(management.account)),
            ("PUT", "/v2/email/suppression/addresses", self._tell(management.put_suppressed)),
            ("GET", "/v2/email/suppression/addresses", self._list(management.list_suppressed)),
            ("GET", "/v2/email/suppression/addresses/{}", self._ask(management.get_suppressed)),
            ("DELETE", "/v2/email/suppression/addresses/{}", self._ask(management.delete_suppressed)),
            ("POST", "/v2/email/identities", self._tell(management.create_identity)),
            ("GET", "/v2/email/identities/{}", self._ask(management.get_identity)),
            ("DELETE", "/v2/email/identities/{}", self._ask(management.delete_identity)),
            ("POST", "/v2/email/list-identities", self._list(management.list_identities)),
            ("POST", "/v2/email/configuration-sets", self._tell(management.create_set)),
            ("POST", "/v2/email/list-configuration-sets", self._list(management.list_sets)),
            ("GET", set_path, self._ask(management.get_set)),
            ("DELETE", set_path, self._ask(management.delete_set)),
            ("POST", set_path + "/event-destinations", self._tell(management.create_destination)),
            ("GET", set_path + "/event-destinations", self._ask(management.get_destinations)),
            ("PUT", set_path + "/event-destinations/{}", self._tell(management.put_destination)),
            ("DELETE", set_path + "/event-destinations/{}", self._ask(management.delete_destination)),
            ("GET", "/account", self._limits),
            ("POST", "/account", self._change_limits),
            ("GET", "/faults", self._faults),
            ("POST", "/faults", self._add_faults),
            ("DELETE", "/faults", self._clear_faults),
            ("GET", "/events", self._events),
            ("DELETE", "/events", self._clear_events),
            ("GET", "/messages", self._messages),
            ("DELETE", "/messages", self._clear_messages),
            ("GET", "/messages/{}", self._message),
            ("GET", "/messages/{}/source", self._source),
            ("GET", "/", self.inbox.page),
            ("GET", "/inbox/{}", self.inbox.message),
            ("GET", "/inbox/{}/html", self.inbox.html),
        )
        return [Route(method, _pattern(path), verb) for method, path, verb in table]

    def _send(self, operation: str, send: Send, request: Request) -> Answer:
        fault = self.faults.next(operation)
        if fault is None:
            return json_answer(send(self.office, request.body, None))
        if fault.kind in BEFORE:
            return _before(fault)
        if fault.kind == "slow":
            time.sleep(fault.ms / 1_000)
        return _after(fault, send(self.office, request.body, fault))

    def _ask(self, verb: Callable[..., Any]) -> Verb:
        return lambda _request, *pieces: json_answer(verb(self.office, *pieces))

    def _tell(self, verb: Callable[..., Any]) -> Verb:
        return lambda request, *pieces: json_answer(verb(self.office, *pieces, management.decoded(request.body)))

    def _list(self, verb: Callable[..., Any]) -> Verb:
        def listed(request: Request) -> Answer:
            given = {**management.decoded(request.body), **request.query}
            return json_answer(verb(self.office, str(given.get("NextToken", "")), int(given.get("PageSize", PAGE))))

        return listed

    def _limits(self, _request: Request) -> Answer:
        return json_answer(self.office.account.limits)

    def _change_limits(self, request: Request) -> Answer:
        """The limits that are named change; the others stay."""
        now = msgspec.to_builtins(self.office.account.limits)
        limits = _read({**now, **management.decoded(request.body)}, Limits)
        self.office.account.change(limits)
        return json_answer(limits)

    def _faults(self, _request: Request) -> Answer:
        return json_answer(self.faults.waiting())

    def _add_faults(self, request: Request) -> Answer:
        given = _json(request.body)
        self.faults.add(_read(given if isinstance(given, list) else [given], tuple[Fault, ...]))
        return self._faults(request)

    def _clear_faults(self, request: Request) -> Answer:
        self.faults.clear()
        return self._faults(request)

    def _events(self, request: Request) -> Answer:
        """`?after=&limit=`; the oldest first, whether they are published or not."""
        limit = _number(request, "limit", PAGE, MAX_PAGE)
        rows = self.office.outbox.page(_number(request, "after", 0), limit)
        items = [{"id": number, "topic": topic, "event": msgspec.Raw(body.encode())} for number, topic, body in rows]
        return json_answer({"items": items, "next": rows[-1][0] if len(rows) == limit else None})

    def _clear_events(self, _request: Request) -> Answer:
        self.office.outbox.clear()
        return json_answer({})

    def _messages(self, request: Request) -> Answer:
        """`?to=&after=&limit=`; the oldest first; `next` is the `after` of the next page."""
        limit = _number(request, "limit", PAGE, MAX_PAGE)
        copies = self.office.ledger.page(_number(request, "after", 0), limit, request.query.get("to"))
        more = copies[-1].seq if len(copies) == limit else None
        return json_answer({"items": [letter(copy) for copy in copies], "next": more})

    def _clear_messages(self, _request: Request) -> Answer:
        self.office.ledger.clear()
        return json_answer({})

    def _message(self, _request: Request, message_id: str) -> Answer:
        return json_answer(letter(self.inbox.copy(message_id)))

    def _source(self, _request: Request, message_id: str) -> Answer:
        return Answer(body=source(self.inbox.copy(message_id)), content_type="text/plain; charset=utf-8")


def answering(application: Application) -> Callable[[Request], Answer]:
    """The application as a function of a request."""
    routes = application.routes()

    def answer(request: Request) -> Answer:
        try:
            return _routed(routes, request)
        except Refusal as refusal:
            return refused(refusal)
        except Exception as error:  # noqa: BLE001  the simulator's own fault must be told, not look like a lost answer
            traceback.print_exc()
            return refused(Refusal("InternalServiceErrorException", f"The simulator failed: {error!r}", 500))

    return answer


def _routed(routes: Sequence[Route], request: Request) -> Answer:
    method = "GET" if request.method == "HEAD" else request.method
    known = False
    for route in routes:
        found = route.path.fullmatch(request.path)
        if found and route.method == method:
            return route.verb(request, *(unquote(piece) for piece in found.groups()))
        known = known or found is not None
    if known:
        raise Refusal("MethodNotAllowed", f"{request.method} is not possible here.", 405)
    raise Refusal("UnknownOperationException", f"The simulator knows no {request.path}.", 404)


def _before(fault: Fault) -> Answer:
    if fault.kind == "reset_before":
        return Answer(cut="reset")
    raise fault.refusal()


def _after(fault: Fault, body: dict[str, Any]) -> Answer:
    """All is accepted: what becomes of the answer."""
    if fault.kind in AFTER:
        return Answer(cut="close" if fault.kind == "lost_answer" else "reset")
    if fault.kind == "error_after":
        raise fault.refusal()
    if fault.kind == "slow_answer":
        time.sleep(fault.ms / 1_000)
    if fault.kind == "garbled_answer":
        return Answer(body=b'{"BulkEmailEntryResults": [{"Sta')
    if fault.kind == "short_answer":
        body = {"BulkEmailEntryResults": body.get("BulkEmailEntryResults", [])[:-1]}
    return json_answer(body)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("([^/]+)".join(re.escape(piece) for piece in path.split("{}")))


def _json(body: bytes) -> Any:  # noqa: ANN401  whatever JSON can say
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise bad_request(f"The request cannot be read: {error}") from error


def _read(given: Any, shape: Any) -> Any:  # noqa: ANN401  msgspec gives what it is asked for
    try:
        return msgspec.convert(given, shape)
    except msgspec.ValidationError as error:
        raise bad_request(f"The request cannot be read: {error}") from error


def _number(request: Request, name: str, default: int, most: int = ALWAYS) -> int:
    text = request.query.get(name, str(default))
    if not text.isdecimal() or not 0 <= int(text) <= most or (name == "limit" and text == "0"):
        raise bad_request(f"{name}: {text[:30]!r} must be a whole number, at most {most}.")
    return int(text)
