from dataclasses import replace

import pytest

from chalicelib.model.message import MessageKey
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.pages import all_pages
from tests.store.things import event, first, message, message_key, template_message

HASH = numbered_id(1, "claim")


def test_fifty_rows_are_written_at_once_and_again(world: World) -> None:
    rows = [message(number) for number in range(50)]
    world.messages.put_many(rows)
    world.messages.put_many(rows)
    assert world.messages.read_many([each.key for each in rows]) == {each.key: each for each in rows}
    assert world.messages.read(message_key(1)) == message(1)
    assert world.messages.read(message_key(99)) is None
    world.messages.put_many([])


def test_a_full_message_comes_back_as_it_went_in(world: World) -> None:
    full = template_message(
        1, reason="Später.", lease_until=NOON + 5, tokens=(("code", "ü1"), ("name", "")), body_hash="ab" * 16
    )
    assert world.messages.claim(full, None) is None
    assert world.messages.read(full.key) == full


def test_a_claim_is_won_once(world: World) -> None:
    first = template_message(1)
    again = replace(first, attempt=numbered_id(2, "attempt"))
    assert world.messages.claim(first, HASH) is None
    assert world.messages.claim(first, HASH) is None, "the very same: its answer was lost"
    assert world.messages.claim(again, HASH) == first
    elsewhere = template_message(2)
    assert world.messages.claim(elsewhere, HASH) == first
    assert world.messages.read(elsewhere.key) is None
    assert world.messages.claim(again, None) == first
    assert world.messages.claim(elsewhere, numbered_id(2, "claim")) is None


def test_a_claim_answers_with_the_message_as_it_stands_now(world: World) -> None:
    first = template_message(1)
    assert world.messages.claim(first, HASH) is None
    sent = replace(first, state="sent", provider_id="p-1", due_at=None, version=2)
    assert world.messages.update(sent, 1)
    assert world.messages.claim(replace(first, attempt=numbered_id(2, "attempt")), HASH) == sent


def test_an_update_is_conditional(world: World) -> None:
    first = template_message(1)
    assert world.messages.claim(first, None) is None
    after = replace(first, state="calling", due_at=NOON + 9, version=2)
    assert world.messages.update(after, 1)
    assert world.messages.update(after, 1), "it stands as it was wished"
    assert not world.messages.update(replace(after, state="held"), 1)
    assert not world.messages.update(template_message(2, version=2), 1)
    assert world.messages.read(first.key) == after


def test_history_shows_messages_and_no_feedback(world: World) -> None:
    sendings = [replace(message_key(1), sending=numbered_id(n, "sending")) for n in range(4)]
    rows = [message(1, at=NOON + 2), *(message(1, key=key, at=NOON + n // 2) for n, key in enumerate(sendings))]
    world.messages.put_many([*rows, message(2)])
    assert (
        world.facts.write([first(event(1), event(1, "opened")), first(event(1, "bounced", message=sendings[0]))]) == {}
    )
    shown = all_pages(lambda cursor: world.messages.history(message_key(1).contact, 2, cursor), 2)
    assert shown == sorted(rows, key=lambda each: (each.at, str(each.key)), reverse=True)
    assert shown[0] == rows[0], "the newest first"


def test_history_is_in_order_over_all_that_is_read(world: World) -> None:
    """More than one request of rows: the newest may lie in the last of them."""
    long = {"reason": "r" * 20_000}
    rows = [
        message(1, key=replace(message_key(1), sending=numbered_id(n, "sending")), at=NOON + n * 7_919 % 101, **long)
        for n in range(100)
    ]
    world.messages.put_many(rows[:50])
    world.messages.put_many(rows[50:])
    shown = all_pages(lambda cursor: world.messages.history(message_key(1).contact, 33, cursor), 33)
    assert [each.at for each in shown] == sorted((each.at for each in rows), reverse=True)


def test_history_goes_on_where_it_was_though_newer_ones_came(world: World) -> None:
    keys = [replace(message_key(1), sending=numbered_id(n, "sending")) for n in range(5)]
    rows = [message(1, key=key, at=NOON + n) for n, key in enumerate(keys)]
    world.messages.put_many(rows[:4])
    page, cursor = world.messages.history(message_key(1).contact, 2, None)
    assert page == [rows[3], rows[2]]
    assert cursor is not None
    assert world.messages.history(message_key(1).contact, 2, cursor) == ([rows[1], rows[0]], None)


@pytest.mark.parametrize("limit", [5, 100])
def test_what_is_due_comes_the_oldest_first(world: World, limit: int) -> None:
    waiting = [template_message(number, due_at=NOON + number) for number in range(30)]
    for each in waiting:
        assert world.messages.claim(each, None) is None
    world.messages.put_many([message(number) for number in range(40, 50)])
    assert world.messages.due(NOON - 1, limit) == []
    assert world.messages.due(NOON + 19, limit) == waiting[:20][:limit]
    assert world.messages.update(replace(waiting[0], state="sent", due_at=None, version=2), 1)
    assert world.messages.due(NOON + 19, limit) == waiting[1:20][:limit]


@pytest.mark.parametrize("segments", [1, 4])
def test_the_whole_log_is_walked_once(world: World, segments: int) -> None:
    world.messages.put_many([message(number) for number in range(30)])
    world.messages.claim(template_message(99), "a key of somebody")
    world.facts.write([first(event(number)) for number in range(0, 30, 3)])
    messages, feedback = [], []
    for segment in range(segments):
        place: str | None = ""
        while place is not None:
            part = world.messages.scan(segment, segments, place, 7)
            messages += part.messages
            feedback += part.feedback
            place = part.following
    assert sorted(map(str, (each.key for each in messages))) == sorted(
        str(each.key) for each in [*map(message, range(30)), template_message(99)]
    )
    assert len(feedback) == 10
    assert {each.message for each in feedback} <= {each.key for each in messages}


def test_all_of_one_contacts_messages(world: World) -> None:
    world.messages.put_many([message(1), message(2)])
    world.facts.write([first(event(1)), first(event(2))])
    copied = replace(message(1), key=MessageKey(message(1).key.contact, numbered_id(5)), of=message(2).key.contact)
    assert world.messages.claim(copied, None) is None
    messages, feedback = world.messages.of_contact(message(1).key.contact)
    assert sorted(messages, key=lambda each: each.of) == [message(1), copied]
    assert [each.message for each in feedback] == [message(1).key]
