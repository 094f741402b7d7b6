from datetime import date

import pytest

from chalicelib.model.message_size import LARGEST
from chalicelib.model.transport_setup import DEFAULT, EVIDENCE, PROVIDERS, TransportSetup, WarmUp, ordered
from chalicelib.transports.providers import MAKERS, SETTINGS
from tests.transports.contract import STAND_INS


def test_every_provider_is_in_every_table():
    for table in (EVIDENCE, LARGEST, SETTINGS, MAKERS, STAND_INS):
        assert set(table) == set(PROVIDERS)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_tables_say_what_the_transports_say(provider):
    with STAND_INS[provider](1_000) as stand_in:
        assert stand_in.transport.gives_evidence == EVIDENCE[provider]
        assert stand_in.transport.largest == TransportSetup("a", provider).largest


def test_order_is_by_position_then_by_name():
    setups = [TransportSetup("b", "smtp", 1), TransportSetup("c", "ses", 0), TransportSetup("a", "smtp", 1)]
    assert [each.id for each in ordered(setups)] == ["c", "a", "b"]
    assert ordered([]) == (DEFAULT,)


def test_a_warm_up_begins_goes_on_and_ends():
    plan = WarmUp(date(2026, 1, 5), (50, 100))
    assert [plan.volume(date(2026, 1, day)) for day in (4, 5, 6, 7)] == [0, 50, 100, None]
