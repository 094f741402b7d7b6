"""What must hold after the demo: each a question with an answer in numbers, asked of both ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.client import Client
from local.inbox import Copy
from local.readers import several_hands

Json = dict[str, Any]
SUMS = ("waiting", "calling", "sent", "failed", "in_doubt", "held", "cancelled")
UNSETTLED = ("waiting", "calling", "in_doubt")
ONCE = ("delivered", "bounced", "soft_bounced", "complained", "rejected", "unsubscribed")


@dataclass(frozen=True, slots=True)
class Verdict:
    holds: bool
    says: str


def nobody_twice(copies: Iterable[Copy]) -> Verdict:
    """By (contact, family), and for single sendings by their own id: both are in the tag that SES carried."""
    counted = Counter(copy.message for copy in copies)
    twice = sum(number > 1 for number in counted.values())
    return Verdict(not twice, f"nobody got a letter twice: {len(counted)} letters, {twice} of them more than once")


def sums_add_up(broadcast: Mapping[str, Any]) -> Verdict:
    total = sum(broadcast[name] for name in SUMS) + sum(broadcast["skipped"].values())
    return Verdict(total == broadcast["planned"], f"planned is the sum of all fates: {broadcast['planned']} = {total}")


def all_settled(broadcast: Mapping[str, Any]) -> Verdict:
    unsettled = sum(broadcast[name] for name in UNSETTLED)
    return Verdict(
        broadcast["state"] == "finished" and not unsettled,
        f"the broadcast is over and nobody waits: {broadcast['state']}, {unsettled} unsettled",
    )


def everyone_accounted_for(broadcast: Mapping[str, Any], audience: set[str], copies: Sequence[Copy]) -> Verdict:
    """`audience` is worked out from the contacts, not from what the planning says."""
    reached = {copy.contact for copy in copies}
    unreached, strangers = len(audience - reached), len(reached - audience)
    explained = broadcast["planned"] - broadcast["sent"]
    return Verdict(
        len(audience) == broadcast["planned"] and unreached == explained and not strangers,
        f"everyone is accounted for: {len(audience)} in the audience, {broadcast['planned']} planned, "
        f"{unreached} not reached and {explained} of them explained, {strangers} strangers reached",
    )


def inbox_equals_sent(broadcast: Mapping[str, Any], copies: Sequence[Copy]) -> Verdict:
    return Verdict(
        len(copies) == broadcast["sent"], f"the inbox holds what was sent: {len(copies)} of {broadcast['sent']}"
    )


def counters_equal_facts(client: Client, stats: Mapping[str, int], messages: Sequence[str]) -> Verdict:
    """Every message's facts, counted again one by one."""
    with several_hands() as hands:
        facts = list(hands.map(lambda message: client.get(f"/messages/{message}")["facts"], messages))
    recounted = recount(facts)
    wrong = [
        f"{name} {number} (facts: {recounted[name]})" for name, number in stats.items() if number != recounted[name]
    ]
    said = "; ".join(wrong) or ", ".join(f"{name} {number}" for name, number in stats.items() if number)
    return Verdict(not wrong, f"counters equal the facts counted again: {said}")


def recount(messages: Iterable[Sequence[Mapping[str, Any]]]) -> Counter[str]:
    """Each kind once a message; hits by themselves; a click is an open too, and stands under several names."""
    counted: Counter[str] = Counter()
    for facts in messages:
        kinds = {fact["kind"] for fact in facts}
        clicks = {(fact["at"], fact["link"]) for fact in facts if fact["kind"] == "clicked"}
        counted.update(kinds & set(ONCE))
        counted["opened"] += bool(kinds & {"opened", "clicked"})
        counted["clicked"] += "clicked" in kinds
        counted["opened_total"] += sum(fact["kind"] == "opened" for fact in facts)
        counted["clicked_total"] += len(clicks)
    return counted
