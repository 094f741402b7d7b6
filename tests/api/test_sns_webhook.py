"""`POST /hooks/ses`: SNS's HTTPS subscriber."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.api.webhooks import MAX_BODY
from chalicelib.transports.hooks import Hooks
from tests.transports.sns_stand_in import body, envelope
from tests.transports.test_sns_hook import House

FIXTURES = Path(__file__).parents[1] / "transports" / "fixtures"
BOUNCE = (FIXTURES / "bounce_permanent.json").read_text()
PLAIN = {"content-type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": "Notification"}


@pytest.fixture
def house(parts, world):
    made = House()
    parts.hooks = Hooks({}.__getitem__, "envoi", "main", world.base_url, sns=made.hook)
    return made


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("kind", ["text/plain; charset=UTF-8", "application/json", None])
def test_what_sns_signed_is_on_the_queue_before_it_is_told_so(client, world, kind):
    headers = {"content-type": kind} if kind else {}
    assert client.raw("POST", "/hooks/ses", body(BOUNCE), headers).status == 200
    assert [event.kind for event in world.incoming.queue] == ["bounced"]


def test_a_subscription_is_confirmed(client, house, world):
    assert client.raw("POST", "/hooks/ses", body("x", "SubscriptionConfirmation"), PLAIN).status == 200
    assert (len(house.visited), world.incoming.queue) == (1, [])


@pytest.mark.usefixtures("house")
def test_raw_delivery_is_not_signed_and_not_taken(client, world):
    headers = PLAIN | {"x-amz-sns-rawdelivery": "true"}
    assert client.raw("POST", "/hooks/ses", BOUNCE.encode(), headers).status == 403
    assert world.incoming.queue == []


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, 403), (MAX_BODY + 1, 413)])
def test_a_body_has_a_limit(client, size, status):
    assert client.raw("POST", "/hooks/ses", b"x" * size, PLAIN).status == status


def test_where_sns_s_certificate_cannot_be_had_it_is_told_again(client, house, world):
    house.pem = OSError("no network")
    assert client.raw("POST", "/hooks/ses", body(BOUNCE), PLAIN).status == 503
    assert world.incoming.queue == []


SIGNED = json.dumps(envelope(BOUNCE)).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_a_byte_changed_is_no_5xx_and_changes_nothing(client, house, world, place, bits):
    changed = SIGNED[:place] + bytes([SIGNED[place] ^ bits]) + SIGNED[place + 1 :]
    world.incoming.queue.clear()
    answer = client.raw("POST", "/hooks/ses", changed, PLAIN)
    assert answer.status in (200, 403)
    assert len(world.incoming.queue) == (answer.status == 200)
    assert house.visited == []
