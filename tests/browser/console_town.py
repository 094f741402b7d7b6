"""A whole Envoi on this machine, with the demonstration in it, for a browser to look at: nothing in it is imitated."""

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from local import audience, console, demonstration, readers
from local.client import Client
from local.home import Home, opened
from local.inbox import Inbox
from local.showing import Show
from local.stack import Stack
from tests.browser.serving import opened as profile
from tests.ports import free_block

# What a page may weigh as it comes over the wire, in bytes; the preview of a letter in it aside.
MOST_BYTES = 100_000
# The newest of these, by the names that they have in the pages' addresses.
NEWEST = {
    "import": "/imports",
    "export": "/exports",
    "erasure": "/erasures",
    "form": "/forms",
    "category": "/categories",
}

BREAD = {
    "kind": "segment",
    "name": "Autumn bread",
    "subject": "Our bread for the autumn",
    "from_address": "rose@bakery.example",
    "html": '<p>Chestnut, rye and walnut: <a href="https://bakery.example/autumn">look</a>.</p><p>{unsubscribe_text}</p>',
    "test": {"share": 60, "goal": "opened", "wait_hours": 48, "automatic": False},
}


@dataclass
class ConsoleTown:
    home: Home
    made: demonstration.Demonstration
    more: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.home.url

    @property
    def client(self) -> Client:
        return Client(self.home.url, self.home.api_key)

    def place(self, path: str) -> str:
        """A page's address; ids by what the demonstration calls them."""
        made = self.made.made
        ids = {"newsletter": made.newsletter, "notice": made.notice, "receipt": made.receipt, "readers": made.readers}
        ids |= {"french": made.french, "broadcast": self.made.broadcast["id"], "contact": self.made.copies[0].contact}
        ids |= self.more
        for name, kept in NEWEST.items():
            if f"{{{name}}}" in path:
                ids[name] = self.client.get(kept)["items"][0]["id"]
        if "{preflight}" in path:
            ids |= {"preflight": self._preflight(), "soon": f"{datetime.now(UTC) + timedelta(days=3):%Y-%m-%d}T09:30"}
        return self.home.url + path.format(**ids)

    def _preflight(self) -> str:
        """Of the notice, finished."""
        job = self.client.post(f"/emails/{self.made.made.notice}/preflight", {})
        self.wait(f"/preflights/{job['id']}", "state", "finished")
        return str(job["id"])

    def wait(self, path: str, name: str, value: str) -> None:
        """Until the API says so; for two minutes at the most."""
        until = time.monotonic() + 120
        while (said := self.client.get(path))[name] != value:
            assert time.monotonic() < until, said
            time.sleep(0.2)

    def sign_in(self, page: Page) -> None:
        page.goto(console.address(self.home))
        page.wait_for_url("**/console")


def furnish(town: ConsoleTown) -> dict[str, str]:
    """What the demonstration has none of; ids of what no list tells."""
    client = town.client
    offers = {"name": "Offers", "names": {"en": "Offers of the week", "fr": "Offres de la semaine"}}
    client.post("/categories", offers)
    client.post("/categories", {"name": "Tests of the team", "public": False})
    gone = client.post("/contacts", {"address": "gone@example.com"})["id"]
    client.post(f"/contacts/{gone}/erase")
    client.post("/exports", {"what": "messages", "email": town.made.made.newsletter})
    client.post("/exports", {"what": "contacts", "segment": town.made.made.readers})
    client.post(
        "/forms",
        {
            "name": "Foot of the website",
            "from_address": "rose@bakery.example",
            "from_name": "Bakery Rose",
            "segments": [town.made.made.readers],
            "fields": [{"alias": "firstname", "needed": True}, {"alias": "country"}],
            "texts": {
                "en": {"consent": "Yes, send me the bakery's news about once a week.", "thanks": "Thank you!"},
                "fr": {"consent": "Oui, envoyez-moi les nouvelles de la boulangerie, environ une fois par semaine."},
            },
        },
    )
    client.post("/transports", {"name": "ses", "provider": "ses"})
    relay = {"host": "smtp.bakery.example", "user": "letters"}
    client.post("/transports", {"name": "relay", "provider": "smtp", "active": False, "settings": relay})
    client.post(f"/emails/{town.made.made.notice}/recurrences", {"cron": "0 9 * * MON,THU"})
    regular = json.dumps({"add_tags": ["comes daily"], "stage": "Prospect"}).encode()
    client.send("PATCH", f"/contacts/{town.made.copies[0].contact}", regular)
    renaming = client.post("/tags/comes%20daily/rename", {"name": "regular"})["id"]
    town.wait(f"/renamings/{renaming}", "state", "finished")
    stories = {"kind": "segment", "name": "Three stories", "subject": "Three stories", "theme": "stories"}
    blocks = client.post("/emails", stories | {"from_address": "rose@bakery.example"})["id"]
    return {"renaming": renaming, "blocks": blocks}


