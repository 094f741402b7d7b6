"""The address that providers post to: anybody may, and only proof makes a difference."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.api.webhooks import MAX_BODY
from chalicelib.transports.hooks import READS, Hooks
from local.providers.mailjet import Mailjet
from local.providers.mandrill import Mandrill
from local.providers.sendgrid import SendGrid
from tests.transports.told_events import CARRIED, MESSAGE, documented

SENDGRID, MAILJET, MANDRILL = SendGrid(), Mailjet(hook="user:word"), Mandrill(hook_key="a key")
SECRETS = {
    "/envoi/main/hooks/sendgrid": SENDGRID.verification_key,
    "/envoi/main/hooks/mailjet": "user:word",
    "/envoi/main/hooks/mandrill": "a key",
}
URL = "https://mail.example.com/hooks/mandrill"


@pytest.fixture(scope="module", autouse=True)
def _closed():
    yield
    for provider in (SENDGRID, MAILJET, MANDRILL):
        provider._server.server_close()


@pytest.fixture
def hooked(client, parts, world):
    parts.hooks = Hooks(SECRETS.__getitem__, "envoi", "main", world.base_url)
    return client


def posts(world):
    bounce = documented("mandrill")["hard_bounce"]
    return {
        "sendgrid": SENDGRID.hook([documented("sendgrid")["bounce"] | CARRIED], world.now() // 1_000),
        "mailjet": MAILJET.hook(documented("mailjet")["hard_bounce"] | {"Payload": json.dumps(CARRIED)}),
        "mandrill": MANDRILL.hook([bounce | {"msg": bounce["msg"] | {"metadata": CARRIED}}], URL),
    }


@pytest.mark.parametrize("name", sorted(READS))
def test_what_a_provider_proves_is_on_the_queue_before_it_is_told_so(hooked, world, name):
    headers, body = posts(world)[name]
    answer = hooked.raw("POST", f"/hooks/{name}", body, headers)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert [(event.kind, event.message) for event in world.incoming.queue] == [("bounced", MESSAGE)]


@pytest.mark.parametrize("name", sorted(READS))
@pytest.mark.parametrize("kind", [None, "text/plain", "application/json", "application/x-www-form-urlencoded", "a/b"])
def test_the_content_type_does_not_matter(hooked, world, name, kind):
    headers, body = posts(world)[name]
    kept = {each: value for each, value in headers.items() if each != "Content-Type"}
    answer = hooked.raw("POST", f"/hooks/{name}", body, kept | ({"content-type": kind} if kind else {}))
    assert answer.status == 200


@pytest.mark.parametrize("name", sorted(READS))
def test_without_proof_it_is_403_and_nothing_is_kept(hooked, world, name):
    _, body = posts(world)[name]
    answer = hooked.raw("POST", f"/hooks/{name}", body, {"content-type": "application/json"})
    assert answer.status == 403
    assert "www-authenticate" not in answer.headers
    assert world.incoming.queue == []


def test_nothing_to_tell_is_taken_and_not_queued(hooked, world):
    headers, body = MAILJET.hook([])
    assert hooked.raw("POST", "/hooks/mailjet", body, headers).status == 200
    assert world.incoming.queue == []


def test_where_the_queue_fails_the_provider_must_tell_it_again(hooked, world, monkeypatch, capsys):
    def broken(_events):
        raise OSError("no queue")

    monkeypatch.setattr(world.incoming, "put", broken)
    headers, body = posts(world)["mailjet"]
    assert hooked.raw("POST", "/hooks/mailjet", body, headers).status == 503
    assert "webhook failed" in capsys.readouterr().out


@pytest.mark.parametrize(("size", "status"), [(MAX_BODY, 403), (MAX_BODY + 1, 413)])
def test_a_body_has_a_limit(hooked, size, status):
    assert hooked.raw("POST", "/hooks/mailjet", b"x" * size, {"content-type": "application/json"}).status == status


@pytest.mark.parametrize("name", ["ses", "unknown"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_there_are_no_others(hooked, name, method):
    assert hooked.raw(method, f"/hooks/{name}", b"{}").status == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_mandrill_finds_its_url_before_there_is_a_webhook(hooked, method):
    assert hooked.raw(method, "/hooks/mandrill").status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_it_takes_no_other_method(hooked, method):
    assert hooked.raw(method, "/hooks/mandrill").status == 405


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(READS)),
    st.dictionaries(
        st.sampled_from(
            [
                "authorization",
                "content-type",
                "x-mandrill-signature",
                "x-twilio-email-event-webhook-signature",
                "x-twilio-email-event-webhook-timestamp",
            ]
        ),
        st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=30),
    ),
    st.binary(max_size=100),
)
def test_whatever_anybody_posts_is_403(hooked, name, headers, body):
    assert hooked.raw("POST", f"/hooks/{name}", body, headers).status == 403
