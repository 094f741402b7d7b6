"""DNS records in the console: what to set, to copy, and what stands there."""

from chalicelib.model.dns_record import Identity
from chalicelib.work import workspaces

RECORDS = "/console/domains/records"


def test_without_a_sender_it_leads_to_the_settings(admin):
    assert "Name a sender" in admin.get(RECORDS).text


def test_the_page_asks_about_the_workspaces_own_domain(admin, world):
    workspaces.update(world, {"from_address": "team@bakery.example"})
    page = admin.get("/console/domains").text
    assert f"{RECORDS}?domain=bakery.example&amp;provider=ses" in page
    assert 'value="bakery.example"' in page


def test_records_to_copy_and_how_they_stand(admin, world):
    world.sender_domains.identities["bakery.example"] = Identity("bakery.example", ("t0k3n",), region="eu-west-1")
    world.sender_domains.records |= {
        ("bakery.example", "TXT"): ("v=spf1 include:<b>.example -all",),
        ("_dmarc.bakery.example", "TXT"): ("v=DMARC1; p=reject",),
    }
    page = admin.get(RECORDS, domain="bakery.example", provider="ses").text
    assert "t0k3n.dkim.amazonses.com" in page
    assert "10 feedback-smtp.eu-west-1.amazonses.com" in page
    assert "v=spf1 include:amazonses.com include:&lt;b&gt;.example -all" in page
    assert "says something else" in page
    assert "v=DMARC1; p=reject" in page
    assert "mail.example.com" in page, "the tracking domain"


def test_what_dns_does_not_answer_is_told(admin, world):
    world.sender_domains.answers = False
    page = admin.get(RECORDS, domain="bakery.example", provider="mandrill").text
    assert "DNS did not answer" in page
    assert "dkim1.mandrillapp.com" in page


def test_an_unknown_identity_and_no_domain(admin):
    assert "SES shows no keys for bakery.example" in admin.get(RECORDS, domain="bakery.example", provider="ses").text
    assert "such as example.org" in admin.get(RECORDS, domain="<b>", provider="ses").text
    assert "<b>" not in admin.get(RECORDS, domain="<b>", provider="ses").text


def test_it_is_the_admins(browser):
    sender = browser.signed_in("sender")
    assert sender.get("/console/domains").status == 403
    assert sender.get(RECORDS, domain="bakery.example").status == 403
