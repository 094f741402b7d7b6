"""Whom a broadcast was sent to: the sums say the same however they are come by."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.broadcast import Broadcast, Walk, tallied
from chalicelib.model.chunk import NO_LETTER, Call, Chunk, begun
from chalicelib.model.cohort import NAMED, OTHER, PROVIDERS, places
from chalicelib.model.family import Member
from chalicelib.model.sent import add_sent, sent_to

NOON = 1_795_521_600_000
DAY = 86_400_000
BIGGEST = ("big.example", "gmail.com")
BROADCAST = Broadcast("b", "e", "e", 1, ("news", "french"), (), 0, "sending", domains=BIGGEST)

RECIPIENTS = st.lists(
    st.tuples(st.sampled_from("swfUd"), st.sampled_from("ab-"), st.sampled_from("abc-"), st.sampled_from("01")),
    max_size=50,
)


def chunk_of(recipients, day, number):
    fates, segments, domains, choices = (
        ("".join(each) for each in zip(*recipients, strict=True)) if recipients else [""] * 4
    )
    chunk = Chunk("b", "e", 0, number, ("c",) * len(fates), fates, choices=choices)
    return replace(chunk, segments=segments, domains=domains, called_at=NOON + day * DAY)


@given(st.lists(st.tuples(RECIPIENTS, st.integers(0, 2)), max_size=4), st.integers(0, 4))
def test_what_is_summed_and_what_is_under_way_are_one(parts, settled):
    chunks = [chunk_of(recipients, day, n) for n, (recipients, day) in enumerate(parts)]
    sums: dict[str, int] = {}
    for each in chunks[:settled]:
        add_sent(sums, each)
    tally = tallied(BROADCAST, [Walk(0, sent=sums)], chunks[settled:])
    found = sent_to(tally.apart, "01", BROADCAST.segments, BROADCAST.domains)
    sent = [(each, day) for recipients, day in parts for each in recipients if each[0] == "s"]
    known = {"a": "news", "b": "french"}
    assert found.segments == Counter(known[each[1]] for each, _ in sent if each[1] != NO_LETTER)
    named = dict(zip("abc", (OTHER, *BIGGEST), strict=True))
    assert found.domains == Counter(named[each[2]] for each, _ in sent if each[2] != NO_LETTER)
    assert found.days == Counter(f"2026-11-{24 + day}" for _, day in sent)
    first = sent_to(tally.apart, "0", BROADCAST.segments, BROADCAST.domains)
    assert sum(first.days.values()) == sum(each[3] == "0" for each, _ in sent)


def test_a_call_says_at_which_domains_its_recipients_are():
    chunk = Chunk("b", "e", 0, 0, ("c",) * 4, "wwww")
    letters = BROADCAST.domain_letters({0: "a@gmail.com", 2: "b@small.example", 3: "c@GMX.de"})
    after = begun(chunk, Call("attempt", NOON, NOON + 1, (0, 2, 3)), {}, domains=letters)
    assert after.called_at == NOON
    assert [
        dict(zip("abcdefghijklmnopqrstuvwxyz", places(BIGGEST), strict=False)).get(each) for each in after.domains
    ] == [
        "gmail.com",
        None,
        OTHER,
        "gmx.de",
    ]


def test_there_is_a_letter_for_every_domain():
    most = tuple(f"domain{n}.example" for n in range(NAMED))
    addresses = dict(enumerate(f"a@{each}" for each in places(most)))
    letters = replace(BROADCAST, domains=most).domain_letters(addresses)
    assert len(set(letters.values())) == 1 + NAMED + len(PROVIDERS)


def test_the_letters_of_a_member_are_its_own():
    several = replace(BROADCAST, members=(Member("e", 1, "e"), Member("f", 1, "f", weight=50)))
    assert (BROADCAST.choices_of("e"), several.choices_of("f"), several.choices_of("g")) == ({"-"}, {"1"}, set())
