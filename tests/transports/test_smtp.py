"""The SMTP transport against a server on loopback: what is said on the wire, and what each failure means."""

import socket
import ssl
from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from chalicelib.model.asset import Attachment
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import Accepted, CallNotSent, Halted, InDoubt, NotSent, Refused
from chalicelib.model.pacing import Quota
from chalicelib.model.token import Returned
from chalicelib.transports.smtp import IDLE_S, MOST_MESSAGES, SmtpTransport
from chalicelib.transports.smtp_delivery import Delivery
from chalicelib.transports.smtp_letter import Writing, post
from chalicelib.transports.smtp_login import opened
from chalicelib.transports.smtp_session import Session
from chalicelib.transports.smtp_wire import Deadline
from local.smtp_server import Fault, Options, SmtpServer
from tests.transports.conftest import EMAIL, envelope, envelopes, revision
from tests.transports.contract import SLOW_MS, told
from tests.transports.smtp_stand_in import RETURN_DOMAIN, SIGNER, settings

TIMEOUT_MS = 10_000
STEPWISE = Options(offers=("ENHANCEDSTATUSCODES",))


@pytest.fixture(params=[Options(), STEPWISE], ids=["pipelining", "stepwise"])
def server(request):
    with SmtpServer(request.param) as started:
        yield started


@pytest.fixture
def transport(server, clock):
    made = SmtpTransport(settings(server.port), SIGNER, TIMEOUT_MS, clock=clock)
    yield made
    made.close()


def kinds(outcomes):
    return [type(each) for each in outcomes]


def got(server):
    return [each.recipients[0] for each in server.taken]


def test_the_return_path_leads_back_to_the_message_in_64_octets(server, transport):
    one = envelope()
    transport.send(revision(), [one])
    local, _, domain = server.taken[0].return_path.partition("@")
    assert (len(local), domain) == (64, RETURN_DOMAIN)
    assert SIGNER.read_return(local.removeprefix("bounces+")) == Returned(one.message, EMAIL)


def test_a_template_email_s_return_path_names_its_sending(server, transport):
    key = MessageKey("c" * 16, "f" * 16, "a" * 16)
    transport.send(revision(kind="template"), [replace(envelope(), message=key)])
    local = server.taken[0].return_path.partition("@")[0]
    assert len(local) == 64
    assert SIGNER.read_return(local.removeprefix("bounces+")) == Returned(key)


def test_without_a_return_domain_bounces_go_to_the_from_address(server):
    transport = SmtpTransport(settings(server.port, return_domain=""), SIGNER, TIMEOUT_MS)
    transport.send(revision(), [envelope()])
    transport.close()
    assert server.taken[0].return_path == "news@example.com"
    assert server.commands[0] == "EHLO [127.0.0.1]"


def test_date_and_message_id_are_made_of_the_clock_the_message_and_the_attempt(server, transport, clock):
    transport.send(revision(), [envelope()])
    clock.now += 3_600
    transport.send(revision(), [envelope(), replace(envelope(), attempt="b" * 16)])
    first, again, other = (message_from_bytes(each.content, policy=policy.SMTP) for each in server.taken)
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert first["Message-ID"].endswith(f"@{RETURN_DOMAIN}>")
    assert [each["Date"].datetime.timestamp() for each in (first, again)] == [clock.now - 3_600, clock.now]


def test_what_travels_is_seven_bits_in_lines_that_end_with_crlf(server, transport):
    transport.send(revision(), [envelope(name="Zoë")])
    content = server.taken[0].content
    assert content.isascii()
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r")
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert not [each for each in server.commands if "SMTPUTF8" in each or "8BITMIME" in each]


def test_a_blind_copy_gets_the_same_octets_and_its_refusal_harms_nobody(server, transport):
    server.faults.add(Fault("RCPT", "550 5.1.1 Unknown", address="<archive@example.com>", skip=1))
    outcomes = transport.send(revision(bcc=("archive@example.com",)), envelopes(2))
    assert kinds(outcomes) == [Accepted] * 2
    assert [each.recipients for each in server.taken] == [
        ("ann0@example.org", "archive@example.com"),
        ("ann1@example.org",),
    ]


def test_a_refused_recipient_s_copy_is_not_sent_either(server, transport):
    server.faults.add(Fault("RCPT", "550 5.1.1 Unknown", address="<ann0@example.org>"))
    outcomes = transport.send(revision(bcc=("archive@example.com",)), envelopes(2))
    assert kinds(outcomes) == [Refused, Accepted]
    assert got(server) == ["ann1@example.org"]


