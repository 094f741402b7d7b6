"""Who changed what of a contact: nothing that was committed is lost, nothing that was not is told."""

from dataclasses import replace

import pytest

from chalicelib.model.history import KEPT
from chalicelib.work import belonging, contacts, history, importing, preferences, segments
from chalicelib.work.consenting import NOBODY
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, answer_lost, counted, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world


@pytest.fixture
def world():
    return fake_world()


def told(world, who="ann@example.com"):
    contact = contacts.read(world, who)
    return [(each.by, *(what[:1] + what[2:] for what in each.what)) for each in history.edits(world, contact)]


def test_who_changed_what(world):
    ann = contacts.create(world, "ann@example.com", {"plan": "free"})
    weekly = segments.create(world, "Weekly")
    contacts.update(world, ann.id, {"fields": {"plan": "pro"}, "points": 3})
    belonging.put_member(world, weekly.id, ann.id)
    belonging.put_member(world, weekly.id, ann.id)
    preferences.leave_category(world, ann.id, "offers", NOBODY)
    belonging.remove_member(world, weekly.id, ann.id, history.PERSON)
    job = importing.start(world, b"email,plan\nann@example.com,max\n")
    importing.run(world, job.id)
    contacts.update(world, ann.id, {"points": 3})
    assert told(world) == [
        (f"import {job.id}", ("fields.plan", "max")),
        ("person", ("segments", "")),
        ("person", ("categories_left", "offers")),
        ("Envoi", ("segments", weekly.id)),
        ("Envoi", ("fields.plan", "pro"), ("points", "3")),
    ]


def test_an_import_that_changes_nothing_is_no_change(world):
    contacts.create(world, "ann@example.com", {"plan": "free"})
    job = importing.start(world, b"email,plan\nann@example.com,free\n")
    importing.run(world, job.id)
    assert told(world) == []


def test_the_first_change_costs_no_write_beyond_the_contacts_own(world):
    ann = contacts.create(world, "ann@example.com")
    calls = []
    contacts.update(intercepted(world, *counted(calls)), ann.id, {"points": 1})
    assert [(call.port, call.method) for call in calls] == [("contacts", "read"), ("contacts", "update")]
    calls.clear()
    contacts.update(intercepted(world, *counted(calls)), ann.id, {"points": 2})
    assert [(call.port, call.method) for call in calls][1:] == [("edits", "keep"), ("contacts", "update")]


def test_the_newest_are_kept(world):
    ann = contacts.create(world, "ann@example.com")
    for _ in range(KEPT + 10):
        contacts.update(world, ann.id, {"add_points": 1})
    assert len(told(world)) == KEPT + 1
    assert told(world)[0] == ("Envoi", ("points", str(KEPT + 10)))


def test_they_go_with_the_contact(world):
    ann = contacts.create(world, "ann@example.com")
    for n in range(3):
        contacts.update(world, ann.id, {"points": n})
    contacts.delete(world, ann.id)
    assert world.edits.of_contact(ann.id) == []


@pytest.mark.parametrize("fault", [killed_before, killed_after, answer_lost])
def test_a_crash_loses_no_change_that_was_made_and_tells_none_that_was_not(fault):
    for number in range(1, 4):
        tables, clock = Tables(), Clock()
        world = fake_world(tables=tables, clock=clock)
        ann = contacts.create(world, "ann@example.com")
        contacts.update(world, ann.id, {"points": 1})
        with pytest.raises((Killed, Exception)):
            contacts.update(intercepted(world, *fault(number)), ann.id, {"points": 2})
        points = contacts.read(world, ann.id).points
        said = [what[2] for each in history.edits(world, contacts.read(world, ann.id)) for what in each.what]
        assert said == ["2", "1"][2 - points :], f"call {number}"


def test_two_at_once_are_both_told(world):
    ann = contacts.create(world, "ann@example.com")
    contacts.update(world, ann.id, {"points": 1})
    left = [1]

    def meddle(call):
        if call.port == "contacts" and call.method == "update" and left.pop():
            left.append(0)
            contacts.update(world, ann.id, {"stage": "lead"}, by="person")

    contacts.update(intercepted(world, meddle), ann.id, {"points": 2})
    assert told(world) == [("Envoi", ("points", "2")), ("person", ("stage", "lead")), ("Envoi", ("points", "1"))]


def test_what_was_stored_before_edits_were_kept_begins_now(world):
    ann = contacts.create(world, "ann@example.com")
    assert replace(ann, edit=None) == ann
    assert contacts.update(world, ann.id, {"points": 1}).edit.number == 1
