"""The workspace's transports over HTTP."""

import pytest

from chalicelib.model.actor import Actor
from chalicelib.model.budget import tripped
from chalicelib.model.errors import Forbidden
from chalicelib.model.outcome import CallInDoubt, Halted, Refused
from chalicelib.model.transport_setup import MAX_SETUPS
from chalicelib.work import transport_trial
from chalicelib.work.permitting import acting

NOON_ISO = "2025-11-25T12:00:00.000Z"
SMTP = {"name": "backup", "provider": "smtp", "settings": {"host": "smtp.example.com", "user": "envoi"}}


def made(answer, status=201):
    assert answer.status == status, answer.body
    return answer.json


def refused(answer, status, field):
    assert (answer.status, answer.error["field"]) == (status, field), answer.body
    return answer.error


def test_there_is_none_at_first_and_ses_sends(client, world):
    assert made(client("GET", "/v1/transports"), 200) == {"items": [], "next": None}
    assert [each.id for each in world.transports.setups()] == ["ses"]


def test_made_with_all_it_has(client):
    given = SMTP | {
        "share": 30,
        "uses": ["transactional"],
        "limits": {"per_second": 2.5, "per_day": 200, "domains": {"GMail.com": 60}, "per_hour": None},
        "warm_up": {"starts": "2026-01-05", "volumes": [50, 100]},
    }
    after = made(client("POST", "/v1/transports", given))
    assert after == {
        "name": "backup",
        "provider": "smtp",
        "position": 1,
        "share": 30,
        "uses": ["transactional"],
        "active": True,
        "settings": {"host": "smtp.example.com", "user": "envoi"},
        "secret": "/envoi/main/transports/backup",
        "gives_evidence": False,
        "limits": {
            "per_second": 2.5,
            "per_minute": None,
            "per_hour": None,
            "per_day": 200,
            "batch": 50,
            "interval_ms": 0,
            "domains": {"gmail.com": 60},
        },
        "warm_up": {"starts": "2026-01-05", "volumes": [50, 100]},
        "version": 1,
        "created_at": NOON_ISO,
        "updated_at": NOON_ISO,
    }
    standing = made(client("GET", "/v1/transports/backup"), 200).pop("standing")
    assert standing == {
        "state": "closed",
        "reason": None,
        "until": None,
        "per_second": 2.5,
        "at_most": 2.5,
        "in_hour": 0,
        "in_day": 0,
    }


def test_they_stand_in_their_order(client):
    made(client("POST", "/v1/transports", SMTP))
    made(client("POST", "/v1/transports", {"name": "amazon", "provider": "ses"}))
    assert [each["name"] for each in client("GET", "/v1/transports").json["items"]] == ["backup", "amazon"]
    made(client("PATCH", "/v1/transports/amazon", {"position": 0, "version": 1}), 200)
    assert [each["name"] for each in client("GET", "/v1/transports").json["items"]] == ["amazon", "backup"]
    assert client("DELETE", "/v1/transports/backup").status == 204
    assert client("GET", "/v1/transports/backup").status == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "Backup"}, "name"),
        ({"name": "x" * 21}, "name"),
        ({"provider": "pigeon"}, "provider"),
        ({"settings": {}}, "settings.host"),
        ({"settings": {"host": "smtp example"}}, "settings.host"),
        ({"settings": {"host": "h", "port": "25"}}, "settings.port"),
        ({"settings": {"host": "h", "security": "none"}}, "settings.security"),
        ({"settings": {"host": "h", "password": "hunter2"}}, "settings.password"),
        ({"provider": "ses", "settings": {"host": "h"}}, "settings.host"),
        ({"provider": "sendgrid", "settings": {"base_url": "https://evil.example"}}, "settings.base_url"),
        ({"provider": "sendgrid", "settings": {"base_url": "http://127.0.0.1:80@evil.example"}}, "settings.base_url"),
        ({"provider": "sendgrid", "settings": {"base_url": "http://127.0.0.1:9001/x?"}}, "settings.base_url"),
        ({"provider": "sendgrid", "settings": {"per_second": 0}}, "settings.per_second"),
        ({"share": 101}, "share"),
        ({"uses": ["news"]}, "uses"),
        ({"limits": {"per_second": 0}}, "limits.per_second"),
        ({"limits": {"per_second": 0.05}}, "limits.per_second"),
        ({"limits": {"per_minute": 5}}, "limits.per_minute"),
        ({"limits": {"domains": {"slow.example": 2}}}, "limits.domains.slow.example"),
        ({"limits": {"per_year": 1}}, "limits.per_year"),
        ({"limits": {"batch": 51}}, "limits.batch"),
        ({"limits": {"domains": {"gmail": 1}}}, "limits.domains"),
        ({"warm_up": {"starts": "soon", "volumes": [1]}}, "warm_up.starts"),
        ({"warm_up": {"starts": "2026-01-05", "volumes": []}}, "warm_up.volumes"),
        ({"warm_up": {"volumes": [1]}}, "warm_up"),
        ({"secret": "hunter2"}, "secret"),
    ],
)
def test_what_cannot_be_is_named(client, wrong, field):
    refused(client("POST", "/v1/transports", SMTP | wrong), 422, field)
    assert client("GET", "/v1/transports").json["items"] == []


