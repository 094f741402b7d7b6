import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.cohort import Cohort
from chalicelib.model.contact import Contact
from chalicelib.model.counters import BY_COHORT, recounted
from chalicelib.model.fact import EFFECTS, Event, Kind
from chalicelib.model.labelling import HIDDEN_LINK
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.work.evidence import proofs
from chalicelib.work.recording import record
from tests.fakes.faulty import Killed, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

DAY = 86_400_000
NOON = 1_795_521_600_000  # 2026-11-24T12:00Z
FAMILY = numbered_id(0, "family")
COHORTS = (Cohort(numbered_id(1, "segment"), "gmail.com"), Cohort("", "other"), Cohort(numbered_id(2, "segment"), ""))
EMAILS = tuple(numbered_id(n, "email") for n in range(12))


def key_of(person: int) -> MessageKey:
    return MessageKey(numbered_id(person, "contact"), FAMILY)


PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Thunderbird/133.0"
AGENTS = (PERSON, "Mozilla/5.0", "Barracuda Sentinel (EE)", "")


def event_of(number: int, kind: Kind, person: int = 0, link: int | None = None, at: int = NOON, **more: str) -> Event:
    agent = more.pop("agent", PERSON)
    detail = {"agent": agent} if EFFECTS[kind].hit else {}
    email = EMAILS[person % len(EMAILS)]
    return Event(f"event-{number}", kind, key_of(person), email, at, link=link, detail=detail, **more)


KINDS: tuple[Kind, ...] = ("delivered", "opened", "clicked", "bounced", "complained", "soft_bounced", "sent", "delayed")


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    """Different events about few messages, so that they meet: within seconds of each other, or days apart."""
    moments = st.integers(0, 4_000) | st.integers(0, 2 * DAY)
    told = draw(
        st.lists(
            st.tuples(
                st.sampled_from(KINDS),
                st.integers(0, 2),
                st.sampled_from((None, 0, 1, 2, 3, HIDDEN_LINK)),
                moments.map(lambda after: NOON + after),
                st.sampled_from(AGENTS),
            ),
            max_size=30,
        )
    )
    return [
        event_of(number, kind, person, link if kind == "clicked" else None, at, agent=agent)
        for number, (kind, person, link, at, agent) in enumerate(told)
    ]


def cut(events: Sequence[Event], randomness: random.Random) -> Iterable[Sequence[Event]]:
    while events:
        size = randomness.randint(1, len(events))
        yield events[:size]
        events = events[size:]


def told(events: Sequence[Event], randomness: random.Random, rows: Mapping[MessageKey, Message] = {}) -> Tables:
    """Recorded in any order, some of them again, in any batches."""
    tables = Tables(messages=dict(rows))
    shuffled = [*events, *randomness.sample(events, randomness.randint(0, len(events)))]
    randomness.shuffle(shuffled)
    for batch in cut(shuffled, randomness):
        record(fake_world(tables=tables), batch)
    return tables


@given(stories(), st.randoms(use_true_random=False), st.booleans())
def test_any_order_doubles_and_batches_give_the_same_rows_and_counters(events, randomness, sent):
    """Facts, verdicts and counters alike, to the last of them; with the message's row there or not."""
    rows = [Message(key_of(person), EMAILS[person], 1, "sent", "attempt", NOON) for person in range(3)]
    known = {row.key: row for row in rows} if sent else {}
    straight = Tables(messages=dict(known))
    record(fake_world(tables=straight), events)
    mixed = told(events, randomness, known)
    assert mixed.facts == straight.facts
    assert mixed.counters == straight.counters
    assert mixed.suppressions == straight.suppressions


@given(stories(), st.randoms(use_true_random=False))
def test_the_counters_are_those_of_the_facts(events, randomness):
    tables = told(events, randomness)
    assert tables.counters == recounted(tables.facts.values())
    kept = [fact.event for feedback in tables.facts.values() for fact in feedback.facts]
    assert sorted(kept, key=lambda event: event.id) == sorted(events, key=lambda event: event.id)


