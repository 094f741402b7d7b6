"""E-mails: table `emails`. What a team wrote stands in a row of its own, compressed, so that a list reads little."""

from __future__ import annotations

import zlib
from dataclasses import replace
from itertools import islice

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.model.email import Block, Email
from chalicelib.model.ids import ID
from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.patience import tries
from chalicelib.store.reading import Range, query, read_many
from chalicelib.store.row import Item, Key, RangeRow, key, name
from chalicelib.store.writing import transact, transacted

DRAFT = "draft"
FAMILY = "family"


class EmailRow(RangeRow):
    """pk: workspace; sk: e-mail id. `doc` is without the bodies."""

    v = NumberAttribute()
    doc = UnicodeAttribute()


class DraftRow(RangeRow):
    """pk: workspace#e-mail id; sk: `draft`. Bodies as zlib of UTF-8; `v` is the version they belong to."""

    v = NumberAttribute()
    html = BinaryAttribute(legacy_encoding=False)
    text = BinaryAttribute(legacy_encoding=False)
    mjml = BinaryAttribute(legacy_encoding=False, null=True)
    blocks = BinaryAttribute(legacy_encoding=False, null=True)


class MemberRow(RangeRow):
    """pk: workspace#family#root's id; sk: the id of a translation or variant."""


_DOCUMENT = Document(Email)
_BLOCKS = Document(tuple[Block, ...])


class EmailsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table("emails")

    def create(self, email: Email) -> bool:
        member = [] if email.id == email.family else [action.put(self._table, MemberRow(*self._member(email)))]
        return transacted(self._connection, [*self._puts(email, EmailRow.pk.does_not_exist()), *member])

    def read(self, email_id: str) -> Email | None:
        """Both rows of one version: where somebody wrote between the two reads, again."""
        for _ in tries(self._connection, f"e-mail {email_id}"):
            rows = read_many(self._connection, {self._table: [self._key(email_id), self._draft(email_id)]})
            items = {item["sk"]["S"]: item for item in rows[self._table]}
            email, draft = items.get(email_id), items.get(DRAFT)
            if email is None and draft is None:
                return None
            if email and draft and email["v"] == draft["v"]:
                return _email_of(email, DraftRow.of(draft))
        raise AssertionError("tries raises Busy")

    def update(self, email: Email, expected_version: int) -> bool:
        return transacted(self._connection, self._puts(email, EmailRow.v == expected_version))

    def delete(self, email: Email) -> bool:
        row = action.delete(self._table, self._key(email.id), EmailRow.v == email.version)
        others = (self._draft(email.id), key(*self._member(email)))
        return not transact(self._connection, [row, *(action.delete(self._table, each) for each in others)])

    def family(self, family: str) -> list[Email]:
        where = MemberRow.pk == name(self._workspace, FAMILY, family)
        keys = [self._key(item["sk"]["S"]) for item in query(self._connection, Range(self._table, where))]
        rows = read_many(self._connection, {self._table: keys})[self._table]
        found = [_DOCUMENT.thing(EmailRow.of(item).doc) for item in rows]
        return sorted(found, key=lambda email: (email.created_at, email.id))

    def page(self, limit: int, cursor: str | None) -> tuple[list[Email], str | None]:
        where = EmailRow.pk == self._workspace
        if cursor:
            where &= EmailRow.sk > place_of(cursor, ID)
        items = query(self._connection, Range(self._table, where, step=limit + 1))
        emails = [_DOCUMENT.thing(EmailRow.of(item).doc) for item in islice(items, limit + 1)]
        return cut(emails, limit, lambda email: email.id)

    def _puts(self, email: Email, condition: Condition) -> list[Action]:
        doc = _DOCUMENT.text(replace(email, html="", text="", mjml="", blocks=()))
        return [
            action.put(self._table, EmailRow(self._workspace, email.id, v=email.version, doc=doc), condition),
            action.put(self._table, self._draft_row(email)),
        ]

    def _draft_row(self, email: Email) -> DraftRow:
        return DraftRow(
            name(self._workspace, email.id),
            DRAFT,
            v=email.version,
            html=zlib.compress(email.html.encode()),
            text=zlib.compress(email.text.encode()),
            mjml=zlib.compress(email.mjml.encode()) if email.mjml else None,
            blocks=zlib.compress(_BLOCKS.text(email.blocks).encode()) if email.blocks else None,
        )

    def _member(self, email: Email) -> tuple[str, str]:
        return name(self._workspace, FAMILY, email.family), email.id

    def _key(self, email_id: str) -> Key:
        return key(self._workspace, email_id)

    def _draft(self, email_id: str) -> Key:
        return key(name(self._workspace, email_id), DRAFT)


def _email_of(item: Item, draft: DraftRow) -> Email:
    return replace(
        _DOCUMENT.thing(EmailRow.of(item).doc),
        html=_unpacked(draft.html),
        text=_unpacked(draft.text),
        mjml=_unpacked(draft.mjml),
        blocks=_BLOCKS.thing(_unpacked(draft.blocks) or "[]"),
    )


def _unpacked(body: bytes | None) -> str:
    return zlib.decompress(body).decode() if body else ""
