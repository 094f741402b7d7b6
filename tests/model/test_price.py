from math import inf

import pytest

from chalicelib.model.price import price, seconds


@pytest.mark.parametrize(
    ("recipients", "per_second", "left", "per_day", "expected", "reason"),
    [
        (1_000, 14, -1, -1, 1_000 / 14, "no limit of the day"),
        (200, 1, 200, 200, 200, "just fits into today"),
        (201, 1, 200, 200, 86_400 + 1, "one for tomorrow"),
        (1_000, 10, 0, 500, 2 * 86_400 + 50 - 50 + 86_400, "nothing left today: two whole days more"),
        (10, 0, -1, -1, inf, "no rate, no end"),
        (10, 1, 0, 0, inf, "no mails a day, no end"),
        (0, 14, -1, -1, 0, "nobody"),
    ],
)
def test_how_long_it_takes(recipients, per_second, left, per_day, expected, reason):
    assert seconds(recipients, per_second, left, per_day) == pytest.approx(expected), reason


def test_what_a_million_costs():
    assert price(1_000_000).ses == pytest.approx(100)
    assert price(1_000_000).total == pytest.approx(105.02)
    assert price(1_000, 2_000).ses == pytest.approx(0.2)
    assert price(1_000, carried=1_000 * 1_000_000).ses == pytest.approx(0.1 + 0.12)
