"""Every documented shape of an SES event, as an event of ours."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.fact import Event
from chalicelib.model.message import UNKNOWN, MessageKey
from chalicelib.transports.ses_events import NOTICES, READINGS, events
from chalicelib.transports.ses_records import MAX_BODY

FIXTURES = Path(__file__).parent / "fixtures"
MESSAGE = MessageKey("c00000000000000a", "f00000000000000b")
EMAIL = "e00000000000000c"
SES_ID = "EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000"
RECIPIENT = "recipient@example.com"


def fixture(name):
    return (FIXTURES / f"{name}.json").read_text()


def record(name):
    return json.loads(fixture(name))


TOLD = [
    # name, kind, at, address, what people see
    ("send", "sent", 1476421336645, "", {}),
    ("delivery", "delivered", 1476919264133, RECIPIENT, {"smtpResponse": "250 2.6.0 Message received"}),
    (
        "bounce_permanent",
        "bounced",
        1501893662669,
        RECIPIENT,
        {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        },
    ),
    (
        "bounce_transient",
        "soft_bounced",
        1501893662669,
        RECIPIENT,
        {
            "bounceType": "Transient",
            "bounceSubType": "MailboxFull",
            "status": "4.2.2",
            "diagnosticCode": "smtp; 452 4.2.2 mailbox full",
        },
    ),
    (
        "bounce_undetermined",
        "soft_bounced",
        1501893662669,
        RECIPIENT,
        {"bounceType": "Undetermined", "bounceSubType": "Undetermined"},
    ),
    (
        "complaint",
        "complained",
        1501893662669,
        RECIPIENT,
        {"complaintFeedbackType": "abuse", "userAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"},
    ),
    ("reject", "rejected", 1476466695211, "", {"reason": "Bad content"}),
    (
        "rendering_failure",
        "rendering_failed",
        1516646586197,
        "",
        {
            "errorMessage": "Attribute 'attributeName' is not present in the rendering data.",
            "templateName": "MyTemplate",
        },
    ),
    (
        "delivery_delay",
        "delayed",
        1592267140095,
        RECIPIENT,
        {
            "delayType": "TransientCommunicationFailure",
            "status": "4.4.1",
            "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
        },
    ),
    (
        "subscription",  # somebody left a contact list of SES's own, by the header that SES put in
        "unsubscribed",
        1641949217910,
        "",
        {"contactList": "ContactListName", "source": "UnsubscribeHeader"},
    ),
]


@pytest.mark.parametrize(("name", "kind", "at", "address", "detail"), TOLD, ids=[row[0] for row in TOLD])
def test_each_documented_shape_becomes_one_event(name, kind, at, address, detail):
    (event,) = events(fixture(name), "main")
    assert event == Event(
        id=event.id,
        kind=kind,
        message=MESSAGE,
        email=EMAIL,
        at=at,
        attempt="a1",
        address=address,
        provider_id=SES_ID,
        detail=detail,
    )
    assert len(event.id) == 16


def test_every_reading_has_a_fixture():
    assert {record(row[0])["eventType"] for row in TOLD} == set(READINGS)


def test_an_address_on_the_suppression_list_counts_as_bounced():
    (event,) = events(fixture("bounce_suppressed"), "main")
    assert (event.kind, event.detail["bounceSubType"]) == ("bounced", "OnAccountSuppressionList")


def test_each_bounced_recipient_is_an_event_of_its_own():
    first, second = events(fixture("bounce_two_recipients"), "main")
    assert [first.address, second.address] == [RECIPIENT, "other@example.com"]
    assert first.id != second.id


@pytest.mark.parametrize(
    "name",
    [
        "open",  # we count opens by our own pixel
        "click",  # and clicks by our own links
        "subscription_topic",  # one topic of an SES list, or coming back to it: not all of us
        "identity_delivery",  # repeats what the configuration set's event says
        "without_our_tags",  # somebody else's mail by the same configuration set
        "sns_validated",  # the first message on a new event destination is plain text
        "sns_subscription_confirmation",  # SNS's own
    ],
)
def test_what_is_not_for_us_gives_nothing(name):
    assert events(fixture(name), "main") == []


NOTICED = [
    # name, kinds and addresses
    ("identity_bounce", [("bounced", RECIPIENT)]),
    ("identity_bounce_transient", [("soft_bounced", RECIPIENT)]),
    ("identity_bounce_without_headers", [("bounced", "jane@example.com"), ("bounced", "mary@example.com")]),
    ("identity_complaint", [("complained", "richard@example.com")]),
    ("identity_delivery", []),
]


@pytest.mark.parametrize(("name", "expected"), NOTICED, ids=[row[0] for row in NOTICED])
@pytest.mark.parametrize("wrapped", [False, True])
def test_an_identity_s_notice_is_about_an_address_alone(name, expected, wrapped):
    """It carries no tags: about our own mail it repeats the event of the configuration set."""
    body = json.dumps({"Type": "Notification", "Message": fixture(name)}) if wrapped else fixture(name)
    told = events(body, "main")
    assert [(event.kind, event.address) for event in told] == expected
    assert {event.message for event in told} <= {UNKNOWN}
    assert {event.provider_id for event in told} <= {record(name)["mail"]["messageId"]}


def test_every_kind_of_notice_has_a_fixture():
    assert {record(row[0])["notificationType"] for row in NOTICED} == NOTICES


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (["Ann <Recipient@Example.com>"], [RECIPIENT]),
        ([RECIPIENT, "other@example.com"], [RECIPIENT, "other@example.com"]),
        ([], [RECIPIENT, "other@example.com"]),  # nobody can tell
        (["third@example.com"], []),
    ],
)
def test_a_copy_s_address_says_nothing_of_the_recipient(to, expected):
    found = record("bounce_two_recipients")
    found["mail"]["commonHeaders"]["to"] = to
    assert [event.address for event in events(json.dumps(found), "main")] == expected
    found["mail"]["tags"] = {}
    found["notificationType"] = found.pop("eventType")
    assert [event.address for event in events(json.dumps(found), "main")] == expected


def test_a_delivery_to_a_copy_is_none_of_the_message():
    found = record("delivery")
    found["mail"]["destination"] = [RECIPIENT, "archive@example.com"]
    found["delivery"]["recipients"] = ["archive@example.com"]
    assert events(json.dumps(found), "main") == []


def test_another_workspace_s_event_gives_nothing():
    assert events(fixture("bounce_permanent"), "other") == []


def test_the_validation_text_by_raw_delivery_gives_nothing():
    assert events("Successfully validated SNS topic for Amazon SES event publishing.", "main") == []


def test_wrapped_by_sns_or_raw_it_is_the_same_event():
    assert events(fixture("sns_bounce"), "main") == events(fixture("bounce_permanent"), "main")


def test_published_twice_it_has_the_same_id_and_another_has_another():
    again = record("sns_bounce") | {"MessageId": "another-one", "Timestamp": "2017-08-06T00:00:00.000Z"}
    later = record("bounce_permanent")
    later["bounce"]["timestamp"] = "2017-08-05T00:41:02.670Z"
    (first,), (second,), (third,) = (
        events(body, "main") for body in (fixture("sns_bounce"), json.dumps(again), json.dumps(later))
    )
    assert first.id == second.id != third.id


def _without(name, *path):
    found = record(name)
    inner = found
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return json.dumps(found)


def _with(name, value, *path):
    found = record(name)
    inner = found
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return json.dumps(found)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ('{"Type": "Notification"}', "no Message"),
        ('{"Type": "Notification", "Message": "hello"}', "not JSON"),
        (" " * (MAX_BODY + 1), "at most"),
        (_with("send", "Sent", "eventType"), "eventType 'Sent'"),
        (_with("identity_bounce", "Open", "notificationType"), "notificationType 'Open'"),
        (_without("send", "mail"), "mail is missing"),
        (_without("send", "mail", "messageId"), "mail.messageId"),
        (_with("bounce_permanent", 5, "bounce"), "bounce is missing or no object"),
        (_with("bounce_permanent", "x", "bounce", "bouncedRecipients"), "not a list"),
        (_with("bounce_permanent", [{}], "bounce", "bouncedRecipients"), "names no address"),
        (_with("bounce_permanent", "yesterday", "bounce", "timestamp"), "timestamp 'yesterday'"),
        (_with("send", "2017-08-05T00:40:02", "mail", "timestamp"), "no time zone"),
        (_with("send", ["../etc"], "mail", "tags", "message"), "tag message '../etc'"),
    ],
)
def test_what_is_malformed_gets_one_clear_error(body, told):
    with pytest.raises(ValueError, match=told) as caught:
        events(body, "main")
    assert str(caught.value).startswith("SES event: ")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from([row[0] for row in (*TOLD, *NOTICED)] + ["sns_bounce"]),
    path=st.lists(st.integers(0, 20), min_size=1, max_size=4),
    value=JSON,
)
def test_whatever_stands_anywhere_it_is_events_or_a_value_error(name, path, value):
    found = copy.deepcopy(record(name))
    inner = found
    for step in path[:-1]:
        key = sorted(inner)[step % len(inner)] if isinstance(inner, dict) and inner else None
        inner = inner[key] if key is not None and isinstance(inner[key], dict) else inner
    if isinstance(inner, dict) and inner:
        inner[sorted(inner)[path[-1] % len(inner)]] = value
    try:
        told = events(json.dumps(found), "main")
    except ValueError:
        return
    assert all(isinstance(event, Event) for event in told)
