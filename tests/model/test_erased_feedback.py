from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.counters import counted
from chalicelib.model.fact import Event
from chalicelib.model.feedback import Feedback, erased, told
from chalicelib.model.message import MessageKey

KEY = MessageKey("ann", "news")
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"
HOUR = 3_600_000

events = st.builds(
    Event,
    id=st.sampled_from("abcde"),
    kind=st.sampled_from(["opened", "clicked", "bounced", "delivered", "unsubscribed"]),
    message=st.just(KEY),
    email=st.just("news"),
    at=st.integers(0, 9 * HOUR),
    address=st.sampled_from(["", "ann@example.com"]),
    detail=st.sampled_from([{}, {"agent": PHONE, "network": "ann"}, {"diagnostic": "550 ann@example.com"}]),
)


@given(st.lists(events, max_size=8), st.lists(events, max_size=8))
def test_numbers_stay_and_words_go_before_and_after(before, after):
    known = told(Feedback(KEY), before, 0)
    gone = erased(known)
    assert counted(gone) == counted(known)
    assert told(gone, before, 0).facts == gone.facts
    later = told(gone, after, 0)
    assert later.erased
    assert "ann@" not in repr(later)
    assert "iPhone" not in repr([fact.event for fact in later.facts])
    assert told(later, after, 0) is later, "told twice it is told once"


def test_a_hit_that_comes_later_is_judged_before_it_loses_its_words():
    gone = erased(Feedback(KEY))
    later = told(gone, [Event("e", "opened", KEY, "news", HOUR, detail={"agent": PHONE})], 0)
    assert (later.facts[0].verdict.label, later.facts[0].verdict.device) == ("human", "mobile")
    assert later.facts[0].event.detail == {}
    assert replace(later, version=0) != replace(gone, version=0)
