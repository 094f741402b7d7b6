"""A workspace with a name, a category, a public list and a form: what the recipients' pages show."""

from dataclasses import replace
from urllib.parse import urlencode

from chalicelib.model.category import Category
from chalicelib.model.email import Email
from chalicelib.model.form import Asked, Form, FormText
from chalicelib.model.segment import Segment
from chalicelib.model.workspace import Workspace
from tests.api.client import Answered
from tests.api.recipient_side import CONTACT, EMAIL, FAMILY, Side
from tests.fakes.world import numbered_id

OFFERS, SECRET = numbered_id(1, "category"), numbered_id(2, "category")
WEEKLY, PRIVATE_LIST = numbered_id(1, "list"), numbered_id(2, "list")
FORM = numbered_id(1, "form")
CONSENT = "Yes, send me the weekly news."
FORM_KIND = {"content-type": "application/x-www-form-urlencoded"}


def furnished(side: Side) -> Side:
    tables = side.tables
    workspace = Workspace("Bakery Rose", "1 Road\n75000 Paris", zone="Europe/Paris", version=1)
    tables.shelves["workspaces"][workspace.id] = workspace
    for each in (Category(OFFERS, "Offers", {"fr": "Offres"}), Category(SECRET, "Tests", public=False)):
        tables.shelves["categories"][each.id] = each
    for each in (FAMILY, EMAIL):
        tables.emails[each] = Email(each, "segment", "News", "Hi", "team@example.com", FAMILY, category=OFFERS)
    tables.segments[WEEKLY] = Segment(WEEKLY, "weekly-2024", size=0, public=True, names={"en": "Weekly news"})
    tables.segments[PRIVATE_LIST] = Segment(PRIVATE_LIST, "Customers", size=0)
    tables.members[WEEKLY] = set()
    tables.addresses[side.hashed] = CONTACT.id
    form = Form(
        FORM,
        "Footer",
        "team@example.com",
        segments=(WEEKLY,),
        fields=(Asked("firstname", needed=True), Asked("city")),
        texts={"en": FormText(CONSENT), "fr": FormText("Oui, écrivez-moi.", "Notre lettre", "Merci !")},
    )
    tables.shelves["forms"][FORM] = form
    return side


def change(side: Side, **fields) -> None:
    contact = side.tables.contacts[CONTACT.id]
    side.tables.contacts[CONTACT.id] = replace(contact, version=contact.version + 1, **fields)


def post(side: Side, path: str, fields=(), **headers: str) -> Answered:
    """As a browser sends a form; `fields` are pairs, or a mapping."""
    return side("POST", path, body=urlencode(fields).encode(), headers=FORM_KIND | headers)


def state(side: Side) -> str:
    """Everything that a page could change."""
    tables = side.tables
    parts = (tables.contacts, tables.facts, tables.suppressions, tables.counters, tables.consents, tables.messages)
    return repr((*parts, tables.members, tables.addresses, tables.shelves))
