"""Collecting what came back as mail: once, whatever crashes, and with what the rows know."""

from collections import deque
from dataclasses import dataclass, field

import pytest

from chalicelib.model.fact import Event
from chalicelib.model.inbox import InboxMark, InboxPage
from chalicelib.model.message import Message, MessageKey
from chalicelib.work.mailbox import MARGIN_MS, collect, take
from tests.fakes.shelf import FakeShelf
from tests.fakes.world import fake_world, numbered_id

CONTACT, FAMILY, EMAIL, SENDING = (numbered_id(number, "mailbox") for number in range(4))
KEY = MessageKey(CONTACT, FAMILY)


@dataclass
class FakeInbox:
    """Mails by position; `failures` are raised by the next calls."""

    mails: list[list[Event]] = field(default_factory=list)
    page: int = 2
    name: str = "imap"
    failures: deque = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)

    def after(self, place):
        self.asked.append(place)
        if self.failures:
            raise self.failures.popleft()
        first = int(place or 0)
        taken = self.mails[first : first + self.page]
        return InboxPage(
            len(taken), [event for mail in taken for event in mail], str(first + len(taken)) if taken else place
        )


def bounce(number=0, key=KEY, email=EMAIL, kind="bounced"):
    return Event(id=numbered_id(number, "event"), kind=kind, message=key, email=email, at=1_000 + number)


def several(count):
    return [[bounce(number, MessageKey(numbered_id(number, "contact"), FAMILY))] for number in range(count)]


def counted(world, email=EMAIL):
    return world.facts.counters(email).get("bounced", 0)


def test_an_inbox_is_read_to_its_end_and_then_from_its_mark():
    world, marks, inbox = fake_world(), FakeShelf(), FakeInbox(several(5))
    assert collect(world, inbox, marks) == 5
    assert (marks.read("imap").place, counted(world)) == ("5", 5)
    inbox.mails += several(6)[5:]
    assert collect(world, inbox, marks) == 1
    assert (marks.read("imap"), counted(world)) == (InboxMark("imap", "6", 4), 6)
    assert inbox.asked == ["", "2", "4", "5", "5", "6"]


def test_an_empty_inbox_leaves_no_mark():
    world, marks = fake_world(), FakeShelf()
    assert collect(world, FakeInbox(), marks) == 0
    assert marks.read("imap") is None


def test_mails_that_say_nothing_move_the_mark_too():
    world, marks = fake_world(), FakeShelf()
    assert collect(world, FakeInbox([[], [], []]), marks) == 3
    assert marks.read("imap").place == "3"


def test_a_crash_before_the_mark_repeats_the_page_and_counts_it_once():
    world, inbox = fake_world(), FakeInbox(several(3))

    class Crashing(FakeShelf):
        def create(self, thing):
            raise ConnectionError("killed")

    marks = FakeShelf()
    with pytest.raises(ConnectionError):
        collect(world, inbox, Crashing(marks.things))
    assert counted(world) == 2
    collect(world, inbox, marks)
    assert counted(world) == 3


def test_where_recording_fails_the_mark_stays():
    marks, inbox = FakeShelf(), FakeInbox(several(1))

    class Failing:
        def __getattr__(self, name):
            raise ConnectionError("no database")

    with pytest.raises(ConnectionError):
        collect(fake_world(facts=Failing()), inbox, marks)
    assert marks.read("imap") is None


def test_of_two_at_once_one_stops_at_the_other_s_mark():
    world, marks, inbox = fake_world(), FakeShelf(), FakeInbox(several(4))

    class Overtaken(FakeShelf):
        def create(self, thing):
            marks.create(InboxMark("imap", "4"))
            return super().create(thing)

    assert collect(world, inbox, Overtaken(marks.things)) == 2
    assert marks.read("imap").place == "4"


def test_nothing_is_begun_without_time():
    inbox = FakeInbox(several(1))
    assert collect(fake_world(time_left=lambda: MARGIN_MS), inbox, FakeShelf()) == 0
    assert inbox.asked == []


def row(key=KEY, email=EMAIL, attempt="a" * 16):
    return Message(key, email, 1, "sent", attempt, 500, provider_id="Ok: queued as 1")


def test_the_row_says_what_the_token_does_not():
    world, key = fake_world(), MessageKey(CONTACT, FAMILY, SENDING)
    world.messages.put_many([row(key)])
    take(world, [bounce(key=key, email="")])
    (fact,) = world.facts.read_many([key])[key].facts
    assert (fact.event.email, fact.event.attempt, fact.event.provider_id) == (EMAIL, "a" * 16, "Ok: queued as 1")
    assert counted(world) == 1


def test_without_a_row_the_token_s_email_counts_or_the_family_s_root():
    world, one = fake_world(), MessageKey(CONTACT, FAMILY, SENDING)
    take(world, [bounce(0), bounce(1, one, "")])
    assert (counted(world), counted(world, FAMILY)) == (1, 1)


def test_nothing_that_came_costs_no_read():
    class Untouchable:
        def __getattr__(self, name):
            raise AssertionError(name)

    take(fake_world(messages=Untouchable(), facts=Untouchable()), [])
