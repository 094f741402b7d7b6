"""The SES transport against the simulator, over the wire: what arrives, and what each failure means."""

import json
import socket
import threading
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

import boto3
import pytest

from chalicelib.compose.letter import headers
from chalicelib.compose.revision import Program, Slot
from chalicelib.model.asset import Attachment
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
from chalicelib.transports.ses import QUOTA_S, THROTTLED_S, UNKNOWN, SesTransport, sending_client
from chalicelib.transports.ses_events import events
from local.ses_simulator.account import Limits
from local.ses_simulator.faults import Fault
from local.ses_simulator.letters import letter, source
from tests.transports.conftest import EMAIL, Clock, envelope, envelopes, revision


def messages(ses):
    return [letter(copy) for copy in ses.office.ledger.page(0, 1_000, None)]


def fault(ses, kind, **more):
    ses.faults.add([Fault(kind, **more)])


def test_every_recipient_of_a_bulk_call_is_accepted_with_an_id_of_its_own(ses, transport):
    outcomes = transport.send(revision(), envelopes(50))
    assert [type(each) for each in outcomes] == [Accepted] * 50
    assert [each.provider_id for each in outcomes] == [each.message_id for each in messages(ses)]
    assert [each.to for each in messages(ses)] == [f"ann{number}@example.org" for number in range(50)]


def test_a_bulk_letter_arrives_as_it_was_written_with_its_values(ses, transport):
    transport.send(revision(reply_to="answers@example.com"), [envelope(name="A &amp; B")])
    (found,) = messages(ses)
    assert found.subject == "Hello A &amp; B, {{braces}} stay"
    assert found.html == '<p>Hello A &amp; B {{ x }}</p><a href="https://t.example.com/c/token0/0">go</a>'
    assert found.text == "Hello A &amp; B\n"
    assert found.headers["From"] == "Zoë & Co <news@example.com>"
    assert found.headers["Reply-To"] == "answers@example.com"


def test_a_bulk_letter_carries_the_list_headers_and_the_tags(ses, transport):
    sent = envelope()
    transport.send(revision(), [sent])
    (found,) = messages(ses)
    wanted = headers(revision(), sent)
    assert wanted
    assert {name: found.headers[name] for name in wanted} == wanted
    assert found.tags == {"workspace": "main", "message": str(sent.message), "email": EMAIL, "attempt": sent.attempt}
    assert found.configuration_set == "envoi"


def test_a_template_email_goes_raw_with_the_same_tags(ses, transport):
    (outcome,) = transport.send(revision(kind="template"), [envelope()])
    (found,) = messages(ses)
    assert outcome == Accepted(found.message_id)
    assert found.operation == "SendEmail"
    assert found.html == '<p>Hello Ann {{ x }}</p><a href="https://t.example.com/c/token0/0">go</a>'
    assert found.tags["message"] == str(envelope().message)
    assert found.headers["From"] == "Zoë & Co <news@example.com>"


def test_its_events_come_back_as_events_of_this_very_attempt(ses, transport):
    sent = envelope(address="bounce+1@simulator.amazonses.com")
    (outcome,) = transport.send(revision(), [sent])
    told = [event for _, _, body in ses.office.outbox.page(0, 10) for event in events(body, "main")]
    assert [event.kind for event in told] == ["sent", "bounced"]
    assert {(event.message, event.attempt, event.email, event.provider_id) for event in told} == {
        (sent.message, sent.attempt, EMAIL, outcome.provider_id)
    }


