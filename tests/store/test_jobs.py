from dataclasses import replace

import pytest

from chalicelib.model.erasure import Erasure
from chalicelib.model.export import Export
from chalicelib.model.importing import Import, Rejected
from chalicelib.model.merging import Merge
from chalicelib.model.pending import PendingCount
from chalicelib.model.relabelling import Relabelling
from chalicelib.model.renaming import Renaming
from chalicelib.work.world import World
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.pages import all_pages

ONE, TWO = numbered_id(1, "job"), numbered_id(2, "job")
JOB = Import(
    ONE, "people.csv", columns=("Vorname", "e-mail"), mapping={"Vorname": "firstname"}, size=9, created_at=NOON
)
COUNT = PendingCount(ONE, numbered_id(1, "email"), (numbered_id(1, "segment"),), (), created_at=NOON)


def test_an_import_goes_its_way(world: World) -> None:
    assert world.imports.read(ONE) is None
    assert world.imports.create(JOB)
    assert world.imports.create(JOB), "the very same"
    assert not world.imports.create(replace(JOB, file="other.csv"))
    assert world.imports.read(ONE) == JOB
    running = replace(JOB, state="running", offset=5, version=2)
    assert world.imports.update(running, 1)
    assert world.imports.update(running, 1), "it stands as it was wished"
    assert not world.imports.update(replace(running, offset=6), 1)
    assert world.imports.read(ONE) == running


@pytest.mark.parametrize("end", ["finished", "failed", "cancelled"])
def test_open_imports_are_those_that_have_not_ended(world: World, end: str) -> None:
    assert world.imports.create(JOB)
    assert world.imports.create(replace(JOB, id=TWO))
    assert world.imports.open() == sorted([ONE, TWO])
    assert world.imports.update(replace(JOB, state="running", version=2), 1)
    assert world.imports.open() == sorted([ONE, TWO])
    assert not world.imports.update(replace(JOB, state=end, version=9), 8)
    assert world.imports.open() == sorted([ONE, TWO])
    assert world.imports.update(replace(JOB, state=end, version=3), 2)
    assert world.imports.open() == [TWO]


def test_an_export_that_is_cancelled_is_not_open_and_is_listed(world: World) -> None:
    job = Export(ONE, "contacts", "csv", created_at=NOON)
    assert world.exports.create(job)
    assert world.exports.update(replace(job, state="running", upload="u", version=2), 1)
    cancelled = replace(job, state="cancelled", upload="u", finished_at=NOON, version=3)
    assert world.exports.update(cancelled, 2)
    assert not world.exports.update(replace(job, state="running", rows=7, version=3), 2)
    assert world.exports.open() == []
    assert world.exports.page(5, None) == ([cancelled], None)


def test_imports_are_listed_the_newest_first(world: World) -> None:
    made = [replace(JOB, id=numbered_id(n, "job"), created_at=NOON + (n * 7) % 5) for n in range(7)]
    for job in made:
        assert world.imports.create(job)
    assert world.imports.update(replace(made[3], state="finished", version=2), 1)
    shown = all_pages(lambda cursor: world.imports.page(3, cursor), 3)
    assert {each.id for each in shown} == {each.id for each in made}
    assert [each.created_at for each in shown] == sorted((each.created_at for each in made), reverse=True)
    assert next(each for each in shown if each.id == made[3].id).state == "finished"


def test_rejected_lines_are_kept_once_and_in_order(world: World) -> None:
    lines = [Rejected(n, "e-mail", f"value {n}", "No address.") for n in range(2, 60)]
    lines += [Rejected(3, "Ünïcode#" * 60, "x", "Too long."), Rejected(4, "", "y", "No name.")]
    world.imports.add_rejected(ONE, lines)
    world.imports.add_rejected(ONE, lines[:30])
    shown = all_pages(lambda cursor: world.imports.rejected(ONE, 9, cursor), 9)
    assert sorted(shown, key=lambda each: (each.line, each.column)) == sorted(lines, key=lambda e: (e.line, e.column))
    assert [each.line for each in shown] == sorted(each.line for each in lines)
    assert world.imports.rejected(TWO, 9, None) == ([], None)


