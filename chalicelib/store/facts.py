"""What came back about messages, and what it counts: tables `messages` and `counters`."""

from __future__ import annotations

import random
from collections.abc import Sequence

from chalicelib.model.counters import Change
from chalicelib.model.feedback import Feedback
from chalicelib.model.message import MessageKey
from chalicelib.store import action
from chalicelib.store.action import Action
from chalicelib.store.connection import Connection
from chalicelib.store.counter_rows import SHARDS, CounterRow, Packet, counter_place, packed
from chalicelib.store.feedback_rows import FeedbackRow, feedback_item, feedback_of, feedback_place
from chalicelib.store.message_rows import MESSAGES
from chalicelib.store.reading import Range, query, read_many
from chalicelib.store.row import key
from chalicelib.store.writing import transact

COUNTERS = "counters"
NEW = action.prepared(FeedbackRow.pk.does_not_exist())
AT_VERSION = action.prepared(FeedbackRow.v == 0)


class FactsStore:
    def __init__(self, connection: Connection, workspace: str) -> None:
        self._connection = connection
        self._workspace = workspace
        self._table = connection.table(MESSAGES)
        self._counters = connection.table(COUNTERS)

    def read_many(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Feedback]:
        places = [feedback_place(self._workspace, each) for each in dict.fromkeys(keys)]
        items = read_many(self._connection, {self._table: places})[self._table]
        return {feedback.message: feedback for feedback in map(feedback_of, items)}

    def write(self, changes: Sequence[Change]) -> dict[MessageKey, Feedback]:
        """A transaction that is cancelled is cut again without what stands in its way. What is as we wanted it was
        written, with all that it counts, by an earlier try of ours or by somebody who was told the very same.
        """
        lost: dict[MessageKey, Feedback] = {}
        for packet in packed(changes):
            unmet = self._written(packet)
            lost |= {message: feedback for message, feedback in unmet.items() if feedback is not None}
            if unmet:
                lost |= self.write([each for each in packet.changes if each.feedback.message not in unmet])
        return lost

    def counters(self, email_id: str) -> dict[str, int]:
        where = CounterRow.pk == counter_place(self._workspace, email_id)
        sums: dict[str, int] = {}
        for item in query(self._connection, Range(self._counters, where)):
            for counter, value in item.items():
                if counter not in ("pk", "sk"):
                    sums[counter] = sums.get(counter, 0) + int(value["N"])
        return {counter: number for counter, number in sums.items() if number}

    def _written(self, packet: Packet) -> dict[MessageKey, Feedback | None]:
        """What stands in the way, None where it is as wanted; {} where the transaction was committed."""
        puts = [self._put(change.feedback) for change in packet.changes]
        unmet = transact(self._connection, [*puts, *self._adds(packet)])
        return {
            packet.changes[place].feedback.message: None if each.is_ours else feedback_of(each.found)
            for place, each in unmet.items()
        }

    def _put(self, feedback: Feedback) -> Action:
        item, before = feedback_item(self._workspace, feedback), feedback.version - 1
        return action.put_item(self._table, item, AT_VERSION(str(before)) if before else NEW())

    def _adds(self, packet: Packet) -> list[Action]:
        shard = str(random.randrange(SHARDS))  # noqa: S311  # spreads writes; nobody gains by guessing it
        return [
            action.add(self._counters, key(counter_place(self._workspace, email), f"{shard}#{row}"), numbers)
            for (email, row), numbers in packet.rows.items()
            if numbers
        ]