def test_one_name_one_ses_and_no_more_than_ten(client):
    made(client("POST", "/v1/transports", {"name": "amazon", "provider": "ses"}))
    refused(client("POST", "/v1/transports", {"name": "again", "provider": "ses"}), 409, "provider")
    refused(client("POST", "/v1/transports", SMTP | {"name": "amazon"}), 409, "name")
    for number in range(1, MAX_SETUPS):
        made(client("POST", "/v1/transports", SMTP | {"name": f"post-{number}"}))
    assert client("POST", "/v1/transports", SMTP).status == 409


def test_a_change_expects_its_version(client):
    made(client("POST", "/v1/transports", SMTP))
    made(client("PATCH", "/v1/transports/backup", {"share": 0, "version": 1}), 200)
    refused(client("PATCH", "/v1/transports/backup", {"share": 9, "version": 1}), 409, "version")
    refused(client("PATCH", "/v1/transports/backup", {"settings": {"host": ""}}), 422, "settings.host")


class TestATrial:
    """One letter by this very transport."""

    @pytest.fixture
    def backup(self, client, world):
        made(client("POST", "/v1/transports", {"name": "amazon", "provider": "ses"}))
        made(client("POST", "/v1/transports", SMTP))
        return world.transports.of("backup")

    def tried(self, client, **changes):
        body = {"to": "ann@example.org", "from_address": "team@example.com"} | changes
        return client("POST", "/v1/transports/backup/test", body)

    def test_taken(self, client, world, backup):
        answer = made(self.tried(client), 200)
        assert (answer["taken"], answer["provider_id"], answer["reason"]) == (True, "backup-00000001", None)
        [copy] = backup.accepted
        assert (copy.envelope.address, copy.revision.from_address) == ("ann@example.org", "team@example.com")
        assert world.transports.of("amazon").accepted == []

    def test_only_admins_try_one(self, client, world, backup):
        sender = acting(world, Actor("key", "k", "Robot", "sender"))
        with pytest.raises(Forbidden, match="this takes the role admin"):
            transport_trial.run(sender, "backup", "ann@example.org", "team@example.com")
        assert backup.accepted == []

    @pytest.mark.parametrize(
        ("trouble", "taken"),
        [(Halted("no such key"), False), (CallInDoubt("no answer"), None), (Refused("bad address"), False)],
    )
    def test_not_taken_or_nobody_knows(self, client, backup, trouble, taken):
        if isinstance(trouble, Exception):
            backup.script.append(trouble)
        else:
            backup.outcomes["ann@example.org"] = trouble
        answer = made(self.tried(client), 200)
        assert (answer["taken"], answer["provider_id"], answer["reason"]) == (taken, None, trouble.reason)

    def test_what_failed_and_takes_it_is_used_again(self, client, world, backup):
        world.budgets.change("backup", lambda found: tripped(found, world.now(), "no such key", halted=True))
        standing = client("GET", "/v1/transports/backup").json["standing"]
        assert (standing["state"], standing["reason"]) == ("open", "no such key")
        made(self.tried(client), 200)
        standing = client("GET", "/v1/transports/backup").json["standing"]
        assert (standing["state"], standing["reason"], standing["until"]) == ("closed", None, None)

    def test_bad_addresses_are_named(self, client, backup):
        refused(self.tried(client, to="ann"), 422, "to")
        refused(self.tried(client, from_address="team"), 422, "from_address")
        assert not backup.calls
