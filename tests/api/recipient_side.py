"""The recipient side over a World of fakes: one contact, one letter with four links."""

import base64
from dataclasses import dataclass, field
from urllib.parse import quote

from hypothesis import strategies as st

from chalicelib.compose.revision import Program, Revision
from chalicelib.model.contact import Contact
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Signer, Tracked
from chalicelib.work.world import World
from tests.api.client import Answered, Client, FakeParts
from tests.fakes.tables import Tables
from tests.fakes.world import SIGNER, fake_world, numbered_id

CONTACT = Contact(numbered_id(1, "contact"), "ann@example.com", {"firstname": "Ann"})
EMAIL, FAMILY = numbered_id(1, "email"), numbered_id(1, "family")
TRACKED = Tracked(MessageKey(CONTACT.id, FAMILY), EMAIL, 1)
TOKEN = SIGNER.token(TRACKED)
LINKS = ("https://example.com/a?b=1&c=2", "", "javascript:alert(1)", "https://exämple.com/é\r\nX: y")
REVISION = Revision(
    email=EMAIL,
    number=1,
    family=FAMILY,
    kind="segment",
    from_address="team@example.com",
    reply_to="",
    program=Program((), ("Hello",), ("Team",), ("<!doctype html><title>Hello</title><p>Hello",), ("Hello",)),
    links=LINKS,
    base_url="https://mail.example.com",
)


@dataclass
class Side:
    world: World
    tables: Tables
    client: Client
    parts: FakeParts = field(repr=False)

    def __call__(self, method: str, path: str, **more) -> Answered:
        return self.client.raw(method, path, **more)

    @property
    def hashed(self) -> str:
        return self.world.signer.hashed("address", CONTACT.address)

    def changed(self) -> bool:
        return bool(self.tables.facts or self.tables.suppressions or self.tables.counters)


class side_of:  # noqa: N801  # reads as the context that it is
    def __init__(self, app):
        tables = Tables()
        tables.contacts[CONTACT.id] = CONTACT
        tables.revisions[(EMAIL, 1)] = REVISION
        world = fake_world(tables=tables)
        parts = FakeParts(world)
        self.made = Side(world, tables, Client(app), parts)
        self.using = app.using(parts)

    def __enter__(self) -> Side:
        self.using.__enter__()
        return self.made

    def __exit__(self, *error) -> None:
        self.using.__exit__(*error)


def is_page(answer: Answered, title: str) -> bool:
    page = answer.body.decode()
    return (
        answer.headers["content-type"].startswith("text/html")
        and f"<title>{title}</title>" in page
        and '<html lang="en">' in page
        and "<script" not in page
        and "no-store" in answer.headers["cache-control"]
    )


LOST = "This link does not work"


def flipped(token: str, bit: int) -> str:
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[bit // 8 % len(raw)] ^= 1 << bit % 8
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


FOREIGN = Signer("another", SIGNER.keys, SIGNER.hash_key)
FORGED = Signer("main", {1: b"somebody else's key of 32 bytes.."}, SIGNER.hash_key)
bad_tokens = st.one_of(
    st.integers(0, 8 * 46 - 1).map(lambda bit: flipped(TOKEN, bit)),
    st.integers(0, len(TOKEN) - 1).map(lambda end: TOKEN[:end] or "x"),
    st.sampled_from([FOREIGN.token(TRACKED), FORGED.token(TRACKED), TOKEN + "=", TOKEN + "A", TOKEN.swapcase()]),
    st.text(min_size=1, max_size=80).map(lambda text: quote(text, safe="")),
    st.binary(min_size=1, max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()),
)
