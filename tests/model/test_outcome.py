import pytest

from chalicelib.model.outcome import (
    CallInDoubt,
    CallNotSent,
    CallRefused,
    CallThrottled,
    Halted,
    InDoubt,
    NotSent,
    Refused,
    outcome_of,
)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (CallRefused("malformed"), Refused("malformed")),
        (CallInDoubt("no answer"), InDoubt("no answer")),
        (CallNotSent("no connection"), NotSent("no connection")),
        (CallThrottled("too fast"), NotSent("too fast", throttled=True)),
        (Halted("paused"), NotSent("paused")),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_a_calls_fault_means_for_each_recipient(fault, outcome):
    assert outcome_of(fault) == outcome
