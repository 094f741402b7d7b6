from chalicelib.work import erasing


def test_a_person_is_erased_and_a_receipt_is_left(client, world, clock):
    ann = client("POST", "/v1/contacts", {"address": "ann@example.com", "fields": {"lastname": "Zoric"}}).json
    begun = client("POST", "/v1/contacts/ann@example.com/erase")
    assert (begun.status, begun.json["state"], begun.json["contacts"]) == (202, "waiting", [ann["id"]])
    assert client("POST", "/v1/contacts", {"address": "ann@example.com"}).status == 409, "from the first moment on"
    for _ in range(2):
        erasing.run(world, begun.json["id"])
        clock.sleep(20 * 60_000)
    receipt = client("GET", f"/v1/erasures/{begun.json['id']}").json
    assert receipt["state"] == "finished"
    assert receipt["removed"]["contacts"] == 1
    assert client("GET", "/v1/erasures").json["items"] == [receipt]
    assert "ann@" not in repr(receipt)
    assert client("GET", "/v1/contacts/ann@example.com").status == 404
    refused = client("POST", "/v1/contacts", {"address": "ann@example.com"})
    assert (refused.status, refused.error["field"]) == (409, "address")
    assert "erased on 2025-11-25" in refused.error["message"]
    assert client("GET", "/v1/suppressions/ann@example.com").json["reason"] == "unsubscribed"
    assert client("DELETE", "/v1/suppressions/ann@example.com", {"force": True}).status == 204
    assert client("POST", "/v1/contacts", {"address": "ann@example.com"}).json["id"] == ann["id"]


def test_all_that_is_known_in_one_call(client):
    client("POST", "/v1/contacts", {"address": "ann@example.com", "tags": ["vip"], "points": 3})
    client("PATCH", "/v1/contacts/ann@example.com", {"stage": "lead"})
    known = client("GET", "/v1/contacts/ann@example.com/access").json
    assert (known["contact"]["tags"], known["contact"]["points"], known["contact"]["stage"]) == (["vip"], 3, "lead")
    assert [each["changes"][0]["after"] for each in known["changes"]] == ["lead"]
    assert (known["messages"], known["consents"], known["complete"]) == ([], [], True)
    assert client("GET", "/v1/contacts/nobody@example.com/access").status == 404
