"""Every documented event of Mailjet's webhook, and its one proof: the user and password of its URL."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.fact import Event
from chalicelib.transports.mailjet_events import BLOCKS, IGNORED, READINGS, events
from chalicelib.transports.webhooks import Unverified
from local.providers.mailjet import Mailjet
from tests.transports.told_events import ATTEMPT, CARRIED, EMAIL, FOREIGN, JSON, MESSAGE, NOW, documented

DOCUMENTED = documented("mailjet")
SECRET = "hooks:correct horse"
PROVIDER = Mailjet(hook=SECRET)

# name, kind, at, what people see
TOLD = [
    ("sent", "delivered", {"smtp_reply": "sent (250 2.0.0 OK 1433333948 fa5si855896wjc.199 - gsmtp)"}),
    (
        "hard_bounce",
        "bounced",
        {"error_related_to": "recipient", "error": "user unknown", "comment": "Host or domain name not found."},
    ),
    ("soft_bounce", "soft_bounced", {"error_related_to": "recipient", "error": "quota exceeded"}),
    ("blocked_unknown", "bounced", {"error_related_to": "recipient", "error": "user unknown"}),
    ("blocked_inactive", "bounced", {"error_related_to": "recipient", "error": "mailbox inactive"}),
    ("blocked_domain", "bounced", {"error_related_to": "domain", "error": "invalid domain"}),
    ("blocked_no_host", "bounced", {"error_related_to": "domain", "error": "no mail host"}),
    ("blocked_preblocked", "bounced", {"error_related_to": "mailjet", "error": "preblocked"}),
    ("blocked_blacklisted", "bounced", {"error_related_to": "recipient", "error": "blacklisted"}),
    ("blocked_spam_reporter", "complained", {"error_related_to": "recipient", "error": "spam reporter"}),
    ("blocked_full", "soft_bounced", {"error_related_to": "recipient", "error": "quota exceeded"}),
    ("blocked_relay", "soft_bounced", {"error_related_to": "domain", "error": "relay/access denied"}),
    ("blocked_greylisted", "soft_bounced", {"error_related_to": "domain", "error": "greylisted"}),
    ("blocked_content", "rejected", {"error_related_to": "spam", "error": "content blocked"}),
    ("blocked_policy", "rejected", {"error_related_to": "spam", "error": "policy issue"}),
    ("blocked_sender", "rejected", {"error_related_to": "spam", "error": "sender blocked"}),
    ("blocked_system", "rejected", {"error_related_to": "system", "error": "system issue"}),
    ("blocked_duplicate", "rejected", {"error_related_to": "mailjet", "error": "duplicate in campaign"}),
    ("spam", "complained", {"source": "JMRPP"}),
    ("unsub", "unsubscribed", {}),
]


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    PROVIDER._server.server_close()


def ours(said, carried=CARRIED):
    return said | {"Payload": json.dumps(carried)}


def told(said, workspace="main"):
    return read(*PROVIDER.hook(said), workspace)


def read(headers, body, workspace="main", secret=SECRET):
    return events(headers, body, "https://example.com/hooks/mailjet", secret=secret, workspace=workspace, now=NOW)


@pytest.mark.parametrize(("name", "kind", "detail"), TOLD, ids=[row[0] for row in TOLD])
def test_each_documented_event_becomes_one_of_ours(name, kind, detail):
    (event,) = told(ours(DOCUMENTED[name]))
    assert event == Event(
        id=event.id,
        kind=kind,
        message=MESSAGE,
        email=EMAIL,
        at=DOCUMENTED[name]["time"] * 1_000,
        attempt=ATTEMPT,
        address="bounce@example.com",
        provider_id="13792286917004336",
        detail=detail,
    )


def test_every_documented_event_is_told_or_ignored_and_has_a_fixture():
    assert set(DOCUMENTED) == {row[0] for row in TOLD} | IGNORED
    assert {each["event"] for each in DOCUMENTED.values()} == set(READINGS) | IGNORED
    assert set(BLOCKS) < {each["error"] for each in DOCUMENTED.values() if each["event"] == "blocked"}


def test_one_event_or_an_array_of_them_is_the_same():
    said = [ours(DOCUMENTED[name]) for name in ("sent", "spam")]
    assert told(said) == [*told(said[0]), *told(said[1])]


@pytest.mark.parametrize("name", sorted(IGNORED))
def test_what_is_not_for_us_gives_nothing(name):
    assert told(ours(DOCUMENTED[name])) == []


@pytest.mark.parametrize("ids", FOREIGN)
def test_mail_that_is_not_ours_gives_nothing(ids):
    assert told(ours(DOCUMENTED["hard_bounce"], ids)) == []


@pytest.mark.parametrize("payload", [None, "", "{", "[]", "[{}, {}]", "nonsense", 5, {"envoi_workspace": "main"}])
def test_a_payload_that_is_not_ours_gives_nothing(payload):
    assert told(DOCUMENTED["hard_bounce"] | {"Payload": payload}) == []


def test_an_event_told_twice_has_the_same_id_and_another_has_another():
    said = ours(DOCUMENTED["spam"])
    first, again, later, other = told([said, said, said | {"time": said["time"] + 1}, ours(DOCUMENTED["unsub"])])
    assert first.id == again.id
    assert len({first.id, later.id, other.id}) == 3


def test_one_that_cannot_be_read_does_not_hide_the_others():
    good = ours(DOCUMENTED["spam"])
    assert len(told([5, None, [], {}, {"event": []}, good | {"time": "soon"}, good | {"event": "tomorrow"}, good])) == 1


def basic(pair):
    return {"authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


@pytest.mark.parametrize(
    ("headers", "secret"),
    [
        ({}, SECRET),
        ({"Authorization": ""}, SECRET),
        ({"Authorization": "Basic"}, SECRET),
        ({"Authorization": f"Bearer {SECRET}"}, SECRET),
        ({"Authorization": "Basic é\ud800"}, SECRET),
        (basic("hooks:wrong"), SECRET),
        (basic(f"{SECRET} "), SECRET),
        (basic(""), ""),
        (basic(":"), ":"),
    ],
)
def test_without_the_right_user_and_password_nothing_is_believed(headers, secret):
    with pytest.raises(Unverified):
        read(headers, json.dumps(ours(DOCUMENTED["spam"])).encode(), secret=secret)


def test_headers_come_in_any_case():
    assert len(read(basic(SECRET), json.dumps(ours(DOCUMENTED["spam"])).encode())) == 1


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(sorted(DOCUMENTED)), field=st.integers(0, 20), value=JSON, whole=st.none() | JSON)
def test_whatever_stands_anywhere_it_is_events_or_nothing(name, field, value, whole):
    said = ours(DOCUMENTED[name])
    found = told([said | {sorted(said)[field % len(said)]: value}] if whole is None else whole)
    assert all(isinstance(event, Event) for event in found)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_whatever_is_posted_by_who_knows_the_password_gives_nothing(body):
    assert read(basic(SECRET), body) == []
