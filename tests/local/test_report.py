from __future__ import annotations

from local.home import opened
from local.report import directions, seconds_of, summary

BROADCAST = {
    "planned": 300, "sent": 290, "failed": 0, "held": 3, "skipped": {"unsubscribed": 5, "no_consent": 2},
    "started_at": "2026-11-24T01:00:00.000Z", "ended_at": "2026-11-24T01:00:02.500Z",
}  # fmt: skip
LINE = {"line": 7, "column": "email", "value": "x", "reason": "no @"}
DEMO = {
    "broadcast": BROADCAST,
    "stats": {"delivered": 280, "bounced": 10, "opened": 100},
    "imported": {"created": 300, "rejected": 1, "lines": [LINE]},
    "seconds": 2.5,
}


def test_the_summary_says_in_plain_words_what_happened():
    said = "\n".join(summary(DEMO))
    for words in (
        "290  in 2.5 s, 116 messages a second",
        "2 without consent, 5 had unsubscribed",
        "line 7: email 'x': no @",
        "held                3",
        "opened            100",
        "clicked             0",
    ):
        assert words in said
    assert "failed" not in said


def test_the_directions_can_be_pasted(tmp_path):
    home = opened(tmp_path, 15_000, fresh=False)
    said = "\n".join(directions(home, "e1", "b1", "http://127.0.0.1:1/console/sign-in/t#now"))
    assert f"curl -s -H 'Authorization: Bearer {home.api_key}' http://127.0.0.1:15002/v1/emails/e1/stats" in said
    assert "http://127.0.0.1:15001/" in said


def test_the_time_is_the_broadcasts_own():
    assert seconds_of(BROADCAST) == 2.5