@pytest.mark.parametrize(
    ("hit", "raised", "accepted", "why"),
    [
        (Fault("throttle"), CallNotSent, 0, "429 refuses before anything is taken"),
        (Fault("error_before"), CallInDoubt, 0, "a 5xx says nothing about what happened"),
        (Fault("error_before", http_status=503), CallInDoubt, 0, "nor does a 503"),
        (Fault("error_after"), CallInDoubt, 3, "here it did happen"),
        (Fault("lost_answer"), CallInDoubt, 3, "the connection ended after SES took them"),
        (Fault("reset_after"), CallInDoubt, 3, "the same, by RST"),
        (Fault("reset_before"), CallInDoubt, 0, "a reset looks the same before and after"),
        (Fault("garbled_answer"), CallInDoubt, 3, "half an answer is none"),
        (Fault("short_answer"), CallInDoubt, 3, "one result too few: whose is missing?"),
        (Fault("error", code="LimitExceededException", message="Daily message quota exceeded."), Halted, 0, "day"),
        (Fault("error", code="TooManyRequestsException", message="Daily message quota exceeded."), Halted, 0, "429!"),
        (Fault("error", code="TooManyRequestsException", message="Maximum sending rate exceeded."), CallNotSent, 0, ""),
        (Fault("error", code="ThrottlingException", message="Rate exceeded", http_status=400), CallNotSent, 0, ""),
        (Fault("error", code="LimitExceededException", message="Too many."), Halted, 0, "a limit of the account"),
        (Fault("error", code="SendingPausedException", message="Paused"), Halted, 0, "an operator must act"),
        (Fault("error", code="AccountSuspendedException", message="No"), Halted, 0, "AWS must act"),
        (Fault("error", code="MailFromDomainNotVerifiedException", message="No"), Halted, 0, "a DNS record is missing"),
        (Fault("error", code="NotFoundException", message="Configuration set <e> does not exist."), Halted, 0, ""),
        (Fault("error", code="BadRequestException", message="Configuration set <e> does not exist."), Halted, 0, ""),
        (Fault("error", code="AccessDeniedException", message="No", http_status=403), Halted, 0, "the policy"),
        (Fault("error", code="ExpiredTokenException", message="No", http_status=403), CallNotSent, 0, "renewed soon"),
        (Fault("error", code="BadRequestException", message="Domain contains illegal character"), CallRefused, 0, ""),
        (Fault("error", code="MessageRejected", message="Rejected"), CallRefused, 0, "split to find the culprit"),
        (Fault("error", code="NeverHeardOf", message="?", http_status=418), CallRefused, 0, "a 4xx takes nothing"),
        (Fault("error", code="RequestTimeout", message="?", http_status=408), CallInDoubt, 0, "slow, not refused"),
    ],
)
def test_what_each_failure_of_a_bulk_call_means(ses, transport, hit, raised, accepted, why):
    ses.faults.add([hit])
    with pytest.raises(raised) as caught:
        transport.send(revision(), envelopes(3))
    assert caught.value.reason, why
    assert len(messages(ses)) == accepted, why
    assert ses.faults.waiting() == []


def test_an_answer_that_comes_too_late_is_in_doubt(ses):
    transport = SesTransport(sending_client("us-east-1", ses.url, 200), "envoi", "main")
    fault(ses, "slow_answer", ms=600)
    with pytest.raises(CallInDoubt):
        transport.send(revision(), envelopes(3))
    assert len(messages(ses)) == 3


@pytest.mark.parametrize(
    "kind", ["lost_answer", "reset_after", "reset_before", "error_before", "error_after", "throttle"]
)
@pytest.mark.parametrize("letter_kind", ["segment", "template"])
def test_a_call_is_posted_exactly_once(ses, transport, kind, letter_kind):
    """A client that repeats by itself would meet none of the faults that still wait, and be accepted."""
    fault(ses, kind, calls=5)
    with pytest.raises((CallInDoubt, CallNotSent)):
        transport.send(revision(kind=letter_kind), [envelope()])
    assert [each["calls"] for each in ses.faults.waiting()] == [4]
    assert len(messages(ses)) == (1 if "after" in kind or kind == "lost_answer" else 0)


def test_a_default_client_would_post_more_than_once(ses):
    """Proof that the test above can fail."""
    client = boto3.client("sesv2", region_name="us-east-1", endpoint_url=ses.url)
    fault(ses, "lost_answer")
    (outcome,) = SesTransport(client, "envoi", "main").send(revision(), [envelope()])
    assert isinstance(outcome, Accepted)
    assert [each.to for each in messages(ses)] == ["ann0@example.org"] * 2


def test_where_nobody_listens_nothing_was_sent():
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        client = sending_client("us-east-1", f"http://127.0.0.1:{reserved.getsockname()[1]}", 500)
        with pytest.raises(CallNotSent):
            SesTransport(client, "envoi", "main").send(revision(), [envelope()])


