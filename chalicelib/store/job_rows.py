"""Jobs that can stop anywhere and go on: their rows, and the list of those that are not finished. Table `jobs`."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.connection import Connection
from chalicelib.store.document import Document
from chalicelib.store.reading import Range, query, read
from chalicelib.store.row import RangeRow, key, name
from chalicelib.store.writing import transacted, won

JOBS = "jobs"
OPEN = "open"
ENDED = frozenset({"finished", "failed"})


class JobRow(RangeRow):
    """pk: workspace#kind; sk: id. The list of the open ones: pk: workspace#kind#open; sk: id."""

    v = NumberAttribute(null=True)
    doc = UnicodeAttribute(null=True)


class Job(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def version(self) -> int: ...


T = TypeVar("T", bound=Job)


class Jobs(Generic[T]):
    """The jobs of one kind."""

    def __init__(self, connection: Connection, workspace: str, kind: str, shape: type[T]) -> None:
        self._connection = connection
        self._table = connection.table(JOBS)
        self._place = name(workspace, kind)
        self._open = name(workspace, kind, OPEN)
        self._document = Document(shape)

    def create(self, job: T) -> bool:
        row = action.put(self._table, self._row(job), JobRow.pk.does_not_exist())
        return transacted(self._connection, [row, action.put(self._table, JobRow(self._open, job.id))])

    def read(self, job_id: str) -> T | None:
        item = read(self._connection, self._table, key(self._place, job_id))
        return None if item is None else self._document.thing(item["doc"]["S"])

    def update(self, job: T, expected_version: int) -> bool:
        row: Action = action.put(self._table, self._row(job), JobRow.v == expected_version)
        if job.state not in ENDED:
            return won(self._connection, row)
        return transacted(self._connection, [row, action.delete(self._table, key(self._open, job.id))])

    def open(self) -> list[str]:
        items = query(self._connection, Range(self._table, JobRow.pk == self._open))
        return [item["sk"]["S"] for item in items]

    def _row(self, job: T) -> JobRow:
        return JobRow(self._place, job.id, v=job.version, doc=self._document.text(job))
