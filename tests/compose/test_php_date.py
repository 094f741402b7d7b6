"""PHP's format letters, as its manual tells them (datetime.format.php)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from chalicelib.compose.php_date import LETTERS, formatter, needs_a_day
from chalicelib.compose.words import BY_LANGUAGE, ENGLISH

MOMENT = datetime(2026, 1, 4, 0, 5, 9, 12_345, ZoneInfo("America/St_Johns"))
DAYS = {"d": "04", "D": "Sun", "j": "4", "l": "Sunday", "N": "7", "S": "th", "w": "0", "z": "3", "W": "01", "t": "31"}
MONTHS = {"F": "January", "m": "01", "M": "Jan", "n": "1", "L": "0", "o": "2026", "Y": "2026", "y": "26"}
TIMES = {
    "a": "am",
    "A": "AM",
    "g": "12",
    "G": "0",
    "h": "12",
    "H": "00",
    "i": "05",
    "s": "09",
    "u": "012345",
    "v": "012",
}
ZONES = {"e": "America/St_Johns", "I": "0", "O": "-0330", "P": "-03:30", "p": "-03:30", "T": "NST", "Z": "-12600"}
WHOLE = {"c": "2026-01-04T00:05:09-03:30", "r": "Sun, 04 Jan 2026 00:05:09 -0330", "U": "1767497709"}
TABLE = DAYS | MONTHS | TIMES | ZONES | WHOLE


def test_the_table_has_every_letter():
    assert TABLE.keys() == LETTERS.keys()


@pytest.mark.parametrize(("letter", "shown"), TABLE.items())
def test_letter(letter, shown):
    assert formatter(letter, ENGLISH)(MOMENT) == shown


@pytest.mark.parametrize(
    ("format_", "shown", "reason"),
    [
        (r"\Y\\Y", "Y\\2026", "a backslash makes the next one plain"),
        ("b, x!", "b, x!", "what is no letter stays"),
        ("Y\\", "2026\\", "a backslash at the end"),
        ("é😀Y", "é😀2026", "any character"),
    ],
)
def test_what_is_no_letter(format_, shown, reason):
    assert formatter(format_, ENGLISH)(MOMENT) == shown, reason


@pytest.mark.parametrize(
    ("day", "english", "french", "german"),
    [
        *((1, "1st", "1er", "1"), (2, "2nd", "2", "2"), (3, "3rd", "3", "3"), (4, "4th", "4", "4")),
        *((11, "11th", "11", "11"), (12, "12th", "12", "12"), (13, "13th", "13", "13")),
        *((21, "21st", "21", "21"), (22, "22nd", "22", "22")),
    ],
)
def test_ordinals(day, english, french, german):
    moment = datetime(2026, 1, day, tzinfo=UTC)
    languages = (ENGLISH, BY_LANGUAGE["fr"], BY_LANGUAGE["de"])
    assert [formatter("jS", words)(moment) for words in languages] == [english, french, german]


@pytest.mark.parametrize("words", BY_LANGUAGE.values(), ids=list(BY_LANGUAGE))
def test_every_language_is_whole(words):
    assert [len(each) for each in (words.months, words.short_months, words.days, words.short_days)] == [12, 12, 7, 7]
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert formatter("A g p", words)(noon) == "PM 12 Z"


def test_what_a_time_of_day_can_tell():
    assert not needs_a_day(r"g:i a \D\a\y H")
    assert all(needs_a_day(letter) for letter in "dDjlNSwzWFmMntLoYycrU")
