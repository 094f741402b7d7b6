"""Made-up rows that the sink answers with: the same contact for the same id, chunks whose people all wait."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache

from bench.sink import Json
from chalicelib.compose.compile import compiled
from chalicelib.compose.revision import Revision
from chalicelib.compose.stationery import Stationery
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import CHUNK, Chunk, planned_chunk
from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.ids import ID_BYTES, from_bytes

WORKSPACE = "main"
LINKS, FIELDS = 32, 10


def numbered(kind: str, number: int) -> str:
    return from_bytes(hashlib.sha256(f"{kind} {number}".encode()).digest()[:ID_BYTES])


EMAIL = numbered("email", 1)
BROADCAST = numbered("broadcast", 1)
LIST = numbered("list", 1)


def contact(contact_id: str) -> Contact:
    fields = {f"field{n}": f"value {n} & more" for n in range(FIELDS)} | {"firstname": "Zoë", "country": "FR"}
    return Contact(contact_id, f"{contact_id}@example.com", fields, frozenset({LIST}))


@lru_cache(100_000)
def contact_item(contact_id: str) -> Json:
    from chalicelib.store.contact_rows import contact_item  # noqa: PLC0415  # the sink's process alone makes rows

    item: Json = contact_item(WORKSPACE, contact(contact_id))
    return item


def waiting_chunk(number: int) -> Chunk:
    people = [numbered(f"contact {number}", n) for n in range(CHUNK)]
    return planned_chunk(BROADCAST, EMAIL, 0, number, people)


def broadcast() -> Broadcast:
    return Broadcast(BROADCAST, EMAIL, EMAIL, 1, (LIST,), (), 0, state="sending", lists_only=True, walked=True)


@cache
def revision() -> Revision:
    """A 30 KB letter with 32 tracked links, 10 contact fields and, as in most, some characters beyond ASCII."""
    from bench.personalise import page  # noqa: PLC0415  # brings parsers that only the makers of letters need

    html = page(30_000, lambda n: f"https://example.org/{n}", lambda n: f"{{contactfield=field{n}}}")
    html = html.replace("</body>", "<p>© Envoi, été comme hiver</p></body>")
    email = Email(EMAIL, "segment", "bench", "Hello {contactfield=firstname}", "news@example.com", EMAIL, html=html)
    return compiled(email, Stationery("https://mail.example.com"), published_at=0, number=1).revision
