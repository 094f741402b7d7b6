"""ETag and If-Match, on whatever is changed by version."""

import json

import pytest

from tests.api.client import KEY

EMAIL = {"kind": "template", "name": "a", "subject": "a", "from_address": "a@example.com", "html": "<p>a</p>"}
THINGS = {
    "contacts": ({"address": "ann@example.com"}, {"points": 1}),
    "segments": ({"name": "All"}, {"name": "Everybody"}),
    "emails": (EMAIL, {"name": "b"}),
    "owners": ({"address": "ann@example.com"}, {"position": "Boss"}),
}


def request(client, method, path, body=None, **headers):
    plain = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    raw = b"" if body is None else json.dumps(body).encode()
    return client.raw(method, path, raw, plain | {name.replace("_", "-"): text for name, text in headers.items()})


@pytest.fixture(params=THINGS)
def thing(request, client):
    new, change = THINGS[request.param]
    made = client("POST", f"/v1/{request.param}", new)
    assert made.headers["etag"] == '"1"'
    return f"/v1/{request.param}/{made.json['id']}", change


def test_a_change_of_the_version_that_was_read(client, thing):
    path, change = thing
    assert client("GET", path).headers["etag"] == '"1"'
    changed = request(client, "PATCH", path, change, if_match='"1"')
    assert (changed.status, changed.headers["etag"]) == (200, '"2"')
    assert request(client, "PATCH", path, change, if_match="*").status == 200


def test_a_change_of_another_version_is_refused(client, thing):
    path, change = thing
    refused = request(client, "PATCH", path, change, if_match='"7"')
    assert (refused.status, refused.error["code"], refused.error["field"]) == (412, "precondition_failed", "If-Match")
    assert client("GET", path).json["version"] == 1
    assert request(client, "PATCH", path, change | {"version": 7}).status == 409


@pytest.mark.parametrize("text", ["3", 'W/"3"', '"3", "4"', '"x"', ""])
def test_what_is_no_etag_of_ours(client, thing, text):
    path, change = thing
    refused = request(client, "PATCH", path, change, if_match=text)
    assert (refused.status, refused.error["field"]) == (422, "If-Match")


def test_two_versions_that_differ(client, thing):
    path, change = thing
    assert request(client, "PATCH", path, change | {"version": 2}, if_match='"1"').error["field"] == "version"
    assert request(client, "PATCH", path, change | {"version": 1}, if_match='"1"').status == 200


@pytest.mark.parametrize("kind", ["contacts", "segments", "emails"])
def test_a_deletion_of_another_version_is_refused(client, kind):
    new, _ = THINGS[kind]
    path = f"/v1/{kind}/{client('POST', f'/v1/{kind}', new).json['id']}"
    assert request(client, "DELETE", path, if_match='"2"').status == 412
    assert request(client, "DELETE", path, if_match='"1"').status == 204
    assert client("GET", path).status == 404


def test_lists_have_no_version(client):
    assert "etag" not in client("GET", "/v1/contacts").headers
