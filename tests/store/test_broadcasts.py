from dataclasses import replace

from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.cap import Recent
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.pages import all_pages
from tests.store.things import EMAIL, FAMILY, broadcast, chunk

WALKS = [Walk(number) for number in range(4)]


def started(world: World, number: int = 1) -> Broadcast:
    assert world.broadcasts.create(broadcast(number))
    after = replace(broadcast(number), state="planning", version=2)
    assert world.broadcasts.start(after, WALKS)
    return after


def page_of(number: int, walk: Walk, page: str) -> Walk:
    return replace(walk, cursor=f"c{number}", page=page, chunks=number, version=walk.version + 1)


def test_a_broadcast_comes_back_and_is_open(world: World) -> None:
    assert world.broadcasts.read(broadcast(1).id) is None
    assert world.broadcasts.create(broadcast(1))
    assert world.broadcasts.create(broadcast(1)), "the very same"
    assert not world.broadcasts.create(broadcast(1, revision=2))
    assert world.broadcasts.read(broadcast(1).id) == broadcast(1)
    assert world.broadcasts.open() == [broadcast(1).id]


def test_a_start_takes_the_lock_and_lays_the_walks(world: World) -> None:
    running = started(world)
    assert world.broadcasts.read(running.id) == running
    assert world.broadcasts.lock_holder(FAMILY) == running.id
    assert world.broadcasts.walks(running.id) == WALKS
    assert world.broadcasts.start(running, WALKS), "the very same"


def test_a_family_has_one_broadcast_at_a_time(world: World) -> None:
    running = started(world, 1)
    assert world.broadcasts.create(broadcast(2))
    waiting = replace(broadcast(2), state="planning", version=2)
    assert not world.broadcasts.start(waiting, WALKS)
    assert world.broadcasts.read(waiting.id) == broadcast(2)
    assert world.broadcasts.walks(waiting.id) == []
    assert world.broadcasts.close(replace(running, state="cancelled", closed=True, version=3), 2)
    assert world.broadcasts.lock_holder(FAMILY) is None
    assert world.broadcasts.start(waiting, WALKS)


def test_a_broadcast_that_moved_on_does_not_start(world: World) -> None:
    assert world.broadcasts.create(broadcast(1))
    assert world.broadcasts.update(replace(broadcast(1), state="cancelled", version=2), 1)
    assert not world.broadcasts.start(replace(broadcast(1), state="planning", version=2), WALKS)
    assert world.broadcasts.lock_holder(FAMILY) is None


def test_an_update_is_conditional(world: World) -> None:
    assert world.broadcasts.create(broadcast(1))
    after = replace(broadcast(1), state="cancelled", version=2)
    assert world.broadcasts.update(after, 1)
    assert world.broadcasts.update(after, 1), "it stands as it was wished"
    assert not world.broadcasts.update(replace(after, state="planning"), 1)
    assert not world.broadcasts.update(broadcast(2, version=2), 1)


def test_a_close_ends_the_care_and_leaves_a_foreign_lock(world: World) -> None:
    running = started(world, 1)
    assert world.broadcasts.create(broadcast(2))
    never_started = replace(broadcast(2), state="cancelled", closed=True, version=2)
    assert world.broadcasts.close(never_started, 1)
    assert world.broadcasts.close(never_started, 1), "the very same"
    assert world.broadcasts.lock_holder(FAMILY) == running.id
    assert world.broadcasts.open() == [running.id]
    assert not world.broadcasts.close(replace(running, closed=True, version=9), 8)
    assert world.broadcasts.open() == [running.id]


def test_the_newest_of_an_email_come_first(world: World) -> None:
    made = [broadcast(number, created_at=number * 1_000) for number in range(5)]
    for each in made:
        assert world.broadcasts.create(each)
    assert world.broadcasts.create(broadcast(9, email=FAMILY))
    shown = all_pages(lambda cursor: world.broadcasts.of_email(EMAIL, 2, cursor), 2)
    assert shown == made[::-1]


