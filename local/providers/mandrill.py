"""Mandrill as Mailchimp's reference describes it: the key in the body, a result for each recipient, signed webhooks.

https://mailchimp.com/developer/transactional/api/messages/send-new-message/
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

from chalicelib.compose.header import mailbox
from chalicelib.compose.revision import Letter
from local.providers.inbox import Attachment, Copy
from local.providers.stand_in import Refused, StandIn, decoded
from local.ses_simulator.exchange import Answer, Request, json_answer

SETTINGS = (
    "merge",
    "track_opens",
    "track_clicks",
    "auto_text",
    "auto_html",
    "inline_css",
    "url_strip_qs",
    "view_content_link",
    "preserve_recipients",
    "important",
)


class Mandrill(StandIn):
    """Takes `key` alone; From addresses must be in `domain`. `rejected` has a reason by address, `queued` too."""

    path = "/api/1.0/messages/send.json"

    def __init__(self, key: str = "md-local", domain: str = "example.com", hook_key: str = "hook-key") -> None:
        super().__init__()
        self._key = key
        self._domain = domain
        self._hook_key = hook_key
        self.rejected: dict[str, str] = {}
        self.queued: dict[str, str] = {}
        self.info: dict[str, Any] = {"hourly_quota": 7_200, "backlog": 0, "stats": {"today": {"sent": 42}}}

    def taken(self, request: Request) -> Answer:
        message = self._authorized(request)["message"]
        if not message.get("html") and not message.get("text"):
            raise Refused(500, _error(-2, "ValidationError", 'Validation error: {"message":{"html":"Empty"}}'))
        return json_answer([self._taken(message, person["email"]) for person in message["to"]])

    def asked(self, request: Request) -> Answer:
        if (request.method, request.path) != ("POST", "/api/1.0/users/info.json"):
            return super().asked(request)
        self._authorized(request)
        return json_answer(self.info)

    def hook(self, events: object, url: str) -> tuple[dict[str, str], bytes]:
        """(headers, body) of a webhook's POST to `url`."""
        said = msgspec.json.encode(events).decode()
        signature = hmac.digest(self._hook_key.encode(), f"{url}mandrill_events{said}".encode(), "sha1")
        return {
            "X-Mandrill-Signature": base64.b64encode(signature).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }, urlencode({"mandrill_events": said}).encode()

    def _authorized(self, request: Request) -> dict[str, Any]:
        body = decoded(request)
        if body.get("key") != self._key:
            raise Refused(500, _error(-1, "Invalid_Key", "Invalid API key"))
        return body

    def _taken(self, message: Mapping[str, Any], address: str) -> dict[str, Any]:
        message_id = f"{self.number():032x}"
        told: dict[str, Any] = {"email": address, "_id": message_id, "reject_reason": None, "queued_reason": None}
        if not message["from_email"].endswith(f"@{self._domain}"):
            return told | {"status": "rejected", "reject_reason": "invalid-sender"}
        if not address.isascii() or address.count("@") != 1:
            return told | {"status": "invalid"}
        if address in self.rejected:
            return told | {"status": "rejected", "reject_reason": self.rejected[address]}
        self.inbox.put(_copy(message, address, message_id))
        if address in self.queued:
            return told | {"status": "queued", "queued_reason": self.queued[address]}
        return told | {"status": "sent"}


def _copy(message: Mapping[str, Any], address: str, message_id: str) -> Copy:
    headers = dict(message["headers"])
    letter = Letter(
        subject=message["subject"],
        from_=mailbox(message.get("from_name", ""), message["from_email"]),
        reply_to=headers.pop("Reply-To", ""),
        to=address,
        html=message.get("html", ""),
        text=message.get("text", ""),
        headers=headers,
    )
    bcc = tuple(each["email"] for each in message["to"] if each["type"] == "bcc")
    settings = {name: message[name] for name in SETTINGS}
    return Copy(message_id, letter, message["metadata"], bcc, _attachments(message), settings)


def _attachments(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(each["name"], each["type"], base64.b64decode(each["content"], validate=True))
        for each in message.get("attachments", [])
    )


def _error(code: int, name: str, message: str) -> dict[str, object]:
    return {"status": "error", "code": code, "name": name, "message": message}
