"""The headers that a team adds."""

import pytest

from chalicelib.compose.letter import letter
from chalicelib.model.addressee import Addressee
from chalicelib.model.errors import Invalid
from chalicelib.model.owner import Owner
from tests.compose.making import ADA, BASE, NOW, TOKEN, envelope, made, revised


@pytest.mark.parametrize(
    ("value", "shown", "reason"),
    [
        ("plain; text=1", "plain; text=1", "as written"),
        ("for {contactfield=firstname|you}", "for Ada", "a field"),
        ("{contactfield=nothing}", None, "what comes out empty is left out, as in Mautic"),
        ("{ownerfield=email}", "eve@b.org", "the owner"),
        ("{today|Y}", "2026", "the day"),
        ("{subject}", "Hello", "the subject"),
        ("<{unsubscribe_url}>", f"<{BASE}/u/{TOKEN}>", "the recipient's own address"),
        ("{other}", "{other}", "an unknown token stays"),
    ],
)
def test_value(value, shown, reason):
    revision = revised(text="x", headers={"X-Mine": value})
    one = envelope(revision, Addressee(ADA, Owner("o", "eve@b.org"), now=NOW))
    assert letter(revision, one).headers.get("X-Mine") == shown, reason


def test_they_keep_their_order():
    revision = revised(text="x", headers={"X-B": "1", "X-A": "{subject}"})
    assert [name for name, _ in revision.program.headers] == ["X-B", "X-A"]


FORBIDDEN = (
    "From Sender To Cc Bcc Reply-To Subject Date Message-ID In-Reply-To References Return-Path Received "
    "DKIM-Signature MIME-Version Content-Type Content-Transfer-Encoding Content-Disposition Resent-To ARC-Seal "
    "List-Unsubscribe List-Unsubscribe-Post Authentication-Results X-SES-CONFIGURATION-SET"
)


@pytest.mark.parametrize("name", [*FORBIDDEN.split(), "fRoM", "BCC"])
def test_names_that_are_not_the_teams(name):
    for kind in ("segment", "template"):
        with pytest.raises(Invalid, match=r"is Envoi's or the transport's to set") as fault:
            made(text="x", headers={name: "x"}, kind=kind)
        assert fault.value.field == f"headers.{name}"


@pytest.mark.parametrize("name", ["List-Id", "Precedence", "Feedback-ID"])
def test_names_that_a_segment_email_has_already(name):
    with pytest.raises(Invalid, match="to set"):
        made(text="x", headers={name: "x"})
    assert made(text="x", headers={name: "x"}, kind="template").revision.program.headers == ((name, ("x",)),)


@pytest.mark.parametrize("name", ["Fromage", "X-From", "Dates", "Contents", "To-Do", "X-Content-Type", "List-Help"])
def test_names_that_only_look_alike(name):
    assert made(text="x", headers={name: "x"}).revision.program.headers[0][0] == name


@pytest.mark.parametrize("name", ["", "X A", "X:A", "X-É", "X\n", "X\t", "x" * 127])
def test_names_that_are_none(name):
    with pytest.raises(Invalid, match="printable ASCII characters without blanks and colons"):
        made(text="x", headers={name: "x"})


@pytest.mark.parametrize("value", ["a\r\nBcc: b", "é", "a\x00", "a\tb", "x" * 996, "{contactfield=x|é}"])
def test_values_that_are_none(value):
    with pytest.raises(Invalid, match="one line of printable ASCII, at most 995 characters") as fault:
        made(text="x", headers={"X-A": value})
    assert fault.value.field == "headers.X-A"


def test_tokens_that_cannot_stand_there():
    for token in ("{unsubscribe_text}", "{tracking_pixel}", "{assetlink=x}"):
        with pytest.raises(Invalid, match="cannot stand in a header"):
            made(text="x", headers={"X-A": token})


def test_numbers():
    assert len(made(text="x", headers={f"X-{n}": "x" for n in range(9)}).revision.program.headers) == 9
    with pytest.raises(Invalid, match="9 of its own"):
        made(text="x", headers={f"X-{n}": "x" for n in range(10)})
    with pytest.raises(Invalid, match="stands twice"):
        made(text="x", headers={"X-A": "1", "x-a": "2"})


def test_a_recipients_line_end_begins_no_header():
    revision = revised(text="x", headers={"X-A": "{contactfield=a}"})
    one = envelope(revision, Addressee(type(ADA)(ADA.id, ADA.address, {"a": "x\r\nBcc: y@b.org"}), now=NOW))
    assert letter(revision, one).headers["X-A"] == "x Bcc: y@b.org"
