"""The send log, the facts beside it and their counters in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.model.fact import EVIDENCE, Fact
from chalicelib.model.message import Message, MessageKey
from chalicelib.work.ports import fact_id
from tests.fakes.tables import Tables, paged, put_over


@dataclass
class FakeMessages:
    tables: Tables

    def put_many(self, messages: Sequence[Message]) -> None:
        assert len(messages) <= 50
        self.tables.messages.update({message.key: message for message in messages})

    def claim(self, message: Message, idempotency: str | None) -> Message | None:
        """Row and claim in one transaction; a row equal to what stands there is our own, whose answer was lost."""
        key = self.tables.claims.get(idempotency, message.key) if idempotency is not None else message.key
        stored = self.tables.messages.get(key)
        if stored is not None:
            return None if stored == message else stored
        self.tables.messages[message.key] = message
        if idempotency is not None:
            self.tables.claims[idempotency] = message.key
        return None

    def update(self, message: Message, expected_version: int) -> bool:
        return put_over(self.tables.messages, message.key, message, expected_version)

    def read(self, key: MessageKey) -> Message | None:
        return self.tables.messages.get(key)

    def read_many(self, keys: Sequence[MessageKey], *, consistent: bool = True) -> dict[MessageKey, Message]:
        rows = self.tables.messages
        return {key: rows[key] for key in keys if key in rows}

    def facts(self, key: MessageKey) -> list[Fact]:
        mine = [fact for fact in self.tables.facts.values() if fact.message == key]
        return sorted(mine, key=lambda fact: fact.name)

    def proofs(self, keys: Sequence[MessageKey]) -> dict[MessageKey, list[Fact]]:
        found = {key: [fact for fact in self.facts(key) if fact.event.kind in EVIDENCE] for key in keys}
        return {key: facts for key, facts in found.items() if facts}

    def history(self, contact_id: str, limit: int, cursor: str | None) -> tuple[list[Message], str | None]:
        mine = [message for message in self.tables.messages.values() if message.key.contact == contact_id]
        newest = sorted(mine, key=lambda message: (message.at, str(message.key)), reverse=True)
        return paged(newest, limit, cursor)

    def due(self, now: int, limit: int) -> list[Message]:
        rows = self.tables.messages.values()
        due = [(message.due_at, str(message.key), message) for message in rows if message.due_at is not None]
        return [message for at, _, message in sorted(due, key=lambda each: each[:2]) if at <= now][:limit]


@dataclass
class FakeFacts:
    tables: Tables

    def put(self, facts: Sequence[Fact], counters: Mapping[str, Mapping[str, int]]) -> set[str] | None:
        assert len(facts) <= 90
        new = {fact_id(fact): fact for fact in facts}
        assert len(new) == len(facts), "two facts of one name in a transaction"
        existing = new.keys() & self.tables.facts.keys()
        if existing:
            return existing
        self.tables.facts.update(new)
        for email, counts in counters.items():
            self._add(email, counts)
        return None

    def existing(self, facts: Sequence[Fact]) -> dict[str, Fact]:
        rows = self.tables.facts
        return {each: rows[each] for each in map(fact_id, facts) if each in rows}

    def counters(self, email_id: str) -> dict[str, int]:
        return dict(self.tables.counters.get(email_id, {}))

    def _add(self, email: str, counts: Mapping[str, int]) -> None:
        row = self.tables.counters.setdefault(email, {})
        for name, number in counts.items():
            row[name] = row.get(name, 0) + number
