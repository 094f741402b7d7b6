import json
from dataclasses import replace
from urllib.parse import quote

import pytest

from chalicelib.api.imports import FILES
from chalicelib.model.errors import Conflict
from chalicelib.model.fact import Event
from chalicelib.model.importing import MAX_BODY, Rejected
from chalicelib.model.message import MessageKey
from chalicelib.work import importing, preflight
from chalicelib.work.recording import record
from tests.api.client import KEY, answered, event
from tests.api.lambda_context import FakeContext
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id

NOON_ISO = "2025-11-25T12:00:00.000Z"
BODIES = ("html", "mjml", "text", "blocks")
HTML = "<!doctype html><html><head><title>x</title></head><body>Hi {contactfield=firstname|you} {code}</body></html>"
LETTER = {"name": "Spring", "subject": "Hello", "from_address": "team@example.com", "html": HTML}


def made(answer, status=201):
    assert answer.status == status, answer.body
    return answer.json


@pytest.fixture
def contact(client):
    return made(client("POST", "/v1/contacts", {"address": "Ann@Example.com", "fields": {"firstname": "Ann"}}))


@pytest.fixture
def segment(client, contact):
    found = made(client("POST", "/v1/segments", {"name": "Readers"}))
    assert client("PUT", f"/v1/segments/{found['id']}/contacts/{contact['id']}").status == 204
    return found


@pytest.fixture
def letter(client, segment):
    return made(client("POST", "/v1/emails", LETTER | {"kind": "segment", "segments": [segment["id"]]}))


@pytest.fixture
def template(client):
    found = made(client("POST", "/v1/emails", LETTER | {"kind": "template"}))
    made(client("POST", f"/v1/emails/{found['id']}/publish"), 200)
    return found


class TestContacts:
    def test_shape(self, contact):
        assert contact == {
            "id": contact["id"],
            "address": "ann@example.com",
            "fields": {"firstname": "Ann"},
            "segments": [],
            "consent": True,
            "tracking": True,
            "preferences": {"categories_left": [], "most_per_week": None, "paused_until": None},
            "owner_id": None,
            "company_id": None,
            "tags": [],
            "points": 0,
            "stage": None,
            "merged_into": None,
            "version": 1,
            "created_at": NOON_ISO,
            "updated_at": NOON_ISO,
        }

    @pytest.mark.parametrize("who", ["ann@example.com", "ANN%40example.com", quote("Ann@Example.com", safe="")])
    def test_an_address_is_as_good_as_an_id(self, client, contact, who):
        assert client("GET", f"/v1/contacts/{who}").json == contact
        changed = client("PATCH", f"/v1/contacts/{who}", {"fields": {"firstname": None, "plan": "a"}}).json
        assert changed["fields"] == {"plan": "a"}
        assert client("DELETE", f"/v1/contacts/{who}").status == 204
        assert client("GET", f"/v1/contacts/{who}").status == 404

    def test_one_contact_for_one_address(self, client, contact):
        answer = client("POST", "/v1/contacts", {"address": "ann@example.com"})
        assert (answer.status, answer.error["code"], answer.error["field"]) == (409, "conflict", "address")
        assert contact["id"] in answer.error["hint"]

    def test_a_bad_address_is_named(self, client):
        answer = client("POST", "/v1/contacts", {"address": "ann at example"})
        assert (answer.status, answer.error["field"]) == (422, "address")
        assert "'ann at example'" in answer.error["message"]

    @pytest.mark.parametrize("character", ["\x00", "\x1b"])
    def test_a_control_character_is_refused(self, client, character):
        fields = {"firstname": f"A{character}nn"}
        answer = client("POST", "/v1/contacts", {"address": "a@example.com", "fields": fields})
        assert (answer.status, answer.error["field"]) == (422, "fields.firstname")
        assert f"U+{ord(character):04X} at 2" in answer.error["hint"]

    def test_no_consent_is_not_null(self, client, contact):
        answer = client("PATCH", f"/v1/contacts/{contact['id']}", {"consent": None})
        assert (answer.status, answer.error["field"]) == (422, "consent")
        assert answer.error["message"].startswith("consent: null cannot")
        assert answer.error["hint"] == "Give true or false, not null. Or leave the field out."

    def test_an_old_version_is_refused(self, client, contact):
        assert client("PATCH", f"/v1/contacts/{contact['id']}", {"consent": False, "version": 1}).json["version"] == 2
        assert client("PATCH", f"/v1/contacts/{contact['id']}", {"consent": True, "version": 1}).status == 409

    def test_a_list_goes_on_from_its_cursor(self, client):
        ids = {made(client("POST", "/v1/contacts", {"address": f"p{n}@example.com"}))["id"] for n in range(5)}
        found, cursor = [], ""
        while cursor is not None:
            page = client("GET", "/v1/contacts", limit=2, cursor=cursor).json
            assert len(page["items"]) <= 2
            found += [each["id"] for each in page["items"]]
            cursor = page["next"]
        assert sorted(found) == sorted(ids)


