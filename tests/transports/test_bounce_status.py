"""Which bounces end an address: each row is a fact about some server."""

import pytest

from chalicelib.transports.bounce_status import failed, status_of

ROWS = [
    # Status, diagnostic, the status taken, the kind, whose words
    ("5.1.1", "550 5.1.1 The email account that you tried to reach does not exist", "5.1.1", "bounced", "Gmail"),
    ("5.0.0", "550 5.1.1 unknown", "5.1.1", "bounced", "a vague status: the server's own is better"),
    ("", "550 5.1.1 unknown", "5.1.1", "bounced", "none: the server's own"),
    ("", "Sorry, no mailbox here by that name. (#5.1.1)", "5.1.1", "bounced", "qmail"),
    ("5.1.2", "", "5.1.2", "bounced", "bad domain"),
    ("5.1.10", "", "5.1.10", "bounced", "Exchange; null MX of RFC 7505"),
    ("5.2.1", "550 5.2.1 The email account that you tried to reach is inactive", "5.2.1", "bounced", "Gmail"),
    ("5.4.4", "Host or domain name not found. Name service error", "5.4.4", "bounced", "Postfix"),
    ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied.", "5.4.1", "bounced", "Exchange Online"),
    ("5.4.1", "550 5.4.1 No answer from host", "5.4.1", "soft_bounced", "RFC 3463's own meaning"),
    ("5.0.0", "550 No such user here", "5.0.0", "bounced", "Exim, cPanel"),
    ("5.0.0", "550 Unrouteable address", "5.0.0", "bounced", "Exim"),
    ("5.0.0", "550 Requested action not taken: mailbox unavailable", "5.0.0", "bounced", "RFC 5321's words"),
    ("", "554 delivery error: dd This user doesn't have a yahoo.com account", "5.0.0", "bounced", "Yahoo"),
    ("5.0.0", "554 Message rejected", "5.0.0", "soft_bounced", "says nothing about the mailbox"),
    ("5.2.2", "552 5.2.2 The email account that you tried to reach is over quota", "5.2.2", "soft_bounced", "full"),
    ("5.2.3", "552 5.2.3 Message too large", "5.2.3", "soft_bounced", "the letter, not the mailbox"),
    ("5.3.4", "552 5.3.4 Message size exceeds fixed limit", "5.3.4", "soft_bounced", "the letter"),
    ("5.4.7", "delivery time expired", "5.4.7", "soft_bounced", "nobody answered"),
    ("4.4.7", "delivery time expired", "4.4.7", "soft_bounced", "nobody answered"),
    ("5.7.1", "550 5.7.1 user unknown to us, and your IP is on a list", "5.7.1", "soft_bounced", "a policy about us"),
    (
        "5.7.26",
        "550-5.7.26 This mail has been blocked because the sender is unauthenticated",
        "5.7.26",
        "soft_bounced",
        "Gmail",
    ),
    ("5.6.0", "", "5.6.0", "soft_bounced", "the letter"),
    ("5.1.8", "550 5.1.8 Bad sender's mailbox address", "5.1.8", "soft_bounced", "our address, not theirs"),
    ("", "", "", "soft_bounced", "nothing is said"),
    ("4.2.2", "452 4.2.2 user unknown in the quota table", "4.2.2", "soft_bounced", "temporary by its status"),
]


@pytest.mark.parametrize(("stated", "diagnostic", "status", "kind", "why"), ROWS)
def test_what_a_failure_says_of_the_address(stated, diagnostic, status, kind, why):
    found = status_of(stated, diagnostic)
    assert (found, failed(found, diagnostic)) == (status, kind), why
