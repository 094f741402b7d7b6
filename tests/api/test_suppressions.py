"""The list of suppressions over HTTP: by address, by hash, as pages and as CSV, in and out."""

import csv
import io
from dataclasses import replace

import pytest

from chalicelib.model.contact import Contact
from chalicelib.model.suppression import STRENGTH, Suppression
from chalicelib.work import importing
from chalicelib.work.addresses import address_hash
from chalicelib.work.suppressing import suppress
from tests.api.client import KEY
from tests.fakes.clock import NOON

ANN = "ann@example.com"
CSV = {"authorization": f"Bearer {KEY}", "content-type": "text/csv"}


def put(world, address, reason="bounced", source="x", at=NOON):
    suppress(world, Suppression(address_hash(world, address), reason, source, at))


def post_csv(client, text, query=""):
    return client.raw("POST", "/v1/suppressions/import", text.encode(), CSV, query)


def test_an_address_that_nothing_is_known_of(client, world):
    assert client("GET", f"/v1/suppressions/{ANN}").json == {
        "hash": address_hash(world, ANN),
        "suppressed": False,
        "reason": None,
        "source": None,
        "at": None,
        "beneath": None,
        "soft_bounces": {"count": 0, "of": 5, "days": 30},
        "lifted": [],
    }


@pytest.mark.parametrize("reason", STRENGTH)
def test_an_operator_suppresses_for_any_reason_and_reads_it_back_by_hash(client, world, reason):
    answer = client("PUT", "/v1/suppressions/Ann@Example.com", {"reason": reason})
    assert (answer.status, answer.json["reason"], answer.json["source"]) == (200, reason, "operator")
    by_hash = client("GET", f"/v1/suppressions/{address_hash(world, ANN)}")
    assert by_hash.json == answer.json
    assert (ANN in world.account_list.entries) == (reason in ("bounced", "complained"))


def test_without_a_reason_it_is_the_operator_s_own_word(client):
    assert client("PUT", f"/v1/suppressions/{ANN}").json["reason"] == "suppressed"


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("PUT", ANN, {"reason": "angry"}, "reason"),
        ("PUT", "no-address", {}, "address"),
        ("GET", "no-address", None, "address"),
        ("DELETE", ANN, {"force": "yes"}, "force"),
        ("DELETE", ANN, {"why": "x"}, "why"),
    ],
)
def test_bad_input_names_its_field(client, method, path, body, field):
    answer = client(method, f"/v1/suppressions/{path}", body)
    assert (answer.status, answer.error["field"]) == (422, field)


def test_lifting_a_bounce_is_remembered(client, world):
    put(world, ANN)
    world.account_list.put(ANN, "bounced")
    assert client("DELETE", f"/v1/suppressions/{ANN}").status == 204
    after = client("GET", f"/v1/suppressions/{ANN}").json
    assert after["suppressed"] is False
    assert [(each["reason"], each["source"]) for each in after["lifted"]] == [("bounced", "x")]
    assert world.account_list.entries == {}
    assert client("DELETE", f"/v1/suppressions/{ANN}").status == 404


def test_a_person_s_own_word_is_lifted_by_force_alone_and_with_what_it_covers(client, world):
    put(world, ANN, "bounced")
    put(world, ANN, "unsubscribed", "letter")
    assert client("GET", f"/v1/suppressions/{ANN}").json["beneath"]["reason"] == "bounced"
    refused = client("DELETE", f"/v1/suppressions/{ANN}")
    assert (refused.status, refused.error["field"]) == (409, "address")
    assert client("DELETE", f"/v1/suppressions/{ANN}", {"force": True}).status == 204
    after = client("GET", f"/v1/suppressions/{ANN}").json
    assert (after["suppressed"], after["beneath"]) == (False, None)
    assert [each["reason"] for each in after["lifted"]] == ["unsubscribed", "bounced"]


def test_pages_without_addresses(client, world):
    for number in range(5):
        put(world, f"a{number}@example.com")
    put(world, "a0@example.com", "unsubscribed")
    first = client("GET", "/v1/suppressions", limit=3).json
    second = client("GET", "/v1/suppressions", limit=3, cursor=first["next"]).json
    found = first["items"] + second["items"]
    assert (len(first["items"]), second["next"], len({each["hash"] for each in found})) == (3, None, 5)
    assert set(found[0]) == {"hash", "reason", "source", "at"}
    assert "example.com" not in str(found)


