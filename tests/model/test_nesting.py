import pytest

from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.filter import All, Condition, Not
from chalicelib.model.nesting import MAX_CHAIN, checked_nesting
from chalicelib.model.predicate import predicate
from chalicelib.model.setting import Setting


def member(*ids):
    return Condition("segment", "in", ids)


def test_a_circle_is_named():
    live = {"a": member("b"), "b": Not(member("c")), "c": All((member("list"), member("a")))}
    with pytest.raises(Invalid) as caught:
        checked_nesting(live)
    assert {each.strip() for each in caught.value.value.split("->")} == {"a", "b", "c"}
    assert "circle" in caught.value.hint


def test_itself_is_a_circle():
    with pytest.raises(Invalid, match="a -> a"):
        checked_nesting({"a": member("a")})


def chain(length):
    return {f"s{n}": member(f"s{n + 1}") for n in range(length)}


def test_a_chain_has_an_end():
    checked_nesting(chain(MAX_CHAIN))
    with pytest.raises(Invalid, match="10 live segments"):
        checked_nesting(chain(MAX_CHAIN + 1))


def test_what_doubles_at_each_step_is_refused():
    live = {f"s{n}": All((member(f"s{n + 1}"),) * 9) for n in range(4)}
    with pytest.raises(Invalid, match="1000"):
        checked_nesting(live)


@pytest.mark.parametrize(
    ("plan", "on_list", "holds"), [("pro", True, False), ("pro", False, True), ("x", False, False)]
)
def test_a_live_segment_is_judged_by_its_filter(plan, on_list, holds):
    live = {"pros": All((Condition("plan", "=", "pro"), Not(member("staff"))))}
    ann = Contact("0" * 16, "a@example.com", {"plan": plan}, frozenset({"staff"} if on_list else ()))
    assert predicate(member("other", "pros"), Setting(live=live))(ann) is holds
    assert predicate(Condition("segment", "!=", "pros"), Setting(live=live))(ann) is not holds
