"""Dynamic content: `{dynamiccontent="Name"}` becomes a slot whose value is the content that fits the contact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from chalicelib.compose.argument import argument, check_arguments
from chalicelib.compose.plain import MARK, plain_text
from chalicelib.compose.revision import Branch, Part, Place, Slot
from chalicelib.compose.slot_of import modifier_behind
from chalicelib.compose.source import Source
from chalicelib.compose.spot import HTML, QUOTING, TEXT, TEXT_URL, URL, URL_CONTENT, Spot
from chalicelib.compose.token import Token, tokens
from chalicelib.compose.url import MAX_TARGET, scheme
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


@dataclass(frozen=True, slots=True)
class Use:
    """A token where it stands. `at` is where the pen's own source has it: a link's target is decoded before it is read.
    In a URL, `before` is what stands before it there.
    """

    source: Source
    token: Token
    at: int
    spot: Spot
    before: str = ""

    @property
    def shown(self) -> str:
        return self.source.text[self.token.start : self.token.end]


def block_slot(pen: Pen, use: Use, place: Place) -> Slot:
    """Raises Invalid with the place for a block that is not there or stands in another, and TooLarge."""
    number, block = _block(pen, use)
    ways: list[set[str]] = []
    branches = []
    for filter_, source in _contents(block, f"blocks[{number}]", in_html=use.spot is HTML):
        _count(pen, source)
        inner = pen.inner(source)
        branches.append(Branch(_checked(filter_, source.part), _written(pen, inner, use)))
        pen.tracked = inner.tracked
        ways.append(inner.ways)
    # what some of them have is not in everybody's letter
    pen.ways |= set.intersection(*ways)
    modifier = modifier_behind(use.before) if use.spot in (URL, TEXT_URL) else ""
    return Slot("block", place, block.name, modifier=modifier, branches=tuple(branches))


def _block(pen: Pen, use: Use) -> tuple[int, Block]:
    if pen.nested:
        raise pen.source.fault(use.at, use.shown, "Blocks do not nest: take it out of this block.")
    name, blocks = argument(use.source, use.token).name, pen.composing.email.blocks
    for number, block in enumerate(blocks):
        if block.name.lower() == name.lower():
            return number, block
    raise pen.source.fault(use.at, use.shown, _mend(name, blocks))


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


def _written(pen: Pen, inner: Pen, use: Use) -> Part:
    spot = use.spot
    if pen.body is not None and spot in (HTML, TEXT):
        pen.body(inner)
        return inner.writer.done()
    inner.source = Source(inner.source.part, " ".join(MARK.sub("", inner.source.text).split()))
    if spot in (URL, TEXT_URL):
        return _in_url(inner, use)
    inner.stretch(0, len(inner.source.text), replace(spot, literal=QUOTING[spot.place]))
    return inner.writer.done()


def _in_url(inner: Pen, use: Use) -> Part:
    """As if it were written there: `&` and `/` of a content mean what they mean in a URL, those of a value do not."""
    from chalicelib.compose.target import target  # noqa: PLC0415  # a target may have blocks, and a block is a target

    content = inner.source.text
    check_arguments(inner.source, 0, len(content))  # here they are told with their true places
    if modifier_behind(use.before) == "link":
        _check_beginning(inner, content)
    if len(content) > MAX_TARGET:
        raise inner.source.fault(0, content, f"A link may have {MAX_TARGET} characters.")
    return target(inner, content, URL_CONTENT, 0, use.before)


def _check_beginning(inner: Pen, content: str) -> None:
    """Of a block that begins a URL."""
    source, first = inner.source, next(tokens(inner.source, 0, len(content)), None)
    if not content:
        message = "This content is empty, and begins a link: for whoever gets it the link leads nowhere."
        inner.composing.cautions.add(source, 0, message, "Write a URL.")
    elif (first is None or first.start) and not scheme(content).startswith("http"):
        mend = "A block that begins a link holds whole URLs: begin it with https:// or a contact's field."
        raise source.fault(0, content, mend)


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