def test_a_server_that_takes_the_request_and_never_answers_leaves_doubt():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = sending_client("us-east-1", f"http://127.0.0.1:{silent.getsockname()[1]}", 200)
        with pytest.raises(CallInDoubt):
            SesTransport(client, "envoi", "main").send(revision(), [envelope()])


STATUSES = [
    ("MESSAGE_REJECTED", Refused, None),
    ("MAIL_FROM_DOMAIN_NOT_VERIFIED", NotSent, "verified"),
    ("CONFIGURATION_SET_NOT_FOUND", NotSent, "configuration set"),
    ("TEMPLATE_NOT_FOUND", NotSent, "template"),
    ("ACCOUNT_SUSPENDED", NotSent, "suspended"),
    ("ACCOUNT_THROTTLED", NotSent, None),
    ("ACCOUNT_DAILY_QUOTA_EXCEEDED", NotSent, "quota of the day"),
    ("INVALID_SENDING_POOL_NAME", NotSent, "pool"),
    ("ACCOUNT_SENDING_PAUSED", NotSent, "paused"),
    ("CONFIGURATION_SET_SENDING_PAUSED", NotSent, "paused"),
    ("INVALID_PARAMETER", Refused, None),
    ("TRANSIENT_FAILURE", NotSent, None),
    ("FAILED", Refused, None),
    ("A_STATUS_OF_TOMORROW", InDoubt, None),
]


def test_the_table_of_statuses_is_all_that_ses_knows():
    client = sending_client("us-east-1", "http://127.0.0.1:1", 1_000)
    known = set(client.meta.service_model.shape_for("BulkEmailStatus").enum)
    assert known == {row[0] for row in STATUSES} - {"A_STATUS_OF_TOMORROW"} | {"SUCCESS"}


@pytest.mark.parametrize(("status", "outcome", "halt"), STATUSES, ids=[row[0] for row in STATUSES])
def test_what_each_status_means_for_some_of_a_call(ses, transport, status, outcome, halt):
    del halt
    fault(ses, "entry_failure", status=status, entries=(1,))
    first, second, third = transport.send(revision(), envelopes(3))
    assert [type(first), type(second), type(third)] == [Accepted, outcome, Accepted]
    assert status in second.reason
    assert [each.to for each in messages(ses)] == ["ann0@example.org", "ann2@example.org"]


@pytest.mark.parametrize(("status", "outcome", "halt"), STATUSES, ids=[row[0] for row in STATUSES])
def test_what_each_status_means_for_all_of_a_call(ses, transport, status, outcome, halt):
    fault(ses, "entry_failure", status=status)
    if halt is None:
        assert {type(each) for each in transport.send(revision(), envelopes(3))} == {outcome}
    else:
        with pytest.raises(Halted, match=halt):
            transport.send(revision(), envelopes(3))
    assert messages(ses) == []


def test_whom_the_rate_has_no_room_for_is_not_sent(ses, transport):
    ses.office.account.change(Limits(max_send_rate=2))
    outcomes = transport.send(revision(), envelopes(3))
    assert [type(each) for each in outcomes] == [Accepted, Accepted, NotSent]
    with pytest.raises(CallNotSent):
        transport.send(revision(), envelopes(3))
    assert len(messages(ses)) == 2


def test_the_quota_of_the_day_halts(ses, transport):
    ses.office.account.change(Limits(max_send_rate=1_000, max_24_hour_send=2))
    outcomes = transport.send(revision(), envelopes(3))
    assert [type(each) for each in outcomes] == [Accepted, Accepted, NotSent]
    with pytest.raises(Halted, match="quota of the day"):
        transport.send(revision(), envelopes(3))


@pytest.mark.parametrize("kind", ["segment", "template"])
@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(sending_enabled=False), "paused"),
        (Limits(enforcement_status="SHUTDOWN"), "suspended"),
    ],
)
def test_an_account_that_may_not_send_halts(ses, transport, kind, limits, reason):
    ses.office.account.change(limits)
    with pytest.raises(Halted, match=reason):
        transport.send(revision(kind=kind), [envelope()])


