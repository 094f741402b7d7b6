import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.client import KEY, Client, FakeParts
from tests.fakes.world import fake_world, numbered_id

ID, OTHER = numbered_id(1), numbered_id(2)
MESSAGE = f"{ID}_{OTHER}"
# The API of the product, whole: an address more or less is a decision.
API = [
    ("GET", "/workspace"),
    ("PATCH", "/workspace"),
    ("GET", "/members"),
    ("POST", "/members"),
    ("GET", "/members/{member_id}"),
    ("PATCH", "/members/{member_id}"),
    ("DELETE", "/members/{member_id}"),
    ("POST", "/members/{member_id}/link"),
    ("GET", "/keys"),
    ("POST", "/keys"),
    ("PATCH", "/keys/{key_id}"),
    ("DELETE", "/keys/{key_id}"),
    ("GET", "/audit"),
    ("GET", "/owners"),
    ("POST", "/owners"),
    ("GET", "/owners/{owner_id}"),
    ("PATCH", "/owners/{owner_id}"),
    ("DELETE", "/owners/{owner_id}"),
    ("GET", "/companies"),
    ("POST", "/companies"),
    ("GET", "/companies/{company_id}"),
    ("PATCH", "/companies/{company_id}"),
    ("DELETE", "/companies/{company_id}"),
    ("GET", "/fields"),
    ("POST", "/fields"),
    ("GET", "/fields/{alias}"),
    ("PATCH", "/fields/{alias}"),
    ("DELETE", "/fields/{alias}"),
    ("GET", "/categories"),
    ("POST", "/categories"),
    ("GET", "/categories/{category_id}"),
    ("PATCH", "/categories/{category_id}"),
    ("DELETE", "/categories/{category_id}"),
    ("GET", "/contacts/{contact}/consents"),
    ("GET", "/forms"),
    ("POST", "/forms"),
    ("GET", "/forms/{form_id}"),
    ("PATCH", "/forms/{form_id}"),
    ("DELETE", "/forms/{form_id}"),
    ("GET", "/suppressions"),
    ("GET", "/suppressions/export"),
    ("POST", "/suppressions/import"),
    ("GET", "/suppressions/{address}"),
    ("PUT", "/suppressions/{address}"),
    ("DELETE", "/suppressions/{address}"),
    ("GET", "/assets"),
    ("POST", "/assets"),
    ("GET", "/assets/{asset_id}"),
    ("DELETE", "/assets/{asset_id}"),
    ("GET", "/transports"),
    ("POST", "/transports"),
    ("GET", "/transports/{name}"),
    ("PATCH", "/transports/{name}"),
    ("DELETE", "/transports/{name}"),
    ("POST", "/transports/{name}/test"),
    ("GET", "/themes"),
    ("POST", "/themes"),
    ("GET", "/themes/{name}"),
    ("PUT", "/themes/{name}"),
    ("DELETE", "/themes/{name}"),
    ("GET", "/themes/{name}/preview"),
    ("GET", "/themes/{name}/export"),
    ("POST", "/themes/{name}/render"),
    ("POST", "/contacts"),
    ("GET", "/contacts"),
    ("GET", "/contacts/{contact}"),
    ("PATCH", "/contacts/{contact}"),
    ("DELETE", "/contacts/{contact}"),
    ("GET", "/contacts/{contact}/messages"),
    ("GET", "/contacts/{contact}/timeline"),
    ("POST", "/contacts/bulk"),
    ("POST", "/contacts/{contact}/erase"),
    ("GET", "/contacts/{contact}/access"),
    ("POST", "/exports"),
    ("GET", "/exports"),
    ("GET", "/exports/{export_id}"),
    ("POST", "/exports/{export_id}/cancel"),
    ("GET", "/erasures"),
    ("GET", "/erasures/{erasure_id}"),
    ("POST", "/contacts/{contact}/merge"),
    ("GET", "/contacts/{contact}/merge"),
    ("POST", "/tags"),
    ("GET", "/tags"),
    ("GET", "/tags/{tag}"),
    ("PATCH", "/tags/{tag}"),
    ("DELETE", "/tags/{tag}"),
    ("POST", "/stages"),
    ("GET", "/stages"),
    ("GET", "/stages/{stage}"),
    ("PATCH", "/stages/{stage}"),
    ("DELETE", "/stages/{stage}"),
    ("POST", "/tags/{tag}/rename"),
    ("POST", "/stages/{stage}/rename"),
    ("GET", "/renamings/{renaming_id}"),
    ("POST", "/imports"),
    ("GET", "/imports"),
    ("POST", "/imports/inspect"),
    ("GET", "/imports/{import_id}"),
    ("POST", "/imports/{import_id}/cancel"),
    ("GET", "/imports/{import_id}/rejected/file"),
    ("GET", "/imports/{import_id}/rejected"),
    ("POST", "/segments/preview"),
    ("POST", "/segments"),
    ("GET", "/segments"),
    ("GET", "/segments/{segment_id}"),
    ("PATCH", "/segments/{segment_id}"),
    ("DELETE", "/segments/{segment_id}"),
    ("GET", "/segments/{segment_id}/sizes"),
    ("GET", "/segments/{segment_id}/contacts"),
    ("GET", "/segments/{segment_id}/contacts/{contact}/why"),
    ("DELETE", "/segments/{segment_id}/contacts/{contact}/by-hand"),
    ("PUT", "/segments/{segment_id}/contacts/{contact}"),
    ("DELETE", "/segments/{segment_id}/contacts/{contact}"),
    ("POST", "/emails"),
    ("GET", "/emails"),
    ("GET", "/emails/{email_id}"),
    ("PATCH", "/emails/{email_id}"),
    ("DELETE", "/emails/{email_id}"),
    ("POST", "/emails/{email_id}/content"),
    ("POST", "/emails/{email_id}/clone"),
    ("GET", "/emails/{email_id}/versions"),
    ("GET", "/emails/{email_id}/versions/{number}"),
    ("POST", "/emails/{email_id}/versions/{number}/bring-back"),
    ("POST", "/emails/{email_id}/publish"),
    ("GET", "/emails/{email_id}/pending"),
    ("POST", "/emails/{email_id}/pending"),
    ("GET", "/emails/{email_id}/pending/{count_id}"),
    ("GET", "/emails/{email_id}/stats"),
    ("POST", "/emails/{email_id}/relabel"),
    ("GET", "/emails/{email_id}/relabel/{job_id}"),
    ("POST", "/emails/{email_id}/preview"),
    ("POST", "/emails/{email_id}/preflight"),
    ("GET", "/preflights/{preflight_id}"),
    ("GET", "/preflights/{preflight_id}/report"),
    ("POST", "/emails/{email_id}/test"),
    ("GET", "/emails/{email_id}/public"),
    ("POST", "/emails/{email_id}/broadcasts"),
    ("POST", "/emails/{email_id}/messages"),
    ("GET", "/broadcasts/{broadcast_id}"),
    ("GET", "/broadcasts/{broadcast_id}/test"),
    ("POST", "/broadcasts/{broadcast_id}/winner"),
    ("PATCH", "/broadcasts/{broadcast_id}"),
    ("POST", "/broadcasts/{broadcast_id}/pause"),
    ("POST", "/broadcasts/{broadcast_id}/resume"),
    ("POST", "/broadcasts/{broadcast_id}/cancel"),
    ("GET", "/broadcasts/{broadcast_id}/recipients"),
    ("GET", "/broadcasts/{broadcast_id}/missed"),
    ("GET", "/broadcasts/{broadcast_id}/missed/export"),
    ("GET", "/broadcasts/{broadcast_id}/held"),
    ("POST", "/broadcasts/{broadcast_id}/held"),
    ("GET", "/broadcasts/{broadcast_id}/decisions"),
    ("POST", "/broadcasts/{broadcast_id}/retry"),
    ("GET", "/emails/{email_id}/broadcasts"),
    ("POST", "/emails/{email_id}/editions"),
    ("POST", "/emails/{email_id}/recurrences"),
    ("GET", "/recurrences"),
    ("GET", "/recurrences/{recurrence_id}"),
    ("DELETE", "/recurrences/{recurrence_id}"),
    ("POST", "/recurrences/{recurrence_id}/pause"),
    ("POST", "/recurrences/{recurrence_id}/resume"),
    ("GET", "/dead-letters"),
    ("GET", "/dead-letters/{queue}"),
    ("POST", "/dead-letters/{queue}/replay"),
    ("POST", "/dead-letters/{queue}/drop"),
    ("GET", "/messages"),
    ("POST", "/messages/{message}/decision"),
    ("GET", "/messages/{message}/decisions"),
    ("GET", "/messages/{message}"),
]


