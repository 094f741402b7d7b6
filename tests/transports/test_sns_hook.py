"""SNS over HTTPS: whose word is taken, and that nobody else's moves anything."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.outcome import CallNotSent
from chalicelib.transports.hooks import Hooks
from chalicelib.transports.ses_events import events
from chalicelib.transports.sns_certificates import KEPT, PAUSE_S, Certificates, is_sns
from chalicelib.transports.sns_hook import SnsHook
from chalicelib.transports.webhooks import Unverified
from tests.transports.conftest import Clock
from tests.transports.sns_stand_in import CERTIFICATE, NOW, REGION, SUBSCRIBE, TOPIC, body, certificate, envelope

BOUNCE = (Path(__file__).parent / "fixtures" / "bounce_permanent.json").read_text()
NOTICE = (Path(__file__).parent / "fixtures" / "identity_complaint.json").read_text()
HOST = f"https://sns.{REGION}.amazonaws.com"


class House:
    """A hook whose visits and fetches are written down; `pem` is what SNS's host gives."""

    def __init__(self, pem=None, **changes):
        self.pem = certificate() if pem is None else pem
        self.fetched, self.visited = [], []
        self.clock = Clock(NOW.timestamp())
        self.certificates = Certificates(self._fetch, self.clock)
        self.hook = SnsHook(**({"topics": (TOPIC,), "certificates": self.certificates, "visit": self.visit} | changes))

    def _fetch(self, url):
        self.fetched.append(url)
        if isinstance(self.pem, Exception):
            raise self.pem
        return self.pem

    def visit(self, url):
        self.visited.append(url)

    def read(self, raw):
        return self.hook.read(raw, "main")


@pytest.mark.parametrize("message", [BOUNCE, NOTICE])
@pytest.mark.parametrize("subject", ["a subject", None])
def test_a_signed_message_is_what_ses_told(message, subject):
    assert House().read(body(message, Subject=subject)) == events(message, "main") != []


def test_the_certificate_is_fetched_once():
    house = House()
    for _ in range(3):
        house.read(body(BOUNCE))
    assert house.fetched == [CERTIFICATE]


def test_a_subscription_is_confirmed_at_sns_s_own_address():
    house = House()
    assert house.read(body("You have chosen to subscribe", "SubscriptionConfirmation")) == []
    assert house.visited == [SUBSCRIBE]


def test_the_end_of_a_subscription_changes_nothing():
    house = House()
    assert house.read(body("You have chosen to leave", "UnsubscribeConfirmation")) == []
    assert house.visited == []


def test_where_sns_does_not_confirm_it_must_ask_again():
    def refused(_url):
        raise OSError("no")

    with pytest.raises(CallNotSent):
        House(visit=refused).read(body("x", "SubscriptionConfirmation"))


@pytest.mark.parametrize(
    "url",
    [
        "https://sns.us-east-1.amazonaws.com.evil.example/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
        "https://evil.example/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
        "http://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
        "https://sns.us-east-1.amazonaws.com:444/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
        "https://me@sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + TOPIC,
        f"{HOST}/?Action=DeleteTopic&TopicArn={TOPIC}",
        f"{HOST}/?Action=ConfirmSubscription&Action=DeleteTopic&TopicArn={TOPIC}",
        f"{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}-other",
        "",
        None,
    ],
)
def test_no_other_address_is_visited_even_where_it_is_signed(url):
    house = House()
    with pytest.raises(Unverified):
        house.read(body("x", "SubscriptionConfirmation", SubscribeURL=url))
    assert house.visited == []


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"SignatureVersion": "1"}, "SHA-1, which nobody should trust"),
        ({"SignatureVersion": "3"}, "not known"),
        ({"TopicArn": TOPIC + "-other"}, "another topic, though SNS signed it"),
        ({"TopicArn": TOPIC.replace("123456789012", "999999999999")}, "another account's"),
        ({"SigningCertURL": CERTIFICATE.replace(REGION, "eu-west-1")}, "another region"),
        ({"SigningCertURL": CERTIFICATE.replace("https", "http")}, "in clear"),
        ({"SigningCertURL": CERTIFICATE.replace(".com/", ".com.evil.example/")}, "another host"),
        ({"SigningCertURL": f"{HOST}/evil/../SimpleNotificationService-0.pem"}, "another path"),
        ({"SigningCertURL": f"{HOST}/?Action=ListTopics"}, "no certificate"),
        ({"SigningCertURL": CERTIFICATE + "?x=1"}, "a query"),
        ({"SigningCertURL": CERTIFICATE + "#x"}, "a fragment"),
        ({"Type": "Gossip"}, "not known"),
    ],
)
def test_whoever_is_not_sns_is_not_believed_and_nothing_is_fetched(change, why):
    house = House()
    with pytest.raises(Unverified):
        house.read(body(BOUNCE, **change))
    assert house.fetched == [], why