class TestSegments:
    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_a_fault_says_which_of_the_two_it_means(self, client, contact, segment, method):
        nobody, list_id = numbered_id(77), segment["id"]
        for path, field in (
            (f"{nobody}/contacts/{contact['id']}", "segment_id"),
            (f"nonsense/contacts/{contact['id']}", "segment_id"),
            (f"{list_id}/contacts/{nobody}", "contact_id"),
            (f"{list_id}/contacts/nobody@example.com", "contact_id"),
        ):
            answer = client(method, f"/v1/segments/{path}")
            assert (answer.status, answer.error["field"]) == (404, field), path

    def test_a_list_and_a_filter(self, client, segment):
        tree = {"all": [{"field": "firstname", "operator": "=", "value": "Ann"}]}
        live = made(client("POST", "/v1/segments", {"name": "Anns", "filter": tree}))
        assert (live["kind"], live["filter"], live["size"]) == ("filter", tree, None)
        assert client("GET", f"/v1/segments/{segment['id']}").json["size"] == 1
        assert segment["kind"] == "list"
        assert len(client("GET", "/v1/segments").json["items"]) == 2

    def test_members_come_and_go(self, client, contact, segment):
        assert client("GET", f"/v1/contacts/{contact['id']}").json["segments"] == [segment["id"]]
        for _ in range(2):
            assert client("DELETE", f"/v1/segments/{segment['id']}/contacts/ann@example.com").status == 204
        assert client("GET", f"/v1/contacts/{contact['id']}").json["segments"] == []

    def test_rename_and_delete(self, client, segment):
        assert client("PATCH", f"/v1/segments/{segment['id']}", {"name": "All"}).json["name"] == "All"
        assert client("DELETE", f"/v1/segments/{segment['id']}").status == 204
        assert client("GET", f"/v1/segments/{segment['id']}").status == 404

    @pytest.mark.parametrize(
        "given",
        [
            {"field": "firstname", "operator": "=", "value": "Ann"},
            "firstname is Ann",
            [{"glue": "and", "field": "firstname", "operator": "=", "filter": "Ann", "type": "text"}],
        ],
        ids=["tree", "text", "Mautic's list"],
    )
    def test_a_filter_in_any_form(self, client, contact, given):
        tree = {"field": "firstname", "operator": "=", "value": "Ann"}
        live = made(client("POST", "/v1/segments", {"name": "Anns", "filter": given}))
        assert (live["filter"], live["text"]) == (tree, "firstname is Ann")
        changed = client("PATCH", f"/v1/segments/{live['id']}", {"filter": given}).json
        assert (changed["filter"], changed["version"]) == (tree, 1)
        assert client("POST", "/v1/segments/preview", {"filter": given}).json == {
            "count": 1,
            "exact": True,
            "sampled": 1,
            "sample": [{"id": contact["id"], "address": "ann@example.com", "fields": {"firstname": "Ann"}}],
            "filter": tree,
            "text": "firstname is Ann",
        }

    def test_a_text_that_cannot_be_read_names_line_and_column(self, client):
        answer = client("POST", "/v1/segments/preview", {"filter": "firstname is Ann\nand plan contians x"})
        assert (answer.status, answer.error["field"]) == (422, "filter (line 2, column 10)")
        assert "Perhaps 'contains'?" in answer.error["hint"]

    def test_a_bad_filter_names_its_place(self, client):
        tree = {"any": [{"field": "age", "operator": "~", "value": 1}]}
        answer = client("POST", "/v1/segments", {"name": "x", "filter": tree})
        assert (answer.status, answer.error["code"]) == (422, "invalid")
        assert "'~'" in answer.error["message"]


