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
    answered = client("POST", f"{path}/held", {"decision": "sent", "note": "asked around"})
    assert (answered.status, answered.json["number"], answered.json["state"]) == (202, 12, "open")
    house.settle(evidence=False)
    assert client("GET", path).json["sent"] == 12
    (kept,) = client("GET", f"{path}/decisions").json["items"]
    assert (kept["state"], kept["note"]) == ("done", "asked around")
    assert hashlib.sha256(KEY.encode()).hexdigest().startswith(kept["actor"])


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
    assert client("GET", "/v1/messages").json["items"][0]["state"] == "held"
    assert client("GET", "/v1/messages", state="lost").error["field"] == "state"
    told = client("POST", f"/v1/messages/{key}/decision", {"decision": "given_up"})
    assert told.json["state"] == "failed"
    assert client("GET", f"/v1/messages/{key}/decisions").json["items"][0]["decision"] == "given_up"


@pytest.mark.parametrize("path", ["held", "missed", "recipients", "decisions"])
def test_there_is_no_such_broadcast(client, path):
    assert client("GET", f"/v1/broadcasts/{'0' * 16}/{path}").status == 404


def test_who_was_missed_as_a_file(house, client):
    broadcast = sent(house)
    told = client("GET", f"/v1/broadcasts/{broadcast}/missed/export")
    assert told.headers["content-type"].startswith("text/csv")
    assert "missed.csv" in told.headers["content-disposition"]
    assert "link" not in told.headers
    head, *lines = told.body.decode().splitlines()
    assert head == "contact_id,address,fate,reason,email,message,at"
    assert sorted(line.split(",")[1:4] for line in lines) == [
        ["person1@example.com", "failed", "INVALID_PARAMETER: bad"],
        ["person2@example.com", "skipped", "no_consent"],
    ]


def test_the_failed_are_retried_and_an_emails_broadcasts_listed(house, client):
    broadcast = sent(house)
    refused = client("POST", f"/v1/broadcasts/{broadcast}/retry", {"all": "yes"})
    assert refused.error["field"] == "all"
    house.transport.outcomes.clear()
    again = client("POST", f"/v1/broadcasts/{broadcast}/retry", {"all": True})
    assert again.status == 201
    assert again.json["source"] == {"broadcasts": [broadcast], "who": "all_failed"}
    house.settle()
    found = client("GET", f"/v1/emails/{EMAIL}/broadcasts").json["items"]
    assert {each["id"]: (each["planned"], each["sent"]) for each in found} == {
        broadcast: (12, 10),
        again.json["id"]: (1, 1),
    }


def test_an_edition_is_a_draft_for_those_who_did_not_open(house, client):
    sent(house)
    made = client("POST", f"/v1/emails/{EMAIL}/editions", {"subject": "Once more"})
    assert (made.status, made.json["subject"], made.json["edition_of"]) == (201, "Once more", EMAIL)
    assert (made.json["edition_for"], made.json["revision"]) == ("unopened", None)
    assert client("GET", f"/v1/emails/{made.json['id']}/pending").json == {"estimate": 10, "exact": False}
    wrong = client("POST", f"/v1/emails/{EMAIL}/editions", {"subject": "Once more", "subjects": {"x": "Encore"}})
    assert (wrong.status, wrong.json["error"]["field"]) == (422, "subjects")
