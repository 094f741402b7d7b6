"""A part of a letter while it is written: literals run together, equal slots become one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from chalicelib.compose.revision import Part, Place, Slot
from chalicelib.compose.source import Cautions
from chalicelib.compose.stationery import Stationery
from chalicelib.model.email import Email, Kind

TRACK = Slot("track", "text")


@dataclass(frozen=True, slots=True)
class Slots:
    """Every distinct slot of a letter, numbered as they come."""

    numbers: dict[Slot, int] = field(default_factory=dict)
    order: list[Slot] = field(default_factory=list)

    def number(self, slot: Slot) -> int:
        number = self.numbers.setdefault(slot, len(self.order))
        if number == len(self.order):
            self.order.append(slot)
        return number

    def placed(self, part: Part, place: Place) -> Part:
        """The same part for another place."""
        return tuple(
            each if isinstance(each, str) else self.number(replace(self.order[each], place=place)) for each in part
        )


@dataclass(frozen=True, slots=True)
class Composing:
    """What all parts of one letter share while it is compiled. `links` is the link table in the making."""

    email: Email
    stationery: Stationery
    base_url: str
    tracked: bool = True
    slots: Slots = field(default_factory=Slots)
    links: list[str] = field(default_factory=list)
    cautions: Cautions = field(default_factory=Cautions)

    @property
    def kind(self) -> Kind:
        return self.email.kind

    def link(self, target: str) -> int:
        """Every place has a number of its own, so that a link standing twice is told apart."""
        self.links.append(target)
        return len(self.links) - 1


@dataclass(slots=True)
class Writer:
    """Takes literals and slots in order. A `sealed` literal never runs together with its neighbours."""

    slots: Slots
    parts: list[str | int] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def literal(self, text: str) -> None:
        self.pieces.append(text)

    def sealed(self, text: str) -> None:
        self._flush()
        self.parts.append(text)

    def slot(self, slot: Slot) -> None:
        self._flush()
        self.parts.append(self.slots.number(slot))

    def part(self, part: Part) -> None:
        for each in part:
            if isinstance(each, str):
                self.literal(each)
            else:
                self.slot(self.slots.order[each])

    def done(self) -> Part:
        self._flush()
        return tuple(self.parts)

    def _flush(self) -> None:
        if literal := "".join(self.pieces):
            self.parts.append(literal)
        self.pieces.clear()