@given(stories(), st.randoms(use_true_random=False), st.integers(0, 30))
def test_cohorts_are_counted_once_the_row_says_them(events, randomness, before):
    """Whatever came before the row was there is counted with what comes behind it; told again, it changes nothing."""
    tables = Tables()
    world = fake_world(tables=tables)
    record(world, events[:before])
    rows = [Message(key_of(n), EMAILS[n], 1, "sent", "a" * 16, NOON, cohort=COHORTS[n]) for n in range(3)]
    world.messages.put_many(rows)
    for _ in range(2):
        told = list(events)
        randomness.shuffle(told)
        record(world, told)
    assert tables.counters == recounted(tables.facts.values())
    for n, cohort in enumerate(COHORTS):
        counts = tables.counters.get(EMAILS[n], {})
        for name in BY_COHORT:
            assert counts.get(f"by#{cohort.segment}#{cohort.domain}#{name}", 0) == counts.get(name, 0)


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
    labels = ("human", "proxy", "scanner")
    for total in ("opened_total", "clicked_total"):
        by_label = sum(counters.get(f"{label}_{total}", 0) for counters in tables.counters.values() for label in labels)
        assert by_label == got[total]


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
        assert tables.facts == whole.facts
        assert tables.counters == whole.counters


class Interrupted:
    """A store before whose nth call another worker records its events."""

    def __init__(self, world, events, calls, moment):
        self.world, self.events, self.calls, self.moment = world, events, calls, moment

    def __getattr__(self, name):
        if next(self.calls) == self.moment:
            record(self.world, self.events)
        return getattr(self.world.facts, name)


def test_a_persons_click_marks_an_unread_mail_as_read():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "clicked", link=3)])
    assert tables.counters[EMAILS[0]] == dict.fromkeys(
        (
            *("opened", "human_opened", "clicked", "human_clicked", "clicked#3", "human_clicked#3"),
            *("clicked_total", "human_clicked_total", "clicked_total#3", "human_clicked_total#3"),
            *("clicked_total#2026-11-24T12", "human_clicked_total#2026-11-24T12"),
            *("device#desktop", "client#thunderbird"),
        ),
        1,
    )


def test_a_scanners_click_makes_nobody_a_reader():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "clicked", link=3, agent="curl/8.4.0")])
    counters = tables.counters[EMAILS[0]]
    assert (counters["opened"], counters["scanner_opened"], counters["clicked"]) == (1, 1, 1)
    assert not any(name.startswith(("human", "device", "client")) for name in counters)


def test_an_open_after_the_click_is_a_hit_of_its_own():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "clicked", link=0)])
    record(world, [event_of(2, "opened")])
    counters = tables.counters[EMAILS[0]]
    assert (counters["opened"], counters["opened_total"]) == (1, 1)


def test_the_first_of_a_burst_is_labelled_again_when_the_others_come():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "clicked", link=0)])
    assert tables.counters[EMAILS[0]]["human_clicked"] == 1
    record(world, [event_of(2, "clicked", link=1, at=NOON + 300)])
    record(world, [event_of(3, "clicked", link=2, at=NOON + 600)])
    counters = tables.counters[EMAILS[0]]
    assert "human_clicked" not in {name for name, number in counters.items() if number}
    assert (counters["clicked"], counters["scanner_clicked"], counters["scanner_clicked_total"]) == (1, 1, 3)
    (feedback,) = tables.facts.values()
    assert {fact.verdict.reason for fact in feedback.facts} == {"burst"}


def test_the_delivery_that_is_told_late_shows_who_was_too_quick():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "opened", at=NOON + 1_000)])
    assert tables.counters[EMAILS[0]]["human_opened"] == 1
    record(world, [event_of(2, "delivered")])
    assert "human_opened" not in tables.counters[EMAILS[0]]
    assert tables.counters[EMAILS[0]]["scanner_opened"] == 1


def test_where_no_delivery_is_told_the_rows_own_time_of_sending_counts():
    row = Message(key_of(0), EMAILS[0], 1, "sent", "attempt", NOON - 500)
    world = fake_world(tables=(tables := Tables(messages={row.key: row})))
    record(world, [event_of(1, "opened")])
    assert tables.facts[row.key].sent_at == NOON - 500
    assert tables.counters[EMAILS[0]]["scanner_opened"] == 1
    record(world, [event_of(2, "delivered", at=NOON - 60_000)])
    assert tables.facts[row.key].sent_at is None
    assert tables.counters[EMAILS[0]]["human_opened"] == 1


def test_the_hidden_link_is_counted_as_a_click_and_is_no_link():
    world = fake_world(tables=(tables := Tables()))
    record(world, [event_of(1, "clicked", link=HIDDEN_LINK)])
    counters = tables.counters[EMAILS[0]]
    assert (counters["clicked_total"], counters["scanner_clicked_total"]) == (1, 1)
    assert not any(str(HIDDEN_LINK) in name for name in counters)


