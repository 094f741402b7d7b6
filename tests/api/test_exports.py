import pytest

from chalicelib.work import exporting
from tests.fakes.world import numbered_id

NOON_ISO = "2025-11-25T12:00:00.000Z"


def test_a_file_of_contacts(client, world, tables):
    client("POST", "/v1/contacts", {"address": "ann@example.com", "fields": {"plan": "=1"}})
    begun = client("POST", "/v1/exports", {"what": "contacts"})
    assert begun.status == 202
    assert begun.json == {
        "id": begun.json["id"],
        "what": "contacts",
        "format": "csv",
        "segment": None,
        "email": None,
        "state": "waiting",
        "reason": None,
        "rows": 0,
        "size": 0,
        "created_at": NOON_ISO,
        "finished_at": None,
        "expires_at": None,
        "share": 0,
        "expected": None,
        "url": None,
    }
    exporting.run(world, begun.json["id"])
    done = client("GET", f"/v1/exports/{begun.json['id']}").json
    [content] = tables.files.values()
    assert (done["share"], done["expected"]) == (1, 1)
    assert (done["state"], done["rows"], done["size"]) == ("finished", 1, len(content))
    assert (done["finished_at"], done["expires_at"]) == (NOON_ISO, "2025-12-02T12:00:00.000Z")
    assert f"exports/{done['id']}.csv" in done["url"]
    assert "as=contacts.csv" in done["url"]
    listed = client("GET", "/v1/exports").json["items"]
    assert listed == [{name: value for name, value in done.items() if name not in ("share", "expected", "url")}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "what"),
        ({"what": "mails"}, "what"),
        ({"what": "contacts", "format": "xml"}, "format"),
        ({"what": "contacts", "segment": numbered_id(1)}, "segment"),
        ({"what": "contacts", "columns": []}, "columns"),
    ],
)
def test_what_cannot_be_exported(client, body, field):
    answer = client("POST", "/v1/exports", body)
    assert (answer.status, answer.error["field"]) == (422, field)


def test_no_such_export(client):
    assert client("GET", f"/v1/exports/{numbered_id(9)}").status == 404


def test_it_is_cancelled_while_it_is_under_way(client, world, tables):
    export = client("POST", "/v1/exports", {"what": "contacts"}).json["id"]
    cancelled = client("POST", f"/v1/exports/{export}/cancel")
    assert cancelled.status == 200
    assert (cancelled.json["state"], cancelled.json["url"], cancelled.json["expires_at"]) == ("cancelled", None, None)
    exporting.run(world, export)
    assert tables.files == {}
    again = client("POST", f"/v1/exports/{export}/cancel")
    assert (again.status, again.error["field"]) == (409, "state")
