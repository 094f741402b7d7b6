"""Renaming over HTTP."""

from chalicelib.work import renaming

NOON_ISO = "2025-11-25T12:00:00.000Z"


def test_a_tag_is_renamed_by_a_job(client, world):
    client("POST", "/v1/contacts", {"address": "ann@example.com", "tags": ["very important"]})
    begun = client("POST", "/v1/tags/very%20important/rename", {"name": "gold"})
    assert begun.status == 202
    assert begun.json == {
        "id": begun.json["id"],
        "what": "tag",
        "before": "very important",
        "after": "gold",
        "state": "waiting",
        "looked_at": 0,
        "changed": 0,
        "created_at": NOON_ISO,
        "finished_at": None,
    }
    renaming.run(world, begun.json["id"])
    done = client("GET", f"/v1/renamings/{begun.json['id']}").json
    assert (done["state"], done["looked_at"], done["changed"], done["finished_at"]) == ("finished", 1, 1, NOON_ISO)
    assert client("GET", "/v1/contacts/ann@example.com").json["tags"] == ["gold"]
    assert client("GET", "/v1/tags/very%20important").status == 404


def test_two_stages_become_one_where_that_is_said(client):
    for name in ("Lead", "Prospect"):
        client("POST", "/v1/stages", {"name": name})
    taken = client("POST", "/v1/stages/Prospect/rename", {"name": "Lead"})
    assert (taken.status, taken.error["field"]) == (409, "name")
    assert client("POST", "/v1/stages/Prospect/rename", {"name": "Lead", "merge": True}).status == 202
    assert [each["name"] for each in client("GET", "/v1/stages").json["items"]] == ["Lead"]


def test_what_names_it_is_told(client):
    client("POST", "/v1/tags", {"name": "vip"})
    client("POST", "/v1/segments", {"name": "Best", "filter": {"field": "tags", "operator": "=", "value": "vip"}})
    refused = client("POST", "/v1/tags/vip/rename", {"name": "gold"})
    assert (refused.status, refused.error["field"]) == (409, "usage")
    assert "the segment 'Best'" in refused.error["message"]
