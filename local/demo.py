"""The demo: a bakery's letters to made-up readers, through the same API that everybody uses."""

from __future__ import annotations

import csv
import io
import json
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local import audience
from local.children import Broken
from local.client import Client
from local.showing import Bar, Show

Json = dict[str, Any]

LETTERS = Path(__file__).parent / "letters"
SENDER = "letters@bakery.example"
MAX_BODY = 4 * 1024 * 1024
POLL_S = 0.3
MAILBOXES = ("bounce", "complaint", "suppressionlist", "success")
MAILBOX_EVERY = 201
STILL_OPEN = ("scheduled", "planning", "sending")


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made: ids by their use."""

    readers: str
    french: str
    newsletter: str
    notice: str
    receipt: str
    imported: Json


def prepare(client: Client, table: bytes, show: Show) -> Demo:
    """The workspace, its audience, segments and letters."""
    client.send("PATCH", "/workspace", json.dumps(BAKERY).encode())
    readers = client.post("/segments", {"name": "Readers of the letter"})["id"]
    imported = import_audience(client, table, readers, show)
    french = client.post("/segments", {"name": "Readers in French", "filter": FRENCH})["id"]
    show.say("Writing three letters: a newsletter, a short notice, and a receipt for single sendings.")
    newsletter = _published(client, NEWSLETTER | _content("newsletter.html", "newsletter.txt"), [readers, french])
    notice = _published(client, NOTICE | _content(None, "notice.txt"), [readers])
    receipt = _published(client, RECEIPT | _content("receipt.html", None), [])
    return Demo(readers, french, newsletter, notice, receipt, imported)


BAKERY: Json = {"name": "The Bakery", "address": "1 Baker's Row\n75011 Paris", "from_address": SENDER}
FRENCH: Json = {"all": [{"field": "preferred_locale", "operator": "=", "value": "fr"}]}
NEWSLETTER: Json = {
    "kind": "segment",
    "name": "Spring newsletter",
    "subject": "{contactfield=firstname|Good morning}, the rye is back",
    "from_address": SENDER,
    "from_name": "The Bakery",
    "reply_to": "hello@bakery.example",
    "preheader": "The oven has been rebuilt.",
}
NOTICE: Json = {
    "kind": "segment",
    "name": "Closed on Monday",
    "subject": "Closed on Monday",
    "from_address": SENDER,
    "from_name": "The Bakery",
}
RECEIPT: Json = {
    "kind": "template",
    "name": "Receipt",
    "subject": "Your order {order}",
    "from_address": SENDER,
    "from_name": "The Bakery",
}


def _content(html: str | None, text: str | None) -> Json:
    return {
        "html": (LETTERS / html).read_text() if html else "",
        "text": (LETTERS / text).read_text() if text else "",
    }


def _published(client: Client, letter: Json, segments: list[str]) -> str:
    email: str = client.post("/emails", letter | {"segments": segments})["id"]
    client.post(f"/emails/{email}/publish")
    return email


def import_audience(client: Client, table: bytes, segment: str, show: Show) -> Json:
    """An import job for every 4 MB of lines; what all of them said together."""
    jobs = [_import(client, part, segment, show) for part in parts_of(table, MAX_BODY)]
    names = ("created", "updated", "unchanged", "rejected")
    rejected = [line for job in jobs for line in client.pages(f"/imports/{job['id']}/rejected")]
    return {name: sum(job[name] for job in jobs) for name in names} | {"lines": rejected}


def audience_of(count: int) -> bytes:
    """That many made-up people as CSV; one in two hundred has an address of the SES mailbox simulator."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(audience.COLUMNS)
    for number, person in enumerate(audience.generate(count)):
        address = f"{MAILBOXES[number % len(MAILBOXES)]}+{number}@simulator.amazonses.com"
        writer.writerow((address, *person[1:]) if number % MAILBOX_EVERY == 0 else person)
    return output.getvalue().encode()


def parts_of(table: bytes, size: int) -> list[bytes]:
    """The file in parts of whole lines, each under its header. No value of the demo's holds an end of line."""
    header, *lines = table.splitlines(keepends=True)
    parts, part, length = [], [header], len(header)
    for line in lines:
        if length + len(line) > size:
            parts.append(b"".join(part))
            part, length = [header], len(header)
        part.append(line)
        length += len(line)
    return [*parts, b"".join(part)]


def _import(client: Client, table: bytes, segment: str, show: Show) -> Json:
    total = table.count(b"\n") - 1
    job: Json = client.send("POST", f"/imports?segment={segment}", table, "text/csv")
    with show.working("Importing contacts") as bar:
        while job["state"] in ("waiting", "running"):
            time.sleep(POLL_S)
            job = client.get(f"/imports/{job['id']}")
            bar.at(job["created"] + job["updated"] + job["unchanged"] + job["rejected"], total)
    if job["state"] != "finished":
        raise Broken(f"The import {job['id']} failed: {job['reason']}")
    return job


def broadcast(client: Client, email: str, show: Show) -> Json:
    """Starts one and watches it to its end; the broadcast as the API shows it last."""
    _preflight(client, email, show)
    said = client.post(f"/emails/{email}/broadcasts")
    with show.working("Sending the newsletter") as bar:
        while said["state"] in STILL_OPEN:
            time.sleep(POLL_S)
            said = client.get(f"/broadcasts/{said['id']}")
            _show_progress(bar, said)
    return said


def _preflight(client: Client, email: str, show: Show) -> None:
    """Every pending letter made in a dry run: a broadcast starts with a pre-flight that finished."""
    report = client.post(f"/emails/{email}/preflight")
    with show.working("Checking every letter before it goes out") as bar:
        while report["state"] in ("waiting", "running"):
            time.sleep(POLL_S)
            report = client.get(f"/preflights/{report['id']}")
            bar.at(report["pending"], report["pending"])
    if report["state"] != "finished":
        raise Broken(f"The pre-flight {report['id']} failed: {report['reason']}")
    levels = Counter(each["level"] for each in report["findings"])
    found = ", ".join(f"{number} {level}" for level, number in levels.items()) or "nothing to mend"
    show.say(f"Pre-flight: {report['pending']} letters, {found}; about ${report['cost']['total']:.2f} on AWS.")


def _show_progress(bar: Bar, said: Mapping[str, Any]) -> None:
    settled = said["sent"] + said["failed"] + sum(said["skipped"].values()) + said["held"] + said["cancelled"]
    bar.at(settled, said["planned"], said["state"])
