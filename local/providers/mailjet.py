"""Mailjet as its guide describes it: messages with a status each, globals, an Event API that signs nothing.

https://dev.mailjet.com/email/guides/send-api-v31/
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.compose.header import mailbox
from chalicelib.compose.revision import Letter
from local.providers.inbox import Attachment, Copy
from local.providers.stand_in import Refused, StandIn, decoded
from local.ses_simulator.exchange import Answer, Request, json_answer

MAX_MESSAGES = 50
OK, BAD_REQUEST, FORBIDDEN_STATUS = 200, 400, 403
FORBIDDEN = frozenset(
    {
        "from",
        "sender",
        "subject",
        "to",
        "cc",
        "bcc",
        "return-path",
        "delivered-to",
        "dkim-signature",
        "domainkey-status",
        "received-spf",
        "authentication-results",
        "received",
        "user-agent",
        "x-mailer",
        "x-feedback-id",
        "list-id",
        "date",
        "message-id",
    }
)


class Mailjet(StandIn):
    """Takes the pair `key` alone; From addresses must be in `domain`. The `refused` addresses count as invalid."""

    path = "/v3.1/send"

    def __init__(self, key: str = "public:private", domain: str = "example.com", hook: str = "user:password") -> None:
        super().__init__()
        self._key = key
        self._domain = domain
        self._hook = hook
        self.refused: set[str] = set()

    def taken(self, request: Request) -> Answer:
        if request.headers.get("authorization") != _basic(self._key):
            raise Refused(
                401,
                {
                    "ErrorIdentifier": "local",
                    "StatusCode": 401,
                    "ErrorMessage": "API key authentication/authorization failure.",
                },
            )
        body = decoded(request)
        if not 1 <= len(body["Messages"]) <= MAX_MESSAGES:
            raise Refused(BAD_REQUEST, _error("mj-0008", "Too many messages.", "Messages"))
        results = [self._taken({**body.get("Globals", {}), **message}) for message in body["Messages"]]
        failed = [each["Errors"][0]["StatusCode"] for each in results if each["Status"] == "error"]
        return json_answer({"Messages": results}, min(failed) if failed else OK)

    def hook(self, events: object) -> tuple[dict[str, str], bytes]:
        """(headers, body) of a webhook's POST."""
        return {"Authorization": _basic(self._hook), "Content-Type": "application/json"}, msgspec.json.encode(events)

    def _taken(self, message: Mapping[str, Any]) -> dict[str, Any]:
        wrong = self._wrong(message)
        if wrong is not None:
            return {"Status": "error", "Errors": [wrong]}
        number = 576460756513665525 + self.number()
        self.inbox.put(_copy(message, str(number)))
        person = {
            "Email": message["To"][0]["Email"],
            "MessageUUID": f"cb927469-36fd-4c02-bce4-{number % 10**12:012d}",
            "MessageID": number,
            "MessageHref": f"https://api.mailjet.com/v3/REST/message/{number}",
        }
        return {"Status": "success", "CustomID": message["CustomID"], "To": [person], "Cc": [], "Bcc": []}

    def _wrong(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        sender, address = message["From"]["Email"], message["To"][0]["Email"]
        if not sender.endswith(f"@{self._domain}"):
            told = f'"{sender}" is not an authorized sender email address for your account.'
            return _error("send-0008", told, "From", FORBIDDEN_STATUS)
        if not address.isascii() or address.count("@") != 1 or address in self.refused:
            return _error("mj-0013", f'"{address}" is an invalid email address.', "To[0].Email")
        if "HTMLPart" not in message and "TextPart" not in message:
            return _error("send-0003", "At least HTMLPart, TextPart or TemplateID must be provided.", "TextPart")
        forbidden = next((name for name in message.get("Headers", {}) if name.lower() in FORBIDDEN), None)
        return _error("send-0011", f"{forbidden} is forbidden.", f'Headers["{forbidden}"]') if forbidden else None


def _copy(message: Mapping[str, Any], message_id: str) -> Copy:
    reply_to = message.get("ReplyTo")
    letter = Letter(
        subject=message["Subject"],
        from_=_mailbox(message["From"]),
        reply_to=_mailbox(reply_to) if reply_to else "",
        to=message["To"][0]["Email"],
        html=message.get("HTMLPart", ""),
        text=message.get("TextPart", ""),
        headers=message.get("Headers", {}),
    )
    settings = {name: message[name] for name in ("TrackOpens", "TrackClicks", "CustomID")}
    bcc = tuple(each["Email"] for each in message.get("Bcc", []))
    return Copy(message_id, letter, msgspec.json.decode(message["EventPayload"]), bcc, _attachments(message), settings)


def _attachments(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(each["Filename"], each["ContentType"], base64.b64decode(each["Base64Content"], validate=True))
        for each in message.get("Attachments", [])
    )


def _error(code: str, message: str, about: str, status: int = BAD_REQUEST) -> dict[str, Any]:
    return {
        "ErrorIdentifier": "local",
        "ErrorCode": code,
        "StatusCode": status,
        "ErrorMessage": message,
        "ErrorRelatedTo": [about],
    }


def _mailbox(given: Mapping[str, str]) -> str:
    return mailbox(given.get("Name", ""), given["Email"])


def _basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
