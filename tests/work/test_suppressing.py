"""What bounces, complaints and notices do to an address: at once, after so many, once, and never against a lifting."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.address_record import DAY_MS
from chalicelib.model.contact import Contact
from chalicelib.model.fact import Event
from chalicelib.model.message import UNKNOWN, Message, MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import suppression_list, workspaces
from chalicelib.work.addresses import address_hash
from chalicelib.work.recording import record
from chalicelib.work.suppressing import suppress
from tests.fakes.clock import NOON, Clock
from tests.fakes.world import fake_world, numbered_id

ANN = "ann@example.com"
CONTACT, EMAIL = numbered_id(1), numbered_id(2)


@pytest.fixture
def world():
    made = fake_world()
    made.contacts.create(Contact(CONTACT, ANN), address_hash(made, ANN))
    return made


def mail(number):
    return MessageKey(CONTACT, numbered_id(100 + number))


def told(kind, day, number, **more):
    """Each mail of its own; the provider's id is the mail's."""
    event = Event(f"{kind}{number}", kind, mail(number), EMAIL, NOON + round(day * DAY_MS), address=ANN)
    return replace(event, **{"provider_id": f"ses-{number}", **more})


def of_another(world):
    """SES and SendGrid are set up, and the first mail went by SendGrid."""
    for name, provider in (("amazon", "ses"), ("grid", "sendgrid")):
        world.transport_setups.create(TransportSetup(name, provider))
    row = Message(mail(1), EMAIL, 1, "sent", "a1", NOON, transport="grid")
    world.messages.put_many([row, replace(row, key=mail(2), transport="amazon")])


def standing(world):
    return suppression_list.read(world, ANN)


def reason(world):
    found = standing(world).suppression
    return None if found is None else (found.reason, found.source)


def test_soft_bounces_suppress_when_there_are_as_many_as_the_workspace_says(world):
    for day in range(4):
        record(world, [told("soft_bounced", day, day)])
        assert (reason(world), standing(world).soft_bounces) == (None, day + 1)
    record(world, [told("soft_bounced", 4, 4)])
    assert reason(world) == ("bounced", "soft bounces")
    assert world.account_list.entries[ANN].reason == "bounced"


@pytest.mark.parametrize(("most", "suppressed"), [(0, False), (2, True)])
def test_the_workspace_decides_how_many(world, most, suppressed):
    workspaces.update(world, {"soft_bounces": most})
    for day in range(3):
        record(world, [told("soft_bounced", day, day)])
    assert (reason(world) is not None) == suppressed


def test_one_mail_is_one_soft_bounce_by_whatever_road_it_is_told(world):
    workspaces.update(world, {"soft_bounces": 2})
    once = told("soft_bounced", 0, 0)
    notice = replace(once, id="another", message=UNKNOWN, email="", at=once.at + 5)
    record(world, [once, once, notice])
    record(world, [notice])
    assert (standing(world).soft_bounces, reason(world)) == (1, None)


def test_several_mails_in_one_batch_count_each(world):
    workspaces.update(world, {"soft_bounces": 3})
    record(world, [told("soft_bounced", day, day) for day in range(3)])
    assert reason(world) == ("bounced", "soft bounces")


@pytest.mark.parametrize(("delivered", "suppressed"), [(0.5, True), (1.5, False), (2.5, False)])
def test_a_delivery_in_between_forgives(world, delivered, suppressed):
    """Three in a row behind the last delivery; it is looked for when the number is reached."""
    workspaces.update(world, {"soft_bounces": 3})
    row = Message(mail(50), EMAIL, 1, "sent", "a", NOON)
    world.messages.put_many([row])
    record(world, [told("delivered", delivered, 50)])
    record(world, [told("soft_bounced", day, day) for day in (1, 2, 3)])
    assert (reason(world) is not None) == suppressed


def test_a_notice_without_a_message_suppresses_its_address_and_counts_nothing(world):
    notice = told("bounced", 0, 0, message=UNKNOWN, email="")
    record(world, [notice, replace(notice, id="x", address=" Bob@Example.com ")])
    assert reason(world) == ("bounced", "ses ses-0")
    assert suppression_list.read(world, "bob@example.com").suppression.reason == "bounced"
    assert world.facts.tables.facts == {}
    assert world.facts.tables.counters == {}
    assert world.account_list.entries == {}, "SES has it already"


def test_what_ses_did_not_tell_is_put_on_its_list(world):
    record(world, [told("bounced", 0, 0, provider_id="")])
    assert world.account_list.entries[ANN].reason == "bounced"


def test_a_list_that_does_not_answer_holds_up_nothing(world):
    world.account_list.down = True
    record(world, [told("complained", 0, 0, provider_id="")])
    assert reason(world)[0] == "complained"


@pytest.mark.parametrize("at", [NOON - 1, NOON])
def test_a_late_notice_does_not_undo_a_lifting(world, at):
    notice = told("bounced", 0, 0, message=UNKNOWN, email="", at=NOON - 1_000)
    record(world, [notice])
    suppression_list.lift(world, ANN)
    record(world, [replace(notice, at=at)])
    assert (reason(world) is None) == (at < NOON)


def test_an_imported_entry_gives_way_to_whatever_a_mailbox_says(world):
    suppress(world, Suppression(address_hash(world, ANN), "imported", "import x", NOON))
    record(world, [told("bounced", 0, 0)])
    assert reason(world)[0] == "bounced"


EVENTS = [
    *(told("soft_bounced", day, day) for day in range(6)),
    told("bounced", 7, 7),
    told("complained", 8, 8, message=UNKNOWN, email=""),
    told("soft_bounced", 0, 0, id="again", message=UNKNOWN, email=""),
]


@settings(max_examples=60, deadline=None)
@given(st.permutations(EVENTS * 2), st.integers(1, 6))
def test_whatever_the_order_and_however_often_the_end_is_the_same(told_in, together):
    clock = Clock()
    world = fake_world(clock=clock)
    world.contacts.create(Contact(CONTACT, ANN), address_hash(world, ANN))
    for start in range(0, len(told_in), together):
        record(world, told_in[start : start + together])
    assert reason(world)[0] == "complained"
    assert [each.mail for each in standing(world).record.soft] == [f"ses-{n}" for n in range(6)]
    assert world.facts.counters(EMAIL)["soft_bounced"] == 6
    assert world.facts.counters(EMAIL)["bounced"] == 1


def test_ses_learns_what_another_transport_told(world):
    of_another(world)
    record(world, [told("bounced", 0, 2)])
    assert world.account_list.entries == {}, "it went by SES, which has it already"
    record(world, [told("complained", 1, 1)])
    assert world.account_list.entries[ANN].reason == "complained"
