"""What must hold after every step, and what must hold in the end: the invariants of the design."""

from collections import Counter
from dataclasses import dataclass, field

from chalicelib.model.broadcast import ENDED, Tally
from chalicelib.model.counters import recounted
from chalicelib.model.message import Message, MessageKey
from tests.fakes.transport import Copy
from tests.work.sending.house import House, sums_up

# After a pause no call starts later than this.
PAUSE_MS = 2_000
# How a template e-mail ends; a held one waits for somebody.
SETTLED = ("sent", "failed", "held")


class Broken(AssertionError):
    """A law that does not hold."""


@dataclass
class Laws:
    """`paused` is since when a broadcast is paused by a person; `left` is who unsubscribed before any copy."""

    house: House
    paused: dict[str, int] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    copies: Counter[MessageKey] = field(default_factory=Counter)

    def of_copies(self, copies: list[Copy], rejected: set[str]) -> None:
        for copy in copies:
            key = copy.envelope.message
            # what a person said of marketing is not said of receipts
            self._hold(key.contact not in self.left or bool(key.sending), f"{key.contact} unsubscribed, and was mailed")
            self._of_pause(copy)
            if copy.provider_id in rejected:
                continue
            self.copies[key] += 1
            most = 1 + self._forced(key)
            self._hold(self.copies[key] <= most, f"{key} has {self.copies[key]} copies, and {most} at most")

    def of_broadcasts(self) -> None:
        for broadcast in list(self.house.tables.broadcasts.values()):
            tally = self.house.tally(broadcast.id)
            self._hold(sums_up(tally), f"{broadcast.id} does not add up: {tally}")
            if broadcast.state == "finished":
                self._hold(not tally.unsettled, f"{broadcast.id} says finished: {tally}")

    def in_the_end(self) -> None:
        tables = self.house.tables
        tallies = {each: self.house.tally(each) for each in tables.broadcasts}
        for each in tables.broadcasts.values():
            tally = tallies[each.id]
            self._hold(each.state in ENDED, f"{each.id} never ends: {each.state} {tally}")
            self._hold(not tally.unsettled, f"{each.id} leaves somebody unaccounted for: {tally}")
            self._hold(each.closed == (not tally.held), f"{each.id} closed={each.closed} with {tally}")
        self._hold(not self.open_messages, f"template e-mails never end: {self.open_messages[:2]}")
        self._hold(tables.counters == recounted(tables.facts.values()), "counters are not what the facts say")
        self._planned_once()
        self._accounted(list(tallies.values()))

    @property
    def open_messages(self) -> list[Message]:
        """Template e-mails that are not settled."""
        rows = self.house.tables.messages.values()
        return [each for each in rows if each.key.sending and each.state not in SETTLED]

    def _planned_once(self) -> None:
        planned = Counter(
            (chunk.broadcast, who) for chunk in self.house.tables.chunks.values() for who in chunk.contacts
        )
        again = [key for key, times in planned.items() if times > 1]
        self._hold(not again, f"planned twice: {again[:3]}")

    def _accounted(self, tallies: list[Tally]) -> None:
        """Nobody counts as sent whom no provider ever took, unless somebody said so."""
        if any(each.what == "sent" for each in self.house.tables.decisions.values()):
            return
        accepted = {
            copy.envelope.message for copy in self.house.transports.accepted if not copy.envelope.message.sending
        }
        self._hold(sum(each.sent for each in tallies) <= len(accepted), "more are sent than any provider took")

    def _of_pause(self, copy: Copy) -> None:
        holder = self.house.tables.locks.get(copy.envelope.message.family, "")
        since = self.paused.get(holder)
        self._hold(since is None or copy.at <= since + PAUSE_MS, f"{holder} was paused, and a call began later")

    def _forced(self, key: MessageKey) -> int:
        feedback = self.house.tables.facts.get(key)
        return sum(1 for fact in feedback.facts if fact.event.kind == "resent") if feedback else 0

    def _hold(self, holds: bool, otherwise: str) -> None:
        if not holds:
            raise Broken(otherwise)
