"""The send log, what came back beside it, and its counters in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from zlib import crc32

from chalicelib.model.counters import Change
from chalicelib.model.feedback import Feedback
from chalicelib.model.log_page import LogPage
from chalicelib.model.message import Message, MessageKey
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

    def history(self, contact_id: str, limit: int, cursor: str | None) -> tuple[list[Message], str | None]:
        mine = [message for message in self.tables.messages.values() if message.key.contact == contact_id]
        newest = sorted(mine, key=lambda message: (message.at, str(message.key)), reverse=True)
        return paged(newest, limit, cursor)

    def of_contact(self, contact_id: str) -> tuple[list[Message], list[Feedback]]:
        messages = [each for each in self.tables.messages.values() if each.key.contact == contact_id]
        return messages, [each for each in self.tables.facts.values() if each.message.contact == contact_id]

    def scan(self, segment: int, segments: int, after: str, limit: int) -> LogPage:
        """In the order of a hash, which is nobody's order, as DynamoDB's is."""
        part = partial(_in_part, segment, segments)
        rows = {f"{_scan_key(key)} {key}": message for key, message in self.tables.messages.items() if part(key)}
        rows |= {f"{_scan_key(key)} {key}!": told for key, told in self.tables.facts.items() if part(key)}
        places = sorted(place for place in rows if place > after)
        found = [rows[place] for place in places[:limit]]
        messages = [each for each in found if isinstance(each, Message)]
        feedback = [each for each in found if isinstance(each, Feedback)]
        return LogPage(messages, feedback, places[limit - 1] if len(places) > limit else None)

    def due(self, now: int, limit: int) -> list[Message]:
        rows = self.tables.messages.values()
        due = [(message.due_at, str(message.key), message) for message in rows if message.due_at is not None]
        return [message for at, _, message in sorted(due, key=lambda each: each[:2]) if at <= now][:limit]


@dataclass
class FakeFacts:
    tables: Tables

    def read_many(self, keys: Sequence[MessageKey]) -> dict[MessageKey, Feedback]:
        rows = self.tables.facts
        return {key: rows[key] for key in keys if key in rows}

    def write(self, changes: Sequence[Change]) -> dict[MessageKey, Feedback]:
        messages = [change.feedback.message for change in changes]
        assert len(set(messages)) == len(messages), "a message twice in one write"
        lost = {}
        for change in changes:
            after = change.feedback
            stands = self.tables.facts.get(after.message, Feedback(after.message))
            if stands.version != after.version - 1:
                # what stands as we wished it is our own, or counted by whoever was told the same
                lost |= {} if (stands, stands.version) == (after, after.version) else {after.message: stands}
                continue
            self.tables.facts[after.message] = after
            for email, counts in change.counts.items():
                self._add(email, counts)
        return lost

    def counters(self, email_id: str) -> dict[str, int]:
        return dict(self.tables.counters.get(email_id, {}))

    def _add(self, email: str, counts: Mapping[str, int]) -> None:
        row = self.tables.counters.setdefault(email, {})
        for name, number in counts.items():
            row[name] = row.get(name, 0) + number
            if not row[name]:
                del row[name]


def _in_part(segment: int, segments: int, key: MessageKey) -> bool:
    return _scan_key(key) % segments == segment


def _scan_key(key: MessageKey) -> int:
    return crc32(key.contact.encode())
