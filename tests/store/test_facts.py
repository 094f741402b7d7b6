from dataclasses import replace

from chalicelib.work.ports import fact_id
from chalicelib.work.world import World
from tests.fakes.world import numbered_id
from tests.store.things import EMAIL, fact

OTHER = numbered_id(2, "email")


def test_ninety_facts_and_their_counters_are_one_write(world: World) -> None:
    facts = [fact(number) for number in range(90)]
    assert world.facts.put(facts, {EMAIL: {"delivered": 90, "delivered#2025-11-25": 90}, OTHER: {"opened": 1}}) is None
    assert world.facts.existing(facts) == {fact_id(each): each for each in facts}
    assert world.facts.counters(EMAIL) == {"delivered": 90, "delivered#2025-11-25": 90}
    assert world.facts.counters(OTHER) == {"opened": 1}
    assert world.facts.counters(numbered_id(3, "email")) == {}


def test_what_exists_is_named_and_nothing_is_written(world: World) -> None:
    assert world.facts.put([fact(1), fact(2)], {EMAIL: {"delivered": 2}}) is None
    wished = [fact(1), fact(2, id="another event"), fact(3)]
    assert world.facts.put(wished, {EMAIL: {"delivered": 3}}) == {fact_id(fact(1)), fact_id(fact(2))}
    assert world.facts.existing(wished) == {fact_id(each): each for each in (fact(1), fact(2))}
    assert world.facts.counters(EMAIL) == {"delivered": 2}


def test_counters_add_up_whatever_shard_they_are_on(world: World) -> None:
    for number in range(20):
        assert world.facts.put([fact(number, "opened")], {EMAIL: {"opened": 1, f"clicks#{number % 2}": 2}}) is None
    assert world.facts.counters(EMAIL) == {"opened": 20, "clicks#0": 20, "clicks#1": 20}


def test_names_with_a_mark_of_any_kind_come_back(world: World) -> None:
    event = replace(fact(1, "clicked").event, link=3, id="x!y#z", detail={"révision": "2"})
    odd = replace(fact(1), name="clicked#3#x!y#z", event=event)
    assert world.facts.put([odd], {}) is None
    assert world.facts.existing([odd]) == {fact_id(odd): odd}
    assert world.messages.facts(odd.message) == [odd]


def test_facts_without_counters_and_nothing_at_all(world: World) -> None:
    assert world.facts.put([fact(1)], {EMAIL: {}}) is None
    assert world.facts.existing([]) == {}
