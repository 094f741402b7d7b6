"""Every documented event of Mandrill's webhooks, and the proof that it is Mandrill's."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.fact import Event
from chalicelib.transports.mandrill_events import IGNORED, READINGS, REJECTS, SIGNATURE, TEST_KEY, events
from chalicelib.transports.webhooks import Unverified
from local.providers.mandrill import Mandrill
from tests.transports.told_events import ATTEMPT, CARRIED, EMAIL, FOREIGN, JSON, MESSAGE, NOW, documented

DOCUMENTED = documented("mandrill")
URL = "https://mail.example.com/hooks/mandrill"
SECRET = "a webhook's own key"
PROVIDER = Mandrill(hook_key=SECRET)
HARD = "smtp;550 5.1.1 The email account that you tried to reach does not exist."

# name, kind, what people see
TOLD = [
    ("send", "sent", {}),
    ("delivered", "delivered", {}),
    ("deferral", "delayed", {}),
    ("hard_bounce", "bounced", {"bounce_description": "bad_mailbox", "diag": HARD}),
    ("soft_bounce", "soft_bounced", {"bounce_description": "mailbox_full", "diag": "smtp;552 5.2.2 Over Quota"}),
    ("spam", "complained", {}),
    ("unsub", "unsubscribed", {}),
    ("reject", "bounced", {}),
    ("reject_hard_bounce", "bounced", {}),
    ("reject_soft_bounce", "soft_bounced", {}),
    ("reject_spam", "complained", {}),
    ("reject_unsub", "unsubscribed", {}),
    ("reject_invalid", "bounced", {}),
    ("reject_rule", "rejected", {}),
]
# Sync and inbound webhooks: about no message that was sent.
OTHERS = {"blacklist", "whitelist", "inbound"}


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    PROVIDER._server.server_close()


def ours(said, carried=CARRIED):
    return said | {"msg": said.get("msg", {}) | {"metadata": carried}}


def told(said, workspace="main"):
    return read(*PROVIDER.hook(said, URL), workspace=workspace)


def read(headers, body, url=URL, workspace="main", secret=SECRET):
    return events(headers, body, url, secret=secret, workspace=workspace, now=NOW)


@pytest.mark.parametrize(("name", "kind", "detail"), TOLD, ids=[row[0] for row in TOLD])
def test_each_documented_event_becomes_one_of_ours(name, kind, detail):
    (event,) = told([ours(DOCUMENTED[name])])
    assert event == Event(
        id=event.id,
        kind=kind,
        message=MESSAGE,
        email=EMAIL,
        at=1384954004000,
        attempt=ATTEMPT,
        address="example.webhook@example.com",
        provider_id=DOCUMENTED[name]["msg"]["_id"],
        detail=detail,
    )


def test_every_documented_event_is_told_or_ignored_and_has_a_fixture():
    assert set(DOCUMENTED) == {row[0] for row in TOLD} | IGNORED | OTHERS
    assert {each.get("event") for each in DOCUMENTED.values()} == set(READINGS) | IGNORED | {None, "inbound"}
    rejects = [each["msg"] for each in DOCUMENTED.values() if each.get("event") == "reject"]
    assert set(REJECTS) < {message.get("reject", {}).get("reason", "") for message in rejects}


@pytest.mark.parametrize("name", sorted(IGNORED | OTHERS))
def test_what_is_not_for_us_gives_nothing(name):
    assert told([ours(DOCUMENTED[name])]) == []


@pytest.mark.parametrize("ids", FOREIGN)
def test_mail_that_is_not_ours_gives_nothing(ids):
    assert told([ours(DOCUMENTED["hard_bounce"], ids)]) == []


def test_an_event_told_twice_has_the_same_id_and_another_has_another():
    said = ours(DOCUMENTED["deferral"])
    first, again, later, other = told([said, said, said | {"ts": said["ts"] + 1}, ours(DOCUMENTED["send"])])
    assert first.id == again.id
    assert len({first.id, later.id, other.id}) == 3


def test_one_that_cannot_be_read_does_not_hide_the_others():
    good = ours(DOCUMENTED["spam"])
    wrong = [
        5,
        None,
        [],
        {},
        good | {"msg": 5},
        good | {"ts": True},
        good | {"event": "tomorrow"},
        good | {"event": []},
    ]
    assert len(told([*wrong, good])) == 1


def signed():
    return PROVIDER.hook([ours(DOCUMENTED["spam"])], URL)


def test_the_proof_is_over_every_variable_in_the_order_of_their_names():
    """As Mailchimp's example: the URL, then each name and value, sorted by name, nothing between them."""
    import base64  # noqa: PLC0415
    import hmac  # noqa: PLC0415

    said = json.dumps([ours(DOCUMENTED["spam"])])
    text = f"{URL}another&é=mandrill_events{said}"
    signature = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), "sha1")).decode()
    body = urlencode([("mandrill_events", said), ("another", "&é=")]).encode()
    assert len(read({"x-mandrill-signature": signature}, body)) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda _headers, body: ({}, body, URL),
        lambda headers, body: (headers | {SIGNATURE: ""}, body, URL),
        lambda headers, body: (headers | {SIGNATURE: "é\ud800"}, body, URL),
        lambda headers, body: (headers, body + b"&a=b", URL),
        lambda headers, body: (headers, body.replace(b"spam", b"send"), URL),
        lambda headers, _body: (headers, b"", URL),
        lambda headers, _body: (headers, b"\xff=1", URL),
        lambda headers, body: (headers, body, f"{URL}/"),
        lambda headers, body: (headers, body, URL.replace("https", "http")),
        lambda headers, _body: (headers, b"&".join([b"a=b"] * 99), URL),
    ],
)
def test_without_its_proof_nothing_is_believed(forge):
    headers, body, url = forge(*signed())
    with pytest.raises(Unverified):
        read(headers, body, url)


@pytest.mark.parametrize("secret", ["", "another", TEST_KEY])
def test_another_key_or_none_at_all_proves_nothing(secret):
    with pytest.raises(Unverified):
        read(*signed(), secret=secret)


def test_mandrill_may_try_the_url_before_there_is_a_key():
    assert read(*Mandrill(hook_key=TEST_KEY).hook([], URL)) == []


def test_the_key_that_everybody_knows_tells_nothing():
    with pytest.raises(Unverified):
        read(*Mandrill(hook_key=TEST_KEY).hook([ours(DOCUMENTED["spam"])], URL))


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(DOCUMENTED)),
    inside=st.booleans(),
    field=st.integers(0, 20),
    value=JSON,
    whole=st.none() | JSON,
)
def test_whatever_stands_anywhere_it_is_events_or_nothing(name, inside, field, value, whole):
    said = ours(DOCUMENTED[name])
    place = said["msg"] if inside else said
    place[sorted(place)[field % len(place)]] = value
    found = told([said] if whole is None else whole)
    assert all(isinstance(event, Event) for event in found)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.just(SIGNATURE), st.text(max_size=40)), st.binary(max_size=60), st.text(max_size=60))
def test_whatever_is_posted_without_proof_is_unverified(headers, body, url):
    with pytest.raises(Unverified):
        read(headers, body, url)
