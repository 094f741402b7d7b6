"""What comes back as mail: each recorded shape, and everything that must say nothing."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Signer
from chalicelib.transports.returned_mail import Mail, read
from tests.transports.returned_mails import EMAIL, FOLDER, MESSAGE, RECEIVED, content, mail, return_path
from tests.transports.smtp_stand_in import SIGNER

TOLD = [
    # name, sort, kinds, what people see of the first
    (
        "postfix_unknown_user",
        "bounce",
        ["bounced"],
        {
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "550 5.1.1 <ann@example.org>: Recipient address rejected: "
            "User unknown in virtual mailbox table",
            "recipient": "ann@example.org",
        },
    ),
    (
        "postfix_delayed",
        "bounce",
        ["delayed"],
        {
            "action": "delayed",
            "status": "4.4.1",
            "diagnosticCode": "connect to mail.example.org[198.51.100.7]:25: Connection timed out",
            "recipient": "ann@example.org",
        },
    ),
    (
        "exim_unknown_user",
        "bounce",
        ["bounced"],
        {
            "action": "failed",
            "status": "5.0.0",
            "diagnosticCode": "550 No such user here",
            "recipient": "ann@example.org",
        },
    ),
    (
        "exim_plain_text",
        "bounce",
        ["bounced"],
        {
            "status": "5.1.1",
            "diagnosticCode": "host mail.example.org [198.51.100.7]: 550 5.1.1 <ann@example.org>: "
            "Recipient address rejected",
            "recipient": "ann@example.org",
        },
    ),
    (
        "exchange_unknown_user",
        "bounce",
        ["bounced"],
        {
            "action": "failed",
            "status": "5.1.10",
            "diagnosticCode": "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.org not found by "
            "SMTP address lookup",
            "recipient": "ann@example.org",
        },
    ),
    ("gmail_mailbox_full", "bounce", ["soft_bounced"], None),
    ("qmail_unknown_user", "bounce", ["bounced"], None),
    (
        "sendmail_warning",
        "bounce",
        ["delayed"],
        {"action": "delayed", "status": "4.4.1", "recipient": "ann@example.org"},
    ),
    ("rfc3464_multiple", "bounce", ["soft_bounced", "delayed", "soft_bounced"], None),
    (
        "rfc3464_delivered",
        "bounce",
        ["delivered"],
        {"action": "delivered", "status": "2.1.5", "recipient": "ann@example.org"},
    ),
    ("base64_delivery_status", "bounce", ["bounced"], None),
    (
        "rfc5965_abuse",
        "complaint",
        ["complained"],
        {"complaintFeedbackType": "abuse", "userAgent": "SomeGenerator/1.0"},
    ),
    ("feedback_redacted", "complaint", ["complained"], None),
    ("feedback_opt_out", "complaint", ["unsubscribed"], None),
    ("feedback_of_tomorrow", "complaint", ["complained"], None),
    ("feedback_not_spam", "complaint", [], None),
    ("feedback_auth_failure", "complaint", [], None),
    ("vacation", "auto_reply", [], None),
    ("out_of_office_of_old", "auto_reply", [], None),
    ("reply_by_a_person", "other", [], None),
]


def test_every_fixture_has_its_row():
    assert {path.stem for path in FOLDER.glob("*.eml")} == {row[0] for row in TOLD}


@pytest.mark.parametrize("eol", ["\r\n", "\n"])
@pytest.mark.parametrize(("name", "sort", "kinds", "detail"), TOLD, ids=[row[0] for row in TOLD])
def test_what_each_shape_says(name, sort, kinds, detail, eol):
    found = read(mail(name, eol=eol), SIGNER)
    assert (found.sort, [event.kind for event in found.events]) == (sort, kinds)
    for event in found.events:
        assert (event.message, event.email, event.at, event.address) == (MESSAGE, EMAIL, RECEIVED, "")
    if detail is not None:
        assert found.events[0].detail == detail


OURS = [row[0] for row in TOLD if row[2]]


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize(
    "foreign",
    [Signer("main", {1: b"x" * 32}, b"h" * 32), Signer("other", SIGNER.keys, SIGNER.hash_key)],
    ids=["another key", "another workspace"],
)
def test_a_forged_or_foreign_mail_says_nothing(name, foreign):
    assert read(mail(name, signer=foreign), SIGNER).events == ()


@pytest.mark.parametrize("name", OURS)
def test_the_envelope_alone_is_enough(name):
    """Some servers return nothing of the letter."""
    silent = re.sub(rb"[A-Za-z0-9_-]{56,}(?=[@.>])", b"cut", content(name))
    assert read(Mail(silent, RECEIVED), SIGNER).events == ()
    events = read(Mail(silent, RECEIVED, [return_path()]), SIGNER).events
    assert {event.message for event in events} == {MESSAGE}


def test_the_envelope_goes_before_what_the_mail_holds():
    other = MessageKey("d" * 16, "e" * 16)
    events = read(mail("postfix_unknown_user", [return_path(message=other)]), SIGNER).events
    assert [event.message for event in events] == [other]


def test_a_return_path_in_lower_case_is_found_by_the_letter_s_message_id():
    """Some old servers fold the case of local parts."""
    folded = content("exchange_unknown_user").replace(return_path().encode(), return_path().encode().lower())
    assert [event.message for event in read(Mail(folded, RECEIVED), SIGNER).events] == [MESSAGE]


def test_a_template_email_s_mail_names_the_message_alone():
    key = MessageKey("c" * 16, "f" * 16, "a" * 16)
    (event,) = read(mail("postfix_unknown_user", [return_path(message=key, email="")]), SIGNER).events
    assert (event.message, event.email) == (key, "")


def test_the_address_that_a_report_names_is_shown_and_never_believed():
    """Whoever has a mail of ours has a token, and could name anybody."""
    forged = content("postfix_unknown_user").replace(b"rfc822; ann@example.org", b"rfc822; victim@example.net")
    forged = forged.replace(b"rfc822;ann@example.org", b"rfc822;victim@example.net")
    (event,) = read(Mail(forged, RECEIVED), SIGNER).events
    assert event.address == ""
    assert event.detail["recipient"] == "victim@example.net"


def test_the_same_mail_by_two_ways_is_the_same_event():
    once = mail("postfix_unknown_user")
    again = Mail(b"Delivered-To: bounces@example.com\r\n" + once.content, RECEIVED + 5_000, [return_path()])
    later = Mail(once.content.replace(b"4F2C21A0@mx", b"5F2C21A0@mx"), RECEIVED)
    first, second, third = (read(each, SIGNER).events[0].id for each in (once, again, later))
    assert first == second != third


@pytest.mark.parametrize(
    "subject", ["Automatische Antwort: Hallo", "Abwesenheitsnotiz", "Réponse automatique : Bonjour", "Auto-Reply: Hi"]
)
def test_answering_machines_speak_many_languages(subject):
    assert read(Mail(f"Subject: {subject}\r\n\r\nGone.".encode(), 0), SIGNER).sort == "auto_reply"


@pytest.mark.parametrize(
    "head", ["X-Autoreply: yes", "Precedence: auto_reply", "Auto-Submitted: auto-generated", "X-Autorespond: on"]
)
def test_answering_machines_have_many_marks(head):
    assert read(Mail(f"{head}\r\n\r\nGone.".encode(), 0), SIGNER).sort == "auto_reply"


def seen(mail_of_somebody):
    found = read(mail_of_somebody, SIGNER)
    assert all(isinstance(event, Event) and event.message == MESSAGE for event in found.events)
    for event in found.events:
        for text in event.detail.values():
            assert len(text.encode()) <= 4 * 500
    return found


@given(st.binary(max_size=2_000))
def test_any_octets_are_read(octets):
    assert seen(Mail(octets, 0)).events == ()


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from([row[0] for row in TOLD]),
    cuts=st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 300), st.binary(max_size=20)), max_size=6),
)
def test_any_damage_is_read(name, cuts):
    octets = content(name)
    for at, length, other in cuts:
        octets = octets[: at % len(octets)] + other + octets[at % len(octets) + length :] or b"x"
    seen(Mail(octets, 0, [return_path(), "", "x" * 5_000]))


WORDS = st.sampled_from(
    [
        b"Content-Type: multipart/report; boundary=b",
        b"Content-Type: multipart/mixed; boundary=c",
        b"Content-Type: message/delivery-status",
        b"Content-Type: message/feedback-report",
        b"Content-Type: text/plain; charset=klingon",
        b"Content-Transfer-Encoding: base64",
        b"Content-Transfer-Encoding: quoted-printable",
        b"From: MAILER-DAEMON@x",
        b"Subject: Undelivered",
        b"X-Failed-Recipients: a@b",
        b"Action: failed",
        b"Status: 5.1.1",
        b"Diagnostic-Code: smtp;\xff\xfe 550",
        b"Feedback-Type: abuse",
        b"",
        b"--b",
        b"--b--",
        b"--c",
        b" folded",
        b"=ZZ=\x00",
        b"QUFB=",
        return_path().encode(),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=40), st.sampled_from([b"\r\n", b"\n", b"\r"]))
def test_any_order_of_what_reports_are_made_of_is_read(lines, eol):
    seen(Mail(eol.join(lines), 0))
