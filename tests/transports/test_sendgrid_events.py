"""Every documented event of SendGrid's webhook, and the proof that it is SendGrid's."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.fact import Event
from chalicelib.transports.sendgrid_events import (
    DROPS,
    IGNORED,
    NEWEST_MS,
    OLDEST_MS,
    READINGS,
    SIGNATURE,
    TIMESTAMP,
    events,
)
from chalicelib.transports.webhooks import Unverified
from local.providers.sendgrid import SendGrid
from tests.transports.told_events import ATTEMPT, CARRIED, EMAIL, FOREIGN, JSON, MESSAGE, NOW, documented

DOCUMENTED = documented("sendgrid")
PROVIDER = SendGrid()
AT = NOW // 1_000

# name, kind, what people see
TOLD = [
    ("processed", "sent", {}),
    ("delivered", "delivered", {"response": "250 OK"}),
    ("deferred", "delayed", {"response": "400 try again later", "attempt": "5"}),
    (
        "bounce",
        "bounced",
        {
            "type": "bounce",
            "status": "5.0.0",
            "reason": "500 unknown recipient",
            "bounce_classification": "Invalid Address",
        },
    ),
    (
        "blocked",
        "soft_bounced",
        {
            "type": "blocked",
            "status": "5.0.0",
            "reason": "500 blocked for now",
            "bounce_classification": "Reputation",
        },
    ),
    ("dropped_bounced", "bounced", {"reason": "Bounced Address", "status": "5.0.0"}),
    ("dropped_invalid", "bounced", {"reason": "Invalid", "status": "5.0.0"}),
    ("dropped_invalid_address", "bounced", {"reason": "Invalid Address", "status": "5.0.0"}),
    ("dropped_spam_reporter", "complained", {"reason": "Spam Reporting Address", "status": "5.0.0"}),
    ("dropped_unsubscribed", "unsubscribed", {"reason": "Unsubscribed Address", "status": "5.0.0"}),
    ("dropped_spam_content", "rejected", {"reason": "Spam Content", "status": "5.0.0"}),
    ("dropped_smtpapi", "rejected", {"reason": "Invalid SMTPAPI header", "status": "5.0.0"}),
    ("dropped_quota", "rejected", {"reason": "Recipient List over Package Quota", "status": "5.0.0"}),
    ("spamreport", "complained", {}),
    ("unsubscribe", "unsubscribed", {}),
    ("group_unsubscribe", "unsubscribed", {}),
]


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    PROVIDER._server.server_close()


def told(said, workspace="main", now=NOW, at=AT):
    headers, body = PROVIDER.hook(said, at)
    return read(headers, body, workspace, now)


def read(headers, body, workspace="main", now=NOW, secret=None):
    key = PROVIDER.verification_key if secret is None else secret
    return events(headers, body, "https://example.com/hooks/sendgrid", secret=key, workspace=workspace, now=now)


@pytest.mark.parametrize(("name", "kind", "detail"), TOLD, ids=[row[0] for row in TOLD])
def test_each_documented_event_becomes_one_of_ours(name, kind, detail):
    (event,) = told([DOCUMENTED[name] | CARRIED])
    assert event == Event(
        id=event.id,
        kind=kind,
        message=MESSAGE,
        email=EMAIL,
        at=1513299569000,
        attempt=ATTEMPT,
        address="alex@example.com",
        provider_id="14c5d75ce93.dfd.64b469",
        detail=detail,
    )


def test_every_documented_event_is_told_or_ignored_and_has_a_fixture():
    assert set(DOCUMENTED) == {row[0] for row in TOLD} | IGNORED
    assert {each["event"] for each in DOCUMENTED.values()} == set(READINGS) | IGNORED
    reasons = {each["reason"].lower() for each in DOCUMENTED.values() if each["event"] == "dropped"}
    assert set(DROPS) < reasons


@pytest.mark.parametrize("name", sorted(IGNORED))
def test_what_is_not_for_us_gives_nothing(name):
    assert told([DOCUMENTED[name] | CARRIED]) == []


@pytest.mark.parametrize("ids", FOREIGN)
def test_mail_that_is_not_ours_gives_nothing(ids):
    assert told([DOCUMENTED["bounce"] | ids]) == []


def test_an_event_told_twice_has_the_same_id_and_another_has_another():
    first, again, other = told([DOCUMENTED[name] | CARRIED for name in ("bounce", "bounce", "blocked")])
    assert first.id == again.id != other.id
    assert len(first.id) == 16


def test_without_an_id_of_its_own_an_event_is_known_by_what_it_says():
    bare = {name: value for name, value in DOCUMENTED["delivered"].items() if name != "sg_event_id"} | CARRIED
    first, again, later = told([bare, bare, bare | {"timestamp": bare["timestamp"] + 1}])
    assert first.id == again.id != later.id


def test_one_that_cannot_be_read_does_not_hide_the_others():
    good = DOCUMENTED["bounce"] | CARRIED
    wrong = [5, None, [], {}, {"event": []}, good | {"timestamp": "soon"}, good | {"event": "tomorrow"}]
    assert len(told([*wrong, good])) == 1


def test_the_proof_is_the_documented_one():
    """Key, signature, timestamp and payload as SendGrid's own libraries test theirs."""
    key = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/"
        "1FwCM/QmGUhA=="
    )
    signature = "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0="
    body = b'{"category":"example_payload","event":"test_event","message_id":"message_id"}'
    headers = {SIGNATURE: signature, TIMESTAMP: "1588788367"}
    assert read(headers, body, now=1588788367000, secret=key) == []
    with pytest.raises(Unverified):
        read(headers, body + b" ", now=1588788367000, secret=key)


