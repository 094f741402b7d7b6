import json

import pytest

from tests.api.client import KEY

HEADERS = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}


def sent(client, body, **headers):
    return client.raw("POST", "/v1/contacts/bulk", json.dumps(body).encode(), HEADERS | headers)


def test_each_has_a_status_as_it_would_have_had_alone(client):
    client("POST", "/v1/contacts", {"address": "ann@example.com"})
    answer = sent(client, {"contacts": [
        {"address": "ann@example.com", "fields": {"plan": "pro"}},
        {"address": "ben@example.com", "tags": ["new"]},
        {"address": "ann@example.com", "points": "5"},
        {"do": "update", "contact": "nobody@example.com"},
        {"do": "update"},
        {"do": "create", "contact": "ann@example.com"},
        {"do": "merge"},
        {"do": "delete", "contact": "ben@example.com"},
        "ann",
        {"do": "update", "contact": "ann@example.com", "version": 1, "points": 4},
    ]})  # fmt: skip
    assert answer.status == 200
    found = answer.json
    assert [each["status"] for each in found["items"]] == [200, 201, 422, 404, 422, 422, 422, 204, 422, 409]
    assert [each["index"] for each in found["items"]] == list(range(10))
    assert {name: found[name] for name in ("created", "updated", "unchanged", "deleted", "failed")} == {
        "created": 1, "updated": 1, "unchanged": 0, "deleted": 1, "failed": 7,
    }  # fmt: skip
    assert found["items"][0]["contact"]["fields"] == {"plan": "pro"}
    assert found["items"][2]["error"] == {
        "code": "invalid",
        "field": "points",
        "message": "points: '5' cannot be taken. Give a whole number, not text.",
        "hint": "Give a whole number, not text.",
    }
    fields = [each["error"]["field"] for each in found["items"] if "error" in each]
    assert fields == ["points", "address", "contact", "contact", "do", "body", "version"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "contacts"),
        ({"contacts": []}, 422, "contacts"),
        ({"contacts": "ann"}, 422, "contacts"),
        ({"contacts": [{}] * 101}, 413, "contacts"),
    ],
)
def test_what_is_no_list_of_contacts(client, body, status, field):
    answer = sent(client, body)
    assert (answer.status, answer.error["field"]) == (status, field)


def test_a_key_is_for_one_body(client):
    body = {"contacts": [{"address": "ann@example.com", "add_points": 5}]}
    key = {"idempotency-key": "monday"}
    first, again = sent(client, body, **key), sent(client, body, **key)
    assert first.json == again.json
    assert client("GET", "/v1/contacts/ann@example.com").json["points"] == 5
    answer = sent(client, {"contacts": [{"address": "ann@example.com", "add_points": 6}]}, **key)
    assert (answer.status, answer.error["field"]) == (409, "Idempotency-Key")
    assert sent(client, body, **{"idempotency-key": ""}).error["field"] == "Idempotency-Key"
