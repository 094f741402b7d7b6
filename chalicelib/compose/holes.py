"""Where nothing would stand in a finished letter: tokens without a value and without a default, as readers meet them.

Looked for in what everybody sees, in the targets of links, and in the content of a block that this person gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.compose.block_fill import branch_chooser
from chalicelib.compose.kept import Kept
from chalicelib.compose.revision import Part, Program, Revision, Slot
from chalicelib.model.addressee import Addressee

# The number of a slot, and what its token is called.
Watched = tuple[tuple[int, str], ...]
CALLED = {"field": "{{contactfield={}}}", "owner": "{{ownerfield={}}}"}


def holes(revision: Revision, to: Addressee, filled: Sequence[str]) -> set[str]:
    """The tokens, as they are written, that leave nothing in this person's letter. `filled` are its slots' values.

    A block is one where it has nothing for this person at all.
    """
    watch = _watch(revision)
    found = _empty(watch.always, filled)
    for block in watch.blocks:
        inside = _empty(block.inside[block.choose(to)], filled)
        found |= inside
        if not inside and not filled[block.number].strip():
            found.add(f'{{dynamiccontent="{block.name}"}}')
    return found


def _empty(watched: Watched, filled: Sequence[str]) -> set[str]:
    return {called for number, called in watched if not filled[number].strip()}


@dataclass(frozen=True, slots=True)
class _Block:
    """`inside` is what is watched in each content that somebody may get."""

    number: int
    name: str
    choose: Callable[[Addressee], Part]
    inside: Mapping[Part, Watched]


@dataclass(frozen=True, slots=True)
class _Watch:
    always: Watched
    blocks: tuple[_Block, ...]


@Kept
def _watch(revision: Revision) -> _Watch:
    program = revision.program
    seen = (program.subject, program.from_name, program.html, program.text)
    numbers = tuple(dict.fromkeys(number for part in seen for number in _within(program, part)))
    blocks = (number for number in numbers if program.slots[number].kind == "block")
    return _Watch(_watched(program, numbers), tuple(_block(revision, number) for number in blocks))


def _block(revision: Revision, number: int) -> _Block:
    program, slot = revision.program, revision.program.slots[number]
    parts = ((), *(branch.part for branch in slot.branches))
    inside = {part: _watched(program, _within(program, part)) for part in parts}
    return _Block(number, slot.name, branch_chooser(revision, slot), inside)


def _watched(program: Program, numbers: Iterable[int]) -> Watched:
    return tuple((number, _called(slot)) for number in numbers if (slot := program.slots[number]).kind in CALLED)


def _within(program: Program, part: Part) -> Iterator[int]:
    """The slots of a part, and those that its links' targets are made of."""
    for each in part:
        if isinstance(each, int):
            yield each
            if program.slots[each].kind == "target":
                yield from _within(program, program.slots[each].target)


def _called(slot: Slot) -> str:
    way = "|date" if slot.format else "|label" if slot.labels else ""
    return CALLED[slot.kind].format(slot.name + way)
