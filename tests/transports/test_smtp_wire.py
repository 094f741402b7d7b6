"""The line itself, against servers that no library would play: garbled, endless, dripping, lying."""

import socket
import threading
import time
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.outcome import CallNotSent, NotSent, Refused
from chalicelib.transports.smtp import SmtpTransport
from chalicelib.transports.smtp_replies import ROWS, judged
from chalicelib.transports.smtp_wire import MAX_LINE, MAX_LINES, Deadline, Reply, Unreadable, Wire
from tests.transports.conftest import envelope, envelopes, revision
from tests.transports.smtp_stand_in import SIGNER, settings, trust


@contextmanager
def wire(*octets, seconds=1.0, close=True):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        for each in octets:
            theirs.sendall(each)
        if close:
            theirs.shutdown(socket.SHUT_WR)
        yield Wire(ours, "smtp.test", Deadline(seconds))


REPLIES = [
    (b"250 2.1.0 Ok\r\n", Reply(250, ("2.1.0 Ok",)), "2.1.0"),
    (b"250\r\n", Reply(250, ("",)), ""),
    (b"250 \n", Reply(250, ("",)), ""),
    (b"250-smtp.test\r\n250-SIZE 100\r\n250 HELP\r\n", Reply(250, ("smtp.test", "SIZE 100", "HELP")), ""),
    (b"550-5.1.1 No such\r\n550 5.1.1 user\r\n", Reply(550, ("5.1.1 No such", "5.1.1 user")), "5.1.1"),
    (b"550 5.1.10\r\n", Reply(550, ("5.1.10",)), "5.1.10"),
    (b"550 5.1.1.1 is no status\r\n", Reply(550, ("5.1.1.1 is no status",)), ""),
    (b"550 \x1b[31mred\xff\x00\r\n", Reply(550, (" [31mred ",)), ""),
]


@pytest.mark.parametrize(("octets", "reply", "enhanced"), REPLIES)
def test_a_reply_is_read(octets, reply, enhanced):
    with wire(octets) as line:
        found = line.reply()
    assert (found, found.enhanced) == (reply, enhanced)


def test_replies_are_read_one_by_one_however_they_come():
    with wire(b"250 One\r\n35", b"4 Two\r\n250-Th", b"ree\r\n250 Four\r\n") as line:
        assert [line.reply().code for _ in range(3)] == [250, 354, 250]


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        (b"", ConnectionResetError),
        (b"250 half of a", ConnectionResetError),
        (b"250-One\r\n", ConnectionResetError),
        (b"hello\r\n", Unreadable),
        (b"\r\n", Unreadable),
        (b"99 bottles\r\n", Unreadable),
        (b"650 beer\r\n", Unreadable),
        (b"2500 beer\r\n", Unreadable),
        (b"x" * (MAX_LINE + 2), Unreadable),
        (b"250-on\r\n" * (MAX_LINES + 1), Unreadable),
    ],
)
def test_what_is_no_reply_is_an_error_of_the_line(octets, error):
    with wire(octets) as line, pytest.raises(error):
        line.reply()


@given(st.binary(max_size=300))
def test_whatever_a_server_says_it_is_a_reply_or_an_error_of_the_line(octets):
    with wire(octets) as line:
        try:
            reply = line.reply()
        except OSError:
            return
    assert str(reply).isprintable()
    assert judged("recipient", reply).reason


def test_a_server_that_drips_is_cut_off_in_time():
    """A time-out for each read, as smtplib has it, would go on for ever."""
    ours, theirs = socket.socketpair()
    done = threading.Event()

    def drip():
        while not done.wait(0.02):
            theirs.sendall(b"2")

    with ours, theirs:
        dripping = threading.Thread(target=drip)
        dripping.start()
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            Wire(ours, "smtp.test", Deadline(0.2)).reply()
        done.set()
        dripping.join()
        assert time.monotonic() - began < 1


def test_a_server_that_takes_nothing_is_cut_off_in_time():
    with wire(close=False, seconds=0.2) as line, pytest.raises(TimeoutError):
        line.write(b"x" * 50_000_000)