@pytest.mark.parametrize("name", ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type", "Signature"])
def test_what_was_changed_after_signing_is_not_believed(name):
    said = envelope(BOUNCE)
    for changed in (said | {name: said[name] + " "}, {each: text for each, text in said.items() if each != name}):
        with pytest.raises(Unverified):
            House().read(json.dumps(changed).encode())


@pytest.mark.parametrize(
    ("pem", "why"),
    [
        (certificate("evil.example"), "another's name"),
        (certificate("sns.eu-west-1.amazonaws.com"), "another region's"),
        (certificate(begins=1), "not valid yet"),
        (certificate(ends=-1), "not valid any more"),
        (certificate(elliptic=True), "another kind of key"),
        (b"", "nothing"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no certificate"),
    ],
)
def test_a_certificate_is_sns_s_and_valid_now(pem, why):
    with pytest.raises(Unverified):
        House(pem).read(body(BOUNCE))
    assert House(certificate(f"sns.{REGION}.amazonaws.com")).read(body(BOUNCE)), why


def test_a_kept_certificate_runs_out():
    house = House()
    house.read(body(BOUNCE))
    house.clock.now += 11 * 86_400
    with pytest.raises(Unverified):
        house.read(body(BOUNCE))


def test_sns_is_not_asked_for_every_name_that_somebody_makes_up():
    house = House(OSError("404"))
    for number in range(5):
        with pytest.raises(CallNotSent):
            house.read(body(BOUNCE, SigningCertURL=f"{HOST}/SimpleNotificationService-{number}.pem"))
    assert len(house.fetched) == 1
    house.clock.now += PAUSE_S
    house.pem = certificate()
    assert house.read(body(BOUNCE))


def test_a_few_certificates_are_kept():
    house = House()
    for number in range(KEPT + 3):
        house.read(body(BOUNCE, SigningCertURL=f"{HOST}/SimpleNotificationService-{number}.pem"))
    assert len(house.certificates._kept) == KEPT


@pytest.mark.parametrize(
    ("url", "region", "expected"),
    [
        (f"{HOST}/x", REGION, True),
        ("https://sns.cn-north-1.amazonaws.com.cn/x", "cn-north-1", True),
        ("https://sns.us-gov-west-1.amazonaws.com/x", "us-gov-west-1", True),
        ("https://sns.us-east-1.amazonaws.com.cn/x", REGION, False),
        ("https://SNS.us-east-1.amazonaws.com/x", REGION, False),
        ("https://sns.us-east-1.amazonaws.com\\@evil.example/x", REGION, False),
        ("https://sns..amazonaws.com/x", "", False),
        ("https://[", REGION, False),
    ],
)
def test_sns_s_address(url, region, expected):
    assert is_sns(url, region) == expected


def test_an_event_that_is_not_known_is_told_again():
    with pytest.raises(ValueError, match="eventType 'Sent'"):
        House().read(body(json.dumps({"eventType": "Sent"})))


def test_without_topics_there_is_no_such_webhook():
    with_topics = Hooks({}.__getitem__, "envoi", "main", "https://x.example", sns=House().hook)
    assert with_topics.knows("ses")
    assert not Hooks({}.__getitem__, "envoi", "main", "https://x.example").knows("ses")
    assert with_topics.read("ses", {}, b"{}", 0) is None
    assert len(with_topics.read("ses", {}, body(BOUNCE), 0)) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
SIGNED = envelope(BOUNCE)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(SIGNED)), JSON)
def test_whatever_stands_in_a_field_it_is_believed_or_not(name, value):
    house = House()
    changed = copy.deepcopy(SIGNED) | {name: value}
    try:
        found = house.read(json.dumps(changed).encode())
    except (Unverified, CallNotSent):
        return
    assert found == events(BOUNCE, "main")
    assert name == "UnsubscribeURL" or changed[name] == SIGNED[name]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_not_believed(raw):
    house = House()
    with pytest.raises(Unverified):
        house.read(raw)
    assert (house.fetched, house.visited) == ([], [])
