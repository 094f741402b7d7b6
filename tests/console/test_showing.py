import pytest

from chalicelib.console import showing

NOON = 1_764_072_000_000  # 2025-11-25T12:00:00Z


def test_numbers():
    assert showing.number(1234567, "en") == "1,234,567"
    assert showing.number(1234567.5, "fr", 1) == "1\u202f234\u202f567,5"


@pytest.mark.parametrize(
    ("share", "english", "french"),
    [
        (0, "0.0%", "0,0\u202f%"),
        (0.1234, "12.3%", "12,3\u202f%"),
        (0.0003, "0.03%", "0,03\u202f%"),
        (1, "100.0%", "100,0\u202f%"),
        (None, "\u2013", "\u2013"),
    ],
)
def test_shares(share, english, french):
    assert (showing.percent(share, "en"), showing.percent(share, "fr")) == (english, french)


def test_money():
    assert (showing.money(1234.5, "en"), showing.money(0.5, "fr")) == ("$1,234.50", "0,50\u202f$")


def test_times_are_the_readers():
    assert showing.moment(NOON, "en", "Europe/Paris") == "25 Nov 2025, 13:00"
    assert showing.moment(NOON, "fr", "America/Los_Angeles") == "25 nov. 2025 à 04:00"
    assert showing.day(NOON + 12 * 3_600_000, "en", "Asia/Tokyo") == "26 Nov 2025"
    assert showing.iso(NOON) == "2025-11-25T12:00:00Z"


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (0, "0 s", "0 s"),
        (59.4, "59 s", "59 s"),
        (61, "1 min 1 s", "1 min 1 s"),
        (120, "2 min", "2 min"),
        (3_700, "1 h 1 min", "1 h 1 min"),
        (90_000, "1 d 1 h", "1 j 1 h"),
        (float("inf"), "∞", "∞"),
    ],
)
def test_spans(seconds, english, french):
    assert (showing.span(seconds, "en"), showing.span(seconds, "fr")) == (english, french)


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("xn--socit-esab.example", "société.example"),
        ("zoe@xn--bcher-kva.example", "zoe@bücher.example"),
        ("gmail.com", "gmail.com"),
        ("xn--\u0000.example", "xn--\u0000.example"),
    ],
)
def test_domains_are_shown_in_their_letters(stored, shown):
    assert showing.readable(stored) == shown


@pytest.mark.parametrize(
    ("octets", "english", "french"),
    [
        (0, "0 bytes", "0 octets"),
        (999, "999 bytes", "999 octets"),
        (1_000, "1 kB", "1 ko"),
        (1_250_000, "1.2 MB", "1,2 Mo"),
        (5_000_000_000, "5.0 GB", "5,0 Go"),
    ],
)
def test_sizes(octets, english, french):
    assert (showing.size(octets, "en"), showing.size(octets, "fr")) == (english, french)
