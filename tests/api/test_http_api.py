import base64
from urllib.parse import unquote

import pytest
from chalice import Blueprint, Response
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.http_api import Envoi, matched, table_of
from tests.api.client import FakeParts, answered, event
from tests.api.lambda_context import FakeContext
from tests.fakes.world import fake_world

PIXEL = b"GIF89a\x01\x00\xff"
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@pytest.fixture
def app() -> Envoi:
    blueprint = Blueprint(__name__)

    @blueprint.route("/pixel/{token}", methods=["GET"], content_types=[])
    def pixel(token: str) -> Response:
        return Response(PIXEL, {"Content-Type": "image/gif", "X-Token": token})

    @blueprint.route("/told", methods=["GET", "POST"], content_types=["application/x-www-form-urlencoded"])
    def told() -> Response:
        request = blueprint.current_request
        return Response(
            {
                "method": request.method,
                "original": request.context["originalMethod"],
                "body": request.raw_body.decode(),
                "several": request.query_params.getlist("a") if request.query_params else [],
                "agent": request.headers["user-agent"],
            },
            {"Set-Cookie": ["a=1", "b=2"], "Vary": ["a", "b"]},
        )

    app = Envoi("test", FakeParts(fake_world()))
    app.register_blueprint(blueprint)
    return app


def ask(app, method, path, **more):
    more["headers"] = {"user-agent": "me", "content-type": "application/x-www-form-urlencoded"} | more.get(
        "headers", {}
    )
    return app(event(method, path, **more), FakeContext())


def test_a_binary_answer_needs_no_accept_header(app):
    got = answered(ask(app, "GET", "/pixel/abc"))
    assert (got.status, got.body, got.headers["content-type"]) == (200, PIXEL, "image/gif")
    assert got.headers["x-token"] == "abc"


def test_a_binary_answer_to_a_rest_event_is_base64_too(app):
    rest = {
        "requestContext": {"resourcePath": "/pixel/{token}", "httpMethod": "GET"},
        "headers": {},
        "pathParameters": {"token": "abc"},
        "multiValueQueryStringParameters": None,
        "stageVariables": None,
        "body": None,
    }
    got = app(rest, FakeContext())
    assert base64.b64decode(got["body"]) == PIXEL
    assert got["isBase64Encoded"] is True
    assert "multiValueHeaders" in got, "the answer stays of format 1.0"


def test_body_query_and_headers_arrive(app):
    got = answered(ask(app, "POST", "/told", body="né".encode(), query="a=1&a=2&b="))
    assert got.json == {"method": "POST", "original": "POST", "body": "né", "several": ["1", "2"], "agent": "me"}


def test_a_body_that_is_plain_text_arrives(app):
    plain = event("POST", "/told", headers={"User-Agent": "me", "Content-Type": "application/x-www-form-urlencoded"})
    got = answered(app(plain | {"body": "a=b", "isBase64Encoded": False}, FakeContext()))
    assert got.json["body"] == "a=b"


def test_cookies_stand_apart_and_repeated_headers_are_joined(app):
    got = ask(app, "GET", "/told")
    assert got["cookies"] == ["a=1", "b=2"]
    assert got["headers"]["vary"] == "a, b"


def test_head_is_the_get_without_its_body(app):
    got = answered(ask(app, "HEAD", "/pixel/abc"))
    assert (got.status, got.body, got.headers["content-type"]) == (200, b"", "image/gif")


def test_the_view_can_tell_head_from_get(app):
    heads = []
    blueprint = Blueprint(__name__)

    @blueprint.route("/seen", content_types=[])
    def seen() -> str:
        heads.append(blueprint.current_request.context["originalMethod"])
        return ""

    app.register_blueprint(blueprint)
    ask(app, "HEAD", "/seen")
    ask(app, "GET", "/seen")
    assert heads == ["HEAD", "GET"]


def test_a_wrong_method_says_which_are_right(app):
    got = answered(ask(app, "DELETE", "/told"))
    assert (got.status, got.error["code"], got.headers["allow"]) == (405, "method_not_allowed", "GET, HEAD, POST")


