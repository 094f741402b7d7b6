from dataclasses import replace

from chalicelib.model.broadcast import Walk
from chalicelib.model.chunk import Call, Chunk, begun, judged
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.things import broadcast, chunk

CALL = Call(numbered_id(1, "attempt"), NOON, NOON + 150_000, tuple(range(0, 50, 2)))


def planned(world: World, number: int) -> None:
    assert world.broadcasts.create(broadcast(1))
    assert world.broadcasts.start(replace(broadcast(1), state="planning", version=2), [Walk(0)])
    running = world.broadcasts.read(broadcast(1).id)
    assert running is not None
    walk = Walk(0, page="page", chunks=number, version=2)
    assert world.broadcasts.commit_page(running, walk, 1, [chunk(each) for each in range(number)])


def read(world: World, number: int) -> Chunk | None:
    return world.chunks.read(broadcast(1).id, 0, number)


def test_a_chunk_comes_back_through_every_state(world: World) -> None:
    planned(world, 1)
    calling = begun(chunk(0), CALL, {1: "g", 3: "U"})
    assert world.chunks.write(calling)
    assert read(world, 0) == calling
    second = replace(CALL, attempt=numbered_id(2, "attempt"), members=(49,), lease_until=NOON + 1)
    both = begun(calling, second, {})
    assert world.chunks.write(both)
    assert read(world, 0) == both
    after = replace(judged(both, {0: "s", 2: "f", 4: "d"}), tries=3)
    assert world.chunks.write(after)
    assert read(world, 0) == after


def test_a_chunk_that_is_put_off_comes_back(world: World) -> None:
    planned(world, 1)
    later = replace(begun(chunk(0), CALL, {}), fates="cz" * 25, due_at=NOON + 1)
    assert world.chunks.write(later)
    assert read(world, 0) == later


def test_a_write_is_conditional_on_the_version(world: World) -> None:
    planned(world, 1)
    mine, late = begun(chunk(0), CALL, {}), begun(chunk(0), replace(CALL, attempt=numbered_id(2, "attempt")), {})
    assert world.chunks.write(mine)
    assert world.chunks.write(mine), "what is stored is what it wrote"
    assert not world.chunks.write(late)
    assert read(world, 0) == mine
    assert not world.chunks.write(begun(chunk(7), CALL, {})), "nothing is there"


def test_a_range_comes_in_order(world: World) -> None:
    planned(world, 12)
    between = world.chunks.between
    assert list(between(broadcast(1).id, 0, 2, 11)) == [chunk(number) for number in range(2, 11)]
    assert list(between(broadcast(1).id, 0, 10, 99)) == [chunk(10), chunk(11)]
    assert list(between(broadcast(1).id, 0, 3, 3)) == []
    assert list(between(broadcast(1).id, 1, 0, 9)) == []
