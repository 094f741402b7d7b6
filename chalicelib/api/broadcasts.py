"""`/v1/broadcasts`: start one run of a segment e-mail, watch it, pause, resume, cancel it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec
from chalice import Blueprint, Response

from chalicelib.api.answers import answer, page
from chalicelib.api.routes import Call, route
from chalicelib.api.times import iso
from chalicelib.api.whens import Timed, when_of
from chalicelib.model.broadcast import Broadcast, Tally
from chalicelib.model.errors import Invalid
from chalicelib.work import broadcasting, emails, retrying, testing

blueprint = Blueprint(__name__)

# A broadcast's sums read the chunks that are under way.
MOST_SUMMED = 20


class Start(Timed, forbid_unknown_fields=True):
    """The e-mail's own segments where none are given; at once where no time is. Without a pre-flight of the revision
    that finished it starts only where `skip_preflight` says so.
    """

    segments: list[str] | None = None
    exclude: list[str] | None = None
    skip_preflight: bool = False


class Retry(msgspec.Struct, forbid_unknown_fields=True):
    """Whose address is wrong is left out, unless `all` says otherwise."""

    all: bool = False


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """`rate` is in recipients a second, null for none of its own."""

    rate: float | None


class Winner(msgspec.Struct, forbid_unknown_fields=True):
    """`email` is the id of the variant that the rest of the audience is to get."""

    email: str


@route(blueprint, "POST", "/emails/{email_id}/broadcasts")
def start(call: Call, email_id: str) -> Response:
    given = call.decoded(Start)
    when = when_of(call.world, given)
    try:
        broadcast = broadcasting.create(
            call.world, email_id, given.segments, given.exclude, when, skip_preflight=given.skip_preflight
        )
    except Invalid as fault:
        if fault.field not in ("at", "until"):
            raise
        # the caller knows the time that was sent, not our milliseconds
        raise Invalid(fault.field, getattr(given, fault.field), fault.hint or "") from None
    return answer(shown(broadcast, Tally()), 201)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}")
def read(call: Call, broadcast_id: str) -> object:
    return _progressed(broadcasting.progress(call.world, broadcast_id))


@route(blueprint, "PATCH", "/broadcasts/{broadcast_id}")
def change(call: Call, broadcast_id: str) -> object:
    """While it runs, too: the next call keeps to it."""
    return _progressed(broadcasting.set_rate(call.world, broadcast_id, call.decoded(Change).rate))


@route(blueprint, "POST", "/broadcasts/{broadcast_id}/pause")
def pause(call: Call, broadcast_id: str) -> object:
    return _progressed(broadcasting.pause(call.world, broadcast_id))


@route(blueprint, "POST", "/broadcasts/{broadcast_id}/resume")
def resume(call: Call, broadcast_id: str) -> object:
    return _progressed(broadcasting.resume(call.world, broadcast_id))


@route(blueprint, "POST", "/broadcasts/{broadcast_id}/cancel")
def cancel(call: Call, broadcast_id: str) -> object:
    return _progressed(broadcasting.cancel(call.world, broadcast_id))


@route(blueprint, "POST", "/broadcasts/{broadcast_id}/retry")
def retry(call: Call, broadcast_id: str) -> Response:
    """Another broadcast of the same letter, to those who failed; for whatever reason where `all` says so."""
    given = call.decoded(Retry)
    return answer(shown(retrying.retry(call.world, broadcast_id, whatever=given.all), Tally()), 201)


@route(blueprint, "GET", "/emails/{email_id}/broadcasts")
def of_email(call: Call, email_id: str) -> object:
    """The newest first, each with its sums."""
    emails.read(call.world, email_id)
    found, cursor = call.world.broadcasts.of_email(email_id, min(call.limit, MOST_SUMMED), call.cursor)
    return page([_progressed(broadcasting.progress(call.world, each.id)) for each in found], cursor)


@route(blueprint, "GET", "/broadcasts/{broadcast_id}/test")
def read_test(call: Call, broadcast_id: str) -> object:
    return _tested(testing.report(call.world, broadcast_id))


@route(blueprint, "POST", "/broadcasts/{broadcast_id}/winner")
def choose_winner(call: Call, broadcast_id: str) -> object:
    """Decides a test by hand; the rest of the audience is planned at once."""
    return _progressed(testing.choose(call.world, broadcast_id, call.decoded(Winner).email))


def _tested(report: testing.Report) -> dict[str, Any]:
    """`probability` is how probable it is that no other variant is better; `best` leads, `winner` was chosen."""
    broadcast, standing = report.broadcast, report.standing
    return {
        "broadcast": broadcast.id,
        "state": broadcast.state,
        "goal": report.goal,
        "share": broadcast.test.share if broadcast.test else 100,
        "decide_at": iso(broadcast.decide_at),
        "winner": broadcast.winner or None,
        "best": standing.best,
        "statement": standing.statement,
        "variants": [
            {
                "email": variant,
                "weight": report.weights[variant],
                "sent": result.sent,
                "reached": result.reached,
                "rate": round(result.rate, 4),
                "probability": standing.probabilities[variant],
            }
            for variant, result in report.results.items()
        ],
    }


def _progressed(progress: broadcasting.Progress) -> dict[str, Any]:
    return shown(progress.broadcast, progress.tally)


def shown(broadcast: Broadcast, tally: Tally) -> dict[str, Any]:
    """planned = waiting + calling + sent + failed + skipped + in_doubt + held + cancelled, always; of those waiting
    `later` are put off.
    """
    return {
        "id": broadcast.id,
        "email": broadcast.email,
        "revision": broadcast.revision,
        "state": broadcast.state,
        "reason": broadcast.reason,
        "segments": broadcast.segments,
        "exclude": broadcast.exclude,
        "source": broadcast.source and {"broadcasts": broadcast.source.broadcasts, "who": broadcast.source.who},
        "planned": tally.planned,
        "waiting": tally.waiting,
        "later": tally.later,
        "calling": tally.calling,
        "sent": tally.sent,
        "failed": tally.failed,
        "skipped": tally.skipped,
        "in_doubt": tally.in_doubt,
        "held": tally.held,
        "cancelled": tally.cancelled,
        "members": [_member(broadcast, place, tally) for place in range(len(broadcast.members))],
        "winner": broadcast.winner or None,
        "decide_at": iso(broadcast.decide_at),
        "rate": broadcast.rate,
        "at": iso(broadcast.at),
        "schedule": broadcast.schedule and asdict(broadcast.schedule),
        "until": iso(broadcast.until),
        "joiners": broadcast.joiners,
        "created_at": iso(broadcast.created_at),
        "started_at": iso(broadcast.started_at),
        "ended_at": iso(broadcast.ended_at),
    }


def _member(broadcast: Broadcast, place: int, tally: Tally) -> dict[str, Any]:
    """One e-mail of the family: how many of those who were chosen for it got it."""
    member, mine = broadcast.members[place], tally.members.get(place, Tally())
    return {
        "email": member.email,
        "revision": member.revision,
        "language": member.language,
        "variant": member.variant,
        "sent": mine.sent,
        "failed": mine.failed,
    }