@pytest.mark.parametrize("kind", ["segment", "template"])
def test_a_from_address_that_nobody_verified_halts(transport, kind):
    with pytest.raises(Halted, match="not verified the From address"):
        transport.send(revision(kind=kind, from_address="news@elsewhere.example"), [envelope()])


@pytest.mark.parametrize("kind", ["segment", "template"])
def test_a_configuration_set_that_is_not_there_halts(ses, kind):
    transport = SesTransport(sending_client("us-east-1", ses.url, 2_000), "forgotten", "main")
    with pytest.raises(Halted, match="configuration set"):
        transport.send(revision(kind=kind), [envelope()])


def test_in_the_sandbox_an_unverified_recipient_concerns_this_recipient_alone(ses, transport):
    ses.office.account.change(Limits(production_access=False, max_send_rate=1_000))
    with pytest.raises(CallRefused):
        transport.send(revision(), envelopes(2))
    (outcome,) = transport.send(revision(kind="template"), [envelope()])
    assert isinstance(outcome, Refused)
    assert "ann0@example.org" in outcome.reason


def test_one_broken_address_refuses_the_whole_bulk_call(ses, transport):
    with pytest.raises(CallRefused, match="illegal character"):
        transport.send(revision(), [envelope(0), envelope(1, address="x@exa_mple.org")])
    assert messages(ses) == []


FROM_NAMED = Program(
    slots=(Slot("field", "header", "name"),), subject=("Hi",), from_name=(0, " for you"), html=(), text=("Hi\n",)
)


def test_one_bulk_call_where_a_from_name_with_slots_is_the_same_for_all(ses, transport):
    transport.send(revision(program=FROM_NAMED), envelopes(2))
    assert {(each.operation, each.headers["From"]) for each in messages(ses)} == {
        ("SendBulkEmail", "Ann for you <news@example.com>")
    }


def test_from_names_that_differ_go_in_calls_of_their_own(ses, transport):
    named = [replace(envelope(number), values=(f"N{number}",)) for number in range(3)]
    outcomes = transport.send(revision(program=FROM_NAMED), named)
    assert [type(each) for each in outcomes] == [Accepted] * 3
    assert [(each.operation, each.headers["From"]) for each in messages(ses)] == [
        ("SendBulkEmail", f"N{number} for you <news@example.com>") for number in range(3)
    ]
    assert all("List-Unsubscribe" in each.headers for each in messages(ses))


def test_those_of_one_sender_share_a_call_and_keep_their_places(ses, transport):
    """As where contacts have a few owners: two calls for five people, and each outcome is its own recipient's."""
    program = Program(
        slots=(Slot("owner", "header", "email"), Slot("owner", "header", "name")),
        subject=("Hello",),
        from_name=(1,),
        html=(),
        text=("Hello\n",),
        from_address=(0,),
        reply_to=("answers+", 0),
    )
    owners = [("ann@example.com", "Ann"), ("zoe@example.com", "Zoë")]
    named = [replace(envelope(number), values=owners[number % 2]) for number in range(5)]
    outcomes = transport.send(revision(program=program), named)
    ids = {each.message_id: each for each in messages(ses)}
    assert len(ids) == 5
    for one, outcome in zip(named, outcomes, strict=True):
        arrived = ids[outcome.provider_id]
        assert arrived.headers["To"] == one.address
        assert parseaddr(str(make_header(decode_header(arrived.headers["From"])))) == (one.values[1], one.values[0])
        assert arrived.headers["Reply-To"] == f"answers+{one.values[0]}"


def test_headers_of_the_team_go_out_with_each_letter(ses, transport):
    program = replace(revision().program, headers=(("X-Campaign", ("Été ", 0)), ("X-Empty", (0, " "))))
    for kind in ("segment", "template"):
        transport.send(revision(program=program, kind=kind), [replace(envelope(), values=("Ann", "token0"))])
        transport.send(revision(program=program, kind=kind), [replace(envelope(), values=("", "token0"))])
    found = messages(ses)
    said = [str(make_header(decode_header(each.headers["X-Campaign"]))) for each in found]
    assert said == ["Été Ann", "Été", "Été Ann", "Été"]
    assert ["X-Empty" in each.headers for each in found] == [True, False, True, False]


PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
TERMS = Attachment("a" * 16, "Geschäft & terms.pdf", "application/pdf", len(PDF))


@pytest.mark.parametrize("kind", ["segment", "template"])
def test_attachments_arrive_as_they_are(ses, kind):
    client = sending_client("us-east-1", ses.url, 2_000)
    transport = SesTransport(client, "envoi", "main", contents={TERMS: PDF}.get)
    outcomes = transport.send(revision(kind=kind, attachments=(TERMS,)), envelopes(1))
    assert [type(each) for each in outcomes] == [Accepted]
    [copy] = ses.office.ledger.page(0, 10, None)
    arrived = message_from_bytes(source(copy), policy=policy.default)
    [attachment] = list(arrived.iter_attachments())
    assert attachment.get_filename() == "Geschäft & terms.pdf"
    assert (attachment.get_content_type(), attachment.get_content()) == ("application/pdf", PDF)


def test_a_letter_without_its_attachment_does_not_go_out(ses):
    client = sending_client("us-east-1", ses.url, 2_000)
    with pytest.raises(Halted, match="deleted"):
        SesTransport(client, "envoi", "main").send(revision(attachments=(TERMS,)), envelopes(1))
    assert messages(ses) == []


@pytest.mark.parametrize("kind", ["segment", "template"])
def test_a_copy_goes_to_each_bcc(ses, transport, kind):
    [outcome] = transport.send(revision(kind=kind, bcc=("archive@example.com",)), [envelope()])
    assert isinstance(outcome, Accepted)
    [found] = messages(ses)
    assert found.destination == ["ann0@example.org", "archive@example.com"]
    assert "Bcc" not in found.headers


@pytest.mark.parametrize(
    ("kind", "more", "second"),
    [
        ("throttle", {}, NotSent),
        ("lost_answer", {}, InDoubt),
        ("error", {"code": "SendingPausedException"}, NotSent),
    ],
)
def test_one_by_one_ends_at_the_first_that_is_not_clear(ses, transport, kind, more, second):
    named = [replace(envelope(number), values=(f"N{number}",)) for number in range(4)]
    fault(ses, kind, skip=1, **more)
    outcomes = transport.send(revision(program=FROM_NAMED), named)
    assert [type(each) for each in outcomes] == [Accepted, second, NotSent, NotSent]


def test_one_by_one_goes_on_after_a_refusal(ses, transport):
    named = [replace(envelope(number), values=(f"N{number}",)) for number in range(3)]
    fault(ses, "error", skip=1, code="BadRequestException", message="Domain contains illegal character")
    outcomes = transport.send(revision(program=FROM_NAMED), named)
    assert [type(each) for each in outcomes] == [Accepted, Refused, Accepted]


def test_one_by_one_nothing_sent_at_all_is_the_call_s_fault(ses, transport):
    named = [replace(envelope(number), values=(f"N{number}",)) for number in range(3)]
    fault(ses, "throttle")
    with pytest.raises(CallNotSent):
        transport.send(revision(program=FROM_NAMED), named)


def test_one_by_one_begins_no_call_after_its_time(ses):
    ticking = iter(range(0, 1_000, 1))
    transport = SesTransport(sending_client("us-east-1", ses.url, 2_000), "envoi", "main", lambda: next(ticking))
    named = [replace(envelope(number), values=(f"N{number}",)) for number in range(4)]
    outcomes = transport.send(revision(program=FROM_NAMED), named)
    assert [type(each) for each in outcomes] == [Accepted, NotSent, NotSent, NotSent]


@pytest.mark.parametrize("count", [0, 51])
def test_a_call_holds_one_to_fifty(transport, count):
    with pytest.raises(ValueError, match=str(count)):
        transport.send(revision(), envelopes(count))


def test_the_quota_is_what_get_account_said_seconds_ago(ses):
    clock = Clock()
    transport = SesTransport(sending_client("us-east-1", ses.url, 2_000), "envoi", "main", clock)
    ses.office.account.change(Limits(max_send_rate=14, max_24_hour_send=50_000, sending_enabled=True))
    transport.send(revision(), envelopes(3))
    assert transport.quota() == Quota(
        14.0, 50_000.0, 3.0, sending_enabled=True, enforcement="HEALTHY", asked_at=1_700_000_000_000
    )
    ses.office.account.change(Limits(sending_enabled=False, enforcement_status="PROBATION"))
    assert transport.quota().sending_enabled
    clock.now += QUOTA_S + 1
    found = transport.quota()
    assert (found.sending_enabled, found.enforcement) == (False, "PROBATION")


