"""`{ownerfield=...}`, `{signature}`, and letters in the owner's name."""

import pytest

from chalicelib.compose.encoding import decoded, encoded
from chalicelib.compose.letter import letter
from chalicelib.compose.stationery import Stationery
from chalicelib.model.addressee import Addressee
from chalicelib.model.errors import Invalid
from chalicelib.model.owner import Owner
from chalicelib.model.workspace import Workspace
from tests.compose.making import ADA, BASE, NOW, envelope, html_of, made, revised, sent, text_of

EVE = Owner("o", "eve@example.org", "Eve", "O'Neil", "Boss & more", "Cheers,\n|FROM_NAME| <eve>")
PLAIN = Owner("p", "pat@example.org", "", "", "", "")
OWNED, ALONE, UNNAMED = Addressee(ADA, EVE, now=NOW), Addressee(ADA, now=NOW), Addressee(ADA, PLAIN, now=NOW)
TEAM = Stationery(BASE, Workspace(reply_to="help@example.org", wordings={"en": {"signature": "Best,\n|FROM_NAME|"}}))


@pytest.mark.parametrize(
    ("token", "text", "html", "reason"),
    [
        ("{ownerfield=email}", "eve@example.org", "eve@example.org", "the address"),
        ("{OwnerField=FirstName}", "Eve", "Eve", "in any capitals"),
        ("{ownerfield=lastname}", "O'Neil", "O&#x27;Neil", "escaped in HTML (#7918)"),
        ("{ownerfield=position}", "Boss & more", "Boss &amp; more", "escaped in HTML"),
        (
            "{ownerfield=signature}",
            "Cheers,\nEve O'Neil <eve>",
            "Cheers,<br>\nEve O&#x27;Neil &lt;eve&gt;",
            "|FROM_NAME| is the owner's name; lines are lines in HTML",
        ),
        ("{signature}", "Cheers,\nEve O'Neil <eve>", "Cheers,<br>\nEve O&#x27;Neil &lt;eve&gt;", "the owner's first"),
        ("%7Bownerfield=firstname%7D", "Eve", "Eve", "encoded braces"),
    ],
)
def test_with_an_owner(token, text, html, reason):
    assert text_of(token, OWNED, stationery=TEAM, from_name="The team") == text, reason
    assert html_of(token, OWNED, stationery=TEAM, from_name="The team") == html, reason


@pytest.mark.parametrize(
    ("token", "shown", "reason"),
    [
        *[(f"{{ownerfield={name}}}", "", "nothing") for name in ("email", "firstname", "position", "signature")],
        ("{signature}", "Best,\nThe Ada team", "the team's, with the letter's sender"),
    ],
)
def test_without_an_owner(token, shown, reason):
    assert text_of(token, ALONE, stationery=TEAM, from_name="The {contactfield=firstname} team") == shown, reason


def test_an_owner_without_a_signature_signs_as_the_team():
    assert text_of("{signature}", UNNAMED, stationery=TEAM, from_name="The team") == "Best,\nThe team"
    assert text_of("{signature}", OWNED) == text_of("{ownerfield=signature}", OWNED)
    assert text_of("a{signature}b", ALONE) == "ab", "nobody has one"


@pytest.mark.parametrize(
    ("fields", "part", "shown", "reason"),
    [
        ({"text": "x", "subject": "{signature}"}, "subject", "Cheers, Eve O'Neil <eve>", "one line"),
        ({"html": "<p>", "preheader": "{signature}"}, "html", "Cheers,\nEve O&#x27;Neil &lt;eve&gt;</div>", "no tags"),
        ({"html": '<i title="{signature}">'}, "html", 'title="Cheers,\nEve O&#x27;Neil &lt;eve&gt;"', "no tags"),
        ({"html": '<a href="mailto:{ownerfield=email}">'}, "html", "mailto:eve@example.org", "@ keeps its meaning"),
        ({"html": '<a href="https://a.org/?o={ownerfield=lastname}">'}, "html", "o%3DO%2527Neil", "a target"),
        ({"html": '<a href="{ownerfield=position}">'}, "html", '<a href="#"', "no link is made of it"),
        ({"text": "x", "from_name": "{ownerfield=firstname} of us"}, "from_", "Eve of us <team@example.org>", "sender"),
    ],
)
def test_in_every_place(fields, part, shown, reason):
    assert shown in getattr(sent(OWNED, **fields), part), reason


@pytest.mark.parametrize("token", ["{ownerfield}", "{ownerfield=}", "{ownerfield=phone}", "{ownerfield=email|x}"])
def test_what_an_owner_does_not_have_is_refused(token):
    with pytest.raises(Invalid, match=r"Line 2, column 1: Of an owner there are email, firstname"):
        made(html=f"\n{token}")


@pytest.mark.parametrize(
    ("to", "fields", "from_", "reply_to", "reason"),
    [
        (OWNED, {}, "Eve O'Neil <eve@example.org>", "eve@example.org", "the owner's, and answers go there"),
        (UNNAMED, {}, "pat@example.org", "pat@example.org", "an owner without a name"),
        (ALONE, {}, "The Ada team <team@example.org>", "", "nobody's contact: the e-mail's own"),
        (ALONE, {"stationery": TEAM}, "The Ada team <team@example.org>", "help@example.org", "then the workspace's"),
        (OWNED, {"stationery": TEAM}, "Eve O'Neil <eve@example.org>", "eve@example.org", "the owner comes before"),
        (OWNED, {"reply_to": "r@b.org"}, "Eve O'Neil <eve@example.org>", "r@b.org", "the e-mail's own comes first"),
        (OWNED, {"from_owner": False}, "The Ada team <team@example.org>", "", "not asked for"),
        (
            OWNED,
            {"from_owner": False, "stationery": TEAM},
            "The Ada team <team@example.org>",
            "help@example.org",
            "nor",
        ),
    ],
)
def test_from_the_owner(to, fields, from_, reply_to, reason):
    given = {"from_owner": True, "from_name": "The {contactfield=firstname} team", "text": "{signature}"} | fields
    revision = revised(**given)
    arrived = letter(revision, envelope(revision, to))
    assert (arrived.from_, arrived.reply_to) == (from_, reply_to), reason
    assert decoded(encoded(revision)) == revision


def test_the_signature_names_the_sender_that_people_see():
    unsigned = Addressee(ADA, Owner("q", "q@example.org", "Quinn", "", "", ""), now=NOW)
    assert text_of("{signature}", unsigned, stationery=TEAM, from_owner=True, from_name="Us") == "Best,\nQuinn"
