from urllib.parse import urlencode

import pytest

from tests.api.client import KEY, answered, event
from tests.api.lambda_context import FakeContext
from tests.compose.page_import.brought import PNG, html_part, mail, part
from tests.compose.themes.zips import zipped

LETTER = {"kind": "template", "name": "Spring", "subject": "Hello", "from_address": "team@example.com", "html": "old"}
ZIP = zipped({"mail.html": b"<img src=a.png>\n<img src=b.png>", "a.png": PNG, "x.js": b"x"})
RELATED = mail(html_part("<img src='cid:a'>"), part(PNG, "Content-ID: <a>"))


@pytest.fixture
def email(client):
    return client("POST", "/v1/emails", LETTER).json


@pytest.fixture
def send(client, email):
    def send(body, kind, **query):
        headers = {"authorization": f"Bearer {KEY}", "content-type": kind}
        return client.raw("POST", f"/v1/emails/{email['id']}/content", body, headers, urlencode(query))

    return send


def test_what_a_zip_answers(client, email, send):
    answer = send(ZIP, "application/zip", version=1)
    assert answer.status == 200
    told = answer.json.pop("imported")
    (picture,) = told["pictures"]
    asset = client("GET", f"/v1/assets/{picture['asset']}").json
    assert picture == {"path": "a.png", "asset": asset["id"], "url": asset["url"]}
    assert told | {"pictures": []} == {
        "page": "mail.html",
        "pictures": [],
        "styles": [],
        "skipped": [{"path": "x.js", "reason": "Scripts are never taken: mail programs run none."}],
        "missing": [{"path": "b.png", "line": 2, "file": "mail.html"}],
    }
    shown = client("GET", f"/v1/emails/{email['id']}").json
    assert {name: value for name, value in answer.json.items() if name != "imported"} == shown
    assert shown["html"] == f"<img src={asset['url']}>\n<img src=b.png>"


@pytest.mark.parametrize(
    ("body", "kind", "query", "html"),
    [
        (b"<p>x</p>", "text/html", {}, "<p>x</p>"),
        (b"<p>\xe9</p>", "text/html; charset=iso-8859-1", {}, "<p>é</p>"),
        (b"<p>x</p>", "application/octet-stream", {"name": "page.html"}, "<p>x</p>"),
        (zipped({"a.html": b"<p>x</p>"}), "application/octet-stream", {"name": "a.zip"}, "<p>x</p>"),
        (zipped({"a.html": b"<p>x</p>"}), "application/x-zip-compressed", {}, "<p>x</p>"),
        (mail(html_part("<p>x</p>")), "message/rfc822", {}, "<p>x</p>"),
        (mail(html_part("<p>x</p>")), "application/x-mimearchive", {}, "<p>x</p>"),
        (mail(html_part("<p>x</p>")), "multipart/related", {}, "<p>x</p>"),
        (b"--b\r\n\r\n", 'multipart/related; boundary="b"', {}, None),
        (b"--b\r\nContent-Type: text/html\r\n\r\n<p>x</p>\r\n--b--", "multipart/related; boundary=b", {}, "<p>x</p>"),
    ],
)
def test_each_kind_of_body(send, body, kind, query, html):
    answer = send(body, kind, **query)
    if html is None:
        assert (answer.status, answer.error["field"]) == (422, "body")
    else:
        assert (answer.status, answer.json["html"]) == (200, html), answer.body


def test_text_arrives_as_text(client, email):
    """API Gateway hands text/* over as it is, and other kinds in base64."""
    made = event("POST", f"/v1/emails/{email['id']}/content")
    made["headers"] = {"authorization": f"Bearer {KEY}", "content-type": "text/html; charset=utf-8"}
    made |= {"body": "<p>é</p>", "isBase64Encoded": False}
    assert answered(client.app(made, FakeContext())).json["html"] == "<p>é</p>"


def test_a_large_one_is_put_before(client, email, world):
    upload = client("POST", "/v1/assets", {"request_upload": True}).json["upload"]
    path = f"/v1/emails/{email['id']}/content"
    assert client("POST", path, {"upload": upload}).status == 404
    world.files.put(upload, ZIP, "application/octet-stream")
    assert client("POST", path, {"upload": upload, "name": "a.zip"}).json["imported"]["page"] == "mail.html"


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        ((b"<p>x</p>", "text/plain", {}), (415, "content-type")),
        ((b"", "text/html", {}), (422, "body")),
        ((b"x", "text/html", {"version": "2"}), (409, "version")),
        ((b"x", "text/html", {"version": "two"}), (422, "version")),
        ((b"x", "text/html; charset=nonsense", {}), (422, "charset")),
        ((b"x", "application/octet-stream", {"name": "a.exe"}), (422, "name")),
        ((b"x" * (4 * 1024 * 1024 + 1), "application/zip", {}), (413, "body")),
        ((b"{}", "application/json", {}), (422, "upload")),
    ],
)
def test_what_is_refused(client, email, send, sent, refused):
    body, kind, query = sent
    answer = send(body, kind, **query)
    assert (answer.status, answer.error["field"]) == refused
    assert answer.error["hint"]
    assert client("GET", f"/v1/emails/{email['id']}").json == email
