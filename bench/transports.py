"""`transport ...`: recipients through each transport's calls of fifty, in CPU seconds of the sending side.

Beside each the plain loop that anyone writes for this provider: a letter made whole for each recipient, and a call
(a message) each, over one connection. Our side makes the same letters and tells what became of each.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import smtplib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from email.message import EmailMessage
from itertools import count
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from bench import audience
from bench.child import measured
from bench.deliver import SIGNER
from bench.figure import per_cpu_second
from bench.sink import Json, sink
from chalicelib.compose.letter import letter
from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Envelope, Letter
from chalicelib.model.addressee import Addressee
from chalicelib.model.chunk import CHUNK
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Tracked
from chalicelib.model.transport_setup import PROVIDERS, Provider, TransportSetup
from chalicelib.transports.attached import no_contents
from chalicelib.transports.providers import House, Transport, made
from local.providers.mandrill import SETTINGS

CALLS, SINGLE = 10, 100
TIMEOUT_MS = 30_000
PLAIN = MappingProxyType(
    {
        "ses": "EmailMessage + send_email",
        "smtp": "EmailMessage + smtplib",
        "sendgrid": "a JSON body + http.client",
        "mailjet": "a JSON body + http.client",
        "mandrill": "a JSON body + http.client",
    }
)
KEYS = MappingProxyType({"sendgrid": "SG.local", "mailjet": "public:private", "mandrill": "md-local"})


def figures() -> Iterator[Json]:
    for provider in PROVIDERS:
        with _stand_in(provider) as url:
            ours = measured("bench.transports", url, f"{provider} ours")
            plain = measured("bench.transports", url, f"{provider} plain")
        yield per_cpu_second(f"transport {provider}", "recipients", ours, {PLAIN[provider]: plain})


@contextmanager
def _stand_in(provider: Provider) -> Iterator[str]:
    """Its address; it works in this process, which is not measured."""
    from local.providers.mailjet import Mailjet  # noqa: PLC0415  # what it stands on, the measured processes do not need
    from local.providers.mandrill import Mandrill  # noqa: PLC0415  # as above
    from local.providers.sendgrid import SendGrid  # noqa: PLC0415  # as above
    from local.smtp_server import SmtpServer  # noqa: PLC0415  # as above

    apis: dict[str, Callable[[], AbstractContextManager[Any]]] = {
        "sendgrid": SendGrid,
        "mailjet": Mailjet,
        "mandrill": Mandrill,
    }
    if provider == "ses":
        with sink() as url:
            yield url
    elif provider == "smtp":
        with SmtpServer() as server:
            yield f"smtp://127.0.0.1:{server.port}"
    else:
        with apis[provider]() as stand_in:
            yield stand_in.url


def _envelopes(number: int) -> list[Envelope]:
    """The recipients of one call: made by both sides alike, and so in both sides' time."""
    revision, found = audience.revision(), []
    for n in range(number * CHUNK, (number + 1) * CHUNK):
        person = audience.contact(audience.numbered("contact", n))
        key = MessageKey(person.id, revision.family)
        token = SIGNER.token(Tracked(key, revision.email, revision.number))
        filled = values(revision, Addressee(person), token, SIGNER)
        found.append(Envelope(key, person.address, "a" * 16, token, filled))
    return found


def _ours(provider: Provider, url: str) -> tuple[Callable[[int], None], int]:
    transport, revision = _transport(provider, url), audience.revision()

    def call(number: int) -> None:
        outcomes = transport.send(revision, _envelopes(number))
        if len(outcomes) != CHUNK or any(not hasattr(each, "provider_id") for each in outcomes):
            raise RuntimeError(f"{provider} did not take all of a call: {outcomes[0]}")

    return call, CHUNK


def _transport(provider: Provider, url: str) -> Transport:
    from chalicelib.transports.ses import SesTransport, sending_client  # noqa: PLC0415  # each child its own side

    place = urlsplit(url)
    of_smtp: dict[str, str | int | float] = {"host": "127.0.0.1", "port": place.port or 0, "security": "plain"}
    settings = {"ses": {}, "smtp": of_smtp}.get(provider, {"base_url": url})
    house = House(
        lambda: SesTransport(sending_client("us-east-1", None, TIMEOUT_MS), "envoi", "main"),
        SIGNER,
        "main",
        TIMEOUT_MS,
        no_contents,
    )
    return made(TransportSetup(provider, provider, settings=settings), house, lambda: KEYS.get(provider, ""))