class TestImports:
    def post(self, client, body, kind="text/csv; charset=utf-8", query=""):
        headers = {"authorization": f"Bearer {KEY}", "content-type": kind}
        return client.raw("POST", "/v1/imports", body, headers, query)

    def test_a_csv_body_becomes_a_job(self, client, world, segment):
        query = f"segment={segment['id']}&mapping=%7B%22mail%22%3A%22address%22%7D"
        job = made(self.post(client, "mail,firstname\nzoé@example.com,Zoé\n".encode(), query=query), 202)
        assert (job["state"], job["segment"], job["mapping"]["mail"]) == ("waiting", segment["id"], "address")
        assert [hint.args for hint in world.hints.drain() if hint.kind == "run_import"] == [(job["id"],)]
        assert client("GET", f"/v1/imports/{job['id']}").json == job

    @pytest.mark.parametrize(
        ("mapping", "field"),
        [
            ("{", "mapping"),
            ("[]", "mapping"),
            ("[" * 3_000, "mapping"),
            ('{"a":1}', "mapping.a"),
            ('{"nobody":"address"}', "mapping"),
            ('{},"x":1', "mapping"),
        ],
    )
    def test_a_bad_mapping_is_named(self, client, mapping, field):
        answer = self.post(client, b"address\na@example.com\n", query=f"mapping={quote(mapping)}")
        assert answer.status in (400, 422)
        assert answer.error["field"] == field

    def test_five_megabytes_and_no_more(self, client):
        head = b"address,note\na@example.com,"
        assert self.post(client, head + b"x" * (MAX_BODY - len(head))).status == 202
        assert self.post(client, head + b"x" * (MAX_BODY - len(head) + 1)).status == 413

    def test_characters_lost_on_the_way_are_refused(self, client):
        """API Gateway hands text/* over as text: what is not UTF-8 is U+FFFD by then."""
        headers = {"authorization": f"Bearer {KEY}", "content-type": "text/csv"}
        sent = "address,firstname\nzoe@example.com,Zoé\n".encode("cp1252")
        text = event("POST", "/v1/imports", headers=headers) | {"body": sent.decode("utf-8", "replace")}
        answer = answered(client.app(text, FakeContext()))
        assert (answer.status, answer.error["field"]) == (422, "body")
        assert "line 2" in answer.error["hint"]
        assert "application/octet-stream" in answer.error["hint"]

    def test_bytes_arrive_as_they_were_sent(self, client, world):
        sent = "address,firstname\nzoe@example.com,Zoé\n".encode("cp1252")
        job = made(self.post(client, sent, "application/octet-stream"), 202)
        importing.run(world, job["id"])
        assert client("GET", f"/v1/imports/{job['id']}").json["encoding"] == "cp1252"
        assert client("GET", "/v1/contacts/zoe@example.com").json["fields"] == {"firstname": "Zoé"}

    def test_a_line_with_a_control_character_is_rejected_by_name(self, client, world):
        lines = f"a@example.com,Ann\nb@example.com,B\x1bob\nc@example.com,{'x' * 99}\x00\n"
        job = made(self.post(client, f"address,firstname\n{lines}".encode()), 202)
        importing.run(world, job["id"])
        done = client("GET", f"/v1/imports/{job['id']}").json
        assert (done["state"], done["created"], done["rejected"]) == ("finished", 1, 2)
        told = client("GET", f"/v1/imports/{job['id']}/rejected").json["items"]
        assert [(each["line"], each["column"]) for each in told] == [(3, "firstname"), (4, "")], "NUL spoils a line"
        assert "U+001B at 2" in told[0]["reason"]

    def test_another_kind_of_body_is_refused(self, client):
        answer = self.post(client, b"address\n", "text/tab-separated-values")
        assert (answer.status, answer.error["hint"]) == (
            415,
            f"Send {' or '.join(FILES)} or application/json.",
        )

    def test_an_upload_is_asked_for_put_and_imported(self, client, world):
        place = made(client("POST", "/v1/imports", {"request_upload": True}))
        assert place["url"]
        assert place["expires_at"] > NOON_ISO
        assert client("POST", "/v1/imports", {"upload": place["upload"]}).status == 404
        world.files.put(place["upload"], b"address\na@example.com\n", "text/csv")
        assert made(client("POST", "/v1/imports", {"upload": place["upload"]}), 202)["columns"] == ["address"]

    def test_nothing_to_import_says_what_to_send(self, client):
        answer = client("POST", "/v1/imports", {})
        assert (answer.status, answer.error["field"]) == (422, "upload")
        assert "request_upload" in answer.error["hint"]

    def test_json_lines_with_wishes_in_the_query(self, client, world):
        query = "tags=a%7Cb&rule=create&dry_run=true"
        job = made(self.post(client, b'{"email": "a@example.com"}\n', "application/x-ndjson", query), 202)
        assert (job["format"], job["tags"], job["rule"], job["dry_run"]) == ("jsonl", ["a", "b"], "create", True)
        importing.run(world, job["id"])
        assert client("GET", f"/v1/imports/{job['id']}").json["created"] == 1
        assert client("GET", "/v1/contacts/a@example.com").status == 404

    @pytest.mark.parametrize(
        ("query", "field"),
        [("dry_run=maybe", "dry_run"), ("rule=x", "rule"), ("encoding=x", "encoding"), ("delimiter=x", "delimiter")],
    )
    def test_a_bad_wish_is_named(self, client, query, field):
        answer = self.post(client, b"address\na@example.com\n", query=query)
        assert (answer.status, answer.error["field"]) == (422, field)

    def test_a_file_is_looked_at_and_then_imported(self, client):
        headers = {"authorization": f"Bearer {KEY}", "content-type": "application/octet-stream"}
        sent = "E-Mail;Vorname\nzoe@example.com;Zoé\n".encode("cp1252")
        seen = client.raw("POST", "/v1/imports/inspect", sent, headers, "").json
        assert (seen["encoding"], seen["delimiter"]) == ("cp1252", ";")
        assert seen["columns"][1] == {"name": "Vorname", "fills": "firstname", "samples": ["Zoé"]}
        assert client("GET", "/v1/imports").json["items"] == []
        job = made(client("POST", "/v1/imports", {"upload": seen["upload"]}), 202)
        assert [each["id"] for each in client("GET", "/v1/imports").json["items"]] == [job["id"]]
        assert client("POST", f"/v1/imports/{job['id']}/cancel").json["state"] == "cancelled"
        assert client("POST", f"/v1/imports/{job['id']}/cancel").status == 409

    def test_the_rejected_lines_as_a_file(self, client, world):
        job = made(self.post(client, b"address\nnobody\n"), 202)
        assert client("GET", f"/v1/imports/{job['id']}/rejected/file").status == 404
        importing.run(world, job["id"])
        assert f"rejected-{job['id']}.csv" in client("GET", f"/v1/imports/{job['id']}/rejected/file").json["url"]

    def test_the_report_of_rejected_lines(self, client, world):
        job = made(self.post(client, b"address\nnobody\n"), 202)
        world.imports.add_rejected(
            job["id"], [Rejected(2, "address", "nobody", "no @"), Rejected(3, "address", "", "empty")]
        )
        first = client("GET", f"/v1/imports/{job['id']}/rejected", limit=1).json
        assert first["items"] == [{"line": 2, "column": "address", "value": "nobody", "reason": "no @"}]
        rest = client("GET", f"/v1/imports/{job['id']}/rejected", limit=1, cursor=first["next"]).json
        assert [each["line"] for each in rest["items"]] == [3]


