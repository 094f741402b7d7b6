"""Which webhooks there are, by what secret each is checked, and what happens where it is not there."""

import json

import pytest

from chalicelib.model.errors import NotFound
from chalicelib.model.outcome import CallNotSent, Halted
from chalicelib.transports.hooks import ABSENT_S, READS, Hooks
from local.providers.mailjet import Mailjet
from local.providers.mandrill import Mandrill
from local.providers.sendgrid import SendGrid
from tests.transports.conftest import Clock
from tests.transports.told_events import CARRIED, NOW, documented

BASE = "https://mail.example.com"


class Parameters:
    def __init__(self, **values):
        self.values = {f"/envoi/main/hooks/{name}": value for name, value in values.items()}
        self.asked = []

    def read(self, name):
        self.asked.append(name)
        if name not in self.values:
            raise Halted(f"The secret {name!r} cannot be read from SSM (ParameterNotFound). Put it there, then resume.")
        return self.values[name]


def hooks(parameters, clock=None):
    return Hooks(parameters.read, "envoi", "main", f"{BASE}/", clock or Clock())


def test_each_provider_s_own_post_is_believed():
    sendgrid, mailjet, mandrill = SendGrid(), Mailjet(hook="a:b"), Mandrill(hook_key="k")
    bounce = documented("mandrill")["hard_bounce"]
    posts = {
        "sendgrid": sendgrid.hook([documented("sendgrid")["bounce"] | CARRIED], NOW // 1_000),
        "mailjet": mailjet.hook([documented("mailjet")["hard_bounce"] | {"Payload": json.dumps(CARRIED)}]),
        "mandrill": mandrill.hook([bounce | {"msg": bounce["msg"] | {"metadata": CARRIED}}], f"{BASE}/hooks/mandrill"),
    }
    found = hooks(Parameters(sendgrid=sendgrid.verification_key, mailjet="a:b", mandrill="k"))
    assert set(posts) == set(READS)
    for name, post in posts.items():
        assert [event.kind for event in found.read(name, *post, NOW)] == ["bounced"]
        assert found.read(name, {}, post[1], NOW) is None
    for provider in (sendgrid, mailjet, mandrill):
        provider._server.server_close()


@pytest.mark.parametrize("name", ["ses", "smtp", "", "../x", "SendGrid"])
def test_a_provider_without_a_webhook_is_not_found_and_asks_for_no_secret(name):
    parameters = Parameters()
    found = hooks(parameters)
    assert not found.knows(name)
    with pytest.raises(NotFound):
        found.read(name, {}, b"", NOW)
    assert parameters.asked == []


def test_a_secret_that_is_not_there_is_not_asked_for_by_everyone_who_posts():
    parameters, clock = Parameters(), Clock()
    found = hooks(parameters, clock)
    for _ in range(3):
        with pytest.raises(NotFound, match="not set up"):
            found.read("mailjet", {}, b"", NOW)
    assert parameters.asked == ["/envoi/main/hooks/mailjet"]
    parameters.values["/envoi/main/hooks/mailjet"] = "a:b"
    clock.now += ABSENT_S
    assert found.read("mailjet", {}, b"", NOW) is None


def test_where_ssm_does_not_answer_nothing_is_decided():
    def read(_name):
        raise CallNotSent("SSM did not give it.")

    with pytest.raises(CallNotSent):
        Hooks(read, "envoi", "main", BASE).read("mailjet", {}, b"", NOW)