def signed():
    return PROVIDER.hook([DOCUMENTED["bounce"] | CARRIED], AT)


def test_headers_come_in_any_case():
    headers, body = signed()
    assert len(read({name.lower(): value for name, value in headers.items()}, body)) == 1


OTHER = SendGrid().verification_key


@pytest.mark.parametrize(
    "forge",
    [
        lambda _headers, body: ({}, body),
        lambda headers, body: (headers | {SIGNATURE: ""}, body),
        lambda headers, body: (headers | {SIGNATURE: "é"}, body),
        lambda headers, body: (headers | {SIGNATURE: "AAAA"}, body),
        lambda headers, body: (headers | {TIMESTAMP: str(AT + 1)}, body),
        lambda headers, body: (headers | {TIMESTAMP: "now"}, body),
        lambda headers, body: (headers | {TIMESTAMP: ""}, body),
        lambda headers, body: (headers, body + b" "),
        lambda headers, body: (headers, body.replace(b"bounce", b"blocke")),
        lambda headers, _body: (headers, b""),
    ],
)
def test_without_its_proof_nothing_is_believed(forge):
    with pytest.raises(Unverified):
        read(*forge(*signed()))


@pytest.mark.parametrize("key", [OTHER, "", "no key", "AAAA", PROVIDER.verification_key[:-8]])
def test_another_key_or_none_at_all_proves_nothing(key):
    with pytest.raises(Unverified):
        read(*signed(), secret=key)


@pytest.mark.parametrize(
    ("now", "believed"),
    [
        (NOW + OLDEST_MS, True),
        (NOW + OLDEST_MS + 1, False),
        (NOW - NEWEST_MS, True),
        (NOW - NEWEST_MS - 1, False),
    ],
)
def test_what_was_signed_long_ago_or_is_yet_to_be_proves_nothing(now, believed):
    if believed:
        assert len(read(*signed(), now=now)) == 1
    else:
        with pytest.raises(Unverified, match="timestamp"):
            read(*signed(), now=now)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(DOCUMENTED)), field=st.integers(0, 20), value=JSON, whole=st.none() | JSON)
def test_whatever_stands_anywhere_it_is_events_or_nothing(name, field, value, whole):
    said = DOCUMENTED[name] | CARRIED
    found = told([said | {sorted(said)[field % len(said)]: value}] if whole is None else whole)
    assert all(isinstance(event, Event) for event in found)
    json.dumps([event.detail for event in found]).encode()


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from([SIGNATURE, TIMESTAMP]), st.text(max_size=40)),
    st.binary(max_size=60),
    st.text(max_size=60),
)
def test_whatever_is_posted_without_proof_is_unverified(headers, body, secret):
    with pytest.raises(Unverified):
        read(headers, body, secret=secret)
