"""What `make package` makes, deployed: one broadcast and one single sending through its Lambdas, by HTTP alone."""

from __future__ import annotations

import platform
import re
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from infra.package import ARCHITECTURES, ROOT, TEMPLATE, ZIP
from local.client import Client, Refused, Server
from local.inbox import Copy, Inbox
from tests.end_to_end.deployment import API_KEY, DOMAIN, Deployed, deployed

pytestmark = pytest.mark.real

LINT = str(Path(sys.prefix) / "bin" / "cfn-lint")
READERS = 30
HTML = """<!DOCTYPE html><html><body><p>Hello {contactfield=firstname|you}</p>
<a href="https://bakery.example/bread?a=1&amp;b=2">bread</a>
<a href="{unsubscribe_url}">leave</a>{tracking_pixel}</body></html>"""
# A rule fires once a minute, and a first start of eight functions takes its time on two cores.
PATIENCE_S = 150.0


def eventually(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.5)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    architecture = ARCHITECTURES[platform.machine()]
    with deployed(tmp_path_factory.mktemp("deployed"), architecture) as running:
        yield running


def letter(kind: str, **more: object) -> dict[str, object]:
    return {"kind": kind, "name": kind, "subject": "Bread, {contactfield=firstname|you}", "html": HTML,
            "from_address": f"letters@{DOMAIN}"} | more  # fmt: skip


def audience(house: Deployed) -> str:
    client = house.client()
    segment = client.post("/segments", {"name": "Readers"})["id"]
    lines = [f"reader{number}@example.com,Ann {number}" for number in range(READERS)]
    table = "\n".join(["email,firstname", *lines, "nonsense,Ann"]).encode()
    job = client.send("POST", f"/imports?segment={segment}", table, "text/csv")
    eventually(lambda: client.get(f"/imports/{job['id']}")["state"] == "finished", "the import")
    job = client.get(f"/imports/{job['id']}")
    assert (job["created"], job["rejected"]) == (READERS, 1)
    return str(segment)


def test_a_broadcast_goes_out_comes_back_and_is_counted(house):
    client, segment = house.client(), audience(house)
    email = client.post("/emails", letter("segment", segments=[segment]))["id"]
    client.post(f"/emails/{email}/publish")
    broadcast = client.post(f"/emails/{email}/broadcasts", {"skip_preflight": True})["id"]
    eventually(lambda: client.get(f"/broadcasts/{broadcast}")["state"] == "finished", "the broadcast")

    said = client.get(f"/broadcasts/{broadcast}")
    assert (said["planned"], said["sent"], said["skipped"]) == (READERS, READERS, {})
    copies = [copy for copy in Inbox(house.ses.url).copies() if copy.family == email]
    assert sorted(copy.to for copy in copies) == sorted(f"reader{n}@example.com" for n in range(READERS))

    act(house, copies[0])

    def counted():
        stats = client.get(f"/emails/{email}/stats")
        return (stats["delivered"], stats["opened"]["total"], stats["clicked"]["total"], stats["unsubscribed"])

    eventually(lambda: counted() == (READERS, 1, 1, 1), "every counter")
    complaints = [line for line in lines_of(house) if "ERROR" in line or "AccessDenied" in line]
    assert complaints == []


def act(house: Deployed, copy: Copy) -> None:
    """Open, click and one-click, as a mail client does it."""
    server = house.server()
    opened = server.ask("GET", copy.pixel, headers={"Accept": "image/avif,image/*"})
    assert (opened.status, opened.headers["content-type"], opened.body[:6]) == (200, "image/gif", b"GIF89a")
    clicked = server.ask("GET", copy.clicks[0])
    assert (clicked.status, clicked.headers["location"]) == (302, "https://bakery.example/bread?a=1&b=2")
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert server.ask("POST", copy.one_click, b"List-Unsubscribe=One-Click", form).status == 200
    assert server.ask("GET", copy.pixel[:-1] + "x").status in (200, 404)


def lines_of(house: Deployed) -> list[str]:
    logs = house.aws("logs")
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    events = [event for name in groups for event in logs.filter_log_events(logGroupName=name)["events"]]
    return [event["message"] for event in events]


@pytest.mark.parametrize("mode", ["immediate", "queue"])
def test_a_template_letter_goes_to_one_contact(house, mode):
    client = house.client()
    email = client.post("/emails", letter("template", subject="Order {order}"))["id"]
    client.post(f"/emails/{email}/publish")
    address = f"buyer-{mode}@example.com"
    client.post("/contacts", {"address": address})
    wish = {"address": address, "tokens": {"order": "17"}, "mode": mode}
    message = client.post(f"/emails/{email}/messages", wish, {"Idempotency-Key": f"order-17-{mode}"})
    if mode == "immediate":
        assert message["state"] == "sent", message["reason"]
    eventually(lambda: client.get(f"/messages/{message['id']}")["state"] == "sent", "the message")
    again = client.post(f"/emails/{email}/messages", wish, {"Idempotency-Key": f"order-17-{mode}"})
    assert again["id"] == message["id"]
    copies = [copy for copy in Inbox(house.ses.url).copies() if copy.to == address]
    assert [copy.message for copy in copies] == [message["id"]]


