from datetime import UTC, datetime

import pytest

from chalicelib.compose.themes.twig.dates import php_date

AFTERNOON = datetime(2026, 3, 5, 15, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("F j, Y", "March 5, 2026"),
        ("d.m.y", "05.03.26"),
        ("D l N", "Thu Thursday 4"),
        ("n M", "3 Mar"),
        ("g:i a", "3:04 pm"),
        ("h:i A, G H s", "03:04 PM, 15 15 09"),
        (r"\Y\e\a\r Y", "Year 2026"),
        ("c", "2026-03-05T15:04:09+00:00"),
        ("U", "1772723049"),
        ("x!", "x!"),
    ],
)
def test_php_letters(form, wanted):
    assert php_date(AFTERNOON, form) == wanted


@pytest.mark.parametrize(
    ("day", "ending"), [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (11, "th"), (13, "th"), (21, "st"), (22, "nd")]
)
def test_ordinals(day, ending):
    assert php_date(AFTERNOON.replace(day=day), "jS") == f"{day}{ending}"


@pytest.mark.parametrize(("hour", "shown"), [(0, "12 am"), (12, "12 pm"), (13, "1 pm"), (23, "11 pm")])
def test_hours_of_the_clock(hour, shown):
    assert php_date(AFTERNOON.replace(hour=hour), "g a") == shown