def test_hours_are_of_the_event_in_utc():
    world = fake_world(tables=(tables := Tables()))
    midnight = NOON + DAY // 2
    record(world, [event_of(1, "opened", at=midnight - 1), event_of(2, "opened", at=midnight)])
    counters = tables.counters[EMAILS[0]]
    assert (counters["opened_total#2026-11-24T23"], counters["opened_total#2026-11-25T00"]) == (1, 1)


def test_what_comes_once_has_the_day_of_the_first_whichever_is_told_first():
    for order in (1, -1):
        world = fake_world(tables=(tables := Tables()))
        for event in [event_of(1, "delayed"), event_of(2, "delayed", at=NOON + DAY)][::order]:
            record(world, [event])
        assert tables.counters[EMAILS[0]] == {"delayed": 1, "delayed#2026-11-24": 1}


@pytest.mark.parametrize("order", [1, -1])
def test_of_a_letter_that_everybody_opens_the_earliest_opens_are_kept(order):
    """However many come, a message's row and what it costs to write it stay small."""
    kept = EFFECTS["opened"].kept
    world = fake_world(tables=(tables := Tables()))
    events = [event_of(number, "opened", at=NOON + number * 1_000) for number in range(kept + 50)]
    for event in events[::order]:
        record(world, [event])
    assert tables.counters[EMAILS[0]]["opened_total"] == kept
    assert [fact.event for fact in tables.facts[key_of(0)].facts] == events[:kept]


def test_a_hit_beyond_those_that_are_kept_writes_nothing():
    world = fake_world()
    record(world, [event_of(number, "opened", at=NOON + number) for number in range(EFFECTS["opened"].kept)])
    counted = Counted(world.facts)
    record(replace(world, facts=counted), [event_of(9_999, "opened", at=NOON + DAY)])
    assert counted.sizes == [0]


def test_an_event_told_differently_under_one_id_is_the_earlier_one_in_any_order():
    late, early = event_of(1, "opened", at=NOON + DAY), event_of(1, "opened")
    for order in ([late, early], [early, late]):
        world = fake_world(tables=(tables := Tables()))
        for event in order:
            record(world, [event])
        assert [fact.event for fact in tables.facts[key_of(0)].facts] == [early]
        assert tables.counters == recounted(tables.facts.values())


def test_the_end_of_a_template_sending_is_counted_once_and_apart_from_its_evidence():
    world = fake_world(tables=(tables := Tables()))
    end = replace(event_of(1, "sent"), ends=True)
    record(world, [end, event_of(2, "sent"), replace(event_of(3, "refused", at=NOON + 1), ends=True)])
    assert tables.counters[EMAILS[0]] == {"sent": 1}


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
        assert list(tables.facts) == ([key_of(0)] if stored else []), why
        assert not any(tables.counters.values())
        proved = proofs(world, [key_of(0), key_of(1)])
        assert [fact.event.provider_id for fact in proved.get(key_of(0), [])] == (["ses-1"] if stored else [])

    def test_each_attempt_leaves_its_own_evidence(self):
        world = fake_world(tables=(tables := Tables()))
        first, second = event_of(1, "sent", attempt="a"), event_of(2, "sent", attempt="b")
        record(world, [first, second, second])
        assert [fact.event.attempt for fact in tables.facts[key_of(0)].facts] == ["a", "b"]

    def test_proofs_speak_for_acceptance_or_against_it_and_coming_back_says_nothing(self):
        world = fake_world()
        record(world, [event_of(1, "rejected", 1), event_of(2, "opened", 1), event_of(3, "resubscribed", 2)])
        found = proofs(world, [key_of(person) for person in range(4)])
        assert {key: [fact.event.kind for fact in facts] for key, facts in found.items()} == {
            key_of(1): ["opened", "rejected"]
        }


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
    """A store that counts what it is to write."""

    def __init__(self, facts):
        self.facts, self.sizes = facts, []

    def write(self, changes):
        self.sizes.append(len(changes))
        return self.facts.write(changes)

    def __getattr__(self, name):
        return getattr(self.facts, name)


def test_all_of_a_message_is_one_row():
    world = fake_world()
    counted = Counted(world.facts)
    events = [event_of(n, kind, n % 7, 1 if kind == "clicked" else None) for n, kind in enumerate(KINDS * 7)]
    record(replace(world, facts=counted), events)
    assert counted.sizes == [7]


def test_what_is_known_already_writes_nothing():
    world = fake_world()
    events = [event_of(n, "opened", n) for n in range(40)]
    record(world, events)
    counted = Counted(world.facts)
    record(replace(world, facts=counted), events)
    assert counted.sizes == [0]
