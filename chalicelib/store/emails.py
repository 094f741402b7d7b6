"""E-mails: table `emails`. What a team wrote stands in a row of its own, compressed, so that a list reads little."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from itertools import islice
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.model.email import Block, Email
from chalicelib.model.ids import ID
from chalicelib.model.version import Version
from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.patience import tries
from chalicelib.store.reading import Range, query, read, read_many
from chalicelib.store.row import Item, Key, RangeRow, key, name
from chalicelib.store.writing import transact, transacted

DRAFT = "draft"
FAMILY = "family"
VERSIONS = "versions"
# A revision's number goes up to 65,535.
NUMBER, LAST = re.compile(r"[0-9]{5}"), 99_999


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


class VersionRow(RangeRow):
    """pk: workspace#e-mail id#versions; sk: 99999 less the revision's number, so that the newest come first. The e-mail
    without its bodies, and these as in its draft; `by` is who published it.
    """

    doc = UnicodeAttribute()
    by = UnicodeAttribute()
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

    def publish(self, email: Email, expected_version: int, by: str) -> bool:
        """All three rows or none."""
        version = action.put(self._table, self._version_row(email, by))
        return transacted(self._connection, [*self._puts(email, EmailRow.v == expected_version), version])

    def versions(self, email_id: str, limit: int, cursor: str | None) -> tuple[list[Version], str | None]:
        where = VersionRow.pk == self._versions(email_id)
        if cursor:
            where &= VersionRow.sk > place_of(cursor, NUMBER)
        rows = query(self._connection, Range(self._table, where, step=limit + 1))
        found = [VersionRow.of(item) for item in islice(rows, limit + 1)]
        shown, following = cut(found, limit, lambda row: str(row.sk))
        return [Version(_DOCUMENT.thing(row.doc), row.by) for row in shown], following

    def version(self, email_id: str, number: int) -> Version | None:
        place = self._version(email_id, number)
        item = read(self._connection, self._table, key(*place))
        if item is None:
            return None
        row = VersionRow.of(item)
        return Version(_whole(_DOCUMENT.thing(row.doc), row), row.by)

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
        row = EmailRow(self._workspace, email.id, v=email.version, doc=_without_bodies(email))
        draft = DraftRow(name(self._workspace, email.id), DRAFT, v=email.version, **_bodies(email))
        return [action.put(self._table, row, condition), action.put(self._table, draft)]

    def _version_row(self, email: Email, by: str) -> VersionRow:
        return VersionRow(*self._version(email.id, email.revision), doc=_without_bodies(email), by=by, **_bodies(email))

    def _version(self, email_id: str, number: int) -> tuple[str, str]:
        return self._versions(email_id), f"{LAST - number:05}"

    def _versions(self, email_id: str) -> str:
        return name(self._workspace, email_id, VERSIONS)

    def _member(self, email: Email) -> tuple[str, str]:
        return name(self._workspace, FAMILY, email.family), email.id

    def _key(self, email_id: str) -> Key:
        return key(self._workspace, email_id)

    def _draft(self, email_id: str) -> Key:
        return key(name(self._workspace, email_id), DRAFT)


def _email_of(item: Item, draft: DraftRow) -> Email:
    return _whole(_DOCUMENT.thing(EmailRow.of(item).doc), draft)


def _whole(email: Email, row: DraftRow | VersionRow) -> Email:
    return replace(
        email,
        html=_unpacked(row.html),
        text=_unpacked(row.text),
        mjml=_unpacked(row.mjml),
        blocks=_BLOCKS.thing(_unpacked(row.blocks) or "[]"),
    )


def _without_bodies(email: Email) -> str:
    return _DOCUMENT.text(replace(email, html="", text="", mjml="", blocks=()))


def _bodies(email: Email) -> dict[str, Any]:
    return {
        "html": zlib.compress(email.html.encode()),
        "text": zlib.compress(email.text.encode()),
        "mjml": zlib.compress(email.mjml.encode()) if email.mjml else None,
        "blocks": zlib.compress(_BLOCKS.text(email.blocks).encode()) if email.blocks else None,
    }


def _unpacked(body: bytes | None) -> str:
    return zlib.decompress(body).decode() if body else ""
