"""Dynamic content: `{dynamiccontent="Name"}` becomes a slot whose value is the content that fits the contact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from chalicelib.compose.argument import argument
from chalicelib.compose.plain import LINK, plain_text
from chalicelib.compose.revision import Branch, Part, Slot
from chalicelib.compose.source import Source
from chalicelib.compose.spot import HTML, QUOTING, TEXT, Spot
from chalicelib.compose.token import Token
from chalicelib.model.built_in import BUILT_IN, OfPast
from chalicelib.model.email import Block, Variation
from chalicelib.model.errors import Invalid, TooLarge
from chalicelib.model.filter import conditions, parsed
from chalicelib.model.predicate import predicate
from chalicelib.model.setting import Setting

if TYPE_CHECKING:
    from chalicelib.compose.pen import Pen

# Of all contents in all the places where they stand: a block of 64 KB that stands a thousand times would be 64 MB.
MAX_USED = 1_000_000
LEAST = 100


def block_slot(pen: Pen, token: Token, spot: Spot) -> Slot:
    """Raises Invalid with the place for a block that is not there or stands in another, and TooLarge."""
    shown = pen.source.text[token.start : token.end]
    if pen.nested:
        raise pen.source.fault(token.start, shown, "Blocks do not nest: take it out of this block.")
    name = argument(pen.source, token).name
    blocks = pen.composing.email.blocks
    number = next((n for n, each in enumerate(blocks) if each.name.lower() == name.lower()), None)
    if number is None:
        raise pen.source.fault(token.start, shown, _mend(name, blocks))
    ways: list[set[str]] = []
    branches = []
    for filter_, source in _contents(blocks[number], f"blocks[{number}]", in_html=spot is HTML):
        _count(pen, source)
        inner = pen.inner(source)
        branches.append(Branch(_checked(filter_, source.part), _written(pen, inner, spot)))
        pen.tracked = inner.tracked
        ways.append(inner.ways)
    # what some of them have is not in everybody's letter
    pen.ways |= set.intersection(*ways)
    return Slot("block", spot.place, blocks[number].name, branches=tuple(branches))


def _mend(name: str, blocks: tuple[Block, ...]) -> str:
    names = {each.name.lower(): each.name for each in blocks}
    close = get_close_matches(name.lower()[:64], names, n=1, cutoff=0.6)
    offer = f" Did you mean {names[close[0]]!r}?" if close else " Add it to the e-mail's blocks."
    return f"This e-mail has no block {name[:60]!r}.{offer}"


def _contents(block: Block, place: str, *, in_html: bool) -> Iterator[tuple[str, Source]]:
    """Filters and contents in their order; the last one is for everybody else."""
    for number, variation in enumerate(block.variations):
        yield variation.filter, _content(variation, f"{place}.variations[{number}]", in_html=in_html)
    yield "", _content(block, place, in_html=in_html)


def _content(content: Block | Variation, place: str, *, in_html: bool) -> Source:
    if in_html:
        return Source(f"{place}.html", content.html)
    return Source(f"{place}.text", content.text or plain_text(content.html).strip())


def _written(pen: Pen, inner: Pen, spot: Spot) -> Part:
    if pen.body is not None and spot in (HTML, TEXT):
        pen.body(inner)
    else:
        inner.source = Source(inner.source.part, " ".join(inner.source.text.replace(LINK, "").split()))
        inner.stretch(0, len(inner.source.text), replace(spot, literal=QUOTING[spot.place]))
    return inner.writer.done()


def _checked(filter_: str, place: str) -> str:
    """A letter is filled from the contact alone: what somebody opened or clicked is not read for it."""
    if filter_:
        at = f"{place.rpartition('.')[0]}.filter"
        tree = parsed(json.loads(filter_), at)
        predicate(tree, Setting(now=0))  # whatever cannot be judged is told now
        for condition in conditions(tree):
            if isinstance(BUILT_IN.get(condition.field), OfPast):
                mend = "A block chooses by a contact's fields and lists, not by what a contact did: take this out."
                raise Invalid(at, condition.field, mend)
    return filter_


def _count(pen: Pen, source: Source) -> None:
    used = pen.composing.used
    used.total += max(LEAST, len(source.text))
    if used.total > MAX_USED:
        hint = "Use fewer blocks, or shorter ones."
        raise TooLarge(f"The blocks where they stand have over {MAX_USED} characters.", field="blocks", hint=hint)
