"""A call each: nobody twice, an outcome for everyone, and an end as soon as it is unclear."""

import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallNotSent,
    CallRefused,
    Halted,
    InDoubt,
    NotSent,
    Refused,
)
from chalicelib.transports.one_each import AT_A_TIME, BEGINNING, one_each
from tests.transports.conftest import Clock, envelopes


def scripted(results):
    """Sends; `results` has what becomes of a recipient, by his position. Counts the calls."""
    calls, lock = Counter(), threading.Lock()

    def send(envelope):
        at = int(envelope.message.contact[1:])
        with lock:
            calls[at] += 1
        result = results.get(at, Accepted(str(at)))
        if isinstance(result, Exception):
            raise result
        return result

    return send, calls


def test_each_has_an_outcome_in_its_place_and_one_call():
    send, calls = scripted({3: Refused("no"), 5: CallRefused("no")})
    outcomes = one_each(envelopes(50), send, Clock())
    assert [type(each) for each in outcomes] == [Refused if at in (3, 5) else Accepted for at in range(50)]
    assert [each.provider_id for each in outcomes if isinstance(each, Accepted)] == [
        str(at) for at in range(50) if at not in (3, 5)
    ]
    assert calls == Counter(range(50))


@pytest.mark.parametrize("fault", [CallNotSent("later"), Halted("mend it")])
def test_where_the_first_is_not_sent_the_fault_is_the_whole_call_s(fault):
    send, calls = scripted({0: fault})
    with pytest.raises(type(fault), match=fault.reason):
        one_each(envelopes(9), send, Clock())
    assert sum(calls.values()) == 1


@pytest.mark.parametrize(
    ("result", "outcome"),
    [
        (CallInDoubt("lost"), InDoubt),
        (CallNotSent("later"), NotSent),
        (Halted("mend it"), NotSent),
        (NotSent("later"), NotSent),
        (InDoubt("lost"), InDoubt),
    ],
)
def test_it_ends_at_what_is_unclear(result, outcome):
    at = 0 if isinstance(result, CallInDoubt | NotSent | InDoubt) else 1
    send, calls = scripted({at: result})
    outcomes = one_each(envelopes(50), send, Clock())
    assert type(outcomes[at]) is outcome
    assert sum(calls.values()) <= AT_A_TIME + 1 + 8
    assert all(isinstance(outcomes[n], NotSent) for n in range(50) if n not in calls)


@pytest.mark.parametrize("left_ms", [0, 300, 1_000])
def test_none_but_the_first_begins_behind_the_moment_that_the_caller_says(left_ms):
    clock, began = Clock(), []

    def send(envelope):
        began.append(clock.now)
        clock.now += 0.2
        return Accepted(envelope.message.contact)

    until = clock.now + left_ms / 1_000
    outcomes = one_each(envelopes(50), send, clock, int(until * 1_000))
    assert [at for at in began[1:] if at > until] == []
    assert len(began) == sum(isinstance(each, Accepted) for each in outcomes) < 50


def test_no_call_begins_after_its_time():
    clock = Clock()

    def send(envelope):
        clock.now += BEGINNING + 1
        return Accepted(envelope.address)

    outcomes = one_each(envelopes(5), send, clock)
    assert [type(each) for each in outcomes] == [Accepted] + [NotSent] * 4


def test_a_fault_of_ours_is_not_hidden():
    send, _ = scripted({2: KeyError("ours")})
    with pytest.raises(KeyError, match="ours"):
        one_each(envelopes(5), send, Clock())


RESULTS = st.sampled_from(
    [Accepted("1"), Refused("r"), CallRefused("r"), CallInDoubt("d"), CallNotSent("n"), Halted("h"), InDoubt("d")]
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.integers(0, 19), RESULTS), st.integers(1, 20))
def test_whatever_happens_nobody_is_called_twice_and_only_the_uncalled_are_not_sent(results, count):
    send, calls = scripted(results)
    try:
        outcomes = one_each(envelopes(count), send, Clock())
    except (CallNotSent, Halted):
        assert calls == Counter([0])
        return
    assert len(outcomes) == count
    assert not calls or max(calls.values()) == 1
    for at, outcome in enumerate(outcomes):
        if at not in calls:
            assert isinstance(outcome, NotSent)
        elif at not in results:
            assert outcome == Accepted(str(at))
