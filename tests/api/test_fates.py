"""What became of each recipient, over HTTP."""

import hashlib
from dataclasses import replace

import pytest

from chalicelib.model.outcome import CallInDoubt, Refused
from chalicelib.work import messaging
from tests.api.client import KEY, Client, FakeParts
from tests.fakes.transport import accepted_then
from tests.work.sending.house import EMAIL, LIST, REVISION, House


@pytest.fixture
def house() -> House:
    return House(12)


@pytest.fixture
def client(app, house):
    with app.using(FakeParts(house.world())):
        yield Client(app)


def sent(house: House) -> str:
    house.transport.outcomes["person1@example.com"] = Refused("INVALID_PARAMETER: bad")
    house.change(house.people[2], consent=False)
    broadcast = house.broadcast(LIST).id
    house.settle()
    return broadcast


def in_doubt(house: House) -> str:
    house.transport.script.append(accepted_then(CallInDoubt("time-out")))
    broadcast = house.broadcast(LIST).id
    house.settle(evidence=False, rounds=30)
    return broadcast


def test_who_was_missed_and_why(house, client):
    broadcast = sent(house)
    said = client("GET", f"/v1/broadcasts/{broadcast}/missed").json
    assert said["next"] is None
    found = {each["address"]: (each["fate"], each["reason"]) for each in said["items"]}
    assert found == {
        "person1@example.com": ("failed", "INVALID_PARAMETER: bad"),
        "person2@example.com": ("skipped", "no_consent"),
    }


def test_everybody_page_by_page_and_by_fate(house, client):
    broadcast = sent(house)
    path, found, more = f"/v1/broadcasts/{broadcast}/recipients", [], {}
    for _ in range(5):
        page = client("GET", path, limit=5, **more).json
        found += [each["contact_id"] for each in page["items"]]
        if page["next"] is None:
            break
        more = {"cursor": page["next"]}
    assert sorted(found) == sorted(house.people)
    assert len(client("GET", path, fate="sent").json["items"]) == 10
    assert len(client("GET", path, fate="no_consent").json["items"]) == 1
    assert client("GET", path, fate="lost").error["field"] == "fate"
    assert client("GET", path, cursor="1").error["field"] == "cursor"


def test_the_held_are_listed_and_decided_about(house, client):
    broadcast = in_doubt(house)
    path = f"/v1/broadcasts/{broadcast}"
    assert len(client("GET", f"{path}/held").json["items"]) == 12
    refused = client("POST", f"{path}/held", {"decision": "resend"})
    assert (refused.status, refused.error["field"]) == (409, "force")
    assert client("POST", f"{path}/held", {"decision": "no"}).error["field"] == "decision"
    answered = client("POST", f"{path}/held", {"decision": "sent", "by": "Ann", "note": "asked around"})
    assert (answered.status, answered.json["number"], answered.json["state"]) == (202, 12, "open")
    house.settle(evidence=False)
    assert client("GET", path).json["sent"] == 12
    (kept,) = client("GET", f"{path}/decisions").json["items"]
    assert (kept["by"], kept["state"], kept["note"]) == ("Ann", "done", "asked around")
    assert hashlib.sha256(KEY.encode()).hexdigest().startswith(kept["key"])


def test_held_template_messages_are_listed_and_decided_about(house, client):
    house.tables.emails[EMAIL] = replace(house.tables.emails[EMAIL], kind="template")
    house.tables.revisions[EMAIL, 1] = replace(REVISION, kind="template")
    house.transport.script.append(CallInDoubt("reset"))
    key = str(messaging.send(house.world(), EMAIL, house.people[0], {}, "immediate", "order 17").key)
    for _ in range(8):
        house.clock.sleep(300_000)
        house.sweep()
        house.drain()
    assert [each["id"] for each in client("GET", "/v1/messages", state="held").json["items"]] == [key]
    assert client("GET", "/v1/messages").error["field"] == "state"
    told = client("POST", f"/v1/messages/{key}/decision", {"decision": "given_up", "by": "Ann"})
    assert told.json["state"] == "failed"
    assert client("GET", f"/v1/messages/{key}/decisions").json["items"][0]["decision"] == "given_up"


@pytest.mark.parametrize("path", ["held", "missed", "recipients", "decisions"])
def test_there_is_no_such_broadcast(client, path):
    assert client("GET", f"/v1/broadcasts/{'0' * 16}/{path}").status == 404
