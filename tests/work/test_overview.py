from dataclasses import replace

import pytest

from chalicelib.model.broadcast import Broadcast, Tally
from chalicelib.model.fact import Event
from chalicelib.model.health import verdict
from chalicelib.model.message import MessageKey
from chalicelib.model.pace import STILL
from chalicelib.work import broadcasting, emails, overview, segments
from chalicelib.work.broadcasting import Progress
from chalicelib.work.recording import record
from tests.fakes.world import fake_world, numbered_id

DRAFT = {"kind": "segment", "subject": "News", "from_address": "team@example.com", "html": "<p>Hi</p>"}


@pytest.mark.parametrize(
    ("name", "part", "whole", "said"),
    [
        ("bounced", 2, 20, ""),
        ("bounced", 3, 20, "warn"),
        ("bounced", 5, 99, "bad"),
        ("bounced", 1, 100, "good"),
        ("bounced", 2, 100, "warn"),
        ("bounced", 5, 100, "bad"),
        ("complained", 1, 300, ""),
        ("complained", 2, 999, "warn"),
        ("complained", 3, 300, "bad"),
        ("complained", 0, 1_000, "good"),
        ("complained", 1, 1_000, "warn"),
        ("complained", 3, 1_000, "bad"),
    ],
)
def test_what_mailbox_providers_bear(name, part, whole, said):
    assert verdict(name, part, whole) == said


def letter(world, name):
    segment = segments.create(world, "All").id
    made = emails.create(world, DRAFT | {"name": name, "segments": [segment]})
    emails.publish(world, made.id)
    return made.id


def test_what_runs_what_is_due_and_what_came_last():
    world = fake_world()
    now, later = letter(world, "Now"), letter(world, "Later")
    broadcasting.create(world, now, None, None, None, skip_preflight=True)
    scheduled = broadcasting.create(
        world, later, None, None, broadcasting.When(world.now() + 9_000), skip_preflight=True
    )
    seen = overview.under_way(world)
    assert [each.broadcast.email for each in seen.running] == [now]
    assert [each.id for each in seen.due] == [scheduled.id]
    assert seen.names == {now: "Now", later: "Later"}
    [result] = overview.results(world)
    assert (result.name, result.stats["sent"]) == ("Now", 0)


def test_an_e_mail_that_was_deleted_since_is_passed_by():
    world = fake_world()
    email = letter(world, "Gone")
    made = broadcasting.create(world, email, None, None, None, skip_preflight=True)
    broadcasting.cancel(world, made.id)
    world.emails.delete(world.emails.read(email))
    assert overview.results(world) == []


def test_health_sums_the_last_results():
    world = fake_world()
    email = letter(world, "Now")
    broadcasting.create(world, email, None, None, None, skip_preflight=True)
    key = MessageKey(numbered_id(1), email)
    record(world, [Event("b", "bounced", key, email, world.now(), address="ann@example.com")])
    health = overview.health(world, overview.results(world))
    assert [(each.name, each.part) for each in health.rates] == [("bounced", 1), ("complained", 0)]
    assert (health.held, health.dead) == (0, {})
    assert health.rates[0].share is None, "nothing was sent"


def progress(**changes):
    broadcast = Broadcast("b", "e", "e", 1, (), (), 0, state="sending", started_at=1_000, **changes)
    return Progress(broadcast, Tally(planned=100, waiting=75, sent=25))


def test_the_pace_and_what_is_left():
    first = overview.pace(progress(walked=True), 6_000)
    assert (first.rate, first.left) == (None, None), "nothing to measure from yet"
    later = replace(progress(walked=True), tally=Tally(planned=100, waiting=60, later=20, sent=40))
    pace = overview.pace(later, 11_000, first.looks)
    assert (pace.rate, pace.left) == (3.0, 40 / 3), "fifteen in five seconds; whoever is put off is not waited for"
    planning = replace(later, broadcast=replace(later.broadcast, walked=False))
    assert overview.pace(planning, 11_000, first.looks).left is None, "nobody knows how many are still to be planned"


@pytest.mark.parametrize("state", ["scheduled", "testing", "paused", "cancelled", "finished"])
def test_what_does_not_run_has_no_pace(state):
    seen = progress(walked=True)
    assert overview.pace(replace(seen, broadcast=replace(seen.broadcast, state=state)), 11_000, "1-1-1-1") == STILL
