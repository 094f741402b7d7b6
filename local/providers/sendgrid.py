"""SendGrid as its documentation describes it: personalizations, substitution tags, the signed Event Webhook.

https://www.twilio.com/docs/sendgrid/api-reference/mail-send
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.compose.header import mailbox
from chalicelib.compose.revision import Letter
from local.providers.inbox import Attachment, Copy
from local.providers.stand_in import Refused, StandIn, decoded
from local.ses_simulator.exchange import Answer, Request, json_answer

MAX_PERSONALIZATIONS = 1_000
MAX_SUBSTITUTIONS = 10_000
RESERVED = frozenset(
    {
        "x-sg-id",
        "x-sg-eid",
        "received",
        "dkim-signature",
        "content-type",
        "content-transfer-encoding",
        "to",
        "from",
        "subject",
        "reply-to",
        "cc",
        "bcc",
    }
)


class SendGrid(StandIn):
    """Takes `key` alone; From addresses must be in `domain`. A call with one of the `refused` addresses is a 400."""

    path = "/v3/mail/send"

    def __init__(self, key: str = "SG.local", domain: str = "example.com") -> None:
        super().__init__()
        self._key = key
        self._domain = domain
        self.refused: set[str] = set()
        self.credits: dict[str, object] = {"total": 100, "used": 3, "remain": 97, "reset_frequency": "daily"}
        self._signing = ec.generate_private_key(ec.SECP256R1())

    @property
    def verification_key(self) -> str:
        """As SendGrid shows it: DER in base64."""
        key = self._signing.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(key).decode()

    def taken(self, request: Request) -> Answer:
        self._authorized(request)
        body = decoded(request)
        if not body["from"]["email"].endswith(f"@{self._domain}"):
            raise _refused(403, "The from address does not match a verified Sender Identity.", "from")
        people = body["personalizations"]
        if not 1 <= len(people) <= MAX_PERSONALIZATIONS:
            raise _refused(400, "The personalization block is limited to 1000.", "personalizations")
        for person in people:
            _checked(person)
            if person["to"][0]["email"] in self.refused:
                raise _refused(400, "Does not contain a valid address.", "personalizations.0.to.0.email")
        message_id = f"local{self.number():017d}"
        self.inbox.put(*(_copy(body, person, message_id) for person in people))
        return Answer(202, headers={"X-Message-Id": message_id})

    def asked(self, request: Request) -> Answer:
        if (request.method, request.path) != ("GET", "/v3/user/credits"):
            return super().asked(request)
        self._authorized(request)
        return json_answer(self.credits)

    def hook(self, events: object, at: int) -> tuple[dict[str, str], bytes]:
        """(headers, body) of a webhook's POST; `at` is Unix seconds."""
        body = msgspec.json.encode(events)
        signature = self._signing.sign(str(at).encode() + body, ec.ECDSA(SHA256()))
        return {
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": str(at),
            "Content-Type": "application/json",
        }, body

    def _authorized(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self._key}":
            raise _refused(401, "The provided authorization grant is invalid, expired, or revoked", None)


def _checked(person: Mapping[str, Any]) -> None:
    for each in [*person["to"], *person.get("bcc", [])]:
        if not each["email"].isascii() or each["email"].count("@") != 1:
            raise _refused(400, "Does not contain a valid address.", "personalizations.0.to")
    for name in person.get("headers", {}):
        if name.lower() in RESERVED:
            raise _refused(400, f"The header {name} is reserved.", "personalizations.0.headers")
    given: dict[str, Any] = person.get("substitutions", {}) | person["custom_args"] | person.get("headers", {})
    if not all(isinstance(value, str) for value in given.values()):
        raise _refused(400, "Bad Request", None)
    size = sum(len(f"{tag}{value}".encode()) for tag, value in person.get("substitutions", {}).items())
    if size > MAX_SUBSTITUTIONS:
        raise _refused(400, "The substitutions are larger than 10000 bytes.", "personalizations.0.substitutions")


def _copy(body: Mapping[str, Any], person: Mapping[str, Any], message_id: str) -> Copy:
    contents = {each["type"]: _substituted(each["value"], person) for each in body["content"]}
    reply_to = body.get("reply_to")
    letter = Letter(
        subject=_substituted(body["subject"], person),
        from_=_mailbox(body["from"]),
        reply_to=_mailbox(reply_to) if reply_to else "",
        to=person["to"][0]["email"],
        html=contents.get("text/html", ""),
        text=contents.get("text/plain", ""),
        headers=person.get("headers", {}),
    )
    settings = {name: body[name] for name in ("tracking_settings", "mail_settings")}
    bcc = tuple(each["email"] for each in person.get("bcc", []))
    return Copy(message_id, letter, person["custom_args"], bcc, _attachments(body), settings)


def _attachments(body: Mapping[str, Any]) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(each["filename"], each["type"], base64.b64decode(each["content"], validate=True))
        for each in body.get("attachments", [])
    )


def _substituted(text: str, person: Mapping[str, Any]) -> str:
    """Every tag is replaced wherever it stands, tag after tag; the last first, for nothing is said about an order."""
    for tag, value in reversed(person.get("substitutions", {}).items()):
        text = text.replace(tag, value)
    return text


def _mailbox(given: Mapping[str, str]) -> str:
    return mailbox(given.get("name", ""), given["email"])


def _refused(status: int, message: str, field: str | None) -> Refused:
    return Refused(status, {"errors": [{"message": message, "field": field, "help": None}]})
