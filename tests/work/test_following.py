"""Live segments kept as rows: the first pass, whoever changes, whoever did something, by hand, the night, the plan."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.errors import Conflict
from chalicelib.model.fact import Event
from chalicelib.model.filling import Belonging
from chalicelib.model.message import Message, MessageKey
from chalicelib.work import (
    belonging,
    contacts,
    explaining,
    filling,
    following,
    recording,
    segment_sizes,
    segments,
    sweeping,
)
from chalicelib.work.audience import reads_as_lists
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, answer_lost, counted, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

PRO = {"field": "plan", "operator": "=", "value": "pro"}
DAY_MS = 24 * 3_600_000
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.0"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(clock):
    return fake_world(tables=Tables(), clock=clock)


def pro(world, n, plan="pro"):
    return contacts.create(world, f"p{n}@example.com", {"plan": plan})


def passed(world):
    """All passes that were asked for, to their ends."""
    for hint in world.hints.drain():
        if hint.kind == "fill":
            filling.run(world, *hint.args)


def members(world, segment):
    kept = segments.read(world, segment.id)
    ids = world.segments.members(kept.roster, "", 10_000)
    assert kept.size == len(ids)
    return set(ids)


def test_a_new_filter_finds_whoever_is_there(world):
    people = [pro(world, n, "pro" if n % 2 else "free") for n in range(7)]
    segment = segments.create(world, "Pros", PRO)
    assert (segment.size, segments.read(world, segment.id).is_kept) == (None, False)
    passed(world)
    assert members(world, segment) == {each.id for each in people if each.fields["plan"] == "pro"}


def test_a_change_is_followed(world):
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    ann = pro(world, 1, "free")
    assert following.follow(world, [ann.id]) == 0
    contacts.update(world, ann.id, {"fields": {"plan": "pro"}})
    assert following.follow(world, [ann.id, ann.id]) == 1
    assert members(world, segment) == {ann.id}
    assert following.follow(world, [ann.id]) == 0, "twice changes nothing"
    contacts.delete(world, ann.id)
    assert following.follow(world, [ann.id, numbered_id(77)]) == 1
    assert members(world, segment) == set()


def test_whoever_was_merged_into_another_belongs_to_nothing(world):
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    ann = pro(world, 1)
    following.follow(world, [ann.id])
    world.contacts.update(replace(ann, merged_into=numbered_id(9), version=2), 1)
    following.follow(world, [ann.id])
    assert members(world, segment) == set()


def test_an_older_judgement_never_overwrites_a_newer_change(world):
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    ann = pro(world, 1)
    contacts.update(world, ann.id, {"fields": {"plan": "free"}})
    kept = segments.read(world, segment.id)
    assert world.memberships.settle(kept, [Belonging(ann.id, ann.version, belongs=True)]) == 0
    assert members(world, segment) == set()


def test_somebody_who_changes_in_the_middle_of_a_pass_ends_as_they_are(world):
    ann = pro(world, 1)
    segment = segments.create(world, "Pros", PRO)
    [hint] = [each for each in world.hints.drain() if each.kind == "fill"]
    memberships = world.memberships

    class Late:
        def __getattr__(self, name):
            return getattr(memberships, name)

        def settle(self, kept, belongings):
            if belongings:
                contacts.update(world, ann.id, {"fields": {"plan": "free"}})
            return memberships.settle(kept, belongings)

    filling.run(replace(world, memberships=Late()), *hint.args)
    following.follow(world, [ann.id])
    assert members(world, segment) == set()


def test_by_hand_goes_before_the_filter_and_can_be_taken_back(world):
    ann, ben = pro(world, 1), pro(world, 2, "free")
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    belonging.put_member(world, segment.id, ben.id)
    belonging.remove_member(world, segment.id, ann.address)
    assert members(world, segment) == {ben.id}
    filling.begin(world, segments.read(world, segment.id))
    passed(world)
    assert members(world, segment) == {ben.id}, "the night's pass keeps to it"
    assert explaining.why(world, segment.id, ann.id).by_hand is False
    assert explaining.why(world, segment.id, ben.id).by_hand is True
    belonging.unhand(world, segment.id, ann.id)
    belonging.unhand(world, segment.id, ben.id)
    assert members(world, segment) == {ann.id}
    with pytest.raises(Conflict, match="is a list"):
        belonging.unhand(world, segments.create(world, "List").id, ann.id)


def test_another_filter_finds_others_and_is_not_mixed_with_the_first(world, clock):
    ann, ben = pro(world, 1), pro(world, 2, "free")
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    old = segments.read(world, segment.id)
    changed = segments.update(world, segment.id, {"filter": PRO | {"value": "free"}})
    assert (changed.size, segments.read(world, segment.id).is_kept) == (None, False)
    assert world.memberships.settle(old, [Belonging(ben.id, 1, belongs=True)]) == 0, "judged by the filter before"
    passed(world)
    assert members(world, segment) == {ben.id}
    assert world.segments.members(old.roster, "", 9) == [ann.id], "a plan may still read it"
    clock.sleep(DAY_MS)
    sweeping.sweep(world)
    passed(world)
    assert world.segments.members(old.roster, "", 9) == []


def test_another_name_leaves_the_members_as_they_are(world):
    ann = pro(world, 1)
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    segments.update(world, segment.id, {"name": "Professionals"})
    assert not [hint for hint in world.hints.drain() if hint.kind == "fill"]
    assert members(world, segment) == {ann.id}


def test_a_segment_that_asks_for_another_begins_anew_with_it(world):
    pro(world, 1)
    ben = pro(world, 2, "free")
    inner = segments.create(world, "Inner", PRO)
    outer = segments.create(world, "Outer", {"field": "segment", "operator": "=", "value": inner.id})
    passed(world)
    segments.update(world, inner.id, {"filter": PRO | {"value": "free"}})
    passed(world)
    assert members(world, outer) == {ben.id}
    belonging.remove_member(world, inner.id, ben.id)
    assert members(world, outer) == set(), "what was decided by hand holds for whoever asks"


def message(world, contact, email):
    row = Message(MessageKey(contact.id, email), email, 1, "sent", numbered_id(5), world.now())
    world.messages.put_many([row])
    return row


def test_what_somebody_did_is_followed(world):
    email = numbered_id(1, "email")
    plain = segments.create(world, "Pros", PRO)
    openers = segments.create(world, "Openers", {"field": "opened", "operator": "=", "value": {"emails": [email]}})
    passed(world)
    ann = pro(world, 1)
    following.follow(world, [ann.id])
    row = message(world, ann, email)
    assert following.follow_deeds(world, [ann.id]) == 0
    world.sleep(3_600_000)
    by_a_person = Event("e1", "opened", row.key, email, world.now(), row.attempt, detail={"agent": PERSON})
    recording.record(world, [by_a_person])
    assert following.follow_deeds(world, [ann.id]) == 1
    assert members(world, openers) == members(world, plain) == {ann.id}


def test_the_night_heals_what_was_missed(world, clock):
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    ann, ben = pro(world, 1), pro(world, 2)
    following.follow(world, [ben.id])
    contacts.delete(world, ben.id)
    sweeping.sweep(world)
    assert not [hint for hint in world.hints.drain() if hint.kind == "fill"], "not since a day"
    clock.sleep(DAY_MS)
    sweeping.sweep(world)
    sweeping.sweep(world)
    passed(world)
    assert members(world, segment) == {ann.id}
    assert len(world.fillings.open()) == 0


def test_time_passes_at_night(world, clock):
    today = {"field": "created_at", "operator": "gte", "value": "-2 days"}
    segment = segments.create(world, "New", today)
    ann = pro(world, 1)
    passed(world)
    assert members(world, segment) == {ann.id}
    clock.sleep(4 * DAY_MS)
    sweeping.sweep(world)
    passed(world)
    assert members(world, segment) == set()


def test_whoever_plans_reads_rows_where_time_alone_changes_nothing(world):
    plain = segments.create(world, "Pros", PRO)
    timed = segments.create(world, "New", {"field": "created_at", "operator": "gte", "value": "-2 days"})
    inner = segments.create(world, "Inner", {"field": "segment", "operator": "=", "value": timed.id})
    flat = segments.create(world, "List")
    assert not reads_as_lists(world, [plain])
    passed(world)
    kept = world.segments.read_many([plain.id, timed.id, inner.id, flat.id])
    assert reads_as_lists(world, [kept[plain.id], kept[flat.id]])
    assert not reads_as_lists(world, [kept[timed.id]])
    assert not reads_as_lists(world, [kept[inner.id]])


def test_segments_from_before_are_adopted(world):
    ann = pro(world, 1)
    segment = segments.create(world, "Pros", PRO)
    world.hints.drain()
    old = replace(segment, generation=0)
    world.segments.tables.segments[segment.id] = old
    for job in list(world.fillings.tables.fillings.values()):
        world.fillings.update(replace(job, state="finished", version=2), 1)
    sweeping.sweep(world)
    passed(world)
    assert members(world, segment) == {ann.id}


def test_a_filter_that_can_no_longer_be_read_holds_up_no_other(world, clock):
    broken = segments.create(world, "Broken", PRO)
    asking = segments.create(world, "Asking", {"field": "segment", "operator": "=", "value": broken.id})
    fine = segments.create(world, "Fine", PRO)
    stored = world.segments.tables.segments
    stored[broken.id] = replace(stored[broken.id], filter={"field": "version", "operator": "=", "value": "1"})
    passed(world)
    ann = pro(world, 1)
    following.follow(world, [ann.id])
    following.follow_deeds(world, [ann.id])
    assert members(world, fine) == {ann.id}
    assert not any(segments.read(world, each.id).is_kept for each in (broken, asking))
    clock.sleep(DAY_MS)
    sweeping.sweep(world)
    assert [hint.kind for hint in world.hints.drain()].count("fill") == 1


def test_a_deleted_segment_leaves_no_rows(world):
    pro(world, 1)
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    kept = segments.read(world, segment.id)
    segments.delete(world, segment.id)
    assert world.segments.members(kept.roster, "", 9) == []
    following.follow(world, [pro(world, 2).id])


def test_sizes_are_noted_once_a_day(world, clock):
    segment = segments.create(world, "Pros", PRO)
    passed(world)
    for n in range(3):
        following.follow(world, [pro(world, n).id])
        segment_sizes.note_day(world)
        segment_sizes.note_day(world)
        clock.sleep(DAY_MS)
    assert [size for _, size in segment_sizes.over_time(world, segment.id)] == [1, 2, 3]
    assert len({day for day, _ in segment_sizes.over_time(world, segment.id)}) == 3


def test_why_goes_through_the_filter_part_by_part(world):
    ann = pro(world, 1)
    tree = {"all": [PRO, {"any": [{"field": "city", "operator": "=", "value": "Köln"}, {"not": PRO}]}]}
    segment = segments.create(world, "Pros of Köln", tree)
    passed(world)
    found = explaining.why(world, segment.id, ann.id)
    assert (found.belongs, found.kept, found.by_hand) == (False, False, None)
    assert (found.reason.kind, found.reason.holds) == ("all", False)
    first, second = found.reason.parts
    assert (first.kind, first.holds) == ("condition", True)
    assert [(part.kind, part.holds) for part in second.parts] == [("condition", False), ("not", False)]
    assert "plan" in first.text


def world_in_use():
    tables, clock = Tables(), Clock()
    world = fake_world(tables=tables, clock=clock)
    for n in range(30):
        pro(world, n, "pro" if n % 3 else "free")
    segment = segments.create(world, "Pros", PRO)
    [hint] = [each for each in world.hints.drain() if each.kind == "fill"]
    return clock, world, segment, hint.args[0]


def calls_of_a_pass():
    _, world, _, job = world_in_use()
    calls = []
    filling.run(intercepted(world, *counted(calls)), job)
    return len(calls)


@pytest.mark.parametrize("fault", [killed_before, killed_after, answer_lost])
def test_a_pass_that_is_stopped_at_any_call_ends_as_if_it_had_not_been(fault):
    for number in range(1, calls_of_a_pass() + 1):
        clock, world, segment, job = world_in_use()
        try:
            filling.run(intercepted(world, *fault(number)), job)
        except (Killed, LostAnswer):
            clock.sleep(world.timing.lease + 1)
        sweeping.sweep(world)
        passed(world)
        assert len(members(world, segment)) == 20


CHANGES = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(["pro", "free", "gone", "in", "out", "back", "follow", "pass"])),
    max_size=25,
)


@settings(max_examples=60, deadline=None)
@given(CHANGES)
def test_whatever_changes_in_whatever_order_the_rows_end_as_the_filter_says(changes):
    world = fake_world(tables=Tables(), clock=Clock())
    people = [pro(world, n, "free") for n in range(5)]
    segment = segments.create(world, "Pros", PRO)
    for number, change in changes:
        who = people[number]
        if who.id not in world.contacts.tables.contacts:
            continue
        match change:
            case "pro" | "free":
                contacts.update(world, who.id, {"fields": {"plan": change}})
            case "gone":
                contacts.delete(world, who.id)
            case "in":
                belonging.put_member(world, segment.id, who.id)
            case "out":
                belonging.remove_member(world, segment.id, who.id)
            case "back":
                belonging.unhand(world, segment.id, who.id)
            case "follow":
                following.follow(world, [who.id])
            case "pass":
                filling.begin(world, segments.read(world, segment.id))
                passed(world)
    following.follow(world, [each.id for each in people])
    passed(world)
    belongs = following.judge(world, segments.read(world, segment.id))
    assert members(world, segment) == {each.id for each in world.contacts.tables.contacts.values() if belongs(each)}
