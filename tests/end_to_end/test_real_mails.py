"""Mails that nobody here wrote: published, broadcast, in the inbox and in the browser, every byte as it was."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from local.client import Client, Server
from local.home import Home
from local.inbox import Copy, Inbox
from local.stack import SENDING_DOMAIN

MAILS = Path(__file__).parents[3] / "shared" / "mails"
FILES = sorted([*MAILS.glob("*.html"), *MAILS.glob("postmark-*.txt")])

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not FILES, reason=f"the real mails are missing: {MAILS} has none; CI keeps it beside the checkout"
    ),
]

PATIENCE_S = 120.0
PEOPLE = {"ada@example.com": "Ada", "elodie@example.com": "Élodie"}
TOKEN = "{{name}}"
OURS = "{contactfield=firstname|you}"
PIXEL = re.compile(r'<img [^>]*src="[^"]*/o/[\w-]+"[^>]*>')
DECOY = re.compile(r'<a href="[^"]*" style="display:none" aria-hidden="true" tabindex="-1"></a>')
TRACKED = re.compile(r"https?://[^/\s\"]+/c/[\w-]+/(\d+)")


@dataclass(frozen=True)
class Sent:
    """One mail as it was written and as it arrived; `links` by their number."""

    original: str
    copies: Mapping[str, Copy]
    links: Mapping[int, str]
    home: Home

    def untracked(self, body: str) -> str:
        return TRACKED.sub(lambda found: self.links[int(found[1])], PIXEL.sub("", DECOY.sub("", body)))


@pytest.fixture(scope="module")
def sent(running: Home) -> dict[str, Sent]:
    """All of them, twice: as they are, and with one of our tokens in each where theirs stood."""
    client = Client(running.url, running.api_key)
    people = {address: client.post("/contacts", person(address, name))["id"] for address, name in PEOPLE.items()}
    segment = client.post("/segments", {"name": "All"})["id"]
    for contact in people.values():
        client.send("PUT", f"/segments/{segment}/contacts/{contact}")
    letters = {path.name: path.read_bytes().decode() for path in FILES}
    letters |= {f"ours-{name}": text.replace(TOKEN, OURS) for name, text in letters.items()}
    emails = {name: published(client, name, text, segment) for name, text in letters.items()}
    broadcasts = [
        client.post(f"/emails/{email}/broadcasts", {"skip_preflight": True})["id"] for email in emails.values()
    ]
    for broadcast in broadcasts:
        finished(client, broadcast)
    copies = list(Inbox(running.ses_url).copies())
    return {name: arrived(client, running, email, letters[name], copies) for name, email in emails.items()}


def person(address: str, name: str) -> dict[str, object]:
    return {"address": address, "fields": {"firstname": name}}


def published(client: Client, name: str, text: str, segment: str) -> str:
    kind = "html" if name.endswith(".html") else "text"
    draft = {"kind": "segment", "name": name, "subject": name, "from_address": f"news@{SENDING_DOMAIN}"}
    email = str(client.post("/emails", draft | {"segments": [segment], kind: text})["id"])
    client.post(f"/emails/{email}/publish")
    return email


def finished(client: Client, broadcast: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while (said := client.get(f"/broadcasts/{broadcast}"))["state"] != "finished":
        assert time.monotonic() < deadline, said
        time.sleep(0.2)
    assert said["sent"] == len(PEOPLE), said


def arrived(client: Client, home: Home, email: str, original: str, copies: list[Copy]) -> Sent:
    links = {each["n"]: each["url"] for each in client.get(f"/emails/{email}/stats")["links"]}
    return Sent(original, {copy.to: copy for copy in copies if copy.family == email}, links, home)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_it_arrives_as_it_was_for_everyone(sent, path):
    mail = sent[path.name]
    assert set(mail.copies) == set(PEOPLE)
    for copy in mail.copies.values():
        body = copy.html if path.suffix == ".html" else copy.text
        assert mail.untracked(body) == mail.original
        assert body.count("{{") == mail.original.count("{{")


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".html"], ids=lambda path: path.name)
def test_the_web_version_is_the_letter(sent, path):
    mail = sent[path.name]
    for copy in mail.copies.values():
        page = Server(mail.home.url).ask("GET", copy.unsubscribe.replace("/u/", "/w/"))
        assert page.status == 200
        assert mail.untracked(page.body.decode()) == mail.original


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_our_tokens_become_values_and_theirs_stay(sent, path):
    mail = sent[f"ours-{path.name}"]
    for address, name in PEOPLE.items():
        copy = mail.copies[address]
        body = copy.html if path.suffix == ".html" else copy.text
        assert mail.untracked(body) == mail.original.replace(OURS, name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_tracked_link_leads_where_it_led(sent, path):
    mail = sent[path.name]
    copy = mail.copies["ada@example.com"]
    for number, place in enumerate(copy.clicks):
        answer = Server(mail.home.url).ask("GET", place)
        assert (answer.status, answer.headers["location"]) == (302, mail.links[int(place.rpartition("/")[2])]), number
