"""As fast as the quota allows and no faster, with one worker and with eight, whatever becomes of the quota."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.model.pacing import call_size
from chalicelib.transports.ses import QUOTA_S
from chalicelib.work import slots
from tests.work.pace.plant import Plant

RATES = [1, 14, 200]
WORKERS = [1, 8]
MINUTE_S = 60
# As many have a hint at once, at any rate (`work/feeding.py`).
LEAST = 1_000
# What a run begins and ends with: nobody waits yet, or a change of the quota is not known yet.
BEGIN_S, KNOWN_S = 5, QUOTA_S + 1


@contextmanager
def plant(rate: float, workers: int) -> Iterator[Plant]:
    made = Plant(rate, workers)
    try:
        yield made
    finally:
        made.end()


def minute(made: Plant) -> tuple[float, int]:
    """Recipients a second of the minute that follows, and the most of any second in it."""
    begin = made.time.now()
    made.run(MINUTE_S)
    end = made.time.now()
    return made.account.taken(begin, end) / MINUTE_S, made.account.fullest_second(begin, end)


@pytest.mark.parametrize("workers", WORKERS)
@pytest.mark.parametrize("rate", RATES)
def test_a_minute_is_as_full_as_the_quota_allows_and_no_second_fuller(rate: int, workers: int) -> None:
    with plant(rate, workers) as made:
        made.broadcast(1, max(LEAST, rate * (MINUTE_S + 30)))
        made.run(BEGIN_S)
        achieved, fullest = minute(made)
        assert abs(achieved - rate) <= 0.03 * rate
        assert fullest <= rate + call_size(rate)
        if rate >= 14:
            assert made.account.throttled() == 0


@pytest.mark.parametrize(
    ("rate", "after", "workers"),
    [(1, 2, 1), (2, 1, 8), (7, 14, 1), (7, 14, 8), (14, 7, 1), (14, 7, 8), (100, 200, 8), (200, 100, 8)],
)
def test_a_quota_that_changes_halfway_is_followed(rate: int, after: int, workers: int) -> None:
    """Within the age that a quota may have; a lower one at once, for SES says so itself."""
    with plant(rate, workers) as made:
        made.broadcast(1, max(LEAST, (rate + after) * (MINUTE_S + 40)))
        made.run(BEGIN_S)
        before, fullest = minute(made)
        assert abs(before - rate) <= 0.03 * rate
        assert fullest <= rate + call_size(rate)
        made.account.rate = after
        made.run(KNOWN_S)
        achieved, fullest = minute(made)
        assert abs(achieved - after) <= 0.03 * after
        assert fullest <= after + call_size(after)
        if max(rate, after) >= 14:
            assert made.account.throttled() < 0.01


def test_a_quota_that_others_use_up_too_is_shared_with_them() -> None:
    """SES tells a rate of 50 and takes 30: we come close to that, and seldom ask for more."""
    with plant(50, 8) as made:
        made.broadcast(1, 50 * 90)
        told = made.account.get_account
        made.account.rate = 30
        made.account.get_account = lambda: (
            told()
            | {  # type: ignore[method-assign]
                "SendQuota": {"MaxSendRate": 50, "Max24HourSend": -1, "SentLast24Hours": 0}
            }
        )
        made.run(BEGIN_S)
        achieved, _ = minute(made)
        assert achieved >= 0.75 * 30
        assert made.account.throttled() < 0.05


@pytest.mark.parametrize(("rate", "workers", "anyway"), [(14, 1, 1 / 50), (14, 8, 1 / 7), (200, 8, 1 / 3)])
def test_throttlings_of_another_cause_than_the_rate_hardly_lower_it(rate: int, workers: int, anyway: float) -> None:
    with plant(rate, workers) as made:
        made.broadcast(1, rate * 300)
        made.account.anyway = anyway
        made.run(2 * MINUTE_S)
        achieved, _ = minute(made)
        assert achieved >= 0.6 * (1 - anyway) * rate
        made.account.anyway = 0.0
        made.run(MINUTE_S / 2)
        achieved, _ = minute(made)
        assert abs(achieved - rate) <= 0.03 * rate


def test_several_broadcasts_share_it_evenly() -> None:
    with plant(20, 8) as made:
        both = [made.broadcast(number, 20 * 90) for number in (1, 2)]
        made.run(BEGIN_S + MINUTE_S)
        sent = [_sent(made, each) for each in both]
        assert sum(sent) >= 0.95 * 20 * MINUTE_S
        assert min(sent) >= 0.8 * max(sent)


def test_one_message_always_gets_its_turn() -> None:
    """While broadcasts use all of the rate: within their second ahead and a call."""
    with plant(14, 8) as made:
        made.broadcast(1, 14 * 90)
        waits = list[int]()

        def send() -> None:
            world = made.world(99)
            for _ in range(20):
                made.time.sleep(1_500)
                began = made.time.now()
                wanted = slots.Wanted("transactional", 1, 5_000, until=began + 10_000)
                assert isinstance(slots.take(world, wanted), slots.Taken)
                waits.append(made.time.now() - began)

        made.time.start(send)
        made.run(70)
        assert len(waits) == 20
        assert max(waits) <= 1_700


def _sent(made: Plant, broadcast: str) -> int:
    return sum(chunk.fates.count("s") for (name, _, _), chunk in made.tables.chunks.items() if name == broadcast)
