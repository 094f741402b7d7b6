"""Transports are made when they are first needed, and anew when their setup or their secret was changed."""

from dataclasses import replace

import pytest

from chalicelib.model.outcome import Halted
from chalicelib.model.transport_setup import DEFAULT, TransportSetup
from chalicelib.transports.mailjet import MailjetTransport
from chalicelib.transports.providers import House
from chalicelib.transports.sendgrid import SendGridTransport
from chalicelib.transports.smtp import SmtpTransport
from chalicelib.transports.standing import SETUPS_S, UNKNOWN, StandingTransports
from tests.fakes.clock import Clock
from tests.fakes.transport import FakeTransport
from tests.transports.conftest import envelope, revision
from tests.transports.provider_letters import contents
from tests.transports.smtp_stand_in import SIGNER

GRID = TransportSetup("grid", "sendgrid")
POST = TransportSetup("post", "smtp", settings={"host": "127.0.0.1", "port": 1, "security": "plain"})


class Deployment:
    """What a process has: setups, secrets by the name of their parameter, and a clock in seconds."""

    def __init__(self):
        self.setups = [GRID, POST]
        self.secrets = {"/main/grid": "SG.one", "/main/jet": "no pair"}
        self.asked = []
        self.made = []
        self.at = 0.0
        house = House(self._ses, SIGNER, "main", 1_000, contents)
        self.standing = StandingTransports(self._read, house, self._secret, "/main/{}".format, lambda: self.at)

    def _read(self):
        self.asked.append("setups")
        return self.setups

    def _secret(self, name):
        self.asked.append(name)
        if name not in self.secrets:
            raise Halted(f"The secret {name!r} cannot be read.")
        return self.secrets[name]

    def _ses(self):
        self.made.append(FakeTransport(Clock()))
        return self.made[-1]


@pytest.fixture
def deployment():
    return Deployment()


def test_ses_is_made_at_its_first_call_and_once(deployment):
    assert not deployment.made
    quotas = [deployment.standing.quota(DEFAULT) for _ in range(2)]
    [made] = deployment.made
    assert quotas == [made.limits] * 2
    assert deployment.asked == []


def test_setups_are_read_now_and_then(deployment):
    for at in (0, SETUPS_S - 1, SETUPS_S + 1):
        deployment.at = at
        assert [each.id for each in deployment.standing.setups()] == ["grid", "post"]
    assert deployment.asked == ["setups"] * 2
    deployment.setups, deployment.at = [], 100
    assert list(deployment.standing.setups()) == [DEFAULT]


def test_each_provider_has_its_class(deployment):
    assert isinstance(deployment.standing._made(GRID), SendGridTransport)
    assert isinstance(deployment.standing._made(POST), SmtpTransport)


def test_it_is_made_anew_for_another_setup_or_another_secret(deployment):
    first = deployment.standing._made(GRID)
    assert deployment.standing._made(GRID) is first
    changed = deployment.standing._made(replace(GRID, settings={"per_second": 3}, version=2))
    assert changed is not first
    assert changed.quota().per_second == 3
    again = deployment.standing._made(GRID)
    deployment.secrets["/main/grid"] = "SG.two"
    assert deployment.standing._made(GRID) is not again


def test_a_missing_secret_is_a_fault_of_the_call_and_none_of_the_quota(deployment):
    del deployment.secrets["/main/grid"]
    assert deployment.standing.quota(GRID) == UNKNOWN
    with pytest.raises(Halted, match="/main/grid"):
        deployment.standing.send(GRID, revision(), [envelope(0)])


def test_a_malformed_secret_halts_and_is_not_shown(deployment):
    jet = TransportSetup("jet", "mailjet")
    with pytest.raises(Halted, match="public:private") as fault:
        deployment.standing.send(jet, revision(), [envelope(0)])
    assert "no pair" not in fault.value.reason
    deployment.secrets["/main/jet"] = "public:private"
    assert isinstance(deployment.standing._made(jet), MailjetTransport)


def test_smtp_asks_for_its_password_when_it_logs_in(deployment):
    deployment.standing._made(POST)
    assert deployment.asked == []
