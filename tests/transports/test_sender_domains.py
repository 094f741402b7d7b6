"""The adapter asks a nameserver of the test's own over the wire."""

import socket
import threading
from types import SimpleNamespace

import dns.message
import dns.rcode
import dns.rdatatype
import dns.resolver
import dns.rrset
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.model.dns_record import Identity
from chalicelib.model.sender_domain import SenderDomain
from chalicelib.transports.sender_domains import SenderDomains

RECORDS = {
    "good.example.": ["v=spf1 include:amazonses.com -all", "other=1"],
    "_dmarc.good.example.": ["v=DMARC1; p=reject"],
    "long.example.": ["v=spf1 " + "ip4:192.0.2.1 " * 30],
    "bare.example.": [],
    "a._domainkey.good.example.": "CNAME a.dkim.amazonses.com.",
    "bounce.good.example.": "MX 10 feedback-smtp.eu-west-1.amazonses.com.",
    "_dmarc.bare.example.": [],
}


class Nameserver:
    """Answers TXT over UDP from RECORDS; NXDOMAIN for the rest; nothing at all while it is `mute`."""

    def __init__(self):
        self.mute = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            asked, client = self.socket.recvfrom(4_096)
            if asked == b"end":
                return
            if not self.mute:
                self.socket.sendto(self.answer(asked), client)

    def answer(self, asked):
        query = dns.message.from_wire(asked)
        name = query.question[0].name.to_text()
        answer = dns.message.make_response(query)
        if name not in RECORDS:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif isinstance(RECORDS[name], str):
            kind, _, text = RECORDS[name].partition(" ")
            if dns.rdatatype.to_text(query.question[0].rdtype) == kind:
                answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, text))
        elif RECORDS[name]:
            texts = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200)) for text in RECORDS[name]]
            answer.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", texts))
        return answer.to_wire()

    def end(self):
        self.socket.sendto(b"end", ("127.0.0.1", self.port))
        self.thread.join()
        self.socket.close()


@pytest.fixture
def nameserver():
    server = Nameserver()
    yield server
    server.end()


@pytest.fixture
def resolver(nameserver):
    found = dns.resolver.Resolver(configure=False)
    found.nameservers, found.port = ["127.0.0.1"], nameserver.port
    return lambda: found


class Identities:
    def __init__(self, known):
        self.known = known

    def get_email_identity(self, EmailIdentity):  # noqa: N803  # boto3's own name
        answer = self.known.get(EmailIdentity)
        if answer is None:
            raise ClientError({"Error": {"Code": "NotFoundException"}}, "GetEmailIdentity")
        if isinstance(answer, Exception):
            raise answer
        return answer


SIGNED = {"DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"}}


def test_records_are_found(resolver):
    domains = SenderDomains(lambda: Identities({"good.example": SIGNED}), resolver)
    assert domains.look("good.example") == SenderDomain(
        "good.example", "v=spf1 include:amazonses.com -all", "v=DMARC1; p=reject", "yes"
    )


def test_a_subdomain_inherits_policy_and_key_but_not_spf(resolver):
    domains = SenderDomains(lambda: Identities({"good.example": SIGNED}), resolver)
    assert domains.look("news.good.example") == SenderDomain("news.good.example", "", "v=DMARC1; p=reject", "yes")


def test_a_domain_without_anything(resolver):
    assert SenderDomains(lambda: Identities({}), resolver).look("bare.example") == SenderDomain(
        "bare.example", "", "", "no"
    )


def test_a_record_in_several_strings_is_one(resolver):
    assert len(SenderDomains(None, resolver).look("long.example").spf) > 400


def test_a_nameserver_that_says_nothing_is_not_waited_for_long(nameserver, resolver, monkeypatch):
    monkeypatch.setattr("chalicelib.transports.sender_domains.PATIENCE", 0.2)
    nameserver.mute = True
    assert SenderDomains(None, resolver).look("good.example") == SenderDomain("good.example")


def test_dns_is_not_asked_where_it_must_not_be():
    assert SenderDomains(None, None).look("good.example") == SenderDomain("good.example")


@pytest.mark.parametrize(
    ("answer", "signed"),
    [
        ({"DkimAttributes": {"SigningEnabled": True, "Status": "PENDING"}}, "no"),
        ({"DkimAttributes": {"SigningEnabled": False, "Status": "SUCCESS"}}, "no"),
        (ClientError({"Error": {"Code": "TooManyRequestsException"}}, "GetEmailIdentity"), "unknown"),
        (EndpointConnectionError(endpoint_url="https://email.example"), "unknown"),
    ],
)
def test_what_ses_says_of_the_key(answer, signed):
    assert SenderDomains(lambda: Identities({"good.example": answer}), None).look("good.example").dkim == signed


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("good.example", "TXT", ("other=1", "v=spf1 include:amazonses.com -all")),
        ("a._domainkey.good.example", "CNAME", ("a.dkim.amazonses.com.",)),
        ("bounce.good.example", "MX", ("10 feedback-smtp.eu-west-1.amazonses.com.",)),
        ("bounce.good.example", "TXT", ()),
        ("none.example", "MX", ()),
    ],
)
def test_any_record_is_asked_for(resolver, name, kind, found):
    assert SenderDomains(None, resolver).ask(name, kind) == found


def test_who_does_not_answer_has_no_records(nameserver, resolver, monkeypatch):
    monkeypatch.setattr("chalicelib.transports.sender_domains.PATIENCE", 0.2)
    nameserver.mute = True
    assert SenderDomains(None, resolver).ask("good.example", "TXT") is None
    assert SenderDomains(None, None).ask("good.example", "TXT") is None


def test_what_ses_knows_of_an_identity_and_whom_it_inherits_from():
    keys = {"Tokens": ["a", "b"], "SigningHostedZone": "dkim.af-south-1.amazonses.com"}
    sender = {"MailFromDomain": "bounce.good.example", "MailFromDomainStatus": "SUCCESS"}
    identities = Identities(
        {"good.example": {"DkimAttributes": keys, "MailFromAttributes": sender}, "bare.example": {}}
    )
    identities.meta = SimpleNamespace(region_name="af-south-1")
    domains = SenderDomains(lambda: identities, None)
    zone = "dkim.af-south-1.amazonses.com"
    known = Identity("good.example", ("a", "b"), zone, "bounce.good.example", "af-south-1")
    assert domains.identity("news.good.example") == known
    assert domains.identity("bare.example") == Identity("bare.example", region="af-south-1")
    assert domains.identity("none.example") is None
    assert SenderDomains(None, None).identity("good.example") is None
