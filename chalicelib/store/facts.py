"""Facts beside the messages' rows, and what they count: tables `messages` and `counters`."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from chalicelib.model.fact import Fact
from chalicelib.store import action
from chalicelib.store.connection import Connection
from chalicelib.store.message_rows import MESSAGES, FactRow, fact_of, fact_place, fact_row
from chalicelib.store.reading import Range, query, read_many
from chalicelib.store.row import RangeRow, key, name
from chalicelib.store.writing import transact

COUNTERS = "counters"
SHARDS = 8


class CounterRow(RangeRow):
    """pk: workspace#e-mail id; sk: a shard (0 to 7). Beside them a number under each counter's name."""


class FactsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(MESSAGES)
        self._counters = connection.table(COUNTERS)

    def put(self, facts: Sequence[Fact], counters: Mapping[str, Mapping[str, int]]) -> set[str] | None:
        shard = str(random.randrange(SHARDS))  # noqa: S311  # spreads writes; nobody gains by guessing it
        puts = [action.put(self._table, fact_row(self._workspace, fact), FactRow.pk.does_not_exist()) for fact in facts]
        adds = [
            action.add(self._counters, key(name(self._workspace, email), shard), numbers)
            for email, numbers in counters.items()
            if numbers
        ]
        unmet = transact(self._connection, [*puts, *adds])
        return {_id(facts[place]) for place in unmet} or None

    def existing(self, facts: Sequence[Fact]) -> dict[str, Fact]:
        places = {_id(fact): fact_place(self._workspace, fact) for fact in facts}
        items = read_many(self._connection, {self._table: list(places.values())})[self._table]
        return {_id(fact): fact for fact in map(fact_of, items)}

    def counters(self, email_id: str) -> dict[str, int]:
        where = CounterRow.pk == name(self._workspace, email_id)
        sums: dict[str, int] = {}
        for item in query(self._connection, Range(self._counters, where)):
            for counter, value in item.items():
                if counter not in ("pk", "sk"):
                    sums[counter] = sums.get(counter, 0) + int(value["N"])
        return sums


def _id(fact: Fact) -> str:
    """As `work.ports.fact_id`: which fact, in one text."""
    return f"{fact.message}!{fact.name}"