class TestEmails:
    def test_shape(self, letter, segment):
        assert letter == LETTER | {
            "id": letter["id"],
            "kind": "segment",
            "from_name": "",
            "reply_to": "",
            "preheader": "",
            "text": "",
            "mjml": "",
            "inline_css": False,
            "language": "",
            "theme": "",
            "category": None,
            "segments": [segment["id"]],
            "exclude": [],
            "headers": {},
            "utm": {},
            "bcc": [],
            "from_owner": False,
            "attachments": [],
            "blocks": [],
            "public_preview": False,
            "translation_of": None,
            "variant_of": None,
            "edition_of": None,
            "edition_for": None,
            "weight": 0,
            "test": None,
            "over_cap": "skip",
            "quiet_hours": "later",
            "family": letter["id"],
            "revision": None,
            "version": 1,
            "created_at": NOON_ISO,
            "updated_at": NOON_ISO,
            "published_at": None,
            "publish_up": None,
            "publish_down": None,
        }

    def test_a_list_is_without_bodies(self, client, letter):
        [item] = client("GET", "/v1/emails").json["items"]
        assert item == {name: value for name, value in letter.items() if name not in BODIES}

    def test_edit_publish_delete(self, client, letter):
        path = f"/v1/emails/{letter['id']}"
        assert client("PATCH", path, {"subject": "Hello you", "version": 1}).json["subject"] == "Hello you"
        assert client("PATCH", path, {"subject": "Late", "version": 1}).status == 409
        published = client("POST", path + "/publish").json
        assert (published["revision"], published["published_at"]) == (1, NOON_ISO)
        assert {"where", "message", "mend"} == set(published["warnings"][0])
        assert client("GET", path).json["revision"] == 1
        assert client("DELETE", path).status == 204
        assert client("GET", path).status == 404

    def test_a_broken_letter_is_refused_with_its_place(self, client, letter):
        client("PATCH", f"/v1/emails/{letter['id']}", {"html": ""})
        answer = client("POST", f"/v1/emails/{letter['id']}/publish")
        assert (answer.status, answer.error["field"]) == (422, "html")

    def test_html_beyond_its_limit_is_too_large(self, client, letter):
        answer = client("PATCH", f"/v1/emails/{letter['id']}", {"html": "x" * 262_145})
        assert (answer.status, answer.error["field"]) == (413, "html")

    def test_pending_at_once_and_by_a_job(self, client, world, letter):
        path = f"/v1/emails/{letter['id']}/pending"
        assert client("GET", path).json == {"pending": 1, "exact": True}
        job = made(client("POST", path), 202)
        assert (job["state"], job["exact"]) == ("waiting", False)
        assert [hint.args for hint in world.hints.drain() if hint.kind == "count"] == [(job["id"],)]
        assert client("GET", f"{path}/{job['id']}").json == job
        assert client("GET", f"/v1/emails/{numbered_id(9)}/pending/{job['id']}").status == 404

    def test_stats(self, client, letter):
        stats = client("GET", f"/v1/emails/{letter['id']}/stats").json
        assert stats["email"] == letter["id"]
        assert stats["opened"] == {"unique": 0, "total": 0}


