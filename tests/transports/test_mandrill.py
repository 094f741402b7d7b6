"""Mandrill against its stand-in, over the wire: what arrives, and what each answer means."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from chalicelib.compose.letter import letter
from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallNotSent,
    CallRefused,
    CallThrottled,
    Halted,
    InDoubt,
    NotSent,
    Refused,
)
from chalicelib.model.pacing import Quota
from chalicelib.transports.asked_quota import QUOTA_S
from chalicelib.transports.mandrill import API, MandrillTransport
from local.providers.faults import Fault
from local.providers.mandrill import SETTINGS, Mandrill
from tests.transports.conftest import EMAIL, Clock, envelope, envelopes, revision
from tests.transports.provider_letters import ATTACHED, ATTACHMENTS, NAMED, contents, letters, named

KEY = "md-a-key"


@pytest.fixture
def mandrill():
    with Mandrill(KEY) as provider:
        yield provider


@pytest.fixture
def transport(mandrill):
    return MandrillTransport(KEY, "main", contents, api=replace(API, base_url=mandrill.url, timeout_ms=1_000))


def arrived(mandrill):
    return sorted((copy.letter for copy in mandrill.inbox.copies()), key=lambda each: each.to)


def test_each_gets_his_own_letter_by_a_call_of_his_own(mandrill, transport):
    going = [envelope(number, name=f"A &amp; {number}") for number in range(9)]
    outcomes = transport.send(revision(reply_to="Ann B <answers@example.com>"), going)
    assert mandrill.calls == 9
    by_address = {copy.letter.to: copy.provider_id for copy in mandrill.inbox.copies()}
    assert [each.provider_id for each in outcomes] == [by_address[each.address] for each in going]
    assert arrived(mandrill) == [letter(revision(reply_to="Ann B <answers@example.com>"), each) for each in going]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters())
def test_whatever_is_written_arrives_as_it_was_written(mandrill, transport, written):
    going, people = written
    before = len(mandrill.inbox.copies())
    outcomes = transport.send(going, people)
    assert [type(each) for each in outcomes] == [Accepted] * len(people)
    found = sorted((copy.letter for copy in mandrill.inbox.copies()[before:]), key=lambda each: each.to)
    assert found == [letter(going, each) for each in people]


def test_each_letter_carries_our_ids_and_nothing_of_it_is_changed(mandrill, transport):
    transport.send(revision(), envelopes(2))
    copies = {copy.letter.to: copy for copy in mandrill.inbox.copies()}
    assert copies["ann1@example.org"].carried == {
        "envoi_workspace": "main",
        "envoi_message": str(envelope(1).message),
        "envoi_email": EMAIL,
        "envoi_attempt": "a00000000000000d",
    }
    assert copies["ann1@example.org"].settings == dict.fromkeys(SETTINGS, False)
    assert copies["ann1@example.org"].letter.headers["List-Unsubscribe"] == "<https://t.example.com/u/token1>"


def test_one_person_s_letter_goes_before_the_many(mandrill, transport):
    transport.send(revision(kind="template"), [envelope()])
    assert mandrill.inbox.copies()[0].settings["important"] is True


def test_the_outcome_is_the_recipient_s_and_not_that_of_the_copies(mandrill, transport):
    mandrill.rejected["copy@example.com"] = "hard-bounce"
    (outcome,) = transport.send(revision(bcc=("copy@example.com",)), [envelope()])
    assert isinstance(outcome, Accepted)
    (copy,) = mandrill.inbox.copies()
    assert copy.bcc == ("copy@example.com",)


@pytest.mark.parametrize("reason", ["hourly-quota-exhausted", "sending-paused", "multiple-recipients"])
def test_what_mandrill_queues_it_has_taken(mandrill, transport, reason):
    mandrill.queued["ann0@example.org"] = reason
    (outcome,) = transport.send(revision(), [envelope()])
    assert isinstance(outcome, Accepted)


REJECTS = [
    *[(reason, Refused) for reason in ("hard-bounce", "soft-bounce", "spam", "unsub", "custom", "invalid", "rule")],
    *[(reason, Halted) for reason in ("invalid-sender", "unsigned", "test-mode-limit")],
]


@pytest.mark.parametrize(("reason", "meaning"), REJECTS)
def test_what_each_reason_of_a_rejection_means(mandrill, transport, reason, meaning):
    mandrill.rejected["ann0@example.org"] = reason
    if meaning is Halted:
        with pytest.raises(Halted, match="then resume"):
            transport.send(revision(), [envelope()])
    else:
        assert transport.send(revision(), [envelope()]) == [Refused(f"rejected: {reason}")]


def said(**result):
    return json.dumps([{"email": "ann0@example.org", **result}]).encode()


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (said(status="sent", _id="1"), Accepted("1")),
        (said(status="queued", _id="2", queued_reason="attachments"), Accepted("2")),
        (said(status="scheduled", _id="3"), Accepted("3")),
        (said(status="invalid", _id="4"), Refused("invalid")),
        (said(status="rejected"), Refused("rejected")),
        (said(status="sent", _id="1").replace(b"ann0", b"ANN0"), Accepted("1")),
    ],
)
def test_what_is_said_of_the_recipient(mandrill, transport, body, outcome):
    mandrill.faults.add(Fault("refuse", 200, body))
    assert transport.send(revision(), [envelope()]) == [outcome]


def error(name, message="because", code=-1):
    return json.dumps({"status": "error", "code": code, "name": name, "message": message}).encode()


@pytest.mark.parametrize(
    ("hit", "raised", "accepted", "why"),
    [
        (Fault("refuse", 500, error("Invalid_Key")), Halted, 0, "Mandrill's own refusals come as 500"),
        (Fault("refuse", 401, error("Invalid_Key")), Halted, 0, "or as what they are"),
        (Fault("refuse", 500, error("PaymentRequired")), Halted, 0, "the account"),
        (Fault("refuse", 500, error("Poor_Reputation")), Halted, 0, "the account"),
        (Fault("refuse", 500, error("Unknown_Subaccount")), Halted, 0, "the account"),
        (Fault("refuse", 500, error("ValidationError", code=-2)), CallRefused, 0, "this message"),
        (Fault("refuse", 500, error("Metadata_FieldLimit")), CallRefused, 0, "this message"),
        (Fault("refuse", 500, error("ServiceUnavailable")), CallNotSent, 0, "down for maintenance"),
        (Fault("refuse", 500, error("GeneralError")), CallInDoubt, 0, "nobody knows how far it had come"),
        (Fault("refuse", 500, error("An_Error_Of_Tomorrow")), CallInDoubt, 0, "nobody knows"),
        (Fault("refuse", 401, b""), Halted, 0, "the key"),
        (Fault("refuse", 403, b"<html>"), Halted, 0, "the account"),
        (Fault("refuse", 404, b""), Halted, 0, "a wrong base URL must not fail everybody"),
        (Fault("refuse", 413, b""), CallRefused, 0, "this message"),
        (Fault("refuse", 429, b""), CallThrottled, 0, "too many calls"),
        (Fault("refuse", 408, b""), CallInDoubt, 0, "slow, not refused"),
        (Fault("refuse", 502, b"<html>"), CallInDoubt, 0, "says nothing about what happened"),
        (Fault("refuse", 200, b"[]"), CallInDoubt, 0, "says nothing of anybody"),
        (Fault("refuse", 200, b"{}"), CallInDoubt, 0, "the same"),
        (Fault("refuse", 200, said(status="sent")), CallInDoubt, 0, "no id"),
        (Fault("refuse", 200, said(status="new", _id="1")), CallInDoubt, 0, "a status of tomorrow"),
        (Fault("refuse", 200, b'[{"email": "b@example.org", "status": "sent", "_id": "1"}]'), CallInDoubt, 0, "whose?"),
        (Fault("fail_after", 500, b""), CallInDoubt, 1, "here it did happen"),
        (Fault("lost_answer"), CallInDoubt, 1, "the connection ended after it was taken"),
        (Fault("reset_after"), CallInDoubt, 1, "the same, by RST"),
        (Fault("reset_before"), CallInDoubt, 0, "a reset looks the same before and after"),
        (Fault("garbled_answer"), CallInDoubt, 1, "half an answer is none"),
        (Fault("slow_answer", ms=2_000), CallInDoubt, 1, "too late"),
    ],
)
def test_what_each_failure_means(mandrill, transport, hit, raised, accepted, why):
    assert why
    mandrill.faults.add(hit)
    with pytest.raises(raised) as caught:
        transport.send(revision(), [envelope()])
    assert type(caught.value) is raised
    assert len(mandrill.inbox.copies()) == accepted
    assert mandrill.calls == 1


@pytest.mark.parametrize(
    ("hit", "second"),
    [
        (Fault("refuse", 429, skip=1), NotSent),
        (Fault("refuse", 500, error("PaymentRequired"), skip=1), NotSent),
        (Fault("lost_answer", skip=1), InDoubt),
        (Fault("refuse", 500, error("ValidationError"), skip=1), Refused),
    ],
)
def test_what_befalls_one_of_several(mandrill, transport, hit, second):
    mandrill.faults.add(hit)
    outcomes = transport.send(revision(program=NAMED), named(2))
    assert [type(each) for each in outcomes] == [Accepted, second]


def test_a_wrong_key_and_a_foreign_sender_halt(mandrill, transport):
    with pytest.raises(Halted, match="refuses the key"):
        MandrillTransport("md-another", "main", contents, api=replace(API, base_url=mandrill.url)).send(
            revision(), envelopes(2)
        )
    with pytest.raises(Halted, match="From address"):
        transport.send(revision(from_address="news@elsewhere.example"), envelopes(2))


def test_the_quota_is_the_hourly_one_as_a_rate(mandrill):
    clock = Clock()
    transport = MandrillTransport(KEY, "main", contents, api=replace(API, base_url=mandrill.url), clock=clock)
    assert transport.quota() == Quota(2.0, per_day=-1, sent_today=42.0)
    mandrill.info["hourly_quota"] = 36_000
    assert transport.quota().per_second == 2.0
    clock.now += QUOTA_S + 1
    assert transport.quota().per_second == 10.0
    mandrill.info = {}
    clock.now += QUOTA_S + 1
    assert transport.quota().per_second == 10.0


def test_attachments_go_with_every_letter(mandrill, transport):
    outcomes = transport.send(revision(attachments=ATTACHMENTS), envelopes(3))
    assert {type(each) for each in outcomes} == {Accepted}
    assert mandrill.calls == 3
    assert [copy.attachments for copy in mandrill.inbox.copies()] == [ATTACHED] * 3


def unreadable(_attachment):
    raise OSError("no bucket")


def gone(_attachment):
    return None


@pytest.mark.parametrize(("contents", "raised"), [(unreadable, CallNotSent), (gone, Halted)])
def test_a_letter_does_not_go_without_its_attachment(mandrill, contents, raised):
    transport = MandrillTransport(KEY, "main", contents, api=replace(API, base_url=mandrill.url))
    with pytest.raises(raised, match="attachment"):
        transport.send(revision(attachments=ATTACHMENTS), envelopes(2))
    assert mandrill.calls == 0