def put_to_test(town: ConsoleTown) -> tuple[str, str]:
    """A broadcast whose A/B test waits for its winner, and its e-mail."""
    client = town.client
    first = client.post("/emails", BREAD | {"segments": [town.made.made.readers]})["id"]
    second = {"name": "Autumn bread (B)", "subject": "Have you tried chestnut?", "variant_of": first, "weight": 50}
    for each in (first, client.post("/emails", BREAD | second | {"test": None})["id"]):
        client.post(f"/emails/{each}/publish")
    broadcast = client.post(f"/emails/{first}/broadcasts", {"skip_preflight": True})["id"]
    town.wait(f"/broadcasts/{broadcast}", "state", "testing")
    return broadcast, first


def begin_test(town: ConsoleTown) -> dict[str, str]:
    """One put to the test, with the first opens counted: its id and its e-mail's."""
    tested, bread = put_to_test(town)
    copies = [copy for copy in Inbox(town.home.ses_url).copies() if copy.family == bread]
    time.sleep(readers.AT_THEIR_LEISURE_S)
    readers.act(town.home.url, copies, Show(io.StringIO()))
    return {"tested": tested, "bread": bread}


@contextmanager
def console_town(directory: Path) -> Iterator[ConsoleTown]:
    home = opened(directory, free_block(), fresh=True)
    stack = Stack(home)
    try:
        stack.start()
        town = ConsoleTown(home, demonstration.perform(home, audience.SHIPPED.read_bytes(), Show(io.StringIO())))
        town.more = furnish(town) | begin_test(town)
        yield town
    finally:
        stack.stop()


@contextmanager
def signed_in(
    running: Browser, town: ConsoleTown, size: tuple[int, int], scheme: str = "light", locale: str = "en"
) -> Iterator[tuple[BrowserContext, Page]]:
    with profile(running, size, scheme, locale, scripts=True) as context:
        page = context.new_page()
        town.sign_in(page)
        yield context, page


@dataclass
class Watch:
    """What a page asked for, said and weighed. `own` are the beginnings of our own addresses."""

    own: tuple[str, ...]

    def on(self, page: Page) -> None:
        self.strange: list[str] = []
        self.said: list[str] = []
        self.answers: list = []
        page.on("request", lambda request: self._look(request.url))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("response", lambda answer: self.answers.append(answer))  # noqa: PLW0108  # playwright marks its handlers

    def clear(self) -> None:
        self.strange, self.said, self.answers = [], [], []

    def weight(self, page: Page) -> int:
        """Bytes on the wire of the page itself and all that it asks for, without what its frames show."""
        mine = [each for each in self.answers if each.frame == page.main_frame]
        return sum(each.request.sizes()["responseBodySize"] for each in mine)

    def _look(self, url: str) -> None:
        if not url.startswith((*self.own, "data:", "about:")):
            self.strange.append(url)


def watch(town: ConsoleTown) -> Watch:
    return Watch((town.home.url, f"{town.home.aws_url}/"))
