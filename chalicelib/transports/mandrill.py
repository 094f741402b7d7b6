"""Mandrill (Mailchimp Transactional), API 1.0: `POST /api/1.0/messages/send.json`, each call tried once.

Source: Mailchimp's reference "Messages" and "Users", and its help "Can I use merge tags in my subject line or other
headers?": merge tags "can't be included in custom X- headers or the List-Unsubscribe header". Each recipient has a
List-Unsubscribe of his own, so a call has one recipient, and a letter goes whole, with merging off.
"""

from __future__ import annotations

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
    CallNotSent,
    CallRefused,
    CallThrottled,
    Halted,
    LetterHalted,
    Outcome,
    Refused,
    SendingFault,
)
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.transports.asked_quota import ASKING_MS, AskedQuota
from chalicelib.transports.attached import Attachments, Contents
from chalicelib.transports.carried import carried
from chalicelib.transports.json_bodies import json_bodies
from chalicelib.transports.json_call import Answer, Api, JsonCall, Statuses
from chalicelib.transports.mailbox_parts import mailbox_parts
from chalicelib.transports.one_each import one_each

API = Api("https://mandrillapp.com", per_second=10.0)
MAX_RECIPIENTS = 50
OK = 200
HOUR_S = 3_600

KEY_REFUSED = "Mandrill refuses the key. Mend it at Mailchimp, then resume."
ACCOUNT_REFUSED = "Mandrill lets this account send no more. Look at it at Mailchimp, then resume."
SENDER_REFUSED = "Mandrill refuses the From address or its domain. Verify it at Mailchimp, then resume."

# Mandrill answers its own refusals with HTTP 500: the error's name counts, whatever the status.
NAMES: Mapping[str, tuple[type[SendingFault], str]] = MappingProxyType(
    {
        "Invalid_Key": (Halted, KEY_REFUSED),
        "PaymentRequired": (Halted, ACCOUNT_REFUSED),
        "Poor_Reputation": (Halted, ACCOUNT_REFUSED),
        "Unknown_Subaccount": (Halted, ACCOUNT_REFUSED),
        "ValidationError": (CallRefused, ""),
        "Metadata_FieldLimit": (CallRefused, ""),
        "ServiceUnavailable": (CallNotSent, "Mandrill is down for maintenance."),
        # "an unexpected error occurred processing the request": how far it had come, nobody knows
        "GeneralError": (CallInDoubt, "Mandrill failed."),
    }
)
STATUSES: Statuses = MappingProxyType(
    {
        401: (Halted, KEY_REFUSED),
        403: (Halted, ACCOUNT_REFUSED),
        404: (Halted, "Mandrill has nothing at this address. Mend the transport's base URL, then resume."),
        413: (CallRefused, "Mandrill says that this is too large."),
        429: (CallThrottled, "Mandrill takes no more requests for now."),
    }
)
# `status` of a recipient: taken (queued ones are sent later, for reasons of Mandrill's), or never.
TAKEN = frozenset({"sent", "queued", "scheduled"})
NEVER = frozenset({"rejected", "invalid"})
# `reject_reason`: those that lie in the account; the others (hard-bounce, spam, unsub, rule...) in this message.
HALTS: Mapping[str, str] = MappingProxyType(
    {
        "invalid-sender": SENDER_REFUSED,
        "unsigned": SENDER_REFUSED,
        "test-mode-limit": ACCOUNT_REFUSED,
    }
)

# Nothing that changes the letter: our own links and pixel do what Mandrill would do a second time.
UNCHANGED = MappingProxyType(
    {
        "merge": False,
        "track_opens": False,
        "track_clicks": False,
        "auto_text": False,
        "auto_html": False,
        "inline_css": False,
        "url_strip_qs": False,
        "view_content_link": False,
        "preserve_recipients": False,
    }
)