ATTACHED = (Attachment("a" * 16, "menu.pdf", "application/pdf", 5),)


def test_an_attachment_travels_with_the_letter(server):
    transport = SmtpTransport(settings(server.port), SIGNER, TIMEOUT_MS, lambda _: b"%PDF-")
    transport.send(revision(attachments=ATTACHED), envelopes(2))
    transport.close()
    for taken in server.taken:
        (found,) = message_from_bytes(taken.content, policy=policy.SMTP).iter_attachments()
        assert (found.get_filename(), found.get_content()) == ("menu.pdf", b"%PDF-")


def test_without_its_attachment_no_letter_goes(server, transport):
    with pytest.raises(Halted, match=r"menu\.pdf"):
        transport.send(revision(attachments=ATTACHED), envelopes(2))
    assert server.connections == 0


def test_the_server_is_told_the_size(server, transport):
    transport.send(revision(), [envelope()])
    said = next(each for each in server.commands if each.startswith("MAIL"))
    assert int(said.partition("SIZE=")[2]) >= len(server.taken[0].content)


@pytest.mark.parametrize(
    "address", ["zoë@example.org", "ann@exämple.org", "a@b>\r\nRCPT TO:<x@y", "ann", "a b@example.org"]
)
def test_an_address_that_smtp_cannot_carry_is_refused_before_it_is_said(server, transport, address):
    outcomes = transport.send(revision(), [envelope(0), envelope(1, address=address), envelope(2)])
    assert kinds(outcomes) == [Accepted, Refused, Accepted]
    assert got(server) == ["ann0@example.org", "ann2@example.org"]


FATES = [
    # place, answer, outcomes of four where the second (third for MAIL) is hit, why
    ("RCPT", "550 5.1.1 User unknown", [Accepted, Refused, Accepted, Accepted], "this mailbox alone"),
    ("RCPT", "552 5.2.2 Mailbox full", [Accepted, Refused, Accepted, Accepted], "this mailbox alone"),
    ("RCPT", "550 No such user here", [Accepted, Refused, Accepted, Accepted], "without an enhanced code"),
    ("RCPT", "450 4.2.1 Greylisted", [Accepted, NotSent, Accepted, Accepted], "later, the others now"),
    ("RCPT", "451 4.3.0 Not separated", [Accepted, NotSent, Accepted, Accepted], "a word is no rate"),
    ("RCPT", "421 4.3.2 Closing", [Accepted, NotSent, NotSent, NotSent], "the server closes"),
    ("RCPT", "451 4.7.1 Too many recipients", [Accepted, NotSent, NotSent, NotSent], "it slows us down"),
    ("RCPT", "554 5.7.1 Relay access denied", [Accepted, NotSent, NotSent, NotSent], "halts at the next call"),
    ("RCPT", "550 5.7.1 Not for you", [Accepted, Refused, Accepted, Accepted], "others pass: this recipient's policy"),
    ("MAIL", "451 4.7.1 Slow down", [Accepted, NotSent, NotSent, NotSent], "the server is busy"),
    ("MAIL", "552 5.3.4 Too large", [Accepted, Refused, Accepted, Accepted], "this message alone"),
    ("DATA", "554 5.6.0 No", [Accepted, Refused, Accepted, Accepted], "this message alone"),
    ("DATA", "451 4.3.0 Later", [Accepted, NotSent, Accepted, Accepted], "this message later"),
    ("DATA", "250 What?", [Accepted, NotSent, NotSent, NotSent], "no answer of SMTP: out of step"),
    ("end", "554 5.6.1 Content rejected", [Accepted, Refused, Accepted, Accepted], "this message alone"),
    ("end", "451 4.3.0 Try again", [Accepted, NotSent, Accepted, Accepted], "an answer: it was not taken"),
    ("end", "421 4.3.2 Closing", [Accepted, NotSent, NotSent, NotSent], "the same, and nothing more"),
    ("end", "454 Throttling failure: Maximum sending rate exceeded", [Accepted, NotSent, NotSent, NotSent], "SES"),
    ("end", "354 Go on", [Accepted, InDoubt, NotSent, NotSent], "neither yes nor no"),
    ("RCPT", "", [Accepted, NotSent, NotSent, NotSent], "lost before the message"),
    ("DATA", "", [Accepted, NotSent, NotSent, NotSent], "lost before the message"),
    ("end", "", [Accepted, InDoubt, NotSent, NotSent], "lost behind the last dot"),
]


