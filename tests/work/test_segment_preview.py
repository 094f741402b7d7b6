from dataclasses import replace

import pytest

from chalicelib.model.deeds import Click, Past, WithEmail
from chalicelib.model.errors import Invalid
from chalicelib.model.fact import Event
from chalicelib.model.feedback import Feedback, told
from chalicelib.model.filter import Condition, as_json
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.work import contacts, definitions, segments, workspaces
from chalicelib.work.addresses import address_hash
from chalicelib.work.past import past_of
from chalicelib.work.segment_preview import preview
from tests.fakes.clock import NOON, Clock
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

PRO = {"field": "plan", "operator": "=", "value": "pro"}


@pytest.fixture
def world():
    return fake_world()


def test_a_small_table_is_counted(world):
    for number in range(30):
        contacts.create(world, f"p{number}@example.com", {"plan": "pro" if number % 2 else "free"})
    found = preview(world, "plan is pro")
    assert (found.count, found.exact, found.sampled, len(found.sample)) == (15, True, 30, 10)
    assert {each.fields["plan"] for each in found.sample} == {"pro"}
    assert as_json(found.tree) == PRO


def test_a_large_table_is_estimated():
    world = fake_world()
    tables = world.contacts.tables
    made = contacts.create(world, "first@example.com")
    for number in range(20_000):
        each = replace(made, id=numbered_id(number), fields={"plan": "pro"} if number % 4 == 0 else {})
        tables.contacts[each.id] = each
    found = preview(world, PRO)
    assert not found.exact
    assert 2_000 <= found.sampled < 20_000
    assert 4_000 < found.count < 6_000


def test_when_the_time_is_up_what_was_judged_is_the_sample():
    clock = Clock(deadline=NOON + 10_000)
    ticking = fake_world(clock=clock, now=lambda: clock.sleep(1_000) or clock.at)
    for number in range(30):
        contacts.create(ticking, f"p{number}@example.com", {"plan": "pro"})
    found = preview(ticking, PRO)
    assert (found.exact, found.count) == (False, 30)
    assert 1 <= found.sampled < 30


def test_relative_dates_are_the_workspaces(world):
    """At noon in UTC it is already tomorrow in Kiritimati."""
    contacts.create(world, "ann@example.com", {"born": "2025-11-26"})
    assert preview(world, "born is today").count == 0
    workspaces.update(world, {"zone": "Pacific/Kiritimati"})
    assert preview(world, "born is today").count == 1


def test_a_live_segment_in_a_filter(world):
    contacts.create(world, "ann@example.com", {"plan": "pro"})
    pros = segments.create(world, "Pros", "plan is pro")
    assert preview(world, "segment is Pros").count == 1
    assert preview(world, f"not segment is {pros.id}").count == 0


def test_a_circle_is_refused_when_it_would_close(world):
    one = segments.create(world, "One", PRO)
    two = segments.create(world, "Two", "segment is One")
    with pytest.raises(Invalid, match="circle"):
        segments.update(world, one.id, {"filter": "plan is pro or segment is Two"})
    with pytest.raises(Invalid, match="circle"):
        segments.update(world, two.id, {"filter": f"segment is {two.id}"})


def test_two_of_one_name_are_not_guessed(world):
    for _ in range(2):
        segments.create(world, "Same")
    with pytest.raises(Invalid, match="exactly one segment"):
        preview(world, "segment is Same")


EMAIL = numbered_id(500)


def test_the_past_is_read_from_messages_and_feedback():
    tables = Tables()
    world = fake_world(tables=tables)
    ann = contacts.create(world, "ann@example.com")
    key = MessageKey(ann.id, EMAIL)
    world.messages.put_many([Message(key, EMAIL, 1, "sent", "a", NOON)])
    agent = {"agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    click = Event("e1", "clicked", key, EMAIL, NOON + 3_600_000, link=0, detail=agent)
    tables.facts[key] = told(Feedback(key), [click], NOON)
    world.suppressions.put(Suppression(address_hash(world, ann.address), "bounced", "ses", NOON))
    at = click.at
    assert past_of(world, ann) == Past({EMAIL: WithEmail((NOON,), (at,), (Click(at),))}, "bounced", NOON)
    assert preview(world, f"clicked '{EMAIL}' and do_not_contact_reason is bounced").count == 1
    assert preview(world, "did not open any e-mail").count == 0


def test_known_types_narrow_what_is_saved(world):
    definitions.create(world, "credits", {"label": "Points", "type": "number"})
    with pytest.raises(Invalid, match="number"):
        preview(world, as_json(Condition("credits", "=", "many")))