class MandrillTransport:
    """`key` travels in the body of every call. `api.per_second` is assumed until Mandrill has told its hourly quota."""

    name = "mandrill"
    gives_evidence = True
    largest = LARGEST["mandrill"]

    def __init__(
        self,
        key: str,
        workspace: str,
        contents: Contents,
        api: Api = API,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._call = JsonCall("Mandrill", api.base_url, api.timeout_ms, [key], clock=clock)
        self._asking = JsonCall("Mandrill", api.base_url, ASKING_MS, [key], clock=clock)
        # a function, which shows nothing
        self._key: Callable[[], str] = lambda: key
        self._workspace = workspace
        self._attachments = Attachments(contents)
        self._clock = clock
        self._quota = AskedQuota(self._info, Quota(api.per_second, per_day=-1, sent_today=0), clock)

    def send(self, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER) -> Sequence[Outcome]:
        """See `work/ports/transports.py`. A call each, a few at a time: what does not fit into the time is NotSent."""
        if not 1 <= len(envelopes) <= MAX_RECIPIENTS:
            raise ValueError(f"A call has 1 to {MAX_RECIPIENTS} recipients, not {len(envelopes)}.")
        if len(envelopes) == 1:
            return [self._single(revision, envelopes[0])]
        return one_each(envelopes, lambda each: self._single(revision, each), self._clock, begin_by)

    def quota(self) -> Quota:
        return self._quota()

    def _single(self, revision: Revision, envelope: Envelope) -> Outcome:
        body = {"key": self._key(), "message": self._message(revision, envelope), "async": False}
        answer = self._call.post("/api/1.0/messages/send.json", msgspec.json.encode(body))
        said = answer.json
        if answer.status != OK or not isinstance(said, list):
            raise self._fault(answer)
        return self._outcome(_about(said, envelope.address))

    def _message(self, revision: Revision, envelope: Envelope) -> dict[str, Any]:
        written, bodies = letter(revision, envelope), json_bodies(revision, envelope)
        name, address = mailbox_parts(written.from_)
        headers = dict(written.headers)
        if written.reply_to:
            headers["Reply-To"] = written.reply_to
        copies = [{"email": each, "type": "bcc"} for each in revision.bcc]
        message = {
            "subject": written.subject,
            "from_email": address,
            "to": [{"email": envelope.address, "type": "to"}, *copies],
            "headers": headers,
            "metadata": carried(self._workspace, revision, envelope),
            "important": revision.kind == "template",
        }
        attached = [
            {"type": each.content_type, "name": each.name, "content": each.base64}
            for each in self._attachments(revision)
        ]
        optional = {"attachments": attached, "from_name": name, "html": bodies.html, "text": bodies.text}
        return message | dict(UNCHANGED) | {field: value for field, value in optional.items() if value}

    def _outcome(self, result: Mapping[str, Any] | None) -> Outcome:
        status = str(result.get("status")) if result else ""
        message_id, reason = (str(result.get(name) or "") if result else "" for name in ("_id", "reject_reason"))
        if status in TAKEN and message_id:
            return Accepted(message_id)
        if status not in NEVER:
            raise CallInDoubt(self._call.shown(f"Mandrill's answer says {status[:60]!r} of this recipient."))
        if reason in HALTS:
            raise (LetterHalted if HALTS[reason] == SENDER_REFUSED else Halted)(HALTS[reason])
        return Refused(self._call.shown(f"{status}: {reason}" if reason else status))

    def _fault(self, answer: Answer) -> SendingFault:
        said = answer.json if isinstance(answer.json, dict) else {}
        name, message = str(said.get("name", "")), str(said.get("message", ""))
        if said.get("status") == "error" and name in NAMES:
            kind, words = NAMES[name]
            return kind(f"{words} {self._call.shown(f'{name}: {message}')}".strip())
        return self._call.fault(answer, STATUSES, message)

    def _info(self) -> Quota | None:
        """`users/info`: what an account may send in an hour, as a rate."""
        answer = self._asking.post("/api/1.0/users/info.json", msgspec.json.encode({"key": self._key()}))
        if answer.status != OK:
            return None
        said = answer.json
        sent = float(said["stats"]["today"]["sent"])
        return Quota(per_second=float(said["hourly_quota"]) / HOUR_S, per_day=-1, sent_today=sent)


def _about(results: Sequence[Any], address: str) -> Mapping[str, Any] | None:
    """The result of this recipient: those of the copies stand beside it."""
    found = [each for each in results if isinstance(each, dict)]
    own = [each for each in found if str(each.get("email")).lower() == address.lower()]
    return own[0] if own else None