def test_a_count_goes_its_way(world: World) -> None:
    assert world.counts.create(COUNT)
    assert world.counts.read(ONE) == COUNT
    assert world.counts.read(TWO) is None
    assert world.counts.open() == [ONE]
    done = replace(COUNT, state="finished", pending=7, version=2)
    assert not world.counts.update(done, 7)
    assert world.counts.update(done, 1)
    assert world.counts.update(done, 1), "it stands as it was wished"
    assert world.counts.read(ONE) == done
    assert world.counts.open() == []


def test_imports_and_counts_do_not_see_each_other(world: World) -> None:
    assert world.imports.create(JOB)
    assert world.counts.create(COUNT)
    assert world.imports.update(replace(JOB, state="failed", version=2), 1)
    assert world.counts.open() == [ONE]


def test_a_relabelling_goes_its_way(world: World) -> None:
    job = Relabelling(ONE, numbered_id(1, "email"), created_at=NOON)
    assert world.relabellings.read(ONE) is None
    assert world.relabellings.create(job)
    assert world.relabellings.open() == [ONE]
    running = replace(job, state="running", cursor="b 0 3", looked_at=40, changed=2, version=2)
    assert world.relabellings.update(running, 1)
    assert not world.relabellings.update(replace(running, changed=3), 1)
    assert world.relabellings.read(ONE) == running
    assert world.relabellings.update(replace(running, state="finished", finished_at=NOON, version=3), 2)
    assert world.relabellings.open() == []


def test_a_renaming_goes_its_way(world: World) -> None:
    job = Renaming(ONE, "tag", "vip", "gold", "Ann", created_at=NOON)
    assert world.renamings.read(ONE) is None
    assert world.renamings.create(job)
    assert world.renamings.open() == [ONE]
    running = replace(job, state="running", cursor=TWO, looked_at=100, changed=7, version=2)
    assert world.renamings.update(running, 1)
    assert not world.renamings.update(replace(running, changed=8), 1)
    assert world.renamings.read(ONE) == running
    assert world.renamings.update(replace(running, state="finished", finished_at=NOON, version=3), 2)
    assert world.renamings.open() == []


def test_a_merge_is_open_until_it_is_over(world: World) -> None:
    job = Merge(numbered_id(1, "contact"), numbered_id(2, "contact"), "Ann", created_at=NOON)
    assert world.merges.create(job)
    settling = replace(job, state="settling", settles_at=NOON + 5, copied=3, version=2)
    assert world.merges.update(settling, 1)
    assert world.merges.open() == [job.id]
    assert world.merges.update(replace(settling, state="finished", version=3), 2)
    assert world.merges.open() == []
    assert world.merges.read(job.id).copied == 3


def test_a_merge_that_failed_and_begins_anew_is_open_again(world: World) -> None:
    job = Merge(numbered_id(1, "contact"), numbered_id(2, "contact"), "Ann", created_at=NOON)
    assert world.merges.create(job)
    assert world.merges.update(replace(job, state="failed", version=2), 1)
    assert world.merges.open() == []
    assert world.merges.update(replace(job, version=3), 2)
    assert world.merges.open() == [job.id]


def test_an_erasure_is_listed_and_open_until_it_is_over(world: World) -> None:
    job = Erasure(numbered_id(1, "erasure"), ("c1", "c2"), ("h1",), ("ann@example.com",), "Ann", created_at=NOON)
    assert world.erasures.create(job)
    assert world.erasures.open() == [job.id]
    done = replace(job, state="finished", addresses=(), removed={"contacts": 2}, version=2, finished_at=NOON)
    assert world.erasures.update(done, 1)
    assert world.erasures.open() == []
    assert world.erasures.page(9, None) == ([done], None)


def test_an_export_goes_its_way(world: World) -> None:
    job = Export(numbered_id(1, "export"), "contacts", "csv", columns=("address", "id"), created_at=NOON)
    assert world.exports.create(job)
    running = replace(job, state="running", upload="u", parts=('"a"', '"b"'), cursor="c", rows=5, size=9, version=2)
    assert world.exports.update(running, 1)
    assert not world.exports.update(replace(running, rows=6), 1)
    assert world.exports.open() == [job.id]
    assert world.exports.update(replace(running, state="finished", read=True, version=3), 2)
    assert world.exports.open() == []
    assert [each.rows for each in world.exports.page(9, None)[0]] == [5]
