"""A part of a letter while it is written: literals run together, equal slots become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from chalicelib.compose.revision import Branch, Part, Place, Slot
from chalicelib.compose.source import Cautions
from chalicelib.compose.stationery import Stationery
from chalicelib.model.email import Email, Kind

TRACK = Slot("track", "text")


def same(text: str) -> str:
    return text


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

    def placed(self, part: Part, place: Place, literal: Callable[[str], str] = same) -> Part:
        """The same part for another place; `literal` is how its literals are written there."""
        return tuple(
            literal(each) if isinstance(each, str) else self.number(self._placed(self.order[each], place, literal))
            for each in part
        )

    def _placed(self, slot: Slot, place: Place, literal: Callable[[str], str]) -> Slot:
        branches = tuple(Branch(each.filter, self.placed(each.part, place, literal)) for each in slot.branches)
        return replace(slot, place=place, branches=branches)


@dataclass(slots=True)
class Count:
    total: int = 0


@dataclass(frozen=True, slots=True)
class Composing:
    """What all parts of one letter share while it is compiled.

    `from_name` and `subject` are parts that other parts may quote, once they are compiled. `links` is the link table in
    the making, `decoys` the numbers in it of links that nobody sees, `utm` what is added to the targets; `ways` are the
    endpoints that every recipient's letter leads to; `used` counts the characters of the blocks that were put in.
    """

    email: Email
    stationery: Stationery
    base_url: str
    tracked: bool = True
    utm: tuple[tuple[str, str], ...] = ()
    from_name: Part = ()
    subject: Part = ()
    slots: Slots = field(default_factory=Slots)
    links: list[str] = field(default_factory=list)
    decoys: list[int] = field(default_factory=list)
    ways: set[str] = field(default_factory=set)
    used: Count = field(default_factory=Count)
    cautions: Cautions = field(default_factory=Cautions)

    @property
    def kind(self) -> Kind:
        return self.email.kind

    @property
    def language(self) -> str:
        return self.email.language or self.stationery.workspace.language

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
