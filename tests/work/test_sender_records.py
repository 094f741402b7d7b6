"""Records looked up as they stand: where DNS does not answer, nobody waits for each in turn."""

from dataclasses import replace

import pytest

from chalicelib.model.dns_record import Identity
from chalicelib.model.errors import Invalid
from chalicelib.work.sender_records import records
from tests.fakes.world import fake_world


@pytest.fixture
def world():
    world = fake_world()
    world.sender_domains.identities["example.org"] = Identity("example.org", ("a",), mail_from="b.example.org")
    return world


def standing(found):
    return {each.purpose: each.standing for each in found}


def test_all_is_asked_and_judged(world):
    world.sender_domains.records |= {
        ("example.org", "TXT"): ("v=spf1 mx -all",),
        ("a._domainkey.example.org", "CNAME"): ("a.dkim.amazonses.com.",),
        ("_dmarc.example.org", "TXT"): ("v=DMARC1; p=none",),
        ("mail.example.com", "A"): ("192.0.2.1",),
    }
    assert standing(records(world, " Example.ORG. ", "ses")) == {
        "mail_from": "missing",
        "mail_from_spf": "missing",
        "spf": "other",
        "dkim": "there",
        "dmarc": "there",
        "tracking": "there",
    }


def test_the_policy_of_the_domain_above_holds(world):
    world.sender_domains.records[("_dmarc.example.org", "TXT")] = ("v=DMARC1; p=none",)
    assert standing(records(world, "news.example.org", "smtp"))["dmarc"] == "there"


def test_a_nameserver_that_is_silent_is_asked_once(world):
    world.sender_domains.answers = False
    assert set(standing(records(world, "example.org", "ses")).values()) == {"unasked"}
    assert len(world.sender_domains.asked) == 1


@pytest.mark.parametrize(
    ("base_url", "host"),
    [
        ("https://mail.example.com", "mail.example.com"),
        ("https://x1.execute-api.eu-west-1.amazonaws.com", "mail.example.org"),
        ("http://127.0.0.1:8000", "mail.example.org"),
        ("http://localhost:8000", "mail.example.org"),
    ],
)
def test_where_links_lead_or_might(world, base_url, host):
    [tracking] = [
        each for each in records(replace(world, base_url=base_url), "example.org", "ses") if each.purpose == "tracking"
    ]
    assert tracking.name == host


@pytest.mark.parametrize(
    "domain", ["", "example", "a@example.org", "exa mple.org", "-a.example.org", "x" * 300 + ".org"]
)
def test_what_is_no_domain(world, domain):
    with pytest.raises(Invalid, match="such as example"):
        records(world, domain, "ses")
    assert world.sender_domains.asked == []