GIVEN = {
    "contact": ID,
    "message": MESSAGE,
    "address": "nobody@example.com",
    "alias": "plan",
    "name": "nothing",
    "tag": "nothing",
    "stage": "nothing",
    "number": "1",
}


def filled(path):
    for name, value in GIVEN.items():
        path = path.replace(f"{{{name}}}", value)
    return "/v1" + re.sub(r"\{\w+_id\}", ID, path)


def test_these_are_the_addresses_of_the_api(client):
    found = {(method, path) for path, methods in client.app.routes.items() for method in methods}
    assert {(m, p.removeprefix("/v1")) for m, p in found if p.startswith("/v1")} == set(API)


@pytest.mark.parametrize(("method", "path"), API)
@pytest.mark.parametrize("key", [None, "", "Bearer wrong", f"Basic {KEY}"])
def test_nothing_is_told_or_done_without_a_key(client, parts, method, path, key):
    answer = client.raw(method, filled(path), b"{}", {} if key is None else {"authorization": key})
    assert (answer.status, answer.error["code"]) == (401, "unauthorized")
    assert "Bearer KEY" in answer.error["hint"]
    assert answer.headers["www-authenticate"] == "Bearer"
    assert parts.times == [], "no world was made"


# Of every address something can be said.
ANY_ADDRESS = [("GET", "/suppressions/{address}"), ("PUT", "/suppressions/{address}")]
# What these cannot do without.
NEEDED = {
    "/messages": {"mode": "queue", "address": "nobody@example.com"},
    "/transports/{name}/test": {"to": "nobody@example.com", "from_address": "nobody@example.com"},
    "/test": {"to": ["nobody@example.com"]},
    "/winner": {"email": ID},
    "/merge": {"into": ID},
    "/rename": {"name": "gold"},
    "/broadcasts/{broadcast_id}": {"rate": 5},
    "/broadcasts/{broadcast_id}/held": {"decision": "sent"},
    "/decision": {"decision": "sent"},
    "/recurrences": {"cron": "0 9 * * MON"},
    "/drop": {"ids": ["m1"]},
    "/editions": {"subject": "Once more"},
    "/keys/{key_id}": {"name": "Robot"},
    "/content": {"upload": "nothing"},
}


