"""The demonstration from one end to the other: prepare, send, let the recipients act, wait, tell."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from local import demo, invariants, readers
from local.client import Client
from local.demo import Demo
from local.home import Home
from local.inbox import Copy, Inbox
from local.invariants import ONCE, Verdict
from local.readers import Done
from local.report import seconds_of
from local.showing import Show

Json = dict[str, Any]
POLL_S = 0.5
STILL_S = 20.0

# Which counters a fate in the simulator leads to.
LEADS_TO: Mapping[str, Sequence[str]] = {
    "delivered": ("delivered",),
    "complained": ("delivered", "complained"),
    "bounced": ("bounced",),
    "suppressed": ("bounced",),
    "globally_suppressed": ("bounced",),
    "soft_bounced": ("soft_bounced",),
    "rejected": ("rejected",),
}


@dataclass(frozen=True, slots=True)
class Demonstration:
    """`copies` are the newsletter's; `letters` all that arrived; `stats` the newsletter's counters, flat."""

    made: Demo
    broadcast: Json
    letters: list[Copy]
    copies: list[Copy]
    done: Done
    stats: dict[str, int]

    def kept(self) -> Json:
        """What a later start shows again."""
        return {
            **asdict(self.made),
            "broadcast": self.broadcast,
            "stats": self.stats,
            "seconds": seconds_of(self.broadcast),
            "on": self.broadcast["started_at"],
        }


def perform(home: Home, table: bytes, show: Show) -> Demonstration:
    client, inbox = Client(home.url, home.api_key), Inbox(home.ses_url)
    made = demo.prepare(client, table, show)
    _single_sendings(client, home, made, inbox, show)
    broadcast = demo.broadcast(client, made.newsletter, show)
    letters = list(inbox.copies())
    copies = [copy for copy in letters if copy.family == made.newsletter]
    show.say("Nobody reads a letter in its first seconds: whoever does is counted as a machine.")
    time.sleep(readers.AT_THEIR_LEISURE_S)
    done = readers.act(home.url, copies, show)
    stats = _settled(client, made.newsletter, expected(copies, done), show)
    return Demonstration(made, broadcast, letters, copies, done, stats)


def _single_sendings(client: Client, home: Home, made: Demo, inbox: Inbox, show: Show) -> None:
    """A receipt to three people; the first of them unsubscribes by it, so that the newsletter passes by."""
    people = [each for each in client.get("/contacts", limit=50)["items"] if "simulator" not in each["address"]][:3]
    for number, person in enumerate(people, 1):
        wish = {"contact_id": person["id"], "tokens": {"order": f"{number:04d}", "what": "one rye, two rolls"}}
        client.post(f"/emails/{made.receipt}/messages", wish, {"Idempotency-Key": f"{made.receipt}-{number}"})
    receipts = [copy for copy in inbox.copies() if copy.family == made.receipt]
    show.say(f"Sent {len(receipts)} receipts one by one; the first to get one unsubscribes.")
    readers.unsubscribe(home.url, receipts[:1])


def expected(copies: Sequence[Copy], done: Done) -> dict[str, int]:
    """What the counters must come to, from what the simulator and the recipients did."""
    counted = Counter(name for copy in copies for name in LEADS_TO.get(copy.fate, ()))
    return {name: counted[name] for name in ONCE} | {
        "unsubscribed": done.count("unsubscribed"),
        "opened": len({deed.message for deed in done.deeds if deed.kind in ("opened", "clicked")}),
        "opened_total": done.count("opened"),
        "clicked": done.unique("clicked"),
        "clicked_total": done.count("clicked"),
    }


def counters(client: Client, email: str) -> dict[str, int]:
    """The statistics' counters under flat names."""
    said = client.get(f"/emails/{email}/stats")
    flat = {name: said[name] for name in ONCE}
    for name in ("opened", "clicked"):
        flat |= {name: said[name]["unique"], f"{name}_total": said[name]["total"]}
    return flat


def _settled(client: Client, email: str, wanted: Mapping[str, int], show: Show) -> dict[str, int]:
    """The counters once they are what they must come to, or once nothing has changed for a while."""
    total = sum(wanted.values())
    with show.working("Counting what came back") as bar:
        stats, changed_at = counters(client, email), time.monotonic()
        while stats != wanted and time.monotonic() - changed_at < STILL_S:
            bar.at(sum(stats.values()), total)
            time.sleep(POLL_S)
            before, stats = stats, counters(client, email)
            changed_at = changed_at if stats == before else time.monotonic()
        bar.at(sum(stats.values()), total)
    return stats


def verdicts(home: Home, shown: Demonstration) -> list[Verdict]:
    """The invariants, each asked of the API and of the simulator."""
    client = Client(home.url, home.api_key)
    missing = {name: n for name, n in expected(shown.copies, shown.done).items() if shown.stats.get(name) != n}
    return [
        invariants.nobody_twice(shown.letters),
        invariants.all_settled(shown.broadcast),
        invariants.sums_add_up(shown.broadcast),
        invariants.everyone_accounted_for(shown.broadcast, _audience(client, shown.made), shown.copies),
        invariants.inbox_equals_sent(shown.broadcast, shown.copies),
        invariants.counters_equal_facts(client, shown.stats, [copy.message for copy in shown.copies]),
        Verdict(not missing, f"counters tell all that happened: {missing or 'nothing is missing'}"),
        Verdict(not shown.done.wrong, f"every open, click and one-click was answered: {shown.done.wrong[:3] or 'yes'}"),
    ]


def _audience(client: Client, made: Demo) -> set[str]:
    """Who belongs to either segment, by the contacts' own fields and lists."""
    return {
        each["id"]
        for each in client.pages("/contacts", limit=100)
        if made.readers in each["segments"] or each["fields"].get("preferred_locale") == "fr"
    }