@pytest.mark.parametrize(
    ("limits", "halt"),
    [
        (Limits(max_24_hour_send=3), "quota of the day"),
        (Limits(max_24_hour_send=4), ""),
        (Limits(max_24_hour_send=-1), ""),
        (Limits(sending_enabled=False), "paused"),
        (Limits(enforcement_status="SHUTDOWN"), "suspended"),
        (Limits(enforcement_status="PROBATION"), ""),
    ],
)
def test_the_quota_says_why_nothing_can_be_sent(ses, transport, limits, halt):
    transport.send(revision(), envelopes(3))
    ses.office.account.change(limits)
    assert halt in transport.quota().halt
    assert bool(transport.quota().halt) == bool(halt)


@pytest.mark.parametrize("fault_kind", ["throttle", "entry_failure"])
def test_a_throttling_is_told_as_such_and_asks_for_the_quota_anew(ses, fault_kind):
    clock = Clock()
    transport = SesTransport(sending_client("us-east-1", ses.url, 2_000), "envoi", "main", clock)
    assert transport.quota().per_second == 1_000
    ses.office.account.change(Limits(max_send_rate=5))
    if fault_kind == "throttle":
        fault(ses, "throttle")
        with pytest.raises(CallThrottled):
            transport.send(revision(), envelopes(3))
    else:
        fault(ses, "entry_failure", status="ACCOUNT_THROTTLED", entries=(1,))
        assert [getattr(each, "throttled", None) for each in transport.send(revision(), envelopes(3))] == [
            None,
            True,
            None,
        ]
    assert transport.quota().per_second == 1_000, "GetAccount itself takes one call a second"
    clock.now += THROTTLED_S + 0.1
    assert transport.quota().per_second == 5


def test_a_quota_that_cannot_be_read_is_the_last_known_one(ses):
    """GetAccount is throttled itself (one a second): no delivery may fail for it."""
    clock = Clock()
    nowhere = SesTransport(sending_client("us-east-1", "http://127.0.0.1:1", 500), "envoi", "main", clock)
    assert nowhere.quota() == UNKNOWN
    transport = SesTransport(sending_client("us-east-1", ses.url, 2_000), "envoi", "main", clock)
    known = transport.quota()
    ses.stop()
    clock.now += QUOTA_S + 1
    assert transport.quota() == known


def _connections(count, asked):
    """A server that answers GetAccount on whatever connection and counts them."""
    server = socket.create_server(("127.0.0.1", 0))
    body = json.dumps({"SendQuota": {"MaxSendRate": 1, "Max24HourSend": 1, "SentLast24Hours": 0}}).encode()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)

    def serve():
        for _ in range(count):
            connection, _ = server.accept()
            asked.append(connection)
            threading.Thread(target=answering, args=(connection,), daemon=True).start()

    def answering(connection):
        while connection.recv(65_536):
            connection.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    return server


def test_a_connection_that_was_idle_too_long_is_not_trusted():
    """A Lambda is frozen between its jobs: the connection may be gone, and a send on it would end in doubt."""
    asked, clock = [], Clock()
    with _connections(2, asked) as server:
        client = sending_client("us-east-1", f"http://127.0.0.1:{server.getsockname()[1]}", 2_000)
        transport = SesTransport(client, "envoi", "main", clock)
        transport.quota()
        clock.now += QUOTA_S + 1
        transport.quota()
        assert len(asked) == 2
        for connection in asked:
            connection.close()


@pytest.mark.parametrize("timeout_ms", [200, 2_000, 30_000])
def test_connecting_and_reading_together_stay_within_the_call_s_time(timeout_ms):
    config = sending_client("us-east-1", None, timeout_ms).meta.config
    assert config.connect_timeout + config.read_timeout == pytest.approx(timeout_ms / 1_000)
    assert config.retries["total_max_attempts"] == 1
