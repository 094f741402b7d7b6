"""SendGrid against its stand-in, over the wire: what arrives, and what each answer means."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from chalicelib.compose.letter import letter
from chalicelib.compose.revision import Program, Slot
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
from chalicelib.transports.asked_quota import QUOTA_S
from chalicelib.transports.sendgrid import API, SendGridTransport
from chalicelib.transports.sendgrid_template import MARKS, MAX_SUBSTITUTIONS
from local.providers.faults import Fault
from local.providers.sendgrid import SendGrid
from tests.transports.conftest import EMAIL, Clock, envelope, envelopes, revision
from tests.transports.provider_letters import ATTACHED, ATTACHMENTS, NAMED, contents, letters, named

KEY = "SG.a-key"


@pytest.fixture
def sendgrid():
    with SendGrid(KEY) as provider:
        yield provider


@pytest.fixture
def transport(sendgrid):
    return SendGridTransport(KEY, "main", contents, api=replace(API, base_url=sendgrid.url, timeout_ms=1_000))


def copies(sendgrid):
    return sendgrid.inbox.copies()


def test_fifty_go_in_one_call_and_each_gets_his_own_letter(sendgrid, transport):
    going = [envelope(number, name=f"A &amp; {number}") for number in range(50)]
    outcomes = transport.send(revision(reply_to="Ann B <answers@example.com>"), going)
    assert sendgrid.calls == 1
    assert {type(each) for each in outcomes} == {Accepted}
    wanted = [letter(revision(reply_to="Ann B <answers@example.com>"), each) for each in going]
    assert [copy.letter for copy in copies(sendgrid)] == wanted


def test_the_call_s_id_leads_to_its_messages(sendgrid, transport):
    outcomes = transport.send(revision(), envelopes(3))
    (call,) = {copy.provider_id for copy in copies(sendgrid)}
    assert [each.provider_id for each in outcomes] == [f"{call}#{at}" for at in range(3)]
    (single,) = transport.send(revision(), [envelope(9)])
    assert single.provider_id == copies(sendgrid)[-1].provider_id


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(letters())
def test_whatever_is_written_arrives_as_it_was_written(sendgrid, transport, written):
    """The stand-in replaces tag after tag, as documented: no literal and no value may become one."""
    going, people = written
    before = len(copies(sendgrid))
    outcomes = transport.send(going, people)
    assert [type(each) for each in outcomes] == [Accepted] * len(people)
    arrived = sorted((copy.letter for copy in copies(sendgrid)[before:]), key=lambda each: each.to)
    assert arrived == [letter(going, each) for each in people]


def test_a_number_behind_a_tag_makes_no_other_tag(sendgrid, transport):
    slots = tuple(Slot("field", "html", f"field{number}") for number in range(12))
    program = Program(slots, subject=("Hi",), from_name=(), html=(1, "0", 10, "1", 11, "."), text=())
    going = [replace(envelope(at), values=tuple(f"<{number}>" for number in range(12))) for at in range(2)]
    transport.send(revision(program=program), going)
    assert sendgrid.calls == 1
    assert {copy.letter.html for copy in copies(sendgrid)} == {"<1>0<10>1<11>."}


def test_a_mark_that_stands_in_the_letter_is_not_taken(sendgrid, transport):
    hard = Program(
        slots=revision().program.slots, subject=("~^", 0), from_name=(), html=("<p>`0.", 0, "1.", 1, "</p>"), text=()
    )
    transport.send(revision(program=hard), envelopes(3))
    assert sendgrid.calls == 1
    assert [copy.letter.html for copy in copies(sendgrid)] == [f"<p>`0.Ann1.token{at}</p>" for at in range(3)]


def test_where_every_mark_stands_in_the_letter_each_goes_whole(sendgrid, transport):
    hard = Program(slots=revision().program.slots, subject=(MARKS, 0), from_name=(), html=("<p>", 1), text=())
    transport.send(revision(program=hard), envelopes(3))
    assert sendgrid.calls == 3
    assert {copy.letter.subject for copy in copies(sendgrid)} == {f"{MARKS}Ann"}


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("x" * (MAX_SUBSTITUTIONS - 200), 1),
        ("x" * MAX_SUBSTITUTIONS, 3),
        ("é" * (MAX_SUBSTITUTIONS // 2), 3),  # bytes, not characters
        ("~0.", 3),  # has the mark
    ],
)
def test_values_that_do_not_fit_as_substitutions_go_whole(sendgrid, transport, name, calls):
    going = [*envelopes(2), envelope(2, name=name)]
    outcomes = transport.send(revision(), going)
    assert {type(each) for each in outcomes} == {Accepted}
    assert sendgrid.calls == calls
    arrived = sorted((copy.letter for copy in copies(sendgrid)), key=lambda each: each.to)
    assert arrived == [letter(revision(), each) for each in going]


def test_from_names_that_differ_go_one_by_one(sendgrid, transport):
    outcomes = transport.send(revision(program=NAMED), named(3))
    assert {type(each) for each in outcomes} == {Accepted}
    assert sendgrid.calls == 3
    assert {copy.letter.from_ for copy in copies(sendgrid)} == {f"N{at} for you <news@example.com>" for at in range(3)}


def test_one_by_one_goes_on_after_a_refusal_and_ends_at_a_doubt(sendgrid, transport):
    sendgrid.refused.add("ann1@example.org")
    outcomes = transport.send(revision(program=NAMED), named(3))
    assert [type(each) for each in outcomes] == [Accepted, Refused, Accepted]
    sendgrid.faults.add(Fault("lost_answer"))
    outcomes = transport.send(revision(program=NAMED), named(3))
    assert [type(each) for each in outcomes] == [InDoubt, NotSent, NotSent]


def test_each_letter_carries_our_ids_its_headers_and_no_tracking(sendgrid, transport):
    transport.send(revision(bcc=("copy@example.com",)), envelopes(2))
    copy = copies(sendgrid)[1]
    assert copy.carried == {
        "envoi_workspace": "main",
        "envoi_message": str(envelope(1).message),
        "envoi_email": EMAIL,
        "envoi_attempt": "a00000000000000d",
    }
    assert copy.letter.headers["List-Unsubscribe"] == "<https://t.example.com/u/token1>"
    assert copy.letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert copy.bcc == ("copy@example.com",)
    switches = [*copy.settings["tracking_settings"].values(), copy.settings["mail_settings"]["footer"]]
    assert {each["enable"] for each in switches} == {False}
    assert copy.settings["tracking_settings"]["click_tracking"]["enable_text"] is False


def test_a_template_email_has_no_list_headers(sendgrid, transport):
    transport.send(revision(kind="template"), [envelope()])
    assert copies(sendgrid)[0].letter == letter(revision(kind="template"), envelope())
    assert copies(sendgrid)[0].letter.headers == {}


def error(message, field=None):
    return json.dumps({"errors": [{"message": message, "field": field, "help": None}]}).encode()


@pytest.mark.parametrize(
    ("hit", "raised", "accepted", "why"),
    [
        (Fault("refuse", 429, error("too many requests")), CallThrottled, 0, "the rate"),
        (Fault("refuse", 400, error("Bad Request")), CallRefused, 0, "the payload: split to find the culprit"),
        (Fault("refuse", 400, error("Invalid", "personalizations.0.to")), CallRefused, 0, "an address"),
        (Fault("refuse", 400, error("Invalid", "from.email")), LetterHalted, 0, "the From address is everybody's"),
        (Fault("refuse", 413, b"too large"), CallRefused, 0, "a smaller call may fit"),
        (Fault("refuse", 401, error("authorization grant is invalid")), Halted, 0, "the key"),
        (Fault("refuse", 401, error("Maximum credits exceeded")), Halted, 0, "the plan"),
        (Fault("refuse", 403, error("does not match a verified Sender", "from")), Halted, 0, "the sender"),
        (Fault("refuse", 403, error("access forbidden")), Halted, 0, "the key's permissions"),
        (Fault("refuse", 404, b""), Halted, 0, "a wrong base URL must not fail everybody"),
        (Fault("refuse", 405, b""), Halted, 0, "the same"),
        (Fault("refuse", 415, b""), CallRefused, 0, "a 4xx takes nothing"),
        (Fault("refuse", 408, b""), CallInDoubt, 0, "slow, not refused"),
        (Fault("refuse", 302, b""), CallInDoubt, 0, "not an answer of this API"),
        (Fault("refuse", 200, b""), CallInDoubt, 0, "valid, but not queued"),
        (Fault("refuse", 500, error("oh")), CallInDoubt, 0, "a 5xx says nothing about what happened"),
        (Fault("refuse", 503, b"<html>"), CallInDoubt, 0, "nor does a 503"),
        (Fault("fail_after", 500, b""), CallInDoubt, 3, "here it did happen"),
        (Fault("lost_answer"), CallInDoubt, 3, "the connection ended after it was taken"),
        (Fault("reset_after"), CallInDoubt, 3, "the same, by RST"),
        (Fault("reset_before"), CallInDoubt, 0, "a reset looks the same before and after"),
        (Fault("slow_answer", ms=2_000), CallInDoubt, 3, "too late"),
    ],
)
def test_what_each_failure_means(sendgrid, transport, hit, raised, accepted, why):
    assert why
    sendgrid.faults.add(hit)
    with pytest.raises(raised) as caught:
        transport.send(revision(), envelopes(3))
    assert type(caught.value) is raised
    assert len(copies(sendgrid)) == accepted
    assert sendgrid.calls == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"errors": 5}', b'{"errors": [5]}', b'{"errors": [{}]}'])
def test_an_error_that_cannot_be_read_is_one_all_the_same(sendgrid, transport, body):
    sendgrid.faults.add(Fault("refuse", 400, body))
    with pytest.raises(CallRefused):
        transport.send(revision(), envelopes(2))


def test_a_wrong_key_and_a_foreign_sender_halt(sendgrid, transport):
    with pytest.raises(Halted, match="refuses the key"):
        SendGridTransport("SG.another", "main", contents, api=replace(API, base_url=sendgrid.url)).send(
            revision(), envelopes(2)
        )
    with pytest.raises(Halted, match="verified Sender Identity"):
        transport.send(revision(from_address="news@elsewhere.example"), envelopes(2))


def test_the_quota_is_the_day_s_credits(sendgrid):
    clock = Clock()
    transport = SendGridTransport(
        KEY, "main", contents, api=replace(API, base_url=sendgrid.url, per_second=40), clock=clock
    )
    assert transport.quota() == Quota(40, per_day=100.0, sent_today=3.0)
    sendgrid.credits |= {"used": 4}
    assert transport.quota().sent_today == 3.0
    clock.now += QUOTA_S + 1
    assert transport.quota().sent_today == 4.0


@pytest.mark.parametrize(
    "said", [{"reset_frequency": "monthly", "total": 9, "used": 1}, {}, {"reset_frequency": "daily"}]
)
def test_a_quota_that_is_no_day_s_leaves_the_rate_alone(sendgrid, transport, said):
    sendgrid.credits = said
    assert transport.quota() == Quota(100.0, per_day=-1, sent_today=0)


def test_a_recipient_with_slots_that_only_targets_use_needs_no_substitution_for_them(sendgrid, transport):
    """A slot that stands in no part has no tag."""
    program = replace(revision().program, subject=("Hello",), html=("<p>", 1), text=())
    transport.send(revision(program=program), [envelope(0, name="~" * 20_000), envelope(1)])
    assert sendgrid.calls == 1


def test_attachments_go_with_every_letter(sendgrid, transport):
    outcomes = transport.send(revision(attachments=ATTACHMENTS), envelopes(3))
    assert {type(each) for each in outcomes} == {Accepted}
    assert sendgrid.calls == 1
    assert [copy.attachments for copy in sendgrid.inbox.copies()] == [ATTACHED] * 3


def unreadable(_attachment):
    raise OSError("no bucket")


def gone(_attachment):
    return None


@pytest.mark.parametrize(("contents", "raised"), [(unreadable, CallNotSent), (gone, Halted)])
def test_a_letter_does_not_go_without_its_attachment(sendgrid, contents, raised):
    transport = SendGridTransport(KEY, "main", contents, api=replace(API, base_url=sendgrid.url))
    with pytest.raises(raised, match="attachment"):
        transport.send(revision(attachments=ATTACHMENTS), envelopes(2))
    assert sendgrid.calls == 0
