import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.contact import Contact
from chalicelib.model.counters import recounted
from chalicelib.model.fact import EFFECTS, Event, Kind, first_name, repeat_name
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.work.ports import fact_id
from chalicelib.work.recording import record
from tests.fakes.faulty import Killed, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

DAY = 86_400_000
NOON = 1_795_521_600_000  # 2026-11-24T12:00Z
FAMILY = numbered_id(0, "family")
EMAILS = tuple(numbered_id(n, "email") for n in range(12))


def key_of(person: int) -> MessageKey:
    return MessageKey(numbered_id(person, "contact"), FAMILY)


def event_of(number: int, kind: Kind, person: int = 0, link: int | None = None, at: int = NOON, **more: str) -> Event:
    return Event(f"event-{number}", kind, key_of(person), EMAILS[person % len(EMAILS)], at, link=link, **more)


KINDS: tuple[Kind, ...] = ("delivered", "opened", "clicked", "bounced", "complained", "soft_bounced", "sent", "delayed")


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Different events about few messages, so that they meet."""
    told = draw(
        st.lists(
            st.tuples(
                st.sampled_from(KINDS),
                st.integers(0, 2),
                st.sampled_from((None, 0, 1)),
                st.integers(NOON, NOON + 2 * DAY),
            ),
            max_size=30,
        )
    )
    return [
        event_of(number, kind, person, link if kind == "clicked" else None, at)
        for number, (kind, person, link, at) in enumerate(told)
    ]


def cut(events: Sequence[Event], randomness: random.Random) -> Iterable[Sequence[Event]]:
    while events:
        size = randomness.randint(1, len(events))
        yield events[:size]
        events = events[size:]


def told(events: Sequence[Event], randomness: random.Random) -> Tables:
    """Recorded in any order, some of them again, in any batches."""
    tables = Tables()
    shuffled = [*events, *randomness.sample(events, randomness.randint(0, len(events)))]
    randomness.shuffle(shuffled)
    for batch in cut(shuffled, randomness):
        record(fake_world(tables=tables), batch)
    return tables


def by_day(tables: Tables) -> dict[str, dict[str, int]]:
    """Kinds that come once have their day from the event that stands first: only their sums are alike."""
    once = tuple(f"{effect.counts}#2" for effect in EFFECTS.values() if not effect.again)
    return {
        email: {name: n for name, n in counters.items() if not name.startswith(once)}
        for email, counters in tables.counters.items()
    }


def shape(tables: Tables) -> dict[tuple[str, str], int]:
    """How many facts of its own each kind has, by message: which event stands first may differ."""
    sums: dict[tuple[str, str], int] = {}
    for fact in tables.facts.values():
        if fact.name in (first_name(fact.event), repeat_name(fact.event)):
            own = (str(fact.message), fact.event.kind)
            sums[own] = sums.get(own, 0) + 1
    return sums


@given(stories(), st.randoms(use_true_random=False))
def test_order_doubles_and_batches_change_neither_counters_nor_facts(events, randomness):
    straight = Tables()
    record(fake_world(tables=straight), events)
    mixed = told(events, randomness)
    assert by_day(mixed) == by_day(straight)
    assert shape(mixed) == shape(straight)


@given(stories(), st.randoms(use_true_random=False))
def test_the_counters_are_those_of_the_facts(events, randomness):
    tables = told(events, randomness)
    assert tables.counters == recounted(tables.facts.values())
    assert all(name == fact_id(fact) for name, fact in tables.facts.items())


@given(stories(), st.randoms(use_true_random=False))
def test_the_counters_say_what_the_events_say(events, randomness):
    tables = told(events, randomness)
    got = dict.fromkeys(("delivered", "opened", "opened_total", "clicked", "clicked_total", "clicked_total#1"), 0)
    for counters in tables.counters.values():
        got |= {name: got[name] + counters.get(name, 0) for name in got}
    clicks = [event for event in events if event.kind == "clicked"]
    opens = [event for event in events if event.kind == "opened"]
    assert got == {
        "delivered": len({event.message for event in events if event.kind == "delivered"}),
        "opened": len({event.message for event in opens + clicks}),
        "opened_total": len(opens),
        "clicked": len({event.message for event in clicks}),
        "clicked_total": len(clicks),
        "clicked_total#1": len([event for event in clicks if event.link == 1]),
    }


@given(stories(), st.integers(1, 12), st.booleans())
def test_a_recorder_killed_anywhere_is_made_good_by_the_replay(events, number, before):
    tables = Tables()
    kill = (killed_before if before else killed_after)(number)
    with suppress(Killed):
        record(intercepted(fake_world(tables=tables), *kill), events)
    record(fake_world(tables=tables), events)
    whole = Tables()
    record(fake_world(tables=whole), events)
    assert tables.counters == whole.counters
    assert tables.facts == whole.facts
    assert tables.suppressions == whole.suppressions


class TestRace:
    """Another worker is quicker between the read and the put."""

    @given(stories(), stories(), st.integers(1, 6))
    def test_two_workers_count_once(self, mine, others, moment):
        others = [replace(event, id=f"other-{event.id}") for event in others]
        tables = Tables()
        calls = iter(range(1, 1_000))
        interrupted = replace(
            fake_world(tables=tables), facts=Interrupted(fake_world(tables=tables), others, calls, moment)
        )
        record(interrupted, mine + others)
        record(fake_world(tables=tables), mine + others)
        assert tables.counters == recounted(tables.facts.values())
        whole = Tables()
        record(fake_world(tables=whole), mine + others)
        assert by_day(tables) == by_day(whole)


class Interrupted:
    """A store before whose nth call another worker records its events."""

    def __init__(self, world, events, calls, moment):
        self.world, self.events, self.calls, self.moment = world, events, calls, moment

    def __getattr__(self, name):
        if next(self.calls) == self.moment:
            record(self.world, self.events)
        return getattr(self.world.facts, name)


def test_a_click_marks_an_unread_mail_as_read():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "clicked", link=3)])
    assert sorted(fact.name for fact in tables.facts.values()) == ["clicked", "clicked#3", "opened"]
    assert tables.counters[EMAILS[0]] == {
        "opened": 1,
        "clicked": 1,
        "clicked#3": 1,
        "clicked_total": 1,
        "clicked_total#3": 1,
        "clicked_total#2026-11-24": 1,
    }


def test_an_open_after_the_click_is_a_repetition_but_a_hit_of_its_own():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "clicked", link=0)])
    record(world, [event_of(2, "opened")])
    counters = tables.counters[EMAILS[0]]
    assert (counters["opened"], counters["opened_total"]) == (1, 1)
    assert {fact.name for fact in tables.facts.values()} >= {"opened", "opened#event-2"}


def test_days_are_of_the_event_in_utc():
    world = fake_world(tables=(tables := Tables()))
    midnight = NOON + DAY // 2
    record(world, [event_of(1, "opened", at=midnight - 1), event_of(2, "opened", at=midnight)])
    counters = tables.counters[EMAILS[0]]
    assert (counters["opened_total#2026-11-24"], counters["opened_total#2026-11-25"]) == (1, 1)


class TestEvidence:
    row = Message(key_of(0), EMAILS[0], 1, "sent", "attempt-a", NOON)

    @pytest.mark.parametrize(
        ("row", "stored", "why"),
        [
            (row, False, "the row is the proof"),
            (None, True, "nothing else proves it yet"),
            (replace(row, attempt="attempt-b"), True, "it proves another attempt: a duplicate"),
            (replace(row, state="calling"), True, "it settles the doubt"),
            (replace(row, state="failed"), True, "it contradicts the row"),
        ],
    )
    def test_sent_is_stored_only_where_the_row_does_not_prove_it(self, row, stored, why):
        world = fake_world(tables=(tables := Tables()))
        if row is not None:
            tables.messages[row.key] = row
        record(world, [event_of(1, "sent", attempt="attempt-a", provider_id="ses-1")])
        assert [fact.name for fact in tables.facts.values()] == (["sent"] if stored else []), why
        assert tables.counters == {}
        proofs = world.messages.proofs([key_of(0)])
        assert [fact.event.provider_id for fact in proofs.get(key_of(0), [])] == (["ses-1"] if stored else [])

    def test_each_attempt_leaves_its_own_evidence(self):
        world = fake_world(tables=(tables := Tables()))
        first, second = event_of(1, "sent", attempt="a"), event_of(2, "sent", attempt="b")
        record(world, [first, second, second])
        assert sorted(fact.event.attempt for fact in tables.facts.values()) == ["a", "b"]


class TestSuppression:
    contact = Contact(key_of(0).contact, "ann@example.com")

    def hash_of(self, world, address="ann@example.com"):
        return world.signer.hashed("address", address)

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("bounced", "bounced"),
            ("complained", "complained"),
            ("unsubscribed", "unsubscribed"),
            ("soft_bounced", None),
            ("opened", None),
        ],
    )
    def test_who_is_suppressed(self, kind, reason):
        world = fake_world(tables=(tables := Tables()))
        tables.contacts[self.contact.id] = self.contact
        record(world, [event_of(1, kind)])
        standing = world.suppressions.read(self.hash_of(world))
        expected = reason and Suppression(self.hash_of(world), reason, str(key_of(0)), NOON)
        assert standing == expected

    def test_the_address_in_the_event_goes_first_for_the_contact_may_have_a_better_one_by_now(self):
        world = fake_world(tables=(tables := Tables()))
        tables.contacts[self.contact.id] = self.contact
        record(world, [event_of(1, "bounced", address="Mistyped@example.com")])
        assert set(tables.suppressions) == {self.hash_of(world, "mistyped@example.com")}

    def test_a_deleted_contact_is_suppressed_by_the_events_address(self):
        world = fake_world(tables=(tables := Tables()))
        record(world, [event_of(1, "bounced", address="gone@example.com")])
        assert set(tables.suppressions) == {self.hash_of(world, "gone@example.com")}

    @pytest.mark.parametrize("kind", ["opened", "clicked", "unsubscribed", "bounced", "complained"])
    def test_nobody_known_at_all_does_not_fail(self, kind):
        world = fake_world(tables=(tables := Tables()))
        record(world, [event_of(1, kind)])
        assert tables.suppressions == {}
        assert tables.facts

    def test_a_replay_does_not_undo_what_came_after(self):
        world = fake_world(tables=(tables := Tables()))
        tables.contacts[self.contact.id] = self.contact
        record(world, [event_of(1, "bounced")])
        world.suppressions.remove(self.hash_of(world), "bounced")
        record(world, [event_of(1, "bounced")])
        assert tables.suppressions == {}

    def test_bounce_and_complaint_of_one_message_in_one_batch_leave_the_stronger(self):
        world = fake_world(tables=(tables := Tables()))
        tables.contacts[self.contact.id] = self.contact
        record(world, [event_of(1, "complained"), event_of(2, "bounced")])
        assert tables.suppressions[self.hash_of(world)].reason == "complained"


class Counted:
    """A store that counts its transactions."""

    def __init__(self, facts):
        self.facts, self.sizes, self.emails = facts, [], []

    def put(self, facts, counters):
        self.sizes.append(len(facts))
        self.emails.append(len(counters))
        return self.facts.put(facts, counters)

    def __getattr__(self, name):
        return getattr(self.facts, name)


def test_ninety_facts_go_into_a_transaction():
    world = fake_world()
    counted = Counted(world.facts)
    events = [replace(event_of(n, "delivered", n), email=EMAILS[0]) for n in range(200)]
    record(replace(world, facts=counted), events)
    assert counted.sizes == [90, 90, 20]


def test_a_transaction_never_has_more_than_a_hundred_actions():
    world = fake_world()
    counted = Counted(world.facts)
    record(replace(world, facts=counted), [event_of(n, "delivered", n) for n in range(200)])
    assert max(size + emails for size, emails in zip(counted.sizes, counted.emails, strict=True)) <= 99


def test_repetitions_cost_one_transaction_not_two():
    world = fake_world()
    counted = Counted(world.facts)
    record(world, [event_of(n, "opened", 12 * n) for n in range(40)])
    record(replace(world, facts=counted), [event_of(100 + n, "opened", 12 * n) for n in range(40)])
    assert counted.sizes == [40]
