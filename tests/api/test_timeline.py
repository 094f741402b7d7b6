from chalicelib.model.fact import Event
from chalicelib.model.message import Message, MessageKey
from chalicelib.work import merging, recording
from tests.fakes.world import numbered_id

EMAIL = numbered_id(1, "email")
NOON_ISO = "2025-11-25T12:00:00.000Z"


def test_a_contacts_story(client, world, clock):
    ann = client("POST", "/v1/contacts", {"address": "ann@example.com", "fields": {"plan": "free"}}).json
    client("PATCH", f"/v1/contacts/{ann['id']}", {"fields": {"plan": "pro"}, "consent": False})
    key = MessageKey(ann["id"], EMAIL)
    world.messages.put_many([Message(key, EMAIL, 1, "sent", "attempt", clock.now() + 1)])
    recording.record(world, [Event("e1", "bounced", key, EMAIL, clock.now() + 2, address="ann@example.com")])
    found = client("GET", "/v1/contacts/ann@example.com/timeline").json
    assert [each["kind"] for each in found["items"]] == [
        "suppression", "event", "message", "created", "consent", "change",
    ]  # fmt: skip
    suppression, event, message, created, consent, change = found["items"]
    assert suppression == {
        "at": "2025-11-25T12:00:00.002Z",
        "kind": "suppression",
        "suppression": {"reason": "bounced", "source": str(key)},
    }
    assert (event["event"]["kind"], event["event"]["message"], event["event"]["email"]) == ("bounced", str(key), EMAIL)
    assert message["message"]["id"] == str(key)
    assert created == {"at": NOON_ISO, "kind": "created"}
    assert (consent["consent"]["kind"], consent["consent"]["source"]) == ("withdrawn", "team")
    assert change["change"] == {
        "by": change["change"]["by"],
        "changes": [
            {"name": "fields.plan", "before": "free", "after": "pro"},
            {"name": "consent", "before": "true", "after": "false"},
        ],
    }


def test_page_by_page_and_some_kinds_alone(client):
    client("POST", "/v1/contacts", {"address": "ann@example.com"})
    for points in range(3):
        client("PATCH", "/v1/contacts/ann@example.com", {"points": points + 1})
    path = "/v1/contacts/ann@example.com/timeline"
    first = client("GET", path, limit=2, kinds="change").json
    assert [each["change"]["changes"][0]["after"] for each in first["items"]] == ["3", "2"]
    rest = client("GET", path, limit=2, kinds="change", cursor=first["next"]).json
    assert ([each["change"]["changes"][0]["after"] for each in rest["items"]], rest["next"]) == (["1"], None)
    answer = client("GET", path, kinds="mail")
    assert (answer.status, answer.error["field"]) == (422, "kinds")
    assert client("GET", path, cursor="!!").error["field"] == "cursor"


def test_a_merge_and_what_becomes_of_it(client, world):
    ann = client("POST", "/v1/contacts", {"address": "ann@example.com"}).json
    old = client("POST", "/v1/contacts", {"address": "old@example.com", "tags": ["vip"]}).json
    begun = client("POST", "/v1/contacts/old@example.com/merge", {"into": ann["id"]})
    assert (begun.status, begun.json["state"]) == (202, "waiting")
    assert begun.json["by"].startswith("Key ")
    merging.run(world, old["id"])
    done = client("GET", f"/v1/contacts/{old['id']}/merge").json
    assert done | {"by": ""} == {
        "contact": old["id"],
        "into": ann["id"],
        "state": "finished",
        "reason": None,
        "by": "",
        "messages_copied": 0,
        "settles_at": NOON_ISO,
        "created_at": NOON_ISO,
        "finished_at": NOON_ISO,
    }
    assert client("GET", "/v1/contacts/old@example.com").json["tags"] == ["vip"]
    assert client("GET", f"/v1/contacts/{old['id']}").json["merged_into"] == ann["id"]
    refused = client("PATCH", f"/v1/contacts/{old['id']}", {"points": 1})
    assert (refused.status, ann["id"] in refused.error["hint"]) == (409, True)
    answer = client("POST", f"/v1/contacts/{ann['id']}/merge", {"into": "nobody@example.com"})
    assert (answer.status, answer.error["field"]) == (404, "into")
    assert client("POST", f"/v1/contacts/{ann['id']}/merge", {"into": ann["id"]}).error["field"] == "into"