# What the console reads and writes, with what the API's function may do.
PAGES = ("", "/results", "/emails", "/broadcasts", "/recurrences", "/contacts", "/suppressions", "/transports",
         "/settings", "/members", "/keys", "/audit")  # fmt: skip


def test_the_console_opens_by_a_key_and_finds_its_files(house):
    server, origin = house.server(), f"http://{house.host['Host']}"
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
    entered = server.ask("POST", "/console/sign-in", urlencode({"key": API_KEY}).encode(), form)
    assert (entered.status, entered.headers["location"]) == (303, "/console")
    cookie = {"Cookie": entered.headers["set-cookie"].partition(";")[0]}
    answers = {page: server.ask("GET", f"/console{page}", headers=cookie) for page in PAGES}
    assert {page: answer.status for page, answer in answers.items()} == dict.fromkeys(PAGES, 200)
    files = re.findall(rf'"{re.escape(house.url)}(/[^"]+/public/console/[^"]+)"', answers[""].body.decode())
    assert len(files) >= 4
    for each in files:
        found = Server(house.url).ask("GET", each)
        assert (found.status, found.headers["content-encoding"]) == (200, "gzip")
        assert "immutable" in found.headers["cache-control"]


def test_contacts_are_found_merged_exported_and_erased(house):
    """Every verb through its own function, with what its role allows and no more."""
    client = house.client()
    people = [{"address": f"{name}@smith.example", "fields": {"lastname": "Smith"}} for name in ("old", "new", "gone")]
    made = client.post("/contacts/bulk", {"contacts": people}, {"Idempotency-Key": "smiths"})
    assert made == client.post("/contacts/bulk", {"contacts": people}, {"Idempotency-Key": "smiths"})
    old, new, gone = (each["contact"]["id"] for each in made["items"])
    eventually(lambda: len(client.get("/contacts?search=smi")["items"]) == len(people), "the search")

    client.post(f"/contacts/{old}/merge", {"into": new})
    eventually(lambda: client.get(f"/contacts/{old}/merge")["state"] in ("settling", "finished"), "the merge")
    assert client.get("/contacts/old@smith.example")["id"] == new
    assert [each["kind"] for each in client.get(f"/contacts/{new}/timeline")["items"]] == ["change", "created"]

    exports = [client.post("/exports", {"what": what})["id"] for what in ("contacts", "segments", "messages", "events")]
    for each in exports:
        eventually(lambda each=each: client.get(f"/exports/{each}")["state"] == "finished", "the export")
    with urllib.request.urlopen(client.get(f"/exports/{exports[0]}")["url"], timeout=30) as answer:  # noqa: S310  # ours
        content = answer.read().decode()
    assert "new@smith.example" in content
    assert "gone@smith.example" in content

    assert client.get(f"/contacts/{gone}/access")["contact"]["address"] == "gone@smith.example"
    receipt = client.post(f"/contacts/{gone}/erase")["id"]
    eventually(lambda: client.get(f"/erasures/{receipt}")["state"] in ("sweeping", "finished"), "the erasure")
    assert client.get(f"/erasures/{receipt}")["removed"]["files"] >= 1
    assert client.get(f"/exports/{exports[0]}")["url"] is None
    with pytest.raises(Refused, match="409"):
        client.post("/contacts", {"address": "gone@smith.example"})
    assert [line for line in lines_of(house) if "ERROR" in line or "AccessDenied" in line] == []


def test_the_templates_are_clean(house):
    templates = [str(house.build / TEMPLATE), str(ROOT / "infra" / "data.yaml")]
    linted = subprocess.run([LINT, *templates], capture_output=True, text=True, check=False)  # noqa: S603  # our own
    assert (linted.returncode, linted.stdout) == (0, "")


def test_a_start_finds_compiled_modules(house):
    with zipfile.ZipFile(house.build / ZIP) as archive:
        names = set(archive.namelist())
    compiled = sys.implementation.cache_tag
    assert {"app.py", f"__pycache__/app.{compiled}.pyc", f"chalicelib/__pycache__/settings.{compiled}.pyc"} <= names
    assert not [name for name in names if name.startswith(("tests/", "local/", "infra/", ".chalice/", "chalice/cli"))]


def test_without_the_key_nothing_is_told(house):
    with pytest.raises(Refused, match="401"):
        Client(house.url, API_KEY + "x", house.host).get("/contacts")
