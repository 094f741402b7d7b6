"""Mailjet against its stand-in, over the wire: what arrives, and what each status means."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from chalicelib.compose.letter import letter
from chalicelib.compose.revision import Letter
from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallNotSent,
    CallRefused,
    CallThrottled,
    Halted,
    InDoubt,
    LetterHalted,
    NotSent,
    Refused,
)
from chalicelib.model.pacing import Quota
from chalicelib.transports.mailjet import API, FORBIDDEN, MailjetTransport
from local.providers.faults import Fault
from local.providers.mailjet import Mailjet
from tests.transports.conftest import EMAIL, envelope, envelopes, revision
from tests.transports.provider_letters import ATTACHED, ATTACHMENTS, NAMED, contents, letters, named

KEY = "public-key:private-key"


@pytest.fixture
def mailjet():
    with Mailjet(KEY) as provider:
        yield provider


@pytest.fixture
def transport(mailjet):
    return MailjetTransport(KEY, "main", contents, api=replace(API, base_url=mailjet.url, timeout_ms=1_000))


def possible(written: Letter) -> Letter:
    """Mailjet forbids one of our headers."""
    headers = {name: value for name, value in written.headers.items() if name.lower() not in FORBIDDEN}
    return Letter(**{field: getattr(written, field) for field in Letter.__slots__} | {"headers": headers})


def arrived(mailjet):
    return [copy.letter for copy in mailjet.inbox.copies()]


def test_fifty_go_in_one_call_and_each_gets_his_own_letter(mailjet, transport):
    going = [envelope(number, name=f"A &amp; {number}") for number in range(50)]
    outcomes = transport.send(revision(reply_to="Ann B <answers@example.com>"), going)
    assert mailjet.calls == 1
    assert [each.provider_id for each in outcomes] == [copy.provider_id for copy in mailjet.inbox.copies()]
    assert arrived(mailjet) == [
        possible(letter(revision(reply_to="Ann B <answers@example.com>"), each)) for each in going
    ]


def test_the_one_header_that_mailjet_forbids_is_list_id(mailjet, transport):
    transport.send(revision(), [envelope()])
    assert set(letter(revision(), envelope()).headers) - set(arrived(mailjet)[0].headers) == {"List-Id"}
    assert arrived(mailjet)[0].headers["List-Unsubscribe"] == "<https://t.example.com/u/token0>"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters())
def test_whatever_is_written_arrives_as_it_was_written(mailjet, transport, written):
    going, people = written
    before = len(arrived(mailjet))
    outcomes = transport.send(going, people)
    assert [type(each) for each in outcomes] == [Accepted] * len(people)
    assert arrived(mailjet)[before:] == [possible(letter(going, each)) for each in people]


def test_from_names_may_differ_in_a_call(mailjet, transport):
    transport.send(revision(program=NAMED), named(3))
    assert mailjet.calls == 1
    assert [each.from_ for each in arrived(mailjet)] == [f"N{at} for you <news@example.com>" for at in range(3)]


def test_each_letter_carries_our_ids_and_no_tracking(mailjet, transport):
    transport.send(revision(bcc=("copy@example.com",)), envelopes(2))
    copy = mailjet.inbox.copies()[1]
    message = str(envelope(1).message)
    assert copy.carried == {
        "envoi_workspace": "main",
        "envoi_message": message,
        "envoi_email": EMAIL,
        "envoi_attempt": "a00000000000000d",
    }
    assert copy.settings == {"TrackOpens": "disabled", "TrackClicks": "disabled", "CustomID": message}
    assert copy.bcc == ("copy@example.com",)


def test_a_partial_failure_comes_as_4xx_and_the_others_are_accepted(mailjet, transport):
    mailjet.refused.add("ann1@example.org")
    outcomes = transport.send(revision(), envelopes(3))
    assert [type(each) for each in outcomes] == [Accepted, Refused, Accepted]
    assert outcomes[1].reason == 'mj-0013: "ann1@example.org" is an invalid email address.'
    assert [each.to for each in arrived(mailjet)] == ["ann0@example.org", "ann2@example.org"]


def result(code="mj-0013", status=400, message="because"):
    return {"Status": "error", "Errors": [{"ErrorCode": code, "StatusCode": status, "ErrorMessage": message}]}


def taken(number):
    return {"Status": "Success", "To": [{"Email": "a@example.org", "MessageID": number}]}


RESULTS = [
    (taken(5), Accepted),
    ({"Status": "success", "To": [{"MessageID": "576460756513665525"}]}, Accepted),
    *[
        (result(code), Refused)
        for code in ("send-0003", "send-0011", "send-0015", "mj-0003", "mj-0004", "mj-0005", "mj-0006", "mj-0012")
    ],
    (result("a-code-of-tomorrow"), Refused),
    *[(result(code, 403), NotSent) for code in ("send-0006", "send-0007", "send-0008")],
    *[(result(code, 401), NotSent) for code in ("mj-0001", "mj-0015")],
    (result("mj-0013", 500), InDoubt),
    ({"Status": "error", "Errors": [{"ErrorCode": "mj-0013"}]}, InDoubt),
    ({"Status": "error", "Errors": []}, InDoubt),
    ({"Status": "queued"}, InDoubt),
    (taken(7) | {"Errors": result("send-0008", 403)["Errors"]}, Accepted),
    (result("send-0008", 500), InDoubt),
    ({"Status": "success"}, InDoubt),
    ({"Status": "success", "To": [{"MessageID": 0}]}, InDoubt),
    ({"Status": "success", "To": []}, InDoubt),
    ({}, InDoubt),
    (None, InDoubt),
    ("success", InDoubt),
]


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize(("said", "outcome"), RESULTS)
def test_what_is_said_of_one_message(mailjet, transport, said, outcome, status):
    body = json.dumps({"Messages": [taken(1), said, taken(2)]}).encode()
    mailjet.faults.add(Fault("refuse", status, body))
    outcomes = transport.send(revision(), envelopes(3))
    assert [type(each) for each in outcomes] == [Accepted, outcome, Accepted]


@pytest.mark.parametrize("code", ["send-0006", "send-0007", "send-0008", "mj-0001", "mj-0015"])
def test_what_halts_every_message_halts_the_call(mailjet, transport, code):
    mailjet.faults.add(Fault("refuse", 403, json.dumps({"Messages": [result(code, 403)] * 3}).encode()))
    with pytest.raises(Halted, match="then resume"):
        transport.send(revision(), envelopes(3))


def whole(code, status, message="because"):
    return json.dumps(
        {"ErrorIdentifier": "x", "ErrorCode": code, "StatusCode": status, "ErrorMessage": message}
    ).encode()


@pytest.mark.parametrize(
    ("hit", "raised", "accepted", "why"),
    [
        (Fault("refuse", 429, whole("", 429)), CallThrottled, 0, "calls a minute"),
        (Fault("refuse", 400, whole("mj-0002", 400)), CallRefused, 0, "malformed JSON"),
        (Fault("refuse", 400, whole("mj-0011", 400)), CallRefused, 0, "too large: half of it may fit"),
        (Fault("refuse", 413, b""), CallRefused, 0, "the same, from a proxy"),
        (Fault("refuse", 401, whole("mj-0001", 401)), Halted, 0, "the key is suspended"),
        (Fault("refuse", 401, whole("mj-0015", 401)), Halted, 0, "the key is wrong"),
        (Fault("refuse", 403, whole("send-0008", 403)), LetterHalted, 0, "the sender"),
        (Fault("refuse", 404, b""), Halted, 0, "a wrong base URL must not fail everybody"),
        (Fault("refuse", 405, b""), Halted, 0, "the same"),
        (Fault("refuse", 408, b""), CallInDoubt, 0, "slow, not refused"),
        (Fault("refuse", 500, whole("", 500)), CallInDoubt, 0, "says nothing about what happened"),
        (Fault("refuse", 500, b'{"Messages": [{"Status": "error"}]}'), CallInDoubt, 0, "whatever it says of messages"),
        (Fault("fail_after", 503, b""), CallInDoubt, 3, "here it did happen"),
        (Fault("lost_answer"), CallInDoubt, 3, "the connection ended after they were taken"),
        (Fault("reset_after"), CallInDoubt, 3, "the same, by RST"),
        (Fault("reset_before"), CallInDoubt, 0, "a reset looks the same before and after"),
        (Fault("garbled_answer"), CallInDoubt, 3, "half an answer is none"),
        (Fault("slow_answer", ms=2_000), CallInDoubt, 3, "too late"),
        (Fault("refuse", 200, b'{"Messages": []}'), CallInDoubt, 0, "says nothing of anybody"),
        (Fault("refuse", 200, json.dumps({"Messages": [taken(1)] * 2}).encode()), CallInDoubt, 0, "whose is missing?"),
        (Fault("refuse", 400, json.dumps({"Messages": [result()]}).encode()), CallInDoubt, 0, "the same"),
    ],
)
def test_what_each_failure_means(mailjet, transport, hit, raised, accepted, why):
    assert why
    mailjet.faults.add(hit)
    with pytest.raises(raised) as caught:
        transport.send(revision(), envelopes(3))
    assert type(caught.value) is raised
    assert len(arrived(mailjet)) == accepted
    assert mailjet.calls == 1


def test_a_wrong_pair_and_a_foreign_sender_halt(mailjet, transport):
    with pytest.raises(Halted, match="refuses the key pair"):
        MailjetTransport("public-key:another", "main", contents, api=replace(API, base_url=mailjet.url)).send(
            revision(), envelopes(2)
        )
    with pytest.raises(Halted, match="validated the From address"):
        transport.send(revision(from_address="news@elsewhere.example"), envelopes(2))


@pytest.mark.parametrize("key", ["", "public", "public:", ":private"])
def test_a_key_that_is_no_pair_is_told_at_once(key):
    with pytest.raises(ValueError, match="public:private"):
        MailjetTransport(key, "main", contents)


def test_the_quota_is_what_was_set():
    assert MailjetTransport(KEY, "main", contents, api=replace(API, per_second=7)).quota() == Quota(
        7, per_day=-1, sent_today=0
    )


def test_attachments_go_with_every_letter(mailjet, transport):
    outcomes = transport.send(revision(attachments=ATTACHMENTS), envelopes(3))
    assert {type(each) for each in outcomes} == {Accepted}
    assert mailjet.calls == 1
    assert [copy.attachments for copy in mailjet.inbox.copies()] == [ATTACHED] * 3


def unreadable(_attachment):
    raise OSError("no bucket")


def gone(_attachment):
    return None


@pytest.mark.parametrize(("contents", "raised"), [(unreadable, CallNotSent), (gone, Halted)])
def test_a_letter_does_not_go_without_its_attachment(mailjet, contents, raised):
    transport = MailjetTransport(KEY, "main", contents, api=replace(API, base_url=mailjet.url))
    with pytest.raises(raised, match="attachment"):
        transport.send(revision(attachments=ATTACHMENTS), envelopes(2))
    assert mailjet.calls == 0
