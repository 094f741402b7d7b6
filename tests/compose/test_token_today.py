"""`{today}`: Mautic 5's DateTimeToken, with months that end where they end."""

import pytest

from chalicelib.compose.stationery import Stationery
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.errors import Invalid
from chalicelib.model.workspace import Workspace
from tests.compose.making import ADA, BASE, CONTACT, html_of, made, sent, text_of

JANUARY = 1_769_860_800_000  # 2026-01-31 12:00 UTC
SPRING = 1_774_699_200_000  # 2026-03-28 12:00 UTC, the day before clocks change in Paris


@pytest.mark.parametrize(
    ("token", "shown", "reason"),
    [
        ("{today}", "November 24, 2026 4:00 am", "date and time, as in Mautic"),
        ("{Today}", "November 24, 2026 4:00 am", "in any capitals"),
        ("{today|date}", "November 24, 2026", "the date"),
        ("{today|time}", "4:00 am", "the time"),
        ("{today|datetime}", "November 24, 2026 4:00 am", "both"),
        ("{today|date|+2 days}", "November 26, 2026", "moved"),
        ("{today|date|-1 week}", "November 17, 2026", "back"),
        ("{today|date|2 months}", "January 24, 2027", "a number without a sign moves on"),
        ("{today|date|+1 year -1 day}", "November 23, 2027", "several steps, one after the other"),
        ("{today|time|+90 minutes}", "5:30 am", "minutes"),
        ("{today||+1 hour}", "November 24, 2026 5:00 am", "an empty format is the usual one"),
        ("{today|+2 days}", "November 26, 2026 4:00 am", "a step is no format (Mautic prints +2 24pmTue...)"),
        ("{today|Y-m-d}", "2026-11-24", "a format"),
        ("{today|l jS \\o\\f F|+1 day}", "Wednesday 25th of November", "a format and a step"),
        ("{today|c}", "2026-11-24T04:00:00+00:00", "ISO 8601"),
        ("%7Btoday%7CY%7D", "2026", "encoded braces"),
        ("%7Btoday%7CY-m-d%7C%2B2%20days%7D", "2026-11-26", "and what stands between them"),
        ("{today|Y|+9999 years}", "", "beyond what a calendar knows"),
        ("{today is the day}", "{today is the day}", "prose"),
        ("{today", "{today", "prose"),
        ("{today=x}", "{today=x}", "an unknown token"),
        ("{subject|x} {signature=x}", "{subject|x} {signature=x}", "and so are these"),
    ],
)
def test_in_html_and_text(token, shown, reason):
    assert text_of(token) == shown, reason
    assert html_of(token) == shown, reason


@pytest.mark.parametrize(
    ("now", "zone", "token", "shown", "reason"),
    [
        (JANUARY, "UTC", "{today|Y-m-d|+1 month}", "2026-02-28", "not 3 March, as PHP has it"),
        (JANUARY, "UTC", "{today|Y-m-d|-2 months}", "2025-11-30", "back as well"),
        (SPRING, "Europe/Paris", "{today|H:i|+1 day}", "13:00", "a day on it is the same time of day"),
        (SPRING, "Europe/Paris", "{today|H:i|+24 hours}", "14:00", "24 hours on it is not"),
        (SPRING, "Pacific/Auckland", "{today|D}", "Sun", "where the day has begun already"),
    ],
)
def test_calendar(now, zone, token, shown, reason):
    contact = Contact(CONTACT, "a@b.org", {"timezone": zone})
    assert text_of(token, Addressee(contact, now=now)) == shown, reason
    workspace = Stationery(BASE, Workspace(zone=zone))
    assert text_of(token, Addressee(ADA, now=now), stationery=workspace) == shown, reason


@pytest.mark.parametrize(
    ("fields", "part", "shown"),
    [
        ({"text": "x", "subject": "{today|Y}"}, "subject", "2026"),
        ({"text": "x", "from_name": "{today|Y}"}, "from_", "2026 <team@example.org>"),
        ({"html": "<p>", "preheader": "{today|F}"}, "html", ">November</div>"),
        ({"html": '<i title="{today|Y}">'}, "html", 'title="2026"'),
        ({"html": '<a href="https://a.org/?d={today|date}">'}, "html", "d%3DNovember%252024%252C%25202026"),
        ({"text": "https://a.org/{today|date|+1 day}/x"}, "text", "a.org%2FNovember%252025%252C%25202026%2Fx"),
        ({"html": '<img src="https://a.org/{today|Y/m}">'}, "html", "https://a.org/2026%2F11"),
    ],
)
def test_in_every_place(fields, part, shown):
    assert shown in getattr(sent(**fields), part)


@pytest.mark.parametrize("shift", ["tomorrow", "+2 fortnights", "x", "+1 day +1 day +1 day +1 day", "+99999 days"])
def test_a_step_that_is_none_is_refused(shift):
    with pytest.raises(Invalid, match=r"Line 1, column 2: It moves by up to 3 steps"):
        made(text=f"a{{today|date|{shift}}}")
