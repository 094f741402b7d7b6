"""The rows of a contact: the contact itself, and its address."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.contact import Contact
from chalicelib.store.document import Document
from chalicelib.store.row import HashRow, Item, name

CONTACTS = "contacts"
ADDRESSES = "addresses"


class ContactRow(HashRow):
    """pk: workspace#contact id."""

    v = NumberAttribute()
    doc = UnicodeAttribute()


class AddressRow(HashRow):
    """pk: workspace#keyed hash of the address. It outlives its contact."""

    contact = UnicodeAttribute()


_DOCUMENT = Document(Contact)


def contact_row(workspace: str, contact: Contact) -> ContactRow:
    return ContactRow(name(workspace, contact.id), v=contact.version, doc=_DOCUMENT.text(contact))


def contact_of(item: Item) -> Contact:
    return _DOCUMENT.thing(ContactRow.readable(item)["doc"]["S"])