class TestBroadcasts:
    @pytest.fixture
    def published(self, client, world, letter):
        published = made(client("POST", f"/v1/emails/{letter['id']}/publish"), 200)
        flight = made(client("POST", f"/v1/emails/{letter['id']}/preflight"), 202)
        assert [hint.args for hint in world.hints.drain() if hint.kind == "preflight"] == [(flight["id"],)]
        preflight.run(world, flight["id"])
        return published

    def test_the_report_of_a_preflight(self, client, world, published, letter):
        [flight] = world.preflights.tables.preflights
        report = client("GET", f"/v1/preflights/{flight}").json
        assert (report["state"], report["email"], report["pending"]) == ("finished", letter["id"], 1)
        assert {"level", "code", "where", "message", "mend"} == set(report["findings"][0])
        assert report["cost"] == {"currency": "USD", "ses": 0.0001, "aws": 0.0, "total": 0.0001}
        assert report["duration"] == {"seconds": 0.0, "per_second": 200.0}
        page = client("GET", f"/v1/preflights/{flight}/report")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f"Pre-flight of “{letter['name']}”" in page.body.decode()
        assert report["findings"][0]["mend"].split(":")[0] in page.body.decode()

    def test_without_a_preflight_it_does_not_start(self, client, published, letter):
        client("PATCH", f"/v1/emails/{letter['id']}", {"subject": "Another"})
        client("POST", f"/v1/emails/{letter['id']}/publish")
        refused = client("POST", f"/v1/emails/{letter['id']}/broadcasts")
        assert (refused.status, refused.error["field"]) == (409, "preflight")
        assert "skip_preflight" in refused.error["hint"]
        made(client("POST", f"/v1/emails/{letter['id']}/broadcasts", {"skip_preflight": True}))

    def test_shape(self, client, published, segment):
        broadcast = made(client("POST", f"/v1/emails/{published['id']}/broadcasts", {}))
        assert client("GET", f"/v1/broadcasts/{broadcast['id']}").json == broadcast
        assert broadcast == {
            "id": broadcast["id"],
            "email": published["id"],
            "revision": 1,
            "source": None,
            "state": "planning",
            "reason": None,
            "segments": [segment["id"]],
            "exclude": [],
            "planned": 0,
            "waiting": 0,
            "later": 0,
            "calling": 0,
            "sent": 0,
            "failed": 0,
            "skipped": {},
            "in_doubt": 0,
            "held": 0,
            "cancelled": 0,
            "members": [],
            "winner": None,
            "decide_at": None,
            "rate": None,
            "at": NOON_ISO,
            "schedule": None,
            "until": None,
            "joiners": False,
            "created_at": NOON_ISO,
            "started_at": NOON_ISO,
            "ended_at": None,
        }

    def test_without_a_body_it_starts_too(self, client, published):
        assert client("POST", f"/v1/emails/{published['id']}/broadcasts").json["state"] == "planning"

    def test_at_a_time_with_a_zone(self, client, published):
        path = f"/v1/emails/{published['id']}/broadcasts"
        answer = client("POST", path, {"at": "2025-12-01T10:00:00.5"})
        assert (answer.status, answer.error["field"]) == (422, "at")
        later = made(client("POST", path, {"at": "2025-12-01T10:00:00+01:00"}))
        assert (later["state"], later["at"]) == ("scheduled", "2025-12-01T09:00:00.000Z")

    def test_a_window_in_which_an_email_goes_out(self, client, published):
        path = f"/v1/emails/{published['id']}"
        window = {"publish_up": "2025-12-01T10:00", "publish_down": "2025-12-05T10:00:00Z"}
        shown = client("PATCH", path, window).json
        assert (shown["publish_up"], shown["publish_down"]) == ("2025-12-01T10:00:00.000Z", "2025-12-05T10:00:00.000Z")
        made_later = made(client("POST", f"{path}/broadcasts"))
        assert (made_later["at"], made_later["until"]) == (shown["publish_up"], shown["publish_down"])
        early = client("POST", f"{path}/broadcasts", {"at": "2025-11-30T10:00"})
        assert (early.status, early.error["field"]) == (422, "at")
        late = client("POST", f"{path}/broadcasts", {"at": "2025-12-06T10:00"})
        assert (late.status, late.error["field"]) == (409, "publish_down")
        assert client("PATCH", path, {"publish_up": None}).json["publish_up"] is None

    def test_at_a_time_on_a_wall_clock(self, client, published):
        path = f"/v1/emails/{published['id']}/broadcasts"
        client("PATCH", "/v1/workspace", {"zone": "Europe/Paris"})
        later = made(client("POST", path, {"at": "2025-12-01T10:00", "until": "2025-12-02T10:00"}))
        assert (later["at"], later["until"]) == ("2025-12-01T09:00:00.000Z", "2025-12-02T09:00:00.000Z")
        schedule = {"local": "2025-12-01T10:00", "zone": "Europe/Paris", "timing": "instant", "if_gone": "now"}
        assert later["schedule"] == schedule
        each = made(client("POST", path, {"at": "2025-12-01T10:00", "zone": "asia/tokyo", "timing": "local"}))
        assert (each["at"], each["schedule"]["zone"]) == ("2025-11-30T20:00:00.000Z", "Asia/Tokyo")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"at": "2025-12-01T10:00Z", "timing": "local"}, "at"),
            ({"timing": "best_hour"}, "at"),
            ({"at": "2025-12-01T10:00Z", "zone": "Europe/Paris"}, "zone"),
            ({"at": "2025-12-01T10:00", "zone": "Paris"}, "zone"),
            ({"at": "2025-12-01T10:00", "timing": "soon"}, "timing"),
            ({"at": "2025-12-01T10:00", "until": "2025-12-01T09:00"}, "until"),
            ({"joiners": True}, "joiners"),
        ],
    )
    def test_times_that_cannot_be(self, client, published, body, field):
        answer = client("POST", f"/v1/emails/{published['id']}/broadcasts", body)
        assert (answer.status, answer.error["field"]) == (422, field)

    def test_a_rate_of_its_own(self, client, published):
        path = f"/v1/broadcasts/{client('POST', '/v1/emails/' + published['id'] + '/broadcasts').json['id']}"
        assert client("PATCH", path, {"rate": 2.5}).json["rate"] == 2.5
        for wrong in (0, -1, 10_001):
            refused = client("PATCH", path, {"rate": wrong})
            assert (refused.status, refused.error["field"]) == (422, "rate")
        assert client("PATCH", path, {"rate": None}).json["rate"] is None
        client("POST", path + "/cancel")
        assert client("PATCH", path, {"rate": 1}).status == 409

    def test_pause_resume_cancel(self, client, published):
        path = f"/v1/broadcasts/{client('POST', '/v1/emails/' + published['id'] + '/broadcasts').json['id']}"
        assert client("POST", path + "/pause").json["state"] == "paused"
        again = client("POST", path + "/pause")
        assert (again.status, again.error["code"]) == (409, "conflict")
        assert client("POST", path + "/resume").json["state"] == "planning"
        cancelled = client("POST", path + "/cancel").json
        assert (cancelled["state"], cancelled["ended_at"]) == ("cancelled", NOON_ISO)

    def test_an_email_of_an_open_broadcast_stays(self, client, published):
        client("POST", f"/v1/emails/{published['id']}/broadcasts")
        assert client("DELETE", f"/v1/emails/{published['id']}").status == 409

    def test_what_is_not_published_is_not_sent(self, client, letter):
        answer = client("POST", f"/v1/emails/{letter['id']}/broadcasts", {})
        assert (answer.status, "publish" in answer.error["hint"]) == (409, True)


