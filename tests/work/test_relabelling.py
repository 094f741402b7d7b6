from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model import labelling
from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.chunk import planned_chunk
from chalicelib.model.counters import recounted
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, NotFound
from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.work import relabelling
from chalicelib.work.recording import record
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id
from tests.work.test_recording import stories

NOON = 1_795_521_600_000
EMAIL = Email(numbered_id(1, "email"), "segment", "News", "Hello", "team@example.com", numbered_id(1))
PEOPLE = 130
TOOL = "NewScanner/1.0 (watches over letters)"


def improved(monkeypatch):
    """A rule that was not there when the hits were recorded."""
    rule = labelling.Rule("new-scanner", "scanner", "it says so", lambda event, _: event.detail.get("agent") == TOOL)
    monkeypatch.setattr(labelling, "RULES", (rule, *labelling.RULES))


@pytest.fixture
def tables():
    """Two broadcasts of an e-mail, the second by two walks; everybody opened, every tenth with a tool."""
    tables = Tables(emails={EMAIL.id: EMAIL})
    world = fake_world(tables=tables)
    people = iter(range(PEOPLE))
    for number, walks in ((1, 1), (2, 2)):
        broadcast = Broadcast(numbered_id(number, "b"), EMAIL.id, EMAIL.family, 1, (), (), NOON + number, "finished")
        world.broadcasts.create(broadcast)
        for walk in range(walks):
            contacts = [[numbered_id(next(people), "contact") for _ in range(10)] for _ in range(4)]
            tables.walks[(broadcast.id, walk)] = Walk(walk, chunks=4, planned=40, done=True, fed=4)
            for at, ids in enumerate(contacts):
                tables.chunks[(broadcast.id, walk, at)] = planned_chunk(broadcast.id, EMAIL.family, walk, at, ids)
    record(world, [opened(person) for person in range(120)])
    return tables


def opened(person):
    agent = TOOL if person % 10 == 0 else "Thunderbird/133.0"
    key = MessageKey(numbered_id(person, "contact"), EMAIL.family)
    return Event(f"o{person}", "opened", key, EMAIL.id, NOON, detail={"agent": agent})


def after():
    """What would have been recorded, had the rules been these from the first."""
    fresh = Tables()
    record(fake_world(tables=fresh), [opened(person) for person in range(120)])
    return fresh


def test_everything_is_judged_by_the_rules_of_now(tables, monkeypatch):
    world = fake_world(tables=tables)
    assert tables.counters[EMAIL.id]["human_opened"] == 120
    improved(monkeypatch)
    job = relabelling.begin(world, EMAIL.id)
    assert [(hint.kind, hint.args) for hint in world.hints.drain()] == [("relabel", (job.id,))]
    relabelling.run(world, job.id)
    done = relabelling.read_job(world, job.id)
    assert (done.state, done.looked_at, done.changed) == ("finished", 120, 12)
    assert tables.counters == after().counters == recounted(tables.facts.values())
    assert tables.facts == after().facts
    assert (tables.counters[EMAIL.id]["human_opened"], tables.counters[EMAIL.id]["scanner_opened"]) == (108, 12)
    assert world.relabellings.open() == []


def test_twice_changes_nothing_more(tables, monkeypatch):
    world = fake_world(tables=tables)
    improved(monkeypatch)
    for changed in (12, 0):
        job = relabelling.begin(world, EMAIL.id)
        relabelling.run(world, job.id)
        assert relabelling.read_job(world, job.id).changed == changed


def test_where_the_time_is_up_it_goes_on_later(tables, monkeypatch):
    improved(monkeypatch)
    monkeypatch.setattr(relabelling, "CHUNKS", 3)
    clock = Clock()
    world = fake_world(tables=tables, clock=clock)
    job = relabelling.begin(world, EMAIL.id)
    world.hints.drain()
    runs = 0
    while relabelling.read_job(world, job.id).state != "finished":
        times = iter((60_000, 60_000))
        relabelling.run(replace(world, time_left=lambda times=times: next(times, 0)), job.id)
        runs += 1
    assert runs == 3
    assert [hint.kind for hint in world.hints.drain()] == ["relabel"] * 2
    assert relabelling.read_job(world, job.id).looked_at == 120
    assert tables.counters == after().counters


@pytest.mark.parametrize("kill", [killed_before, killed_after])
@pytest.mark.parametrize("number", [1, 2, 5, 8, 9, 12, 15])
def test_killed_anywhere_it_is_made_good(tables, monkeypatch, kill, number):
    improved(monkeypatch)
    monkeypatch.setattr(relabelling, "CHUNKS", 3)
    world = fake_world(tables=tables)
    job = relabelling.begin(world, EMAIL.id)
    try:
        relabelling.run(intercepted(world, *kill(number)), job.id)
    except Killed:
        relabelling.run(world, job.id)
    assert relabelling.read_job(world, job.id).state == "finished"
    assert tables.counters == after().counters
    assert tables.facts == after().facts


@given(stories(), st.randoms(use_true_random=False))
def test_hits_that_come_in_meanwhile_are_neither_lost_nor_counted_twice(events, randomness):
    tables = Tables()
    world = fake_world(tables=tables)
    half = randomness.randint(0, len(events))
    record(world, events[:half])
    keys = [event.message for event in events]
    rules = labelling.RULES
    try:
        labelling.RULES = rules[:3]
        relabelling.relabel(world, keys)
        record(world, events[half:])
    finally:
        labelling.RULES = rules
    relabelling.relabel(world, keys)
    whole = Tables()
    record(fake_world(tables=whole), events)
    assert tables.facts == whole.facts
    assert tables.counters == whole.counters == recounted(tables.facts.values())


def test_who_asks_for_what_is_not_there_is_told(tables):
    world = fake_world(tables=tables)
    for wrong in ("x", numbered_id(9, "email")):
        with pytest.raises(NotFound):
            relabelling.begin(world, wrong)
        with pytest.raises(NotFound):
            relabelling.read_job(world, wrong)
    tables.emails[EMAIL.id] = replace(EMAIL, kind="template")
    with pytest.raises(Conflict):
        relabelling.begin(world, EMAIL.id)
    relabelling.run(world, numbered_id(9))


def test_an_email_that_was_never_sent_is_done_at_once():
    world = fake_world(tables=Tables(emails={EMAIL.id: EMAIL}))
    job = relabelling.begin(world, EMAIL.id)
    relabelling.run(world, job.id)
    assert relabelling.read_job(world, job.id).state == "finished"