def _plain(provider: Provider, url: str) -> tuple[Callable[[int], None], int]:
    revision, numbers = audience.revision(), count()
    people: list[Envelope] = []
    send = LOOPS[provider](url)

    def one(_number: int) -> None:
        if not people:
            people.extend(_envelopes(next(numbers)))
        send(letter(revision, people.pop()))

    return one, 1


def _message(letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = letter.from_, letter.to, letter.subject
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _by_ses(_url: str) -> Callable[[Letter], None]:
    import boto3  # noqa: PLC0415  # as above

    ses = boto3.client("sesv2")

    def send(letter: Letter) -> None:
        ses.send_email(Content={"Raw": {"Data": _message(letter).as_bytes()}})

    return send


def _by_smtp(url: str) -> Callable[[Letter], None]:
    server = smtplib.SMTP("127.0.0.1", urlsplit(url).port or 0)

    def send(letter: Letter) -> None:
        server.send_message(_message(letter))

    return send


def _by_json(path: str, headers: dict[str, str], body: Callable[[Letter], Json]) -> Callable[[str], Any]:
    def loop(url: str) -> Callable[[Letter], None]:
        connection = http.client.HTTPConnection(urlsplit(url).netloc)

        def send(letter: Letter) -> None:
            connection.request("POST", path, json.dumps(body(letter)), {"Content-Type": "application/json"} | headers)
            connection.getresponse().read()

        return send

    return loop


def _for_sendgrid(letter: Letter) -> Json:
    return {
        "personalizations": [{"to": [{"email": letter.to}], "custom_args": {}}],
        "from": {"email": "news@example.com"},
        "subject": letter.subject,
        "tracking_settings": {},
        "mail_settings": {},
        "content": [{"type": "text/plain", "value": letter.text}, {"type": "text/html", "value": letter.html}],
    }


def _for_mailjet(letter: Letter) -> Json:
    message = {
        "From": {"Email": "news@example.com"},
        "To": [{"Email": letter.to}],
        "Subject": letter.subject,
        "TextPart": letter.text,
        "HTMLPart": letter.html,
        "CustomID": "",
        "EventPayload": "{}",
        "TrackOpens": "disabled",
        "TrackClicks": "disabled",
    }
    return {"Messages": [message]}


def _for_mandrill(letter: Letter) -> Json:
    message = {
        "from_email": "news@example.com",
        "to": [{"email": letter.to, "type": "to"}],
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "headers": {},
        "metadata": {},
        **dict.fromkeys(SETTINGS, False),
    }
    return {"key": KEYS["mandrill"], "message": message}


_BASIC = base64.b64encode(KEYS["mailjet"].encode()).decode()
LOOPS: MappingProxyType[str, Callable[[str], Callable[[Letter], None]]] = MappingProxyType(
    {
        "ses": _by_ses,
        "smtp": _by_smtp,
        "sendgrid": _by_json("/v3/mail/send", {"Authorization": f"Bearer {KEYS['sendgrid']}"}, _for_sendgrid),
        "mailjet": _by_json("/v3.1/send", {"Authorization": f"Basic {_BASIC}"}, _for_mailjet),
        "mandrill": _by_json("/api/1.0/messages/send.json", {}, _for_mandrill),
    }
)


def measure(words: Sequence[str]) -> float:
    """Recipients per CPU second, after one call to warm up."""
    provider = next(each for each in PROVIDERS if each == words[0])
    make, times = (_ours, CALLS) if words[1] == "ours" else (_plain, SINGLE)
    work, recipients = make(provider, os.environ["AWS_ENDPOINT_URL"])
    work(0)
    begun = time.process_time()
    for number in range(1, times + 1):
        work(number)
    return recipients * times / (time.process_time() - begun)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(measure(sys.argv[1].split()))
    else:
        for figure in figures():
            print(json.dumps(figure))