@pytest.mark.parametrize(("method", "path"), [each for each in API if "{" in each[1] and each not in ANY_ADDRESS])
def test_what_is_not_there_is_not_found(client, method, path):
    body = next((needed for end, needed in NEEDED.items() if path.endswith(end)), {})
    answer = client(method, filled(path), body if method in ("POST", "PATCH") else None)
    assert (answer.status, answer.error["code"]) == (404, "not_found")
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("name", ["x", "A" * 16, "x" * 3_000, "%00", "a b", "é", "{email_id}"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/emails/{}"), ("GET", "/broadcasts/{}"), ("DELETE", "/segments/{}")]
)
def test_what_is_no_id_is_not_found(client, method, path, name):
    answer = client(method, "/v1" + path.format(name))
    assert (answer.status, answer.error["code"]) == (404, "not_found")


WITH_BODY = [
    each for each in API if each[0] in ("POST", "PATCH") and "/imports" not in each[1] and "/pending" not in each[1]
]
WITH_BODY = [
    each
    for each in WITH_BODY
    if not each[1].endswith(("publish", "bring-back", "relabel", "pause", "resume", "cancel", "erase"))
]


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_an_unknown_field_is_named(client, method, path):
    answer = client(method, filled(path), {"flavour": "red"})
    assert answer.status == 422
    assert answer.error["code"] == "invalid"
    named = (answer.error["field"], "red" in answer.error["message"], "Known fields" in answer.error["hint"])
    assert named == ("flavour", True, True) or answer.error["hint"] == "This field is needed."


# These take files of many kinds, up to 4 MB.
TAKES_FILES = ("/assets", "/themes", "/themes/{name}", "/emails/{email_id}/content")
WRONG = [
    (b"{", "application/json", 400, "malformed"),
    (b"\xff\xfe", "application/json; charset=utf-8", 400, "malformed"),
    (b"[]", "application/json", 422, "invalid"),
    (b"a=b", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
    (b"{}", "text/plain", 415, "unsupported_media_type"),
    (b" " * (1024 * 1024 + 1), "application/json", 413, "too_large"),
]


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("wrong", WRONG)
def test_a_body_of_the_wrong_kind(client, method, path, wrong):
    body, kind, status, code = wrong
    if path in TAKES_FILES and status in (413, 415):
        body, kind, status, code = b" " * (4 * 1024 * 1024 + 1), "application/json", 413, "too_large"
    answer = client.raw(method, filled(path), body, {"authorization": f"Bearer {KEY}", "content-type": kind})
    assert (answer.status, answer.error["code"]) == (status, code)
    assert answer.error["hint"]


# One thing or a file, and no list.
SINGLE = ("/workspace", "/suppressions/export", "/dead-letters")
LISTS = [each[1] for each in API if each[0] == "GET" and "{" not in each[1] and each[1] not in SINGLE]
# The themes that come with it are always there.
NEVER_EMPTY = ("/themes",)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", "", "1.5", "٣", "9" * 5_000])
def test_a_limit_is_a_number_from_1_to_100(client, path, limit):
    answer = client("GET", f"/v1{path}", limit=limit)
    assert (answer.status, answer.error["field"]) == (422, "limit")


@pytest.mark.parametrize("path", [each for each in LISTS if each not in NEVER_EMPTY])
def test_an_empty_list_has_no_next(client, path):
    for limit in (1, 100):
        assert client("GET", f"/v1{path}", limit=limit).json == {"items": [], "next": None}
    assert client("GET", f"/v1{path}", cursor="x" * 2_001).error["field"] == "cursor"


@pytest.mark.parametrize("path", LISTS)
def test_an_invented_cursor_is_refused(client, path):
    answer = client("GET", f"/v1{path}", cursor="bm9wZQ")
    assert (answer.status, answer.error["field"]) == (422, "cursor")


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
@pytest.mark.parametrize("body", [b"[" * 3_000, b"[" * 600 + b"]" * 600, b'{"fields":' * 900 + b"1" + b"}" * 900])
def test_a_body_nested_too_deeply_is_no_fault_of_ours(client, method, path, body):
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    answer = client.raw(method, filled(path), body, headers)
    assert (answer.status, answer.error["code"], answer.error["field"]) == (400, "malformed", "body")


class Broken:
    def __getattr__(self, name):
        raise RuntimeError("the row of person@example.com is unreadable")


def test_our_own_failure_is_a_500_that_leads_to_the_log(client, world, capsys):
    with client.app.using(FakeParts(replace(world, emails=Broken()))):
        answer = client("GET", f"/v1/emails/{ID}")
    assert (answer.status, answer.error["code"], answer.error["request_id"]) == (500, "internal", "request-1")
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (line["request_id"], line["route"]) == ("request-1", "GET /v1/emails/{email_id}")
    assert (line["error"], line["said"]) == ("RuntimeError", "the row of <address> is unreadable")
    assert "whoever runs this service" in answer.error["hint"]
    assert "person@" not in answer.body.decode() + json.dumps(line)


def test_head_tells_whether_it_is_there(client):
    assert (client("HEAD", "/v1/emails").status, client("HEAD", "/v1/emails").body) == (200, b"")
    assert client("HEAD", f"/v1/emails/{ID}").status == 404


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(API), st.text(max_size=30), st.binary(max_size=60), st.text(max_size=20))
def test_whatever_is_asked_has_an_answer(client, where, name, body, query):
    """Never a 500: every fault is the caller's, and named."""
    method, path = where
    path = filled(path).replace(ID, name)
    headers = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}
    with client.app.using(FakeParts(fake_world())):
        answer = Client(client.app).raw(method, path, body, headers, query)
    assert answer.status < 500
    if answer.status >= 400:
        assert answer.error["message"]
