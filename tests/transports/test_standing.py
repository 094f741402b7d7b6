"""The way out is made when it is first needed, once."""

from chalicelib.transports.standing import StandingSes
from tests.fakes.clock import Clock
from tests.fakes.transport import FakeTransport


def test_it_is_made_at_the_first_call_and_once():
    made = []

    def make():
        made.append(FakeTransport(Clock()))
        return made[-1]

    transport = StandingSes(make)
    assert not made
    assert transport.quota() == transport.quota() == made[0].limits
    assert len(made) == 1
