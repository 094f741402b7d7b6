from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.contact import Contact
from chalicelib.model.segment import Segment
from chalicelib.model.setting import Setting
from chalicelib.work.audience import MEMBERS, bringing, list_walk, membership, placed_walk
from tests.fakes.faulty import counted, intercepted
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

IDS = [numbered_id(n) for n in range(40)]
LISTS = st.dictionaries(st.sampled_from("abcd"), st.sets(st.sampled_from(IDS)), max_size=4)


@given(LISTS, st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")), st.sampled_from(["", *IDS]))
def test_the_walk_is_the_sorted_difference_behind_the_cursor(lists, include, exclude, after):
    world = fake_world(tables=Tables(members=lists))
    wanted = set().union(*(lists.get(each, set()) for each in include))
    unwanted = set().union(*(lists.get(each, set()) for each in exclude))
    found = list(list_walk(world, include, exclude, after))
    assert found == sorted(each for each in wanted - unwanted if each > after)


@given(LISTS, st.lists(st.sampled_from("abcd"), unique=True), st.sampled_from(["", *IDS]))
def test_the_first_list_brings_whoever_is_in_several(lists, include, after):
    world = fake_world(tables=Tables(members=lists))
    found = list(placed_walk(world, include, ["d"], after))
    assert [each for each, _ in found] == list(list_walk(world, include, ["d"], after))
    for each, place in found:
        assert place == next(n for n, name in enumerate(include) if each in lists.get(name, ()))


def test_pages_are_read_as_the_walk_comes_to_them():
    many = [numbered_id(n) for n in range(2 * MEMBERS)]
    calls = []
    world = intercepted(fake_world(tables=Tables(members={"a": set(many), "b": set(many[:10])})), *counted(calls))
    walk = list_walk(world, ["a"], ["b"], "")
    next(walk)
    assert len(calls) == 2
    assert len(list(walk)) == 2 * MEMBERS - 11
    assert len(calls) == 4


FILTER = {"field": "plan", "operator": "=", "value": "pro"}
SEGMENTS = {
    "news": Segment("news", "News"),
    "pros": Segment("pros", "Pros", FILTER),
    "staff": Segment("staff", "Staff"),
}


@given(
    st.sets(st.sampled_from(["news", "staff"])),
    st.sampled_from(["pro", "free", None]),
    st.lists(st.sampled_from(sorted(SEGMENTS))),
    st.lists(st.sampled_from(sorted(SEGMENTS))),
)
def test_membership_is_any_included_and_none_excluded(lists, plan, include, exclude):
    contact = Contact(IDS[0], "ann@example.com", {"plan": plan}, frozenset(lists))
    within = set(lists) | ({"pros"} if plan == "pro" else set())
    expected = bool(within & set(include)) and not within & set(exclude)
    assert membership(SEGMENTS, include, exclude, Setting())(contact) is expected


def test_the_first_segment_brings_whoever_is_in_several():
    brings = bringing(SEGMENTS, ["pros", "news"], ["staff"], Setting())
    for lists, plan, place in (
        ({"news"}, "pro", 0),
        ({"news"}, "free", 1),
        (set(), "free", None),
        ({"news", "staff"}, "pro", None),
    ):
        assert brings(Contact("1", "ann@example.com", {"plan": plan}, frozenset(lists))) == place