def test_a_file_of_addresses_without_a_header_is_a_list(client, world):
    job = post_csv(client, "ann@example.com\nBOB@example.com\nnobody\n").json
    importing.run(world, job["id"])
    done = client("GET", f"/v1/imports/{job['id']}").json
    assert (done["state"], done["created"], done["rejected"]) == ("finished", 2, 1)
    assert client("GET", "/v1/suppressions/bob@example.com").json["reason"] == "imported"
    rejected = client("GET", f"/v1/imports/{job['id']}/rejected").json["items"]
    assert [(each["line"], each["value"]) for each in rejected] == [(3, "nobody")]


def test_columns_reasons_and_times(client, world):
    put(world, "c@example.com", "complained")
    text = (
        "name,E-Mail,Reason,Date\n"
        "A,a@example.com,unsubscribed,2020-01-02T03:04:05Z\n"
        "B,b@example.com,,\n"
        "C,c@example.com,bounced,\n"
        "D,d@example.com,tired,\n"
        "E,e@example.com,bounced,yesterday\n"
    )
    job = post_csv(client, text, "reason=suppressed").json
    importing.run(world, job["id"])
    done = client("GET", f"/v1/imports/{job['id']}").json
    assert (done["created"], done["unchanged"], done["rejected"]) == (2, 1, 2)
    a, b, c = (client("GET", f"/v1/suppressions/{each}@example.com").json for each in "abc")
    assert (a["reason"], a["at"], b["reason"], c["reason"]) == (
        "unsubscribed",
        "2020-01-02T03:04:05.000Z",
        "suppressed",
        "complained",
    )
    columns = {each["column"] for each in client("GET", f"/v1/imports/{job['id']}/rejected").json["items"]}
    assert columns == {"reason", "at"}
    assert world.contacts.page(10, None)[0] == [], "nobody becomes a contact by this"


def test_what_is_exported_can_be_imported(client, world):
    for number in range(3):
        put(world, f"a{number}@example.com", "bounced", "=cmd()")
    answer = client("GET", "/v1/suppressions/export")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert {(each["reason"], each["source"]) for each in rows} == {("bounced", "'=cmd()")}
    hashes = {each["hash"] for each in rows}
    world.suppressions.tables.suppressions.clear()
    job = post_csv(client, answer.body.decode()).json
    importing.run(world, job["id"])
    assert {each["hash"] for each in client("GET", "/v1/suppressions").json["items"]} == hashes


def test_an_export_of_many_says_where_the_rest_is(client, world, monkeypatch):
    monkeypatch.setattr("chalicelib.api.suppressions.EXPORTED", 2)
    for number in range(3):
        put(world, f"a{number}@example.com")
    link = client("GET", "/v1/suppressions/export").headers["link"]
    path, _, query = link[1 : link.index(">")].partition("?")
    rest = client.raw("GET", path, b"", {"authorization": f"Bearer {KEY}"}, query)
    assert len(rest.body.decode().splitlines()) == 2
    assert "link" not in rest.headers


def test_an_import_done_again_counts_the_same(client, world):
    job = post_csv(client, "a@example.com\nb@example.com\n").json
    importing.run(world, job["id"])
    stored = world.imports.read(job["id"])
    lines = list(importing.records_of(world, replace(stored, offset=0, line=0)))
    assert importing.suppression_import.take(world, stored, lines).kinds == {"created": 2}


@pytest.mark.parametrize(("text", "field"), [("", "file"), ("name,city\nx,y\n", "file"), ("a@example.com\n", "reason")])
def test_a_file_that_cannot_be_read_is_refused_at_once(client, text, field):
    answer = post_csv(client, text, "reason=angry" if field == "reason" else "")
    assert (answer.status, answer.error["field"]) == (422, field)


def test_a_suppression_outlives_its_contact(client, world):
    contact = Contact("0000000000000001", ANN)
    world.contacts.create(contact, address_hash(world, ANN))
    put(world, ANN)
    world.contacts.delete(contact.id, contact.version)
    assert client("GET", f"/v1/suppressions/{ANN}").json["reason"] == "bounced"
