"""Letters, recipients and a renderer of SES's simple substitution, for the tests of composing."""

import json
import re

from chalicelib.compose.compile import Compiled, compiled
from chalicelib.compose.letter import letter
from chalicelib.compose.personalise import values
from chalicelib.compose.revision import Envelope, Letter, Revision
from chalicelib.compose.ses_template import data, template
from chalicelib.compose.stationery import Stationery
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Signer, Tracked

EMAIL, FAMILY, CONTACT = "e" * 16, "f" * 16, "c" * 16
BASE = "https://t.example"
NOW = 1_795_492_800_000  # 2026-11-24 04:00 UTC
SIGNER = Signer("main", {1: b"k" * 32}, b"h" * 32)
KEY = MessageKey(CONTACT, FAMILY)
TOKEN = SIGNER.token(Tracked(KEY, EMAIL, 1))
ADA = Contact(CONTACT, "ada@example.org", {"firstname": "Ada", "website": "https://ada.example/a?b=1&c=2", "zero": 0})
PLAIN = Stationery(BASE)
NOBODY = Contact(CONTACT, "nobody@example.org")
# What a tracked letter has that nobody wrote. The decoy's number is another in each letter.
PIXEL = f'<img src="{BASE}/o/{TOKEN}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'
DECOY = re.compile(rf'<a href="{BASE}/c/{TOKEN}/\d+" style="display:none" aria-hidden="true" tabindex="-1"></a>')


def written(**fields) -> Email:
    given = {"kind": "segment", "subject": "Hello", "from_address": "team@example.org"} | fields
    return Email(id=EMAIL, name="An e-mail", family=FAMILY, **given)


def made(*, stationery: Stationery = PLAIN, tracked: bool = True, **fields) -> Compiled:
    return compiled(written(**fields), stationery, published_at=1, number=1, tracked=tracked)


def revised(**fields) -> Revision:
    return made(**fields).revision


def envelope(revision: Revision, to: Contact | Addressee = ADA, tokens=None) -> Envelope:
    to = to if isinstance(to, Addressee) else Addressee(to, now=NOW)
    filled = values(revision, to, TOKEN, SIGNER, tokens or {})
    return Envelope(KEY, to.contact.address, "attempt", TOKEN, filled)


def sent(contact: Contact | Addressee = ADA, tokens=None, **fields) -> Letter:
    revision = revised(**fields)
    return letter(revision, envelope(revision, contact, tokens))


def as_written(html: str) -> str:
    """The HTML of a letter without what nobody wrote: the pixel and the link that no person sees."""
    return DECOY.sub("", html).replace(PIXEL, "")


def links_of(revision: Revision) -> tuple[str, ...]:
    """The link table without the link that no person sees."""
    return tuple(each for number, each in enumerate(revision.links) if number != revision.decoy)


def html_of(html: str, contact: Contact | Addressee = ADA, tokens=None, **fields) -> str:
    """The HTML that the contact gets, without what nobody wrote."""
    return as_written(sent(contact, tokens, html=html, **fields).html)


def text_of(text: str, contact: Contact | Addressee = ADA, tokens=None, **fields) -> str:
    return sent(contact, tokens, text=text, **fields).text


def by_ses(revision: Revision, one: Envelope) -> dict[str, str]:
    """What SES makes of it: one pass of simple substitution; a missing value is an error, as there."""
    replacements = json.loads(data(revision, one))
    # a third brace or a backslash before two would be another construct of Handlebars: none may be left
    for part in template(revision).values():
        assert not re.search(r"\{\{\{|\}\}\}|\\\{\{", part), part
        assert "{{" not in re.sub(r"\{\{\w+\}\}", "", part), part
    return {
        name: re.sub(r"\{\{(\w+)\}\}", lambda found: replacements[found[1]], part)
        for name, part in template(revision).items()
    }
