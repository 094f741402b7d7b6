"""Members, keys, roles and the audit log through the API."""

import pytest

from tests.api.client import Client

DRAFT = {"kind": "segment", "name": "News", "subject": "News", "from_address": "team@example.com", "html": "<p>Hi</p>"}


def key_client(client: Client, role: str):
    made = client("POST", "/v1/keys", {"name": role, "role": role}).json
    headers = {"authorization": f"Bearer {made['key']}", "content-type": "application/json"}
    return lambda method, path, body=b"": client.raw(method, path, body, headers)


def test_members_are_made_changed_and_removed(client):
    made = client("POST", "/v1/members", {"address": "Ann@example.com", "name": "Ann", "role": "editor"})
    assert (made.status, made.json["address"], made.json["role"]) == (201, "ann@example.com", "editor")
    path = f"/v1/members/{made.json['id']}"
    assert client("PATCH", path, {"role": "sender", "version": 1}).json["version"] == 2
    assert client("PATCH", path, {"role": "viewer", "version": 1}).status == 409
    assert [each["role"] for each in client("GET", "/v1/members").json["items"]] == ["sender"]
    assert client("GET", path).json["name"] == "Ann"
    assert client("POST", "/v1/members", {"address": "bob@example.com", "role": "king"}).error["field"] == "role"
    assert client("DELETE", path).status == 204
    assert client("GET", path).status == 404


def test_a_link_to_hand_over(client):
    member = client("POST", "/v1/members", {"address": "ann@example.com"}).json["id"]
    made = client("POST", f"/v1/members/{member}/link", {})
    assert made.status == 201
    assert "/console/sign-in/" in made.json["url"]
    assert client("POST", f"/v1/members/{member}/link", {"minutes": 0}).error["field"] == "minutes"
    assert key_client(client, "sender")("POST", f"/v1/members/{member}/link", b"{}").status == 403


def test_a_key_is_shown_once_and_opens_what_its_role_may(client):
    editor = key_client(client, "editor")
    [kept] = client("GET", "/v1/keys").json["items"]
    assert "key" not in kept
    assert "digest" not in kept
    assert client("PATCH", f"/v1/keys/{kept['id']}", {"name": "Robot"}).json["name"] == "Robot"
    assert editor("POST", "/v1/contacts", b'{"address": "ann@example.com"}').status == 201
    refused = editor("PATCH", "/v1/workspace", b'{"name": "Mine"}')
    assert (refused.status, refused.error["code"]) == (403, "forbidden")
    assert "role admin" in refused.error["hint"]
    assert client("DELETE", f"/v1/keys/{kept['id']}").status == 204
    assert editor("GET", "/v1/contacts").status == 401


@pytest.mark.parametrize("path", ["/v1/emails", "/v1/contacts", "/v1/workspace", "/v1/members"])
def test_a_viewer_sees_and_changes_nothing(client, path):
    viewer = key_client(client, "viewer")
    assert viewer("GET", path).status == 200
    assert viewer("POST", "/v1/segments", b'{"name": "Mine"}').status == 403


def test_each_change_is_in_the_log_and_no_question_is(client, clock):
    email = client("POST", "/v1/emails", DRAFT).json["id"]
    clock.at += 1
    client("PATCH", f"/v1/emails/{email}", {"subject": "Other"})
    clock.at += 1
    client("POST", f"/v1/emails/{email}/preview", {})
    client("PATCH", f"/v1/emails/{email}", {"subject": 5})
    client("GET", f"/v1/emails/{email}")
    said = client("GET", "/v1/audit").json
    assert [(each["deed"], each["thing"]) for each in said["items"]] == [
        ("emails.update", email),
        ("emails.create", email),
    ]
    assert said["items"][0]["actor"]["kind"] == "setting"
    assert key_client(client, "sender")("GET", "/v1/audit").status == 403
