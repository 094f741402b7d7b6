"""Whose figures a message belongs to, from the plan of its broadcast to the counters."""

from collections import Counter

import pytest

from chalicelib.model.cohort import Cohort
from chalicelib.model.outcome import CallInDoubt, Refused
from chalicelib.work import broadcasting, emails, preflight, stats
from tests.fakes.transport import accepted_then, answered
from tests.work.sending.house import EMAIL, LIST, LIVE, OTHER, House

DOMAINS = ("gmail.com", "big.example", "big.example", "tiny{n}.example")


def furnished() -> House:
    house = House(60)
    for n, each in enumerate(house.people):
        house.change(each, address=f"person{n}@{DOMAINS[n % 4].format(n=n)}")
    return house


@pytest.mark.parametrize("segments", [(OTHER, LIST), (OTHER, LIVE)], ids=["lists", "a scan"])
def test_each_message_says_which_segment_brought_it_and_which_domain_it_went_to(segments):
    house = furnished()
    emails.update(house.world(), EMAIL, {"html": "<p>Hello {unsubscribe_text}</p>"})
    emails.publish(house.world(), EMAIL)
    job = preflight.begin(house.world(), EMAIL, segments)
    preflight.run(house.world(), job.id)
    broadcast = broadcasting.create(house.world(), EMAIL, segments, (), None)
    assert broadcast.domains == ("big.example", "gmail.com")
    house.drain()
    wanted = {
        each: Cohort(segments[0 if n % 3 == 0 else 1], ("gmail.com", "big.example", "big.example", "other")[n % 4])
        for n, each in enumerate(house.people)
    }
    assert {key.contact: row.cohort for key, row in house.tables.messages.items()} == wanted
    house.tell()
    said = stats.of_email(house.world(), EMAIL)
    assert {each["segment"]: each["delivered"] for each in said["segments"]} == {segments[0]: 20, segments[1]: 40}
    by_domain = Counter(each.domain for each in wanted.values())
    assert {each["domain"]: each["delivered"] for each in said["domains"]} == by_domain
    assert {each["domain"]: each["sent"] for each in said["domains"]} == by_domain
    assert {each["segment"]: each["sent"] for each in said["segments"]} == {segments[0]: 20, segments[1]: 40}
    assert [each["sent"] for each in said["days"]] == [60]


def test_whoever_is_not_sent_to_is_in_no_sum():
    house = furnished()
    house.transport.script.append(answered(*[Refused("no such mailbox")] * 50))
    house.broadcast(LIST)
    house.drain()
    house.settle()
    said = stats.of_email(house.world(), EMAIL)
    assert (said["sent"], said["failed"]) == (10, 50)
    assert [each["sent"] for each in said["segments"]] == [10]
    assert sum(each["sent"] for each in said["domains"]) == 10


def test_without_a_pre_flight_only_what_everybody_knows_is_named():
    house = furnished()
    house.broadcast(LIST)
    house.drain()
    found = Counter(row.cohort.domain for row in house.tables.messages.values())
    assert found == {"gmail.com": 15, "other": 45}


def test_a_row_that_evidence_writes_knows_the_segment():
    house = furnished()
    house.transport.script.append(accepted_then(CallInDoubt("reset")))
    house.broadcast(LIST)
    house.drain()
    house.settle()
    assert Counter(row.cohort.segment for row in house.tables.messages.values()) == {LIST: 60}
    assert any(not row.cohort.domain for row in house.tables.messages.values()), "some were written by evidence"
