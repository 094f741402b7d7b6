from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.model.counters import Change, change, counted, recounted
from chalicelib.model.fact import Event
from chalicelib.model.feedback import Feedback, erased, told
from chalicelib.model.labelling import AGENT
from chalicelib.store.connection import Connection
from chalicelib.store.counter_rows import ACTIONS, NAMES, packed
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.conftest import world_over
from tests.store.things import COHORT, EMAIL, event, feedback, first, message_key

OTHER = numbered_id(2, "email")
DAY = 86_400_000


def hit(number: int, link: int | None = None, **changes: object) -> Event:
    more = {"id": numbered_id(number, "hit"), "at": NOON + number, "detail": {AGENT: "Thunderbird"}, **changes}
    return event(1, "opened" if link is None else "clicked", link=link, **more)


def test_any_number_of_messages_and_what_they_count_is_one_write(world: World) -> None:
    changes = [first(event(number)) for number in range(230)]
    other = first(event(999, "bounced", email=OTHER))
    assert world.facts.write([*changes, other]) == {}
    keys = [each.feedback.message for each in changes]
    assert world.facts.read_many([*keys, message_key(1_000)]) == {
        each.feedback.message: each.feedback for each in changes
    }
    by = f"by#{COHORT.segment}#{COHORT.domain}"
    assert world.facts.counters(EMAIL) == {"delivered": 230, "delivered#2025-11-25": 230, f"{by}#delivered": 230}
    assert world.facts.counters(OTHER) == {"bounced": 1, "bounced#2025-11-25": 1, f"{by}#bounced": 1}
    assert world.facts.counters(numbered_id(3, "email")) == {}


def test_what_somebody_else_wrote_is_answered_and_all_else_is_written(world: World) -> None:
    assert world.facts.write([first(event(1)), first(event(2))]) == {}
    others = [first(event(number, id="another event")) for number in (1, 2)]
    assert world.facts.write([*others, first(event(3))]) == {
        message_key(number): feedback(event(number)) for number in (1, 2)
    }
    assert world.facts.counters(EMAIL)["delivered"] == 3
    assert set(world.facts.read_many([message_key(number) for number in range(9)])) == {
        message_key(number) for number in (1, 2, 3)
    }


def test_what_stands_as_it_was_wished_is_neither_lost_nor_counted_again(world: World) -> None:
    assert world.facts.write([first(event(1))]) == {}
    assert world.facts.write([first(event(1)), first(event(2))]) == {}
    assert world.facts.counters(EMAIL)["delivered"] == 2


def test_the_next_version_goes_over_the_one_before_it(world: World) -> None:
    one = feedback(event(1))
    two = told(one, [hit(1)])
    three = told(two, [hit(2, link=7)])
    for before, after in ((Feedback(one.message), one), (one, two), (two, three)):
        assert world.facts.write([change(before, after)]) == {}
    stale = told(two, [hit(3)])
    assert world.facts.write([change(two, stale)]) == {one.message: three}
    stands = world.facts.read_many([one.message])[one.message]
    assert (stands, stands.version) == (three, 3)
    assert world.facts.counters(EMAIL) == recounted([three])[EMAIL]


def test_a_counter_that_comes_to_nothing_is_none(world: World) -> None:
    """What was taken for a person's is found to be a scanner's: it is taken away again."""
    person = feedback(hit(20_000))
    assert "human_opened" in counted(person)[EMAIL]
    scanner = told(person, [event(1, at=NOON + 19_500)])
    assert world.facts.write([change(Feedback(person.message), person)]) == {}
    assert world.facts.write([change(person, scanner)]) == {}
    assert world.facts.counters(EMAIL) == counted(scanner)[EMAIL]
    assert not any(name.startswith("human") for name in world.facts.counters(EMAIL))


def test_counters_add_up_whatever_row_they_are_on(world: World) -> None:
    changes = [
        first(hit(number, link=number, message=message_key(number), at=NOON + number * DAY)) for number in range(60)
    ]
    for each in changes:
        assert world.facts.write([each]) == {}
    assert world.facts.counters(EMAIL) == recounted(each.feedback for each in changes)[EMAIL]


def many_links() -> Change:
    """A scanner in one letter: no transaction could hold what it counts row by row."""
    return first(*(hit(number, link=number, at=NOON + number * DAY) for number in range(300)))


@pytest.mark.parametrize(
    "changes",
    [
        [first(event(number)) for number in range(500)],
        [first(event(number, email=numbered_id(number, "email"))) for number in range(200)],
        [first(hit(n, link=n, message=message_key(n), at=NOON + n * DAY)) for n in range(200)],
        [many_links(), first(event(2)), many_links()],
        [],
    ],
    ids=["one e-mail", "many e-mails", "many days and links", "more than fits", "none"],
)
def test_no_transaction_is_too_large(changes: list[Change]) -> None:
    packets = packed(changes)
    for packet in packets:
        assert len(packet.changes) + len(packet.rows) <= ACTIONS
        assert all(len(names) <= NAMES for names in packet.rows.values())
    assert [each for packet in packets for each in packet.changes] == changes
    assert len(packets) <= max(1, len(changes) / 25)


@pytest.mark.real
def test_a_letter_that_a_scanner_went_through_for_a_year_is_written(
    connect: Callable[[], Connection], workspace: str
) -> None:
    world = world_over(connect(), workspace)
    change = many_links()
    assert world.facts.write([change]) == {}
    assert world.facts.counters(EMAIL) == counted(change.feedback)[EMAIL]
    assert world.facts.read_many([message_key(1)]) == {message_key(1): change.feedback}


def test_nothing_at_all(world: World) -> None:
    assert world.facts.write([]) == {}
    assert world.facts.read_many([]) == {}
    empty = replace(first(event(1)), counts={EMAIL: {}})
    assert world.facts.write([empty]) == {}


def test_feedback_of_somebody_who_was_erased_comes_back_so(world: World) -> None:
    opened = event(1, "opened", detail={"agent": "iPhone", "revision": "2"})
    world.facts.write([first(opened)])
    [before] = world.facts.read_many([opened.message]).values()
    assert world.facts.write([change(before, erased(before))]) == {}
    [after] = world.facts.read_many([opened.message]).values()
    assert after == erased(before)
    assert (after.erased, after.facts[0].event.detail) == (True, {"revision": "2"})
