"""Each invariant of the demo holds where it should, and breaks where one thing is wrong."""

from __future__ import annotations

import pytest

from local import invariants
from local.inbox import Copy

BROADCAST = {
    "state": "finished", "planned": 4, "waiting": 0, "calling": 0, "sent": 3, "failed": 0, "in_doubt": 0, "held": 0,
    "cancelled": 0, "skipped": {"unsubscribed": 1},
}  # fmt: skip


def copy(message: str) -> Copy:
    return Copy("p", message, "a@example.com", "", "", {}, "delivered")


COPIES = [copy("a_f"), copy("b_f"), copy("c_f")]
AUDIENCE = {"a", "b", "c", "d"}


def test_all_is_well():
    verdicts = [
        invariants.nobody_twice(COPIES),
        invariants.sums_add_up(BROADCAST),
        invariants.all_settled(BROADCAST),
        invariants.everyone_accounted_for(BROADCAST, AUDIENCE, COPIES),
        invariants.inbox_equals_sent(BROADCAST, COPIES),
    ]
    assert [verdict.holds for verdict in verdicts] == [True] * 5


def test_two_copies_of_one_message_are_seen():
    verdict = invariants.nobody_twice([*COPIES, copy("a_f")])
    assert not verdict.holds
    assert "1 of them more than once" in verdict.says


def test_two_sendings_of_one_template_to_one_contact_are_two_messages():
    assert invariants.nobody_twice([copy("a_f_1"), copy("a_f_2")]).holds


@pytest.mark.parametrize("name", ["waiting", "calling", "sent", "failed", "in_doubt", "held", "cancelled", "planned"])
def test_a_sum_that_is_wrong_is_seen(name):
    assert not invariants.sums_add_up(BROADCAST | {name: BROADCAST[name] + 1}).holds


@pytest.mark.parametrize("wrong", [{"state": "sending"}, {"waiting": 1}, {"calling": 1}, {"in_doubt": 1}])
def test_what_is_not_over_is_seen(wrong):
    assert not invariants.all_settled(BROADCAST | wrong).holds


@pytest.mark.parametrize(
    ("audience", "copies"),
    [
        (AUDIENCE | {"e"}, COPIES),  # somebody was never planned
        (AUDIENCE, COPIES[:2]),  # somebody's mail is lost
        (AUDIENCE - {"a"} | {"e"}, COPIES),  # a stranger got one
    ],
)
def test_who_is_not_accounted_for_is_seen(audience, copies):
    assert not invariants.everyone_accounted_for(BROADCAST, audience, copies).holds


def test_a_copy_too_few_or_too_many_is_seen():
    assert not invariants.inbox_equals_sent(BROADCAST, COPIES[:2]).holds
    assert not invariants.inbox_equals_sent(BROADCAST, [*COPIES, copy("e_f")]).holds


def fact(kind: str, at: str = "t", link: int | None = None) -> dict[str, object]:
    return {"kind": kind, "at": at, "link": link}


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        ([], {"opened": 0, "clicked": 0, "opened_total": 0, "clicked_total": 0}),
        # two opens in the same millisecond are two
        ([fact("opened"), fact("opened")], {"opened": 1, "opened_total": 2}),
        # a click stands under its link, as the first click and as the first open
        ([fact("clicked", link=1)] * 3, {"opened": 1, "clicked": 1, "opened_total": 0, "clicked_total": 1}),
        ([fact("clicked", "t1", 1), fact("clicked", "t2", 1)], {"clicked": 1, "clicked_total": 2}),
        ([fact("delivered"), fact("bounced")], {"delivered": 1, "bounced": 1}),
        ([fact("sent"), fact("delayed")], {"opened": 0}),
    ],
)
def test_facts_are_counted_again(facts, counted):
    recounted = invariants.recount([facts])
    assert {name: recounted[name] for name in counted} == counted
