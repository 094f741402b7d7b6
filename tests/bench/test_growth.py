import pytest

from bench.growth import exponent
from bench.memory import peak_megabytes
from bench.segments import FILTER, NOW, by_hand, people, row
from bench.sizes import Sizes, sizes
from chalicelib.model.filter import conditions, parsed
from chalicelib.model.predicate import predicate
from chalicelib.model.setting import Setting


@pytest.mark.parametrize("power", [0.5, 1.0, 1.1, 2.0])
def test_the_exponent_is_that_of_the_power(power):
    assert exponent({n: 3e-6 * n**power for n in (10_000, 100_000, 1_000_000)}) == pytest.approx(power)


def test_sizes_are_parameters():
    assert sizes([]) == Sizes()
    assert sizes(["--rows", "10", "--table-rows", "5"]) == Sizes(rows=10, table_rows=5)


def test_memory_is_a_processs_own():
    assert 5 < peak_megabytes() < 5_000


def test_the_filter_has_ten_conditions_and_the_loop_beside_it_finds_the_same():
    tree = parsed(FILTER)
    holds = predicate(tree, Setting(now=NOW))
    some = next(people(3_000))
    found = {each.id for each in some if holds(each)}
    assert len(list(conditions(tree))) == 10
    assert found == {each.id for each in some if by_hand(row(each))}
    assert 0 < len(found) < len(some)