def test_what_is_late_is_so_after_half_of_the_time():
    now = [0.0]
    deadline = Deadline(10, lambda: now[0])
    seen = []
    for at in (0.0, 5.0, 5.1, 9.9):
        now[0] = at
        seen.append((deadline.late, round(deadline.left(), 1)))
    assert seen == [(False, 10.0), (False, 5.0), (True, 4.9), (True, 0.1)]
    now[0] = 10.0
    with pytest.raises(TimeoutError):
        deadline.left()


@contextmanager
def scripted(*answers):
    """A server that answers each line with the next of these octets."""
    heard = []

    def serve():
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as lines:
            for answer in answers:
                connection.sendall(answer)
                heard.append(lines.readline())

    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = threading.Thread(target=serve, daemon=True)
        serving.start()
        yield listening.getsockname()[1], heard
        serving.join(5)


def test_what_is_said_before_tls_does_not_count_as_said_within():
    """CVE-2011-0411: a stranger in the middle may put answers behind the one to STARTTLS."""
    injected = b"220 Go on\r\n250-smtp.test\r\n250 AUTH PLAIN\r\n"
    with scripted(b"220 Hi\r\n", b"250-smtp.test\r\n250 STARTTLS\r\n", injected) as (port, heard):
        transport = SmtpTransport(settings(port, security="starttls", user="envoi"), SIGNER, 10_000, trust=trust())
        with pytest.raises(CallNotSent, match="before TLS"):
            transport.send(revision(), [envelope()])
    assert [each.split()[0] for each in heard if each] == [b"EHLO", b"STARTTLS"]


def test_a_server_that_waits_for_a_message_that_nobody_may_get_is_given_an_empty_one():
    """RFC 2920 section 3.1: a pipelined DATA may be taken although its only recipient was refused."""
    hello = b"250-smtp.test\r\n250 PIPELINING\r\n"
    refusing = b"250 Ok\r\n550 5.1.1 No\r\n354 Go on\r\n"
    with scripted(b"220 Hi\r\n", hello, refusing, b"", b"", b"554 5.5.1 No valid recipients\r\n") as (port, heard):
        transport = SmtpTransport(settings(port), SIGNER, 10_000)
        (outcome,) = transport.send(revision(), [envelope()])
        transport.close()
    assert outcome.reason == "550 5.1.1 No"
    assert heard[4:] == [b".\r\n", b"QUIT\r\n"]


def test_a_server_that_goes_on_with_an_older_message_is_left_without_its_end():
    """It knows no RSET: an empty message would go to whoever stands in the transaction of before."""
    hello = b"250-smtp.test\r\n250 PIPELINING\r\n"
    first, second = (
        b"250 Ok\r\n550 5.1.1 No\r\n503 5.5.1 No recipients\r\n",
        b"500 ?\r\n552 5.3.4 ?\r\n250 Ok\r\n354 Go\r\n",
    )
    with scripted(b"220 Hi\r\n", hello, first, b"", b"", second, b"", b"", b"", b"") as (port, heard):
        transport = SmtpTransport(settings(port), SIGNER, 10_000)
        outcomes = transport.send(revision(), envelopes(3))
    assert [type(each) for each in outcomes] == [Refused, Refused, NotSent]
    assert b".\r\n" not in heard
    assert heard[-1] == b""


def test_every_row_of_the_table_is_met_by_some_reply():
    met = set()
    phases = ("hello", "login", "mail", "recipient", "data", "dot")
    said = [
        Reply(code, (text,))
        for code in (421, 450, 452, 454, 503, 530, 535, 550, 552, 553, 554)
        for text in (
            "",
            "4.7.0 Later",
            "4.2.0 Greylisted",
            "4.7.1 Throttling",
            "5.1.1 Unknown",
            "5.1.8 Sender",
            "5.3.4 Too large",
            "5.7.1 Spam",
            "5.7.1 Relay access denied",
            "Authentication required",
            "Daily message quota exceeded",
        )
    ]
    for phase in phases:
        for reply in said:
            met.add(next(at for at, row in enumerate(ROWS) if row.fits(phase, reply)))
    assert met == set(range(len(ROWS)))
