"""What is to stand in DNS for each provider, and what is said of what does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.dns_record import DnsRecord, Identity, judged, wanted
from chalicelib.model.transport_setup import PROVIDERS

IDENTITY = Identity("example.org", ("a", "b", "c"), "dkim.amazonses.com", "bounce.example.org", "eu-west-1")


def by_purpose(provider, identity=None, domain="example.org"):
    found = {}
    for each in wanted(domain, provider, identity, "mail.example.org"):
        found.setdefault(each.purpose, []).append(each)
    return found


def test_what_ses_needs():
    records = by_purpose("ses", IDENTITY)
    assert [(each.name, each.type, each.value) for each in records["dkim"]] == [
        (f"{token}._domainkey.example.org", "CNAME", f"{token}.dkim.amazonses.com") for token in "abc"
    ]
    [mail_from] = records["mail_from"]
    assert (mail_from.name, mail_from.type) == ("bounce.example.org", "MX")
    assert mail_from.value == "10 feedback-smtp.eu-west-1.amazonses.com"
    assert records["spf"][0].value == "v=spf1 include:amazonses.com ~all"
    assert records["tracking"][0].name == "mail.example.org"


def test_without_an_identity_ses_has_no_keys_and_a_proposed_mail_from():
    records = by_purpose("ses")
    assert "dkim" not in records
    assert (records["mail_from"][0].name, records["mail_from"][0].value) == ("bounce.example.org", "")


@pytest.mark.parametrize(
    ("provider", "sender", "keys"),
    [
        ("sendgrid", "include:sendgrid.net", 2),
        ("mailjet", "include:spf.mailjet.com", 1),
        ("mandrill", "include:spf.mandrillapp.com", 2),
        ("smtp", "a mx", 0),
    ],
)
def test_what_others_need(provider, sender, keys):
    records = by_purpose(provider)
    assert sender in records["spf"][0].value
    assert len(records.get("dkim", ())) == keys
    assert "mail_from" not in records


def test_policies_of_the_domains_above_hold_too():
    [policy] = by_purpose("ses", domain="a.b.example.org")["dmarc"]
    assert policy.above == ("_dmarc.b.example.org", "_dmarc.example.org")


SPF = DnsRecord("spf", "example.org", "TXT", "v=spf1 include:amazonses.com ~all")
KEY = DnsRecord("dkim", "a._domainkey.example.org", "CNAME", "a.dkim.amazonses.com")
OWN_KEY = DnsRecord("dkim", "s1._domainkey.example.org", "CNAME", "")
POLICY = DnsRecord("dmarc", "_dmarc.example.org", "TXT", "v=DMARC1; p=none; rua=mailto:dmarc@example.org")


@pytest.mark.parametrize(
    ("record", "found", "standing"),
    [
        (SPF, None, "unasked"),
        (SPF, (), "missing"),
        (SPF, ("google-site-verification=1",), "missing"),
        (SPF, ("other=1", "V=SPF1 a Include:AmazonSES.com -all"), "there"),
        (SPF, ("v=spf1 include:amazonses.com.evil.example -all",), "other"),
        (KEY, ("A.dkim.amazonses.com.",), "there"),
        (KEY, ("a.dkim.amazonses.co.",), "other"),
        (OWN_KEY, ("s1.domainkey.u1.wl1.sendgrid.net.",), "there"),
        (POLICY, ("v=DMARC1; p=reject",), "there"),
        (POLICY, ("v=spf1 -all",), "missing"),
    ],
)
def test_what_is_said_of_what_stands_there(record, found, standing):
    assert judged(record, found).standing == standing


def test_a_sender_is_added_to_the_record_that_stands_there():
    other = judged(SPF, ("v=spf1 include:_spf.example.net mx -all",))
    assert other.value == "v=spf1 include:amazonses.com include:_spf.example.net mx -all"
    assert other.found == "v=spf1 include:_spf.example.net mx -all"
    assert judged(SPF, (other.value,)).standing == "there"


@given(
    provider=st.sampled_from(PROVIDERS),
    found=st.none() | st.lists(st.text(max_size=40) | st.sampled_from(["v=spf1", "v=spf1 -all", "v=DMARC1"])),
)
def test_whatever_stands_there_what_is_proposed_would_do(provider, found):
    for record in wanted("example.org", provider, IDENTITY, "mail.example.org"):
        proposed = judged(record, found)
        if proposed.value:
            assert judged(record, (proposed.value,)).standing == "there"
