"""SendGrid, Web API v3: `POST /v3/mail/send`, a call for up to fifty recipients, each call tried once.

Source: SendGrid's API reference, "Mail Send", its "Errors" and "Limitations", and "Substitution Tags". The program
travels once, its slots as substitution tags, and each recipient brings his values. An answer tells nothing about
single recipients: 202 has taken all of them, and events tell the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from chalicelib.compose.letter import letter
from chalicelib.compose.revision import Envelope, Letter, Revision
from chalicelib.model.message_size import LARGEST
from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallRefused,
    CallThrottled,
    Halted,
    LetterHalted,
    Outcome,
    SendingFault,
)
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.transports.asked_quota import ASKING_MS, AskedQuota
from chalicelib.transports.attached import Attached, Attachments, Contents
from chalicelib.transports.carried import carried
from chalicelib.transports.json_call import Answer, Api, JsonCall, Statuses
from chalicelib.transports.mailbox_parts import mailbox_parts
from chalicelib.transports.one_each import one_each
from chalicelib.transports.sendgrid_template import Template, content, fits, substitutions, tagged

API = Api("https://api.sendgrid.com", per_second=100.0)  # accounts in the EU: https://api.eu.sendgrid.com
MAX_RECIPIENTS = 50

# https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors and SendGrid's support article "4XX API Errors".
# A 400 refuses the payload; a 5xx or a lost answer leaves doubt.
STATUSES: Statuses = MappingProxyType(
    {
        400: (CallRefused, ""),
        401: (Halted, "SendGrid refuses the key, or its credits are used up. Mend it at SendGrid, then resume."),
        403: (Halted, "SendGrid does not let this key or this From address send. Mend it at SendGrid, then resume."),
        404: (Halted, "SendGrid has nothing at this address. Mend the transport's base URL, then resume."),
        405: (Halted, "SendGrid has nothing at this address. Mend the transport's base URL, then resume."),
        413: (CallRefused, "SendGrid says that this is too large."),
        429: (CallThrottled, "SendGrid takes no more requests for now."),
    }
)
FROM_REFUSED = "SendGrid refuses the From address. Mend the e-mail or verify the sender at SendGrid, then resume."

# Our own links and pixel do what SendGrid would do a second time, and it would rewrite the letter.
SETTINGS = msgspec.Raw(
    msgspec.json.encode(
        {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        }
    )
)
MAIL_SETTINGS = msgspec.Raw(msgspec.json.encode({"footer": {"enable": False}}))


class SendGridTransport:
    """`key` is an API key with the permission Mail Send (and, to see its credits, User Account read)."""

    name = "sendgrid"
    gives_evidence = True
    largest = LARGEST["sendgrid"]

    def __init__(
        self,
        key: str,
        workspace: str,
        contents: Contents,
        api: Api = API,
        clock: Callable[[], float] = time.time,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._call = JsonCall("SendGrid", api.base_url, api.timeout_ms, [key], headers, clock)
        self._asking = JsonCall("SendGrid", api.base_url, ASKING_MS, [key], headers, clock)
        self._workspace = workspace
        self._attachments = Attachments(contents)
        self._per_second = api.per_second
        self._clock = clock
        self._quota = AskedQuota(self._credits, Quota(api.per_second, per_day=-1, sent_today=0), clock)

    def send(self, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER) -> Sequence[Outcome]:
        """See `work/ports/transports.py`. A call each where From or Reply-To differ, or where values do not fit as
        substitutions: what does not fit into the time is NotSent.
        """
        if not 1 <= len(envelopes) <= MAX_RECIPIENTS:
            raise ValueError(f"A call has 1 to {MAX_RECIPIENTS} recipients, not {len(envelopes)}.")
        if len(envelopes) == 1:
            return [self._single(revision, envelopes[0])]
        letters = [letter(revision, each) for each in envelopes]
        template = tagged(revision)
        if template is not None and _as_one(letters) and fits(template, envelopes):
            return self._bulk(revision, envelopes, letters, template)
        return one_each(envelopes, lambda each: self._single(revision, each), self._clock, begin_by)

    def quota(self) -> Quota:
        return self._quota()

    def _bulk(
        self, revision: Revision, envelopes: Sequence[Envelope], letters: Sequence[Letter], template: Template
    ) -> list[Outcome]:
        people = [
            self._person(revision, envelope, written) | {"substitutions": substitutions(template, envelope)}
            for envelope, written in zip(envelopes, letters, strict=True)
        ]
        taken = self._sent(revision, letters[0], people, template.subject, template.content)
        # SendGrid names the call alone; what stands before the `#` finds its messages there
        return [Accepted(f"{taken.provider_id}#{at}") for at in range(len(envelopes))]

    def _single(self, revision: Revision, envelope: Envelope) -> Outcome:
        written = letter(revision, envelope)
        body = content(written.text, written.html)
        return self._sent(revision, written, [self._person(revision, envelope, written)], written.subject, body)

    def _person(self, revision: Revision, envelope: Envelope, written: Letter) -> dict[str, Any]:
        person: dict[str, Any] = {
            "to": [{"email": envelope.address}],
            "custom_args": carried(self._workspace, revision, envelope),
        }
        if written.headers:
            person["headers"] = written.headers
        if revision.bcc:
            person["bcc"] = [{"email": each} for each in revision.bcc]
        return person

    def _sent(
        self,
        revision: Revision,
        written: Letter,
        people: Sequence[Mapping[str, Any]],
        subject: str,
        content: msgspec.Raw,
    ) -> Accepted:
        body: dict[str, Any] = {
            "personalizations": people,
            "from": _mailbox(written.from_),
            "subject": subject,
            "content": content,
            "tracking_settings": SETTINGS,
            "mail_settings": MAIL_SETTINGS,
        }
        if written.reply_to:
            body["reply_to"] = _mailbox(written.reply_to)
        if attached := self._attachments(revision):
            body["attachments"] = [_attachment(each) for each in attached]
        answer = self._call.post("/v3/mail/send", msgspec.json.encode(body))
        if answer.status == 202:  # noqa: PLR2004  # the one status that says so
            return Accepted(answer.headers.get("x-message-id", ""))
        raise self._fault(answer)

    def _fault(self, answer: Answer) -> SendingFault:
        errors = _errors(answer)
        said = " ".join(str(error.get("message", "")) for error in errors)
        fault = self._call.fault(answer, STATUSES, said)
        if isinstance(fault, CallRefused) and any(_is_from(error) for error in errors):
            return LetterHalted(f"{FROM_REFUSED} {self._call.shown(said)}")
        if answer.status == 200:  # noqa: PLR2004  # "valid, but not queued": a sandbox that we did not ask for
            return CallInDoubt("SendGrid says 200, not 202: valid, but perhaps not queued.")
        return fault

    def _credits(self) -> Quota | None:
        """The mails of the plan's period, where that is a day; SendGrid has no limit a second of its own."""
        answer = self._asking.get("/v3/user/credits")
        said = answer.json
        if answer.status != 200 or said.get("reset_frequency") != "daily":  # noqa: PLR2004  # the one good status
            return None
        return Quota(self._per_second, per_day=float(said["total"]), sent_today=float(said["used"]))


def _as_one(letters: Sequence[Letter]) -> bool:
    """Whether one From and one Reply-To stand for all."""
    return len({(each.from_, each.reply_to) for each in letters}) == 1


def _attachment(attached: Attached) -> dict[str, str]:
    return {
        "content": attached.base64,
        "filename": attached.name,
        "type": attached.content_type,
        "disposition": "attachment",
    }


def _mailbox(mailbox: str) -> dict[str, str]:
    name, address = mailbox_parts(mailbox)
    return {"email": address, "name": name} if name else {"email": address}


def _errors(answer: Answer) -> list[Mapping[str, Any]]:
    """`{"errors": [{"message", "field", "help"}]}`"""
    said = answer.json
    errors = said.get("errors") if isinstance(said, dict) else None
    return [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []


def _is_from(error: Mapping[str, Any]) -> bool:
    return str(error.get("field") or "").partition(".")[0] == "from"