def test_the_newest_of_all_e_mails_come_first(world: World) -> None:
    made = [broadcast(number, created_at=number * 1_000, email=EMAIL if number % 2 else FAMILY) for number in range(5)]
    for each in made:
        assert world.broadcasts.create(each)
    assert all_pages(lambda cursor: world.broadcasts.latest(2, cursor), 2) == made[::-1]


def test_a_walk_is_written_on_its_version(world: World) -> None:
    running = started(world)
    after = replace(WALKS[2], fed=3, sums={"s": 50}, version=2)
    assert world.broadcasts.update_walk(running.id, after, 1)
    assert world.broadcasts.update_walk(running.id, after, 1), "it stands as it was wished"
    assert not world.broadcasts.update_walk(running.id, replace(after, fed=4), 1)
    assert not world.broadcasts.update_walk(running.id, Walk(9, version=2), 1)
    assert world.broadcasts.walks(running.id) == [WALKS[0], WALKS[1], after, WALKS[3]]


def test_a_page_of_98_chunks_and_the_walk_are_committed_together(world: World) -> None:
    running = started(world)
    chunks = [chunk(number) for number in range(98)]
    after = page_of(98, WALKS[0], "page-one")
    assert world.broadcasts.commit_page(running, after, 1, chunks)
    assert list(world.chunks.between(running.id, 0, 0, 98)) == chunks
    assert world.broadcasts.walks(running.id)[0] == after


def test_a_page_whose_answer_was_lost_is_known_by_its_id_even_when_it_was_fed_since(world: World) -> None:
    running = started(world)
    mine = page_of(1, WALKS[0], "mine")
    assert world.broadcasts.commit_page(running, mine, 1, [chunk(0)])
    assert world.broadcasts.commit_page(running, mine, 1, [chunk(0)])
    assert world.broadcasts.update_walk(running.id, replace(mine, fed=1, version=3), 2)
    assert world.broadcasts.commit_page(running, mine, 1, [chunk(0)])
    assert not world.broadcasts.commit_page(running, page_of(1, WALKS[0], "late"), 1, [chunk(1)])
    assert world.chunks.read(running.id, 0, 1) is None


def test_no_page_is_committed_once_planning_is_over(world: World) -> None:
    running = started(world)
    assert world.broadcasts.update(replace(running, state="paused", version=3), 2)
    assert not world.broadcasts.commit_page(running, page_of(1, WALKS[0], "one"), 1, [chunk(0)])
    assert world.chunks.read(running.id, 0, 0) is None
    assert world.broadcasts.walks(running.id) == WALKS


def test_the_recent_ones_are_those_that_are_open_and_those_that_ended_since(world: World) -> None:
    category = numbered_id(1, "category")
    for number, ended_at in ((1, None), (2, NOON), (3, NOON - 1)):
        begun = broadcast(number, family=numbered_id(number, "family"), category=category, started_at=NOON - 9)
        assert world.broadcasts.create(begun)
        begun = replace(begun, state="planning", version=2)
        assert world.broadcasts.start(begun, WALKS[:1])
        if ended_at is not None:
            ended = replace(begun, state="finished", ended_at=ended_at, closed=True, version=3)
            assert world.broadcasts.close(ended, 2)
            assert world.broadcasts.close(ended, 2), "what is stored is what it wrote"
    assert world.broadcasts.create(broadcast(4)), "has not begun"
    never = broadcast(5, started_at=None)
    assert world.broadcasts.create(never)
    assert world.broadcasts.close(replace(never, state="cancelled", ended_at=NOON, closed=True, version=2), 1)
    found = sorted(world.broadcasts.recent(NOON), key=lambda each: each.last)
    assert found == [
        Recent(numbered_id(2, "family"), category, NOON),
        Recent(numbered_id(1, "family"), category, None, NOON - 9),
    ]
