import pytest

from chalicelib.compose.themes.built_in import NAMES
from tests.api.client import KEY
from tests.compose.themes.zips import PNG, THEME, zipped

ZIP = "application/zip"


def sent(client, method, path, body, query="", kind=ZIP):
    return client.raw(method, path, body, {"authorization": f"Bearer {KEY}", "content-type": kind}, query)


@pytest.fixture
def spring(client):
    answer = sent(client, "POST", "/v1/themes", zipped(THEME | {"a.svg": b"<svg/>"}), "name=spring")
    assert answer.status == 201, answer.body
    return answer.json


def test_shape_of_a_new_theme(spring):
    assert spring == {
        "name": "spring",
        "title": "Spring",
        "author": "Ann",
        "author_url": "https://a.example",
        "builder": ["x"],
        "features": ["email"],
        "format": "html",
        "entry": "html/email.html.twig",
        "built_in": False,
        "has_preview": True,
        "version": 1,
        "created_at": "2025-11-25T12:00:00.000Z",
        "updated_at": "2025-11-25T12:00:00.000Z",
        "values": [],
        "skipped": [
            {"path": "a.svg", "reason": "Gmail and Outlook show no SVG, and it can hold scripts: save it as .png."}
        ],
        "warnings": [],
    }


@pytest.mark.usefixtures("spring")
def test_the_list_has_pages(client):
    first = client("GET", "/v1/themes", limit=5).json
    rest = client("GET", "/v1/themes", limit=len(NAMES), cursor=first["next"]).json
    assert [each["name"] for each in first["items"] + rest["items"]] == [*NAMES, "spring"]
    assert rest["next"] is None
    assert first["items"][0]["created_at"] is None


@pytest.mark.usefixtures("spring")
def test_one_theme_whole(client):
    found = client("GET", "/v1/themes/spring").json
    assert found["source"] == THEME["html/email.html.twig"].decode()
    assert set(found["parts"]) == {"config.json"}
    urls = {each["path"]: each["url"] for each in found["files"]}
    assert urls["img/a.png"].startswith("https://files.example.com/public/themes/main/spring/")
    assert urls["thumbnail.png"] is urls["config.json"] is None
    welcome = client("GET", "/v1/themes/welcome").json
    assert {"name": "brand", "default": "#1f6b52"} in welcome["values"]
    assert "html/base.html.twig" in welcome["parts"]


@pytest.mark.usefixtures("spring")
def test_the_picture_is_a_png(client):
    answer = client("GET", "/v1/themes/spring/preview")
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "image/png", PNG)
    assert client("GET", "/v1/themes/letter/preview").body.startswith(b"\x89PNG")


def test_a_theme_without_a_picture(client):
    assert client("POST", "/v1/themes", {"name": "plain", "html": "<p>x"}).status == 201
    answer = client("GET", "/v1/themes/plain/preview")
    assert (answer.status, answer.error["field"]) == (404, "name")
    assert "thumbnail.png" in answer.error["hint"]


@pytest.mark.usefixtures("spring")
def test_an_export_can_be_imported_again(client):
    answer = client("GET", "/v1/themes/spring/export")
    assert (answer.headers["content-type"], answer.headers["content-disposition"]) == (
        ZIP,
        'attachment; filename="spring.zip"',
    )
    assert answer.body == client("GET", "/v1/themes/spring/export").body
    again = sent(client, "PUT", "/v1/themes/spring", answer.body, "version=1")
    assert (again.status, again.json["version"], again.json["skipped"]) == (200, 1, [])


@pytest.mark.usefixtures("spring")
def test_render(client):
    assert client("POST", "/v1/themes", {"name": "a", "twig": "<p>{{ x|default('y') }}{{ z }}"}).status == 201
    answer = client("POST", "/v1/themes/a/render", {"values": {"x": "<"}}).json
    assert answer["html"] == "<p>&lt;"
    assert [each["where"] for each in answer["warnings"]] == ["html/email.html.twig, line 1"]
    assert client("POST", "/v1/themes/a/render").json["html"] == "<p>y"


def test_mjml_is_answered_as_mjml(client):
    assert client("POST", "/v1/themes", {"name": "a", "mjml": "<mjml></mjml>"}).json["format"] == "mjml"
    assert client("POST", "/v1/themes/a/render", {}).json == {"mjml": "<mjml></mjml>", "warnings": []}


@pytest.mark.usefixtures("spring")
def test_put_by_json_and_delete(client):
    answer = client("PUT", "/v1/themes/spring", {"title": "Summer", "html": "<p>s", "version": 1})
    assert (answer.status, answer.json["title"], answer.json["version"]) == (200, "Summer", 2)
    assert client("PUT", "/v1/themes/spring", {"html": "x", "version": 1}).status == 409
    assert client("DELETE", "/v1/themes/spring").status == 204
    assert client("GET", "/v1/themes/spring").status == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "query", "fault"),
    [
        ("POST", "/v1/themes", b"no zip", "", (422, "body")),
        ("POST", "/v1/themes", zipped({"a.html": b"x"}), "", (422, "body")),
        ("POST", "/v1/themes", zipped(THEME), "name=welcome", (409, "name")),
        ("POST", "/v1/themes", zipped(THEME), "name=A", (422, "name")),
        ("POST", "/v1/themes", b"x" * 4_194_305, "", (413, "body")),
        ("PUT", "/v1/themes/welcome", zipped(THEME), "", (409, "name")),
        ("PUT", "/v1/themes/spring", zipped(THEME), "version=x", (422, "version")),
        ("PUT", "/v1/themes/none", zipped(THEME), "", (404, "name")),
        ("DELETE", "/v1/themes/letter", b"", "", (409, "name")),
    ],
)
@pytest.mark.usefixtures("spring")
def test_faults_name_their_field(client, method, path, body, query, fault):
    answer = sent(client, method, path, body, query)
    assert (answer.status, answer.error["field"]) == fault


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"html": "x"}, "name"),
        ({"name": "a", "html": 3}, "html"),
        ({"name": "a", "nope": 3}, "nope"),
        ({"name": "a", "twig": "{{ a|nope }}"}, "html/email.html.twig"),
        ({"name": "a", "html": "x", "parts": {"a.twig": 1}}, "parts.a.twig"),
    ],
)
def test_a_wrong_body_is_refused(client, body, field):
    answer = client("POST", "/v1/themes", body)
    assert (answer.status, answer.error["field"]) == (422, field)


def test_a_body_of_another_kind_is_refused(client):
    assert sent(client, "POST", "/v1/themes", b"x", kind="text/plain").status == 415


def test_an_email_begins_as_its_theme(client):
    draft = {
        "kind": "segment",
        "name": "News",
        "subject": "Hello",
        "from_address": "a@example.com",
        "theme": "newsletter",
    }
    begun = client("POST", "/v1/emails", draft | {"values": {"nonsense": "x"}})
    assert begun.status == 201
    assert begun.json["theme"] == "newsletter"
    assert "{unsubscribe_text}" in begun.json["html"] + begun.json["mjml"]
    assert "nonsense" in begun.json["warnings"][0]["message"]
    own = client("POST", "/v1/emails", draft | {"html": "<p>Mine</p>"}).json
    assert (own["html"], own["warnings"]) == ("<p>Mine</p>", [])
    assert client("POST", "/v1/emails", draft | {"theme": "nowhere"}).status == 404
