"""The rows of a contact: the contact itself, and its address."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.contact import Contact
from chalicelib.model.ids import SHARDS, shard_of
from chalicelib.model.searching import SearchKind, search_keys
from chalicelib.store.action import prepared
from chalicelib.store.document import Document
from chalicelib.store.reading import projection
from chalicelib.store.row import HashRow, Item, name

CONTACTS = "contacts"
ADDRESSES = "addresses"
SEARCH_SHARDS = 4
# Behind a search key, before the id that makes it the only one of its kind: below every letter and blank.
SEPARATOR = "\x1f"


class ContactRow(HashRow):
    """pk: workspace#contact id. The six last are the keys of the three indexes by which contacts are found
    (`contact_search.py`), each its partition (`search_place`) and what is searched; a contact without a name has none
    of a name.
    """

    v = NumberAttribute()
    doc = UnicodeAttribute()
    place_by_address = UnicodeAttribute(attr_name="pa", null=True)
    by_address = UnicodeAttribute(attr_name="ka", null=True)
    place_by_name = UnicodeAttribute(attr_name="pn", null=True)
    by_name = UnicodeAttribute(attr_name="kn", null=True)
    place_by_surname = UnicodeAttribute(attr_name="ps", null=True)
    by_surname = UnicodeAttribute(attr_name="ks", null=True)


class AddressRow(HashRow):
    """pk: workspace#keyed hash of the address. It outlives its contact. `erased` (epoch ms) is the tombstone of whoever
    was erased: while it stands no contact gets this address.
    """

    contact = UnicodeAttribute()
    erased = NumberAttribute(null=True)


_DOCUMENT = Document(Contact)
# All that `contact_of` reads: the other attributes are keys of indexes.
READ = projection("f", "doc")
# Of a contact that is written over: the version that stands there, as text.
AT_VERSION = prepared(ContactRow.v == 0)


# Of each index, its partition and its key.
FOUND_BY: Mapping[SearchKind, tuple[UnicodeAttribute, UnicodeAttribute]] = MappingProxyType(
    {
        "address": (ContactRow.place_by_address, ContactRow.by_address),
        "name": (ContactRow.place_by_name, ContactRow.by_name),
        "surname": (ContactRow.place_by_surname, ContactRow.by_surname),
    }
)


def contact_item(workspace: str, contact: Contact) -> Item:
    """The contact's row (`ContactRow`)."""
    keys = {kind: f"{key}{SEPARATOR}{contact.id}" for kind, key in search_keys(contact).items()}
    shard = shard_of(contact.id) * SEARCH_SHARDS // SHARDS
    places = {kind: search_place(workspace, shard, key) for kind, key in keys.items()}
    return ContactRow.item_with(
        pk=name(workspace, contact.id),
        v=contact.version,
        doc=_DOCUMENT.text(contact),
        place_by_address=places.get("address"),
        by_address=keys.get("address"),
        place_by_name=places.get("name"),
        by_name=keys.get("name"),
        place_by_surname=places.get("surname"),
        by_surname=keys.get("surname"),
    )


def search_place(workspace: str, shard: int, start: str) -> str:
    """The partition of an index in which whatever starts alike stands, of that shard's contacts."""
    return name(workspace, f"{shard}{start[0]}")


def contact_of(item: Item) -> Contact:
    return _DOCUMENT.thing(ContactRow.readable(item)["doc"]["S"])
