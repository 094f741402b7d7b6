"""E-mails: the list, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

from chalice import Blueprint, Response

from chalicelib.api.console.doors import changes, shows
from chalicelib.api.console.visit import ROWS, SAFE, Headers, Visit
from chalicelib.api.csv_answer import csv_answer
from chalicelib.console.showing import day
from chalicelib.model.email import Email, Kind
from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.work import emails, families, heat_map, stats
from chalicelib.work.email_list import Standing, Wanted, find, standing_of

blueprint = Blueprint(__name__)

KINDS: Mapping[str, Kind] = MappingProxyType({"segment": "segment", "template": "template"})
STANDINGS: Mapping[str, Standing] = MappingProxyType({"draft": "draft", "published": "published"})
BROADCASTS = 10
HOURLY_DAYS = 4
STEPS_S: Mapping[str, int] = MappingProxyType({"hour": 3_600, "day": 86_400})
MOST_POINTS = 400
# What the charts draw: hits, those of people first; and messages.
LINES = ("human_opened", "human_clicked", "opened", "clicked")
SENDS = ("sent", "bounced", "delivered", "unsubscribed")
BY_DAY = (*SENDS, "complained", *LINES)
MOST_DAYS = 366
SECOND_MS = 1_000
# The letter in its frame: its own styles and pictures, no script, and no way out of the frame.
LETTER = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' https: data: {files}; font-src data:; sandbox; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@shows(blueprint, "/emails")
def index(visit: Visit) -> Response:
    query = visit.browser.query
    wanted = Wanted(
        words=query.get("words", ""),
        kind=KINDS.get(query.get("kind", ""), ""),
        standing=STANDINGS.get(query.get("standing", ""), ""),
    )
    found, cursor = find(visit.world, wanted, ROWS, visit.cursor)
    rows = [(email, standing_of(email)) for email in found]
    return visit.page("emails/index", emails=rows, next=cursor, wanted=wanted)


@shows(blueprint, "/emails/{email_id}")
def show(visit: Visit, email_id: str) -> Response:
    email = emails.read(visit.world, email_id)
    counted = stats.of_email(visit.world, email_id)
    broadcasts, _ = visit.world.broadcasts.of_email(email_id, BROADCASTS, None)
    return visit.page(
        "emails/show",
        email=email,
        standing=standing_of(email),
        stats=counted,
        chart=_chart(counted),
        sends=_sends(counted["days"]),
        days=[(_day(visit, row["day"]), row) for row in counted["days"][: -MOST_DAYS - 1 : -1]],
        broadcasts=broadcasts,
        members=families.family(visit.world, email),
        segments=_names(visit, email),
        heat=visit.browser.query.get("heat") == "1",
    )


@shows(blueprint, "/emails/{email_id}/shown")
def shown(visit: Visit, email_id: str) -> Response:
    """The letter itself, for the frame in its page."""
    try:
        html = heat_map.shown(visit.world, email_id, clicks=visit.browser.query.get("heat") == "1")
    except (Invalid, TooLarge) as fault:
        return visit.page("emails/unshown", 200, met=fault)
    policy = LETTER.format(files=visit.world.bucket_url)
    headers: Headers = {**SAFE, "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}
    return Response(html, headers)


@shows(blueprint, "/emails/{email_id}/figures.csv")
def figures(visit: Visit, email_id: str) -> Response:
    counted = stats.of_email(visit.world, email_id)
    told = csv_answer(f"/console/emails/{email_id}/figures", ("figure", "of", "number"), _table(counted), None)
    told.headers.update(SAFE)
    return told


@changes(blueprint, "/emails/{email_id}/publish")
def publish(visit: Visit, email_id: str) -> Response:
    made = emails.publish(visit.world, email_id)
    return visit.go(f"/console/emails/{email_id}", "emails.published", name=made.email.name)


def _names(visit: Visit, email: Email) -> list[str]:
    known = visit.world.segments.read_many(email.segments)
    return [known[each].name for each in email.segments if each in known]


def _day(visit: Visit, named: str) -> str:
    return day(_seconds(named) * SECOND_MS, visit.language, "UTC")


def _chart(counted: dict[str, Any]) -> dict[str, Any]:
    """Hits by hour where all of it is within a few days, else by day."""
    hours, days = counted["hours"], counted["days"]
    if hours and len(days) <= HOURLY_DAYS:
        return _drawn(hours, "hour", LINES)
    return _drawn(days, "day", LINES)


def _sends(days: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return _drawn(days, "day", SENDS)


def _drawn(rows: Sequence[Mapping[str, Any]], step: Literal["hour", "day"], lines: Sequence[str]) -> dict[str, Any]:
    """From one before the first to one behind the last: moments in epoch seconds, and a row for each line."""
    found = {_seconds(row[step]): row for row in rows if any(each in row for each in lines)}
    if not found:
        return {"at": [], "rows": [], "step": step}
    apart = STEPS_S[step]
    at = list(range(min(found) - apart, max(found) + 2 * apart, apart))[-MOST_POINTS:]
    drawn = [[found.get(moment, {}).get(each, 0) for moment in at] for each in lines]
    return {"at": at, "rows": drawn, "step": step}


def _seconds(moment: str) -> int:
    """Of `2026-11-27` or `2026-11-27T09`, in UTC."""
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


def _table(counted: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What, of what, how many."""
    for name in ("planned", "sent", "failed", "delivered", "bounced", "soft_bounced", "complained", "unsubscribed"):
        yield name, "", str(counted.get(name, 0))
    for label in ("human", "machine"):
        for name in ("opened", "clicked"):
            yield f"{name} by {label}, messages", "", str(counted[label][name]["unique"])
            yield f"{name} by {label}, times", "", str(counted[label][name]["total"])
    for reason, count in counted["skipped"].items():
        yield "skipped", reason, str(count)
    for row in counted["links"]:
        yield f"link in {row['part']} clicked by people", row["url"], str(row["human"]["unique"])
    yield from _told_apart(counted)


def _told_apart(counted: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for kind, named in (("segment", "name"), ("domain", "domain")):
        for row in counted[f"{kind}s"]:
            yield from _of_cohort(kind, row[named] or row[kind], row)
    for row in counted["days"]:
        yield from ((f"{name} by day", row["day"], str(row.get(name, 0))) for name in BY_DAY)
    for name in ("devices", "clients"):
        for each, count in counted[name].items():
            yield name, each, str(count)


def _of_cohort(kind: str, of: str, row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in ("sent", "delivered", "bounced", "complained", "unsubscribed"):
        yield f"{name} by {kind}", of, str(row[name])
    for label in ("human", "machine"):
        for name in ("opened", "clicked"):
            yield f"{name} by {label}, by {kind}", of, str(row[label][name])
