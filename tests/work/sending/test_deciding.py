"""An operator decides about recipients held in doubt."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.model.actor import Actor
from chalicelib.model.chunk import CHUNK
from chalicelib.model.counters import recounted
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.message import MessageKey
from chalicelib.model.outcome import CallInDoubt
from chalicelib.work import broadcasting, deciding, deciding_messages, fates, messaging
from chalicelib.work.deciding import Word
from chalicelib.work.world import World
from tests.fakes.faulty import Tap, answer_lost, counted, killed_after, killed_before
from tests.fakes.transport import accepted_then
from tests.fakes.world import numbered_id
from tests.work.sending.house import EMAIL, LIST, REVISION, House, sums_up, twice

RESEND = Word("resend", force=True)
LATE = 3_600_000


def held_house(people: int = 20, *, accepted: bool = True) -> tuple[House, str]:
    """Everybody is held: the answers of all calls were lost, and nothing comes back."""
    house = House(people)
    lost = CallInDoubt("time-out")
    house.transport.script.extend([accepted_then(lost) if accepted else lost] * -(-people // CHUNK))
    broadcast = house.broadcast(LIST)
    house.settle(evidence=False, rounds=30)
    tally = house.tally(broadcast.id)
    assert (tally.held, tally.planned) == (people, people)
    assert house.tables.locks[EMAIL] == broadcast.id
    return house, broadcast.id


def decide(house: House, broadcast: str, word: Word) -> None:
    deciding.decide(anns(house), broadcast, word)
    house.settle(evidence=False, rounds=5)


def anns(house: House) -> World:
    return replace(house.world(), actor=Actor("member", "ann-id", "Ann", "sender"))


def test_counted_as_sent_the_family_is_free_and_nobody_is_mailed_by_the_next_broadcast() -> None:
    house, broadcast = held_house()
    decide(house, broadcast, Word("sent"))
    tally = house.tally(broadcast)
    assert (tally.sent, tally.held) == (20, 0)
    assert house.tables.broadcasts[broadcast].closed
    assert EMAIL not in house.tables.locks
    again = house.broadcast(LIST)
    house.settle()
    assert house.tally(again.id).skipped == {"already_sent": 20}


def test_given_up_they_count_as_failed_and_are_not_mailed_by_the_next_broadcast_either() -> None:
    house, broadcast = held_house()
    decide(house, broadcast, Word("given_up"))
    assert house.tally(broadcast).failed == 20
    again = house.broadcast(LIST)
    house.settle()
    assert house.tally(again.id).skipped == {"already_sent": 20}
    (one, *_), _ = fates.missed(house.world(), broadcast, 1, None)
    assert one.reason == "Given up by Ann: nobody knows whether it arrived."


@pytest.mark.parametrize("accepted", [True, False])
def test_sent_again_the_broadcast_runs_again_and_ends(accepted: bool) -> None:
    house, broadcast = held_house(accepted=accepted)
    assert house.tables.broadcasts[broadcast].state == "finished"
    decide(house, broadcast, RESEND)
    assert house.tables.broadcasts[broadcast].state == "finished"
    assert house.tables.broadcasts[broadcast].closed
    assert house.tally(broadcast).sent == 20
    assert set(house.copies().values()) == {2 if accepted else 1}
    assert not twice(house)
    house.tell()
    duplicates = house.tables.counters[EMAIL].get("possible_duplicates", 0)
    assert duplicates == (20 if accepted else 0), "late evidence tells of those who may have two"
    assert house.tables.counters == recounted(house.tables.facts.values())


def test_some_are_chosen_by_name() -> None:
    house, broadcast = held_house()
    first, second, *_ = house.people
    decide(house, broadcast, replace(RESEND, contacts=[first]))
    decide(house, broadcast, Word("sent", [second]))
    tally = house.tally(broadcast)
    assert (tally.sent, tally.held) == (2, 18)
    assert house.copies()[first] == 2
    assert house.copies()[second] == 1


def test_who_decided_what_and_when_is_kept() -> None:
    house, broadcast = held_house()
    decide(house, broadcast, replace(RESEND, contacts=house.people[:3], note="They called."))
    (kept,) = deciding.history(house.world(), broadcast)
    assert (kept.by, kept.actor, kept.note, kept.number, kept.state) == ("Ann", "ann-id", "They called.", 3, "done")
    assert kept.done_at is not None
    assert kept.done_at >= kept.at > 0


def test_evidence_that_has_come_meanwhile_goes_first() -> None:
    house, broadcast = held_house()
    house.tell()
    decide(house, broadcast, RESEND)
    assert house.tally(broadcast).sent == 20
    assert set(house.copies().values()) == {1}


def test_a_doubt_that_comes_after_the_decision_is_not_decided_by_it() -> None:
    house, broadcast = held_house(accepted=False)
    house.transport.script.append(CallInDoubt("again"))
    deciding.decide(house.world(), broadcast, RESEND)
    house.settle(evidence=False, rounds=30)
    tally = house.tally(broadcast)
    assert (tally.held, tally.sent) == (20, 0)
    assert len(house.transport.calls) == 2
    assert house.tables.broadcasts[broadcast].state == "finished"


def test_what_is_refused() -> None:
    house, broadcast = held_house()
    world = house.world()
    with pytest.raises(Conflict, match="twice"):
        deciding.decide(world, broadcast, Word("resend"))
    with pytest.raises(Invalid, match="perhaps"):
        deciding.decide(world, broadcast, Word("perhaps"))
    with pytest.raises(Invalid, match="contacts"):
        deciding.decide(world, broadcast, Word("sent", [numbered_id(1, "stranger")]))
    with pytest.raises(Invalid, match="contacts"):
        deciding.decide(world, broadcast, Word("sent", []))
    with pytest.raises(NotFound):
        deciding.decide(world, numbered_id(9, "broadcast"), Word("sent"))
    decide(house, broadcast, Word("sent"))
    with pytest.raises(Conflict, match="Nobody"):
        deciding.decide(world, broadcast, Word("sent"))


def test_a_cancelled_broadcast_sends_nothing_more_and_frees_the_family_by_the_other_words() -> None:
    house = House(20)
    broadcast = house.broadcast(LIST).id
    house.transport.script.append(CallInDoubt("time-out"))
    house.drain()
    broadcasting.cancel(house.world(), broadcast)
    house.settle(evidence=False, rounds=30)
    assert house.tally(broadcast).held == 20
    with pytest.raises(Conflict, match="cancelled"):
        deciding.decide(house.world(), broadcast, RESEND)
    decide(house, broadcast, Word("given_up"))
    assert EMAIL not in house.tables.locks


FAULTS: dict[str, Callable[[int], tuple[Tap, Tap]]] = {
    "killed before": killed_before,
    "killed after": killed_after,
    "answer lost": answer_lost,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("word", [RESEND, Word("sent"), Word("given_up")], ids=lambda word: word.what)
def test_one_fault_at_every_port_call_applies_a_decision_once(word: Word, fault: str) -> None:
    ports: list[object] = []
    house, broadcast = held_house(8)
    deciding.decide(house.world(), broadcast, word)
    house.work(house.hints.queue.pop(), *counted(ports))
    for number in range(1, len(ports) + 1):
        house, broadcast = held_house(8)
        deciding.decide(house.world(), broadcast, word)
        house.work(house.hints.queue.pop(), *FAULTS[fault](number))
        house.settle(evidence=False, rounds=40)
        tally = house.tally(broadcast)
        where = f"{fault} call {number} of {len(ports)}: {tally}"
        assert sums_up(tally), where
        assert not tally.held, where
        assert not twice(house), where
        assert house.copies().total() == (16 if word is RESEND else 8), where
        assert house.tables.broadcasts[broadcast].closed, where
        assert [each.state for each in house.tables.decisions.values()] == ["done"], where


def held_message() -> tuple[House, str]:
    house = House(2)
    house.tables.emails[EMAIL] = replace(house.tables.emails[EMAIL], kind="template")
    house.tables.revisions[EMAIL, 1] = replace(REVISION, kind="template")
    house.transport.script.append(accepted_then(CallInDoubt("reset")))
    key = str(messaging.send(house.world(), EMAIL, house.people[0], {}, "immediate", "order 17").key)
    for _ in range(8):
        house.clock.sleep(300_000)
        house.sweep()
        house.drain()
    assert messaging.read(house.world(), key)[0].state == "held"
    return house, key


@pytest.mark.parametrize(
    ("what", "state", "copies"), [("sent", "sent", 1), ("given_up", "failed", 1), ("resend", "sent", 2)]
)
def test_a_template_message_in_doubt_is_decided_about(what: str, state: str, copies: int) -> None:
    house, key = held_message()
    assert [str(each.key) for each in deciding_messages.unsettled(house.world(), "held", 10)] == [key]
    deciding_messages.decide(anns(house), key, Word(what, force=True))
    house.drain()
    assert messaging.read(house.world(), key)[0].state == state
    assert house.copies().total() == copies
    assert not twice(house)
    assert deciding_messages.unsettled(house.world(), "held", 10) == []
    assert [each.by for each in deciding.history(house.world(), key)] == ["Ann"]
    with pytest.raises(Conflict, match="not held"):
        deciding_messages.decide(house.world(), key, Word(what, force=True))


def test_a_template_message_is_not_sent_again_without_force_nor_against_evidence() -> None:
    house, key = held_message()
    with pytest.raises(Conflict, match="twice"):
        deciding_messages.decide(house.world(), key, Word("resend"))
    house.tell()
    with pytest.raises(Conflict, match="it is sent"):
        deciding_messages.decide(house.world(), key, RESEND)
    assert house.copies().total() == 1


def test_the_list_of_the_held_names_them_page_by_page() -> None:
    house, broadcast = held_house()
    world, cursor, found = house.world(), None, []
    for _ in range(10):
        page, cursor = fates.held(world, broadcast, 7, cursor)
        found += [each.fated.message.contact for each in page]
        if cursor is None:
            break
    assert sorted(found) == sorted(house.people)
    assert {each.message for each in deciding.held(world, broadcast)} == {MessageKey(c, EMAIL) for c in house.people}
