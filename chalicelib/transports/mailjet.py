"""Mailjet, Send API v3.1: `POST /v3.1/send`, a call for up to fifty messages, each call tried once.

Source: Mailjet's guide "Send API v3.1" (bulk sending, headers, errors) and "API status codes". Every message is
processed by itself and has a status of its own, in the order of the request, whatever the status of the whole answer.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from chalicelib.compose.letter import letter
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.message_size import LARGEST
from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallRefused,
    CallThrottled,
    Halted,
    InDoubt,
    LetterHalted,
    NotSent,
    Outcome,
    Refused,
)
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.transports.attached import Attachments, Contents
from chalicelib.transports.carried import carried
from chalicelib.transports.json_bodies import json_bodies
from chalicelib.transports.json_call import FIRST_FAILURE, FIRST_REFUSAL, Answer, Api, JsonCall, Statuses
from chalicelib.transports.mailbox_parts import mailbox_parts

API = Api("https://api.mailjet.com", per_second=100.0)  # accounts in the US: https://api.us.mailjet.com
MAX_RECIPIENTS = 50

KEY_REFUSED = "Mailjet refuses the key pair, or has suspended it. Mend it at Mailjet, then resume."
SENDER_REFUSED = "Mailjet has not validated the From address. Validate the sender at Mailjet, then resume."

# "API status codes". For an answer that says nothing of single messages.
STATUSES: Statuses = MappingProxyType(
    {
        400: (CallRefused, ""),
        401: (Halted, KEY_REFUSED),
        403: (LetterHalted, SENDER_REFUSED),
        404: (Halted, "Mailjet has nothing at this address. Mend the transport's base URL, then resume."),
        405: (Halted, "Mailjet has nothing at this address. Mend the transport's base URL, then resume."),
        413: (CallRefused, "Mailjet says that this is too large."),
        429: (CallThrottled, "Mailjet takes no more requests for now."),
    }
)
# "Send API errors": the codes that no message will get past before a person acts. All others refuse their message.
HALTS: Mapping[str, str] = MappingProxyType(
    {
        "mj-0001": KEY_REFUSED,
        "mj-0015": KEY_REFUSED,
        "send-0006": SENDER_REFUSED,
        "send-0007": SENDER_REFUSED,
        "send-0008": SENDER_REFUSED,
    }
)

# "List of forbidden headers": those of ours among them. A message that has one is refused (send-0011).
FORBIDDEN = frozenset({"list-id"})
GLOBALS: Mapping[str, Any] = {"TrackOpens": "disabled", "TrackClicks": "disabled"}


class MailjetTransport:
    """`key` is the API key pair, `public:private`, as HTTP Basic and Mailjet's own examples write it."""

    name = "mailjet"
    gives_evidence = True
    largest = LARGEST["mailjet"]

    def __init__(
        self,
        key: str,
        workspace: str,
        contents: Contents,
        api: Api = API,
        clock: Callable[[], float] = time.time,
    ) -> None:
        public, colon, private = key.partition(":")
        if not (public and colon and private):
            raise ValueError("Mailjet's key is a pair: write it as public:private.")
        basic = base64.b64encode(key.encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        self._call = JsonCall("Mailjet", api.base_url, api.timeout_ms, [basic, key, private, public], headers, clock)
        self._workspace = workspace
        self._attachments = Attachments(contents)
        self._quota = Quota(api.per_second, per_day=-1, sent_today=0)

    def send(
        self,
        revision: Revision,
        envelopes: Sequence[Envelope],
        begin_by: int = WHENEVER,  # noqa: ARG002  # all letters of it begin at once
    ) -> Sequence[Outcome]:
        """See `work/ports/transports.py`. One call, with a whole letter for each."""
        if not 1 <= len(envelopes) <= MAX_RECIPIENTS:
            raise ValueError(f"A call has 1 to {MAX_RECIPIENTS} recipients, not {len(envelopes)}.")
        shared = {**GLOBALS, **self._attached(revision)}
        messages = [self._message(revision, each) for each in envelopes]
        body = msgspec.json.encode({"Globals": shared, "Messages": messages})
        answer = self._call.post("/v3.1/send", body)
        results = _results(answer)
        if results is None:
            raise self._call.fault(answer, STATUSES, _said(answer.json))
        if len(results) != len(envelopes):
            raise CallInDoubt("Mailjet's answer does not tell what became of each recipient.")
        return self._outcomes(results)

    def quota(self) -> Quota:
        """As it was set: Mailjet tells nobody what an account may send."""
        return self._quota

    def _attached(self, revision: Revision) -> dict[str, Any]:
        """Attachments travel once in a call, among what its messages share."""
        found = [
            {"ContentType": each.content_type, "Filename": each.name, "Base64Content": each.base64}
            for each in self._attachments(revision)
        ]
        return {"Attachments": found} if found else {}

    def _message(self, revision: Revision, envelope: Envelope) -> dict[str, Any]:
        written, bodies = letter(revision, envelope), json_bodies(revision, envelope)
        message: dict[str, Any] = {
            "From": _mailbox(written.from_),
            "To": [{"Email": envelope.address}],
            "Subject": written.subject,
            "CustomID": str(envelope.message),
            "EventPayload": msgspec.json.encode(carried(self._workspace, revision, envelope)).decode(),
        }
        optional = {
            "Headers": {name: value for name, value in written.headers.items() if name.lower() not in FORBIDDEN},
            "HTMLPart": bodies.html,
            "TextPart": bodies.text,
            "ReplyTo": _mailbox(written.reply_to) if written.reply_to else None,
            "Bcc": [{"Email": each} for each in revision.bcc],
        }
        return message | {name: value for name, value in optional.items() if value}

    def _outcomes(self, results: Sequence[Any]) -> list[Outcome]:
        """Halted where all of them are."""
        outcomes = [self._outcome(each) for each in results]
        halts = {each.reason for each in outcomes if isinstance(each, NotSent)}
        if all(isinstance(each, NotSent) for each in outcomes):
            raise (LetterHalted if halts == {SENDER_REFUSED} else Halted)(" ".join(sorted(halts)))
        return outcomes

    def _outcome(self, result: Any) -> Outcome:  # noqa: ANN401  # what came over the wire
        status = str(result.get("Status")).lower() if isinstance(result, dict) else ""
        if status == "success" and (message_id := _message_id(result)):
            return Accepted(message_id)
        errors = _errors(result)
        if status != "error" or not errors or any(not _refuses(each) for each in errors):
            return InDoubt(self._call.shown(f"Mailjet's answer says {status[:60]!r}. {_told(errors)}"))
        if halt := _halt(result):
            return NotSent(halt)
        return Refused(self._call.shown(_told(errors)))


def _results(answer: Answer) -> list[Any] | None:
    """What the answer says of each message; None where it is about the whole call."""
    said = answer.json
    results = said.get("Messages") if isinstance(said, dict) else None
    told = answer.status == 200 or FIRST_REFUSAL <= answer.status < FIRST_FAILURE  # noqa: PLR2004  # partial failures come as 4xx
    return results if isinstance(results, list) and results and told else None


def _errors(result: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401  # what came over the wire
    errors = result.get("Errors") if isinstance(result, dict) else None
    return [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []


def _halt(result: Any) -> str:  # noqa: ANN401  # what came over the wire
    return next((HALTS[code] for each in _errors(result) if (code := str(each.get("ErrorCode"))) in HALTS), "")


def _refuses(error: Mapping[str, Any]) -> bool:
    """Errors follow HTTP's statuses; one of Mailjet's own (5xx) says nothing about what happened."""
    status = error.get("StatusCode")
    return isinstance(status, int) and FIRST_REFUSAL <= status < FIRST_FAILURE


def _message_id(result: Mapping[str, Any]) -> str:
    people = result.get("To")
    first = people[0] if isinstance(people, list) and people else None
    found = first.get("MessageID") if isinstance(first, dict) else None
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) and found else ""


def _told(errors: Sequence[Mapping[str, Any]]) -> str:
    return " ".join(_said(each) for each in errors)


def _said(error: Any) -> str:  # noqa: ANN401  # what came over the wire
    if not isinstance(error, dict):
        return ""
    return ": ".join(str(error[name]) for name in ("ErrorCode", "ErrorMessage") if error.get(name))


def _mailbox(mailbox: str) -> dict[str, str]:
    name, address = mailbox_parts(mailbox)
    return {"Email": address, "Name": name} if name else {"Email": address}
