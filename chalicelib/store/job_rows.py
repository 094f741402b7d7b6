"""Jobs that can stop anywhere and go on: their rows, and the list of those that are not finished. Table `jobs`."""

from __future__ import annotations

import re
from itertools import islice
from typing import Generic, Protocol, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.connection import Connection
from chalicelib.store.cursor import cut, place_of
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, query, read, read_many
from chalicelib.store.row import RangeRow, key, name
from chalicelib.store.writing import transacted, won

JOBS = "jobs"
OPEN, NEWEST = "open", "newest"
LAST_MS = 10**13 - 1
_PLACE = re.compile(r"[0-9]{13}#.+", re.DOTALL)
ENDED = frozenset({"finished", "failed", "cancelled"})
# One that had failed may begin anew, and is open again.
BEGINS = "waiting"


class JobRow(RangeRow):
    """pk: workspace#kind; sk: id. The list of the open ones: pk: workspace#kind#open; sk: id. The list of all:
    pk: workspace#kind#newest; sk: milliseconds until the end of time in 13 digits#id.
    """

    v = NumberAttribute(null=True)
    doc = UnicodeAttribute(null=True)


class Job(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def created_at(self) -> int: ...


T = TypeVar("T", bound=Job)


class Jobs(Generic[T]):
    """The jobs of one kind."""

    def __init__(self, connection: Connection, workspace: str, kind: str, shape: type[T]) -> None:
        self._connection = connection
        self._table = connection.table(JOBS)
        self._place = name(workspace, kind)
        self._open = name(workspace, kind, OPEN)
        self._newest = name(workspace, kind, NEWEST)
        self._document = Document(shape)

    def create(self, job: T) -> bool:
        row = action.put(self._table, self._row(job), JobRow.pk.does_not_exist())
        listed = (JobRow(self._open, job.id), JobRow(self._newest, _place(job)))
        return transacted(self._connection, [row, *(action.put(self._table, each) for each in listed)])

    def read(self, job_id: str) -> T | None:
        item = read(self._connection, self._table, key(self._place, job_id))
        return None if item is None else self._document.thing(item["doc"]["S"])

    def update(self, job: T, expected_version: int) -> bool:
        row: Action = action.put(self._table, self._row(job), JobRow.v == expected_version)
        if job.state in ENDED:
            return transacted(self._connection, [row, action.delete(self._table, key(self._open, job.id))])
        if job.state == BEGINS:
            return transacted(self._connection, [row, action.put(self._table, JobRow(self._open, job.id))])
        return won(self._connection, row)

    def open(self) -> list[str]:
        items = query(self._connection, Range(self._table, JobRow.pk == self._open))
        return [item["sk"]["S"] for item in items]

    def page(self, limit: int, cursor: str | None) -> tuple[list[T], str | None]:
        """The newest first. Jobs from before there was this list are not in it."""
        where = JobRow.pk == self._newest
        if cursor:
            where &= JobRow.sk > place_of(cursor, _PLACE)
        found = list(islice(query(self._connection, Range(self._table, where, step=limit + 1)), limit + 1))
        page, following = cut([item["sk"]["S"] for item in found], limit, str)
        ids = [place.partition("#")[2] for place in page]
        items = read_many(self._connection, {self._table: [key(self._place, each) for each in ids]})[self._table]
        by_id = {item["sk"]["S"]: self._document.thing(item["doc"]["S"]) for item in items}
        return [by_id[each] for each in ids if each in by_id], following

    def _row(self, job: T) -> JobRow:
        return JobRow(self._place, job.id, v=job.version, doc=self._document.text(job))


def _place(job: Job) -> str:
    return f"{LAST_MS - job.created_at:013d}#{job.id}"
