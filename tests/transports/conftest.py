"""A simulated SES and the transport that sends to it, over the wire."""

import os

import pytest

from chalicelib.compose.revision import Envelope, Program, Revision, Slot
from chalicelib.model.message import MessageKey
from chalicelib.transports.ses import SesTransport, sending_client
from local.ses import SimulatedSes
from local.ses_simulator.account import Limits

FAMILY, EMAIL = "f00000000000000b", "e00000000000000c"


class Clock:
    """Epoch seconds that pass only when told to."""

    def __init__(self, now=1_700_000_000.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def ses(clock):
    with SimulatedSes(limits=Limits(max_send_rate=1_000), clock=clock) as simulated:
        yield simulated


@pytest.fixture(autouse=True, scope="session")
def _credentials():
    """boto3 wants some; the simulator takes any."""
    before = {name: os.environ.get(name) for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
    os.environ |= dict.fromkeys(before, "local")
    yield
    for name, value in before.items():
        if value is None:
            os.environ.pop(name)
        else:
            os.environ[name] = value


@pytest.fixture
def transport(ses):
    return SesTransport(sending_client("us-east-1", ses.url, 2_000), "envoi", "main")


def revision(**changes):
    values = {
        "email": EMAIL,
        "number": 1,
        "family": FAMILY,
        "kind": "segment",
        "from_address": "news@example.com",
        "reply_to": "",
        "program": Program(
            slots=(Slot("field", "html", "name"), Slot("track", "html_url")),
            subject=("Hello ", 0, ", {{braces}} stay"),
            from_name=("Zoë & Co",),
            html=("<p>Hello ", 0, ' {{ x }}</p><a href="https://t.example.com/c/', 1, '/0">go</a>'),
            text=("Hello ", 0, "\n"),
        ),
        "links": ("https://example.com/",),
        "base_url": "https://t.example.com",
    }
    return Revision(**(values | changes))


def envelope(number=0, address=None, name="Ann"):
    return Envelope(
        message=MessageKey(f"c{number:015d}", FAMILY),
        address=address or f"ann{number}@example.org",
        attempt="a00000000000000d",
        token=f"token{number}",
        values=(name, f"token{number}"),
    )


def envelopes(count):
    return [envelope(number) for number in range(count)]