class TestMessages:
    def send(self, client, template, body, key=None):
        headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
        headers |= {"idempotency-key": key} if key is not None else {}
        return client.raw("POST", f"/v1/emails/{template['id']}/messages", json.dumps(body).encode(), headers)

    def test_immediately(self, client, template, contact):
        message = made(self.send(client, template, {"contact_id": contact["id"], "tokens": {"code": "42"}}))
        assert message == {
            "id": message["id"],
            "contact_id": contact["id"],
            "email": template["id"],
            "family": template["id"],
            "revision": 1,
            "broadcast": None,
            "state": "sent",
            "reason": None,
            "transport": "ses",
            "provider_id": message["provider_id"],
            "at": NOON_ISO,
        }
        assert message["provider_id"]
        ended = {"kind": "sent", "at": NOON_ISO, "link": None, "detail": {}}
        ended |= dict.fromkeys(("label", "reason", "device", "client"))
        assert client("GET", f"/v1/messages/{message['id']}").json == message | {"facts": [ended]}

    def test_through_the_queue(self, client, world, template, contact):
        message = made(self.send(client, template, {"address": "ANN@example.com", "mode": "queue"}), 202)
        assert message["contact_id"] == contact["id"]
        assert message["state"] == "waiting"
        assert [str(hint.args[0]) for hint in world.hints.drain() if hint.kind == "message"] == [message["id"]]

    def test_one_key_is_one_message(self, client, template, contact):
        first = made(self.send(client, template, {"contact_id": contact["id"]}, "order 7"))
        again = self.send(client, template, {"contact_id": contact["id"]}, "order 7")
        assert again.json == first
        other = self.send(client, template, {"contact_id": contact["id"], "tokens": {"code": "1"}}, "order 7")
        assert (other.status, other.error["field"]) == (409, "Idempotency-Key")

    @pytest.mark.parametrize("key", ["", "x" * 256, "clé", "a\tb"])
    def test_a_bad_key_is_named(self, client, template, contact, key):
        answer = self.send(client, template, {"contact_id": contact["id"]}, key)
        assert (answer.status, answer.error["field"]) == (422, "Idempotency-Key")

    @pytest.mark.parametrize("to", [{}, {"contact_id": numbered_id(1), "address": "a@example.com"}, {"contact_id": ""}])
    def test_one_recipient(self, client, template, to):
        answer = self.send(client, template, to)
        assert (answer.status, answer.error["field"]) == (422, "contact_id")

    @pytest.mark.parametrize(
        ("change", "field"), [({"mode": "later"}, "mode"), ({"tokens": {"a": 1}}, "tokens.a"), ({"to": "x"}, "to")]
    )
    def test_a_bad_body_is_named(self, client, template, change, field):
        answer = self.send(client, template, {"address": "ann@example.com"} | change)
        assert (answer.status, answer.error["field"]) == (422, field)

    def test_history_and_facts(self, client, world, template, contact):
        ids = [made(self.send(client, template, {"contact_id": contact["id"]}))["id"] for _ in range(3)]
        key = MessageKey(*ids[0].split("_"))
        told = (("opened", NOON + 9_000, "Thunderbird/133.0"), ("delivered", NOON + 1_000, ""))
        events = [
            Event(name, name, key, template["id"], at, address="ann@example.com", detail={"agent": agent})
            for name, at, agent in (*told, ("clicked", NOON + 8_000, "curl/8.4.0"))
        ]
        record(world, events)
        facts = client("GET", f"/v1/messages/{ids[0]}").json["facts"]
        assert [(each["kind"], each["at"]) for each in facts] == [
            ("sent", NOON_ISO),
            ("delivered", "2025-11-25T12:00:01.000Z"),
            ("clicked", "2025-11-25T12:00:08.000Z"),
            ("opened", "2025-11-25T12:00:09.000Z"),
        ]
        assert [(each["label"], each["reason"], each["client"]) for each in facts] == [
            (None, None, None),
            (None, None, None),
            ("scanner", "program", ""),
            ("human", "", "thunderbird"),
        ]
        page = client("GET", "/v1/contacts/ann@example.com/messages", limit=2).json
        rest = client("GET", f"/v1/contacts/{contact['id']}/messages", cursor=page["next"]).json
        assert sorted(each["id"] for each in page["items"] + rest["items"]) == sorted(ids)

    @pytest.mark.parametrize("name", ["x", f"{numbered_id(1)}", f"{numbered_id(1)}_{numbered_id(2)}_x", "a_b_c_d"])
    def test_what_is_no_message_id_is_not_found(self, client, name):
        assert client("GET", f"/v1/messages/{name}").status == 404


