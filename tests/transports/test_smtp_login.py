"""The beginning of a session: TLS that is verified, and every way to log in."""

import base64
import ssl

import pytest

from chalicelib.model.errors import Invalid
from chalicelib.model.outcome import Accepted, CallNotSent, Halted
from chalicelib.transports.smtp import SmtpTransport
from chalicelib.transports.smtp_settings import SmtpSettings
from local.smtp_server import Fault, Options, SmtpServer
from tests.transports.conftest import envelope, revision
from tests.transports.smtp_stand_in import PASSWORD, SIGNER, USER, certificate, settings, trust

TIMEOUT_MS = 10_000
USERS = {USER: PASSWORD}


def sent(server, given_trust=None, **changes):
    transport = SmtpTransport(settings(server.port, **changes), SIGNER, TIMEOUT_MS, trust=given_trust or trust())
    try:
        return transport.send(revision(), [envelope()])[0]
    finally:
        transport.close()


def options(security, **changes):
    tls = certificate("127.0.0.1") if security != "plain" else None
    return Options(tls=tls, at_once=security == "tls", **changes)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize("security", ["starttls", "tls", "plain"])
def test_every_mechanism_logs_in_by_every_security(security, mechanism):
    with SmtpServer(options(security, users=USERS, mechanisms=(mechanism,))) as server:
        assert isinstance(sent(server, security=security, user=USER), Accepted)
        (taken,) = server.taken
    assert (taken.user, taken.encrypted) == (USER, security != "plain")
    assert f"AUTH {mechanism}" in server.commands


@pytest.mark.parametrize(("security", "first"), [("starttls", "AUTH PLAIN"), ("plain", "AUTH CRAM-MD5")])
def test_in_the_clear_a_password_is_not_said_where_that_can_be_helped(security, first):
    with SmtpServer(options(security, users=USERS)) as server:
        sent(server, security=security, user=USER)
    assert [each for each in server.commands if each.startswith("AUTH")] == [first]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
def test_a_wrong_password_halts_after_one_try(mechanism):
    with SmtpServer(options("starttls", users=USERS, mechanisms=(mechanism,))) as server:
        with pytest.raises(Halted, match=r"user and password.*535 5\.7\.8"):
            sent(server, security="starttls", user=USER, password=lambda: "wrong")
        assert len([each for each in server.commands if each.startswith("AUTH")]) == 1


@pytest.mark.parametrize(
    ("place", "answer", "raised"),
    [
        ("AUTH", "534 5.7.9 Application-specific password required", Halted),
        ("AUTH", "454 4.7.0 Temporary authentication failure", CallNotSent),
        ("AUTH", "504 5.5.4 Unrecognized mechanism", Halted),
        ("AUTH", "", CallNotSent),
        ("STARTTLS", "454 4.7.0 TLS not available", CallNotSent),
        ("STARTTLS", "502 5.5.1 Not implemented", Halted),
        ("STARTTLS", "", CallNotSent),
        ("STARTTLS", "220 Go on, and then this is no TLS", CallNotSent),
    ],
)
def test_what_each_failure_of_the_beginning_means(place, answer, raised):
    with SmtpServer(options("starttls", users=USERS)) as server:
        server.faults.add(Fault(place, answer))
        with pytest.raises(raised):
            sent(server, security="starttls", user=USER)
        assert server.taken == []


def test_a_server_that_asks_on_and_on_halts():
    with SmtpServer(options("starttls", users=USERS)) as server:
        server.faults.add(Fault("AUTH", "334 \r\n334 "))
        with pytest.raises(Halted, match="asked for more than PLAIN"):
            sent(server, security="starttls", user=USER)


def test_no_starttls_is_no_reason_to_go_on_in_the_clear():
    with SmtpServer(Options(users=USERS)) as server:
        with pytest.raises(Halted, match="no STARTTLS"):
            sent(server, security="starttls", user=USER)
        assert not [each for each in server.commands if each.startswith("AUTH")]


def test_where_no_mechanism_is_known_a_person_must_act():
    with SmtpServer(options("starttls", users=USERS, mechanisms=())) as server, pytest.raises(Halted, match="log in"):
        sent(server, security="starttls", user=USER)


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("names", "trusted", "why"),
    [
        (("smtp.example.net",), True, "another host's certificate"),
        (("127.0.0.1",), False, "nobody we know has signed it"),
    ],
)
def test_a_certificate_that_is_not_to_be_trusted_halts(security, names, trusted, why):
    at_once = security == "tls"
    with SmtpServer(Options(tls=certificate(*names), at_once=at_once, users=USERS)) as server:
        with pytest.raises(Halted, match="certificate"):
            sent(server, trust() if trusted else ssl.create_default_context(), security=security, user=USER)
        assert not [each for each in server.commands if each.startswith(("AUTH", "MAIL"))], why


def test_the_password_is_asked_for_at_the_login_and_not_before():
    asked = []

    def password():
        asked.append(1)
        return PASSWORD

    with SmtpServer(options("starttls", users=USERS)) as server:
        given = settings(server.port, security="starttls", user=USER, password=password)
        transport = SmtpTransport(given, SIGNER, TIMEOUT_MS, trust=trust())
        assert not asked
        for _ in range(3):
            transport.send(revision(), [envelope()])
        transport.close()
    assert len(asked) == 1


@pytest.mark.parametrize("fault", [Halted("It is not there."), CallNotSent("SSM is slow.")])
def test_a_password_that_cannot_be_read_is_the_call_s_fault(fault):
    def password():
        raise fault

    with SmtpServer(options("starttls", users=USERS)) as server, pytest.raises(type(fault), match=fault.reason):
        sent(server, security="starttls", user=USER, password=password)


def test_settings_show_no_password():
    given = settings(25, user=USER)
    assert PASSWORD not in repr(given)
    assert base64.b64encode(PASSWORD.encode()).decode() not in repr(given)
    assert "password" not in repr(given)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", ""),
        ("host", "smtp example.com"),
        ("host", "smtp.example.com\r\nX"),
        ("host", "http://smtp.example.com"),
        ("host", "smtp.exämple.com"),
        ("port", 0),
        ("port", 65_536),
        ("security", "ssl"),
        ("user", "a\nb"),
        ("user", "u" * 256),
        ("return_domain", "bounces@example.com"),
        ("return_domain", "bounces.example.com>"),
        ("per_second", 0.0),
        ("per_second", float("nan")),
        ("largest", 0),
        ("largest", 63_999),
    ],
)
def test_settings_that_no_server_has_are_named(field, value):
    with pytest.raises(Invalid) as caught:
        SmtpSettings(**{"host": "smtp.example.com", field: value})
    assert caught.value.field == field
