"""Who made a hit. One row of the table for each rule, and the moments between a machine and a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.fact import Event
from chalicelib.model.labelling import BURSTS, HIDDEN_LINK, NEAR_HIDDEN_LINK, RULES, SOON, verdicts
from chalicelib.model.message import MessageKey

NOON = 1_795_521_600_000
KEY = MessageKey("contact", "family")
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Thunderbird/133.0"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"


def opened(at=NOON, agent=PERSON, **detail):
    return Event(f"o{at}", "opened", KEY, "email", at, detail={"agent": agent, "method": "GET", **detail})


def clicked(link=0, at=NOON, agent=PERSON, **detail):
    told = {"agent": agent, "method": "GET", **detail}
    return Event(f"c{link}-{at}", "clicked", KEY, "email", at, link=link, detail=told)


def delivered(at):
    return Event(f"d{at}", "delivered", KEY, "email", at)


def first_of(*events, sent_at=None):
    """Label and reason of the first."""
    verdict = verdicts(events, sent_at)[0]
    return verdict.label, verdict.reason


# what is judged first, what else came of the message, label, reason
TABLE = [
    ([opened()], "human", ""),
    ([clicked()], "human", ""),
    ([opened(), delivered(NOON - 60_000)], "human", ""),
    ([opened(method="HEAD")], "scanner", "method"),
    ([clicked(method="HEAD")], "scanner", "method"),
    ([clicked(HIDDEN_LINK)], "scanner", "hidden-link"),
    ([opened(agent="")], "scanner", "no-agent"),
    ([clicked(agent="  ")], "scanner", "no-agent"),
    ([opened(agent="Mozilla/5.0")], "proxy", "apple-mail-privacy"),
    # Gmail's proxy fetches when somebody opens; what is there before anybody can is nobody's
    ([opened(agent=GMAIL)], "human", "opened-in-gmail"),
    ([opened(agent=GMAIL, network="google-proxy")], "human", "opened-in-gmail"),
    ([opened(agent=GMAIL), delivered(NOON - SOON["opened"] - 1)], "human", "opened-in-gmail"),
    ([opened(agent=GMAIL), delivered(NOON - SOON["opened"])], "proxy", "gmail-image-proxy"),
    ([opened(agent=GMAIL), clicked(HIDDEN_LINK, NOON + 1)], "scanner", "near-hidden-link"),
    ([opened(agent=GMAIL, method="HEAD")], "scanner", "method"),
    ([opened(agent=YAHOO)], "proxy", "yahoo-mail-proxy"),
    ([opened(agent="Barracuda Sentinel (EE)")], "scanner", "barracuda"),
    ([clicked(agent="Microsoft Office Existence Discovery")], "scanner", "office-discovery"),
    ([clicked(agent="python-requests/2.32.3")], "scanner", "program"),
    ([clicked(agent="Mozilla/5.0")], "scanner", "proxy-that-clicks"),
    ([clicked(agent=GMAIL)], "scanner", "proxy-that-clicks"),
    ([opened(network="barracuda")], "scanner", "scanner-network"),
    ([clicked(network="proofpoint")], "scanner", "scanner-network"),
    ([opened(network="google-proxy")], "proxy", "proxy-network"),
    ([clicked(network="google-proxy")], "human", ""),
    ([opened(network="a network of former days")], "human", ""),
    # the hidden link speaks for what comes shortly before and behind it
    ([clicked(1), clicked(HIDDEN_LINK, NOON + NEAR_HIDDEN_LINK)], "scanner", "near-hidden-link"),
    ([clicked(1), clicked(HIDDEN_LINK, NOON - NEAR_HIDDEN_LINK)], "scanner", "near-hidden-link"),
    ([opened(), clicked(HIDDEN_LINK, NOON + 1)], "scanner", "near-hidden-link"),
    ([clicked(1), clicked(HIDDEN_LINK, NOON - NEAR_HIDDEN_LINK - 1)], "human", ""),
    # nobody is as quick; and nobody reads what is not there yet
    ([opened(), delivered(NOON - SOON["opened"])], "scanner", "soon-after-delivery"),
    ([opened(), delivered(NOON - SOON["opened"] - 1)], "human", ""),
    ([clicked(), delivered(NOON - SOON["clicked"])], "scanner", "soon-after-delivery"),
    ([clicked(), delivered(NOON - SOON["clicked"] - 1)], "human", ""),
    ([clicked(), delivered(NOON + 3_600_000)], "scanner", "soon-after-delivery"),
    ([opened(), delivered(NOON - 60_000), delivered(NOON)], "human", ""),
    # a proxy stays one however quick it is: it says which client is behind it
    ([opened(agent="Mozilla/5.0"), delivered(NOON)], "proxy", "apple-mail-privacy"),
    # many links at once
    ([clicked(0), clicked(1), clicked(2, NOON + 1_000)], "scanner", "burst"),
    ([clicked(2, NOON + 1_000), clicked(0), clicked(1)], "scanner", "burst"),
    ([clicked(0), clicked(1), clicked(2, NOON + 1_001)], "human", ""),
    ([clicked(0), clicked(1), clicked(1, NOON + 1), clicked(0, NOON + 2)], "human", ""),
    ([clicked(0), *(clicked(n, NOON + 1_250 * n) for n in range(1, 5))], "scanner", "burst"),
    ([clicked(0), *(clicked(n, NOON + 1_251 * n) for n in range(1, 5))], "human", ""),
    ([opened(NOON + 500), clicked(0), clicked(1), clicked(2, NOON + 1_000)], "scanner", "burst"),
    ([opened(NOON + 1_001), clicked(0), clicked(1), clicked(2, NOON + 1_000)], "human", ""),
    ([clicked(0, NOON + 60_000), clicked(0), clicked(1), clicked(2)], "human", ""),
]


@pytest.mark.parametrize(("events", "label", "reason"), TABLE)
def test_who_made_it(events, label, reason):
    assert first_of(*events) == (label, reason)


def test_every_rule_has_its_row_and_its_source():
    agents = {"gmail-prefetch", "cisco-secure-email", "trend-micro", "link-preview", "headless-browser", "crawler"}
    assert {reason for _, _, reason in TABLE} - {""} | agents | {"proofpoint"} == {rule.reason for rule in RULES}
    assert len({rule.reason for rule in RULES}) == len(RULES)
    assert all(rule.source for rule in RULES)


@pytest.mark.parametrize(("sent_at", "label"), [(NOON - 1_000, "scanner"), (NOON - 60_000, "human"), (None, "human")])
def test_where_nobody_tells_of_the_delivery_the_sending_counts(sent_at, label):
    assert first_of(opened(), sent_at=sent_at)[0] == label
    assert first_of(opened(), delivered(NOON - 60_000), sent_at=sent_at)[0] == "human"


def test_a_person_has_client_and_device_a_proxy_its_client_a_scanner_nothing():
    quick = opened(NOON + 1, PERSON)
    made = verdicts([opened(), opened(agent=GMAIL), opened(agent=YAHOO), clicked(agent="curl/8.4.0"), quick])
    assert [(each.device, each.client) for each in made] == [
        ("desktop", "thunderbird"),
        ("", "gmail"),
        ("", "yahoo-mail"),
        ("", ""),
        ("desktop", "thunderbird"),
    ]


def test_what_is_no_hit_has_no_verdict():
    assert verdicts([delivered(NOON), opened(NOON + 60_000)])[0] is None
    assert verdicts([delivered(NOON)]) == [None]
    assert verdicts([]) == []


def bursting(clicks, links, window):
    """As the words say it: some moment within whose window there are clicks on so many links, this one among them."""
    marked = set()
    for start, _ in clicks:
        inside = [(at, link) for at, link in clicks if start <= at <= start + window]
        if len({link for _, link in inside}) >= links:
            marked |= set(inside)
    return marked


@given(st.lists(st.tuples(st.integers(0, 8_000), st.integers(0, 6)), max_size=14, unique=True))
def test_bursts_are_those_that_a_plain_search_finds(clicks):
    events = [clicked(link, NOON + at) for at, link in clicks]
    expected = set().union(*(bursting(clicks, *burst) for burst in BURSTS))
    found = {each for each, verdict in zip(clicks, verdicts(events), strict=True) if verdict.reason == "burst"}
    assert found == expected