class TestFaults:
    @pytest.mark.parametrize("hint", [None, "Mend it."])
    def test_only_what_is_known_is_said(self, client, world, hint):
        class Emails:
            def read(self, _email_id):
                raise Conflict("No.", hint=hint)

        parts = type(client.app.parts)(replace(world, emails=Emails()))
        with client.app.using(parts):
            answer = client("GET", f"/v1/emails/{numbered_id(1)}")
        expected = {"code": "conflict", "message": "No."} | ({"hint": hint} if hint else {})
        assert (answer.status, answer.json) == (409, {"error": expected})


class TestWhatIsSaid:
    def test_a_token_is_named(self, client, template, contact):
        answer = client(
            "POST", f"/v1/emails/{template['id']}/messages", {"address": contact["address"], "tokens": {"a": 1}}
        )
        assert (answer.error["field"], answer.error["hint"]) == ("tokens.a", "Give text, not a whole number.")

    def test_modes_and_kinds_are_listed(self, client, template):
        mode = client("POST", f"/v1/emails/{template['id']}/messages", {"mode": "later"}).error
        kind = client("POST", "/v1/emails", LETTER | {"kind": "news"}).error
        assert (mode["field"], mode["hint"]) == ("mode", "It is one of immediate, queue.")
        assert (kind["field"], kind["hint"]) == ("kind", "It is one of segment, template.")

    def test_a_time_too_far_is_shown_as_it_was_sent(self, client, letter):
        made(client("POST", f"/v1/emails/{letter['id']}/publish"), 200)
        at = "2031-05-04T11:30:00+02:00"
        answer = client("POST", f"/v1/emails/{letter['id']}/broadcasts", {"at": at})
        assert (answer.status, answer.error["field"]) == (422, "at")
        assert at in answer.error["message"]

    @pytest.mark.parametrize("field", ["name", "subject"])
    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\n"])
    def test_a_control_character_in_a_line_is_refused(self, client, field, character):
        answer = client("POST", "/v1/emails", LETTER | {"kind": "segment", field: f"a{character}b"})
        assert (answer.status, answer.error["field"]) == (422, field)
        assert "control characters" in answer.error["hint"]
