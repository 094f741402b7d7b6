"""What happened, in plain words, and where to go from here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from local.home import Home

Json = dict[str, Any]

COUNTED = ("delivered", "bounced", "complained", "opened", "clicked", "unsubscribed")
# Reasons for skipping, as people say them.
REASONS: Mapping[str, str] = {
    "gone": "deleted since",
    "merged": "merged into another contact",
    "unsubscribed": "had unsubscribed",
    "bounced": "had bounced",
    "complained": "had complained",
    "suppressed": "suppressed by hand",
    "no_consent": "without consent",
    "over_cap": "had enough mail lately",
    "already_sent": "had this letter already",
    "invalid_address": "address cannot be mailed",
}


def summary(demo: Mapping[str, Any]) -> list[str]:
    """The lines of what a demo came to; `demo` is what `demo.json` keeps."""
    said, stats, imported = demo["broadcast"], demo["stats"], demo["imported"]
    seconds = demo["seconds"]
    lines = [
        f"  imported      {imported['created']:>7}  contacts; {imported['rejected']} lines rejected",
        *(f"                         line {each['line']}: {each['column']} {each['value']!r}: {each['reason']}"
          for each in imported["lines"][:5]),
        f"  planned       {said['planned']:>7}  each contact of both segments once",
        f"  sent          {said['sent']:>7}  in {seconds:.1f} s, {said['sent'] / seconds:.0f} messages a second",
        *_skipped(said["skipped"]),
        *(f"  {name:<13} {said[key]:>7}" for key, name in (("failed", "failed"), ("held", "held")) if said[key]),
    ]  # fmt: skip
    return lines + [f"  {name:<13} {stats.get(name, 0):>7}" for name in COUNTED]


def _skipped(skipped: Mapping[str, int]) -> list[str]:
    reasons = ", ".join(f"{number} {REASONS.get(name, name)}" for name, number in sorted(skipped.items()))
    return [f"  skipped       {sum(skipped.values()):>7}  {reasons}".rstrip()]


def directions(home: Home, email: str, broadcast: str, console: str) -> list[str]:
    """Addresses to open, and commands to paste."""
    auth = f"-H 'Authorization: Bearer {home.api_key}'"
    return [
        "Where to go",
        f"  console       {console}",
        f"  API           {home.url}/v1",
        f"  inbox         {home.inbox_url}",
        f"  statistics    curl -s {auth} {home.url}/v1/emails/{email}/stats",
        f"  broadcast     curl -s {auth} {home.url}/v1/broadcasts/{broadcast}",
        f"  all of it     {home.directory / 'envoi.json'}",
    ]


def seconds_of(broadcast: Mapping[str, Any]) -> float:
    """From the start to the end, by the broadcast's own clock."""
    began, ended = (datetime.fromisoformat(broadcast[name]) for name in ("started_at", "ended_at"))
    return max(0.001, (ended - began).total_seconds())