@pytest.mark.parametrize("path", ["/", "", "/pixel", "/pixel/", "/pixel/a/b", "//pixel/a", "/told/", "/pixel/a%2Fb"])
def test_an_unknown_path_is_our_404_and_leaves_no_trace(app, path):
    before = set(app.routes)
    got = answered(ask(app, "GET", path))
    assert (got.status, got.error["code"]) == (404, "not_found")
    assert set(app.routes) == before


def test_the_stage_is_no_part_of_the_path(app):
    staged = event("GET", "/prod/pixel/abc")
    staged["requestContext"]["stage"] = "prod"
    assert answered(app(staged, FakeContext())).body == PIXEL


def test_the_path_with_fewer_parameters_goes_first():
    table = table_of(["/a/{x}", "/a/b", "/{y}/b", "/"])
    assert matched(table, "/a/b", unquote) == ("/a/b", {})
    assert matched(table, "/a/c%20d", unquote) == ("/a/{x}", {"x": "c d"})
    assert matched(table, "/b/b", unquote) == ("/{y}/b", {"y": "b"})
    assert matched(table, "/", unquote) == ("/", {})
    assert matched(table, "", unquote) is None
    assert matched(table, "/a/", unquote) is None


PATTERNS = ["/a/{x}", "/a/b", "/{y}/b", "/{y}/{x}", "/a", "/{y}", "/c/{x}/b", "/c/a/{x}", "/b/{x}/{y}"]
PIECE = st.sampled_from(["", "a", "b", "c", "d", "%61"])


@given(st.lists(PIECE, max_size=4))
def test_the_table_finds_what_a_plain_search_finds(pieces):
    path = "/" + "/".join(pieces)
    parts = path.split("/")
    fits = [
        pattern
        for pattern in PATTERNS
        if len(names := pattern.split("/")) == len(parts)
        and all(part if name.startswith("{") else name == part for name, part in zip(names, parts, strict=True))
    ]
    found = matched(table_of(PATTERNS), path, str)
    assert (found is None) == (not fits)
    if found is not None:
        assert found[0] in fits
        assert found[0].count("{") == min(each.count("{") for each in fits)


def test_a_click_is_held_against_its_own_patterns_alone():
    from app import app as whole  # noqa: PLC0415  # every route there is

    assert [pattern for pattern, _ in table_of(whole.routes)[4, "c"]] == ["/c/{token}/{link}"]


def function_url(method, path):
    """A function URL's event: `rawPath` as it was sent."""
    raw = event(method, path) | {"rawPath": path}
    raw["requestContext"]["domainName"] = "abc123.lambda-url.eu-central-1.on.aws"
    return raw


def test_a_parameter_is_decoded_once_in_all(app):
    over_http_api = answered(ask(app, "GET", "/pixel/a%2541"))
    over_function_url = answered(app(function_url("GET", "/pixel/a%2541"), FakeContext()))
    assert over_http_api.headers["x-token"] == over_function_url.headers["x-token"] == "a%41"


def test_a_slash_in_a_parameter_arrives_where_the_path_comes_as_it_was_sent(app):
    got = answered(app(function_url("GET", "/pixel/a%2Fb@x.com"), FakeContext()))
    assert (got.status, got.headers["x-token"]) == (200, "a/b@x.com")


def test_using_other_parts_ends_with_the_block(app):
    before, other = app.parts, FakeParts(fake_world())
    with app.using(other):
        assert app.parts is other
    assert app.parts is before


def test_a_job_is_told_to_end_before_lambda_ends_it(app):
    app.world(FakeContext(left_ms=10_000))
    app.world(FakeContext(left_ms=1_000))
    assert app.parts.times == [7_000, 0]


@given(st.sampled_from(METHODS), st.text(max_size=40), st.text(max_size=20), st.binary(max_size=20))
def test_no_request_brings_it_down(method, path, query, body):
    app = Envoi("test", FakeParts(fake_world()))
    app.route("/pixel/{token}", content_types=[])(lambda token: token)
    answered(app(event(method, "/" + path, body=body, query=query), FakeContext()))