@pytest.mark.parametrize(("place", "answer", "wanted", "why"), FATES, ids=[f"{row[0]} {row[1]}" for row in FATES])
def test_what_each_answer_means_in_the_middle_of_a_call(server, transport, place, answer, wanted, why):
    server.faults.add(Fault(place, answer, skip=1))
    outcomes = transport.send(revision(), envelopes(4))
    assert kinds(outcomes) == wanted, why
    assert got(server) == [f"ann{at}@example.org" for at, kind in enumerate(wanted) if kind is Accepted]
    # and the next call is as good as any
    assert kinds(transport.send(revision(), envelopes(2))) == [Accepted] * 2


WHOLE = [
    ("greeting", "554 5.7.1 Your address is on a list", Halted),
    ("greeting", "421 4.3.2 Busy", CallNotSent),
    ("greeting", "", CallNotSent),
    ("greeting", "HTTP/1.1 400 Bad Request", CallNotSent),
    ("EHLO", "550 5.7.1 Go away", Halted),
    ("EHLO", "421 Busy", CallNotSent),
    ("MAIL", "550 5.1.8 Sender refused", Halted),
    ("MAIL", "553 5.7.1 Sender address rejected: not owned by user", Halted),
    ("MAIL", "530 5.7.0 Must issue STARTTLS", Halted),
    ("MAIL", "421 4.7.0 Too many", CallNotSent),
    ("MAIL", "503 5.5.1 Nested MAIL command", CallNotSent),
    ("MAIL", "503 5.5.4 Error: AUTH first", Halted),
    ("RCPT", "550 5.7.1 Client host must authenticate", Halted),
    ("MAIL", "", CallNotSent),
    ("RCPT", "554 5.7.1 <x>: Relay access denied", Halted),
    ("RCPT", "550 relay not permitted", Halted),
    ("RCPT", "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Halted),
    ("RCPT", "550 5.4.5 Daily user sending limit exceeded", Halted),
    ("end", "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", Halted),
    ("MAIL", "550 5.1.90 Your message can't be sent because you've reached your daily limit", Halted),
    ("end", "454 Throttling failure: Daily message quota exceeded.", Halted),
    ("end", "421 4.7.0 Later", CallNotSent),
]


@pytest.mark.parametrize(("place", "answer", "raised"), WHOLE, ids=[f"{row[0]} {row[1]}" for row in WHOLE])
def test_what_each_answer_means_for_a_call_that_begins_with_it(server, transport, place, answer, raised):
    server.faults.add(Fault(place, answer))
    with pytest.raises(raised) as caught:
        transport.send(revision(), envelopes(3))
    assert caught.value.reason
    assert ("esume" in caught.value.reason) == (raised is Halted)
    assert got(server) == []


@pytest.mark.parametrize("answer", ["421 4.3.2 Closing", "500 5.5.1 Never heard of"])
def test_what_is_said_to_clearing_up_after_a_refusal_is_no_answer_to_a_message(server, transport, answer):
    server.faults.add(Fault("RCPT", "550 5.1.1 Unknown"), Fault("RSET", answer))
    outcomes = transport.send(revision(), envelopes(4))
    assert kinds(outcomes) == [Refused, NotSent, NotSent, NotSent]
    assert got(server) == []
    assert kinds(transport.send(revision(), envelopes(3))) == [Accepted] * 3


def test_a_policy_against_everyone_halts(server, transport):
    server.faults.add(Fault("end", "554 5.7.1 Looks like spam", times=3))
    with pytest.raises(Halted, match="policy"):
        transport.send(revision(), envelopes(3))
    assert got(server) == []


def test_a_policy_against_one_is_its_own_where_the_connection_took_others_before(server, transport):
    transport.send(revision(), [envelope(0)])
    server.faults.add(Fault("RCPT", "550 5.7.1 We know you"))
    assert kinds(transport.send(revision(), [envelope(1)])) == [Refused]


def test_a_policy_among_other_refusals_waits_for_a_call_of_its_own(server, transport):
    server.faults.add(Fault("RCPT", "550 5.1.1 Unknown"), Fault("RCPT", "550 5.7.1 No"))
    outcomes = transport.send(revision(), envelopes(2))
    assert kinds(outcomes) == [Refused, NotSent]


def test_a_connection_serves_call_after_call_and_is_asked_before(server, transport):
    for number in range(3):
        transport.send(revision(), [envelope(number)])
    assert server.connections == 1
    assert server.commands.count("RSET") == 2


def test_a_connection_that_died_meanwhile_costs_nobody_anything(server, transport):
    transport.send(revision(), [envelope(0)])
    server.faults.add(Fault("RSET", how="reset"))
    assert kinds(transport.send(revision(), [envelope(1)])) == [Accepted]
    assert server.connections == 2


def test_a_connection_that_was_idle_too_long_is_closed(server, transport, clock):
    transport.send(revision(), [envelope(0)])
    clock.now += IDLE_S + 1
    transport.send(revision(), [envelope(1)])
    assert server.connections == 2
    assert server.commands.count("RSET") == 0
    assert server.commands.count("QUIT") == 1


def test_after_its_most_messages_a_connection_is_ended_politely(server, transport):
    for _ in range(MOST_MESSAGES // 50):
        transport.send(revision(), envelopes(50))
    transport.send(revision(), [envelope()])
    assert server.connections == 2
    assert "QUIT" in server.commands


def test_a_failed_call_s_connection_is_not_used_again(server, transport):
    server.faults.add(Fault("end", taken=True, skip=1))
    assert kinds(transport.send(revision(), envelopes(3))) == [Accepted, InDoubt, NotSent]
    assert kinds(transport.send(revision(), [envelope(2)])) == [Accepted]
    assert server.connections == 2
    assert got(server) == [f"ann{number}@example.org" for number in range(3)]


def test_no_message_begins_in_the_second_half_of_the_call(server):
    """The clock jumps to six of ten seconds when the server has the first message."""
    deadline = Deadline(10, lambda: 6.0 if server.taken else 0.0)
    wire, offers = opened(settings(server.port), ssl.create_default_context(), deadline)
    session = Session(wire, offers)
    writing = Writing(SIGNER, RETURN_DOMAIN, 0)
    posts = (post(revision(), one, writing) for one in envelopes(3))
    outcomes = Delivery(session, deadline).run(posts, 3)
    session.close()
    assert kinds(outcomes) == [Accepted, NotSent, NotSent]
    assert got(server) == ["ann0@example.org"]


def test_an_answer_that_never_comes_leaves_one_in_doubt(server):
    transport = SmtpTransport(settings(server.port), SIGNER, SLOW_MS)
    transport.send(revision(), [envelope(9)])
    server.faults.add(Fault("end", seconds=60, taken=True))
    assert kinds(transport.send(revision(), envelopes(3))) == [InDoubt, NotSent, NotSent]


@pytest.mark.parametrize("place", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_falls_silent_before_the_message_leaves_no_doubt(server, place):
    server.faults.add(Fault(place, seconds=60))
    transport = SmtpTransport(settings(server.port), SIGNER, 250)
    with pytest.raises(CallNotSent):
        transport.send(revision(), envelopes(3))


def test_where_the_server_pipelines_an_envelope_does_not_wait_for_the_last_answer():
    with SmtpServer() as server:
        transport = SmtpTransport(settings(server.port), SIGNER, TIMEOUT_MS)
        server.faults.add(Fault("end", taken=True, skip=1))
        outcomes = transport.send(revision(), envelopes(4))
        transport.close()
    assert kinds(outcomes) == [Accepted, InDoubt, NotSent, NotSent]
    assert got(server) == ["ann0@example.org", "ann1@example.org"]


def test_a_server_that_knows_no_ehlo_is_greeted_as_of_old():
    with SmtpServer(STEPWISE) as server:
        server.faults.add(Fault("EHLO", "502 5.5.1 Not implemented"))
        transport = SmtpTransport(settings(server.port), SIGNER, TIMEOUT_MS)
        assert kinds(transport.send(revision(), envelopes(2))) == [Accepted] * 2
        transport.close()
        assert server.commands[:2] == [f"EHLO {RETURN_DOMAIN}", f"HELO {RETURN_DOMAIN}"]
        assert not [each for each in server.commands if "SIZE=" in each]


def test_a_host_without_an_address_is_not_sent():
    transport = SmtpTransport(settings(25, host="smtp.invalid"), SIGNER, TIMEOUT_MS)
    assert kinds(told(transport, revision(), envelopes(2))) == [NotSent] * 2


def test_the_other_addresses_of_a_host_are_tried(monkeypatch):
    with SmtpServer() as server:
        real = socket.getaddrinfo("127.0.0.1", server.port, type=socket.SOCK_STREAM)
        dead = [(*real[0][:4], ("127.0.0.1", 1))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: dead + real)
        transport = SmtpTransport(settings(server.port), SIGNER, TIMEOUT_MS)
        assert kinds(transport.send(revision(), [envelope()])) == [Accepted]
        transport.close()


def test_the_quota_is_the_settings_word():
    transport = SmtpTransport(settings(25, per_second=3.0, per_day=500.0), SIGNER, TIMEOUT_MS)
    assert transport.quota() == Quota(3.0, 500.0, 0)
