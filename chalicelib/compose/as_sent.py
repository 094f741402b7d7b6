"""What of one recipient's letter is kept, so that its web version is the letter as it was sent, whatever the contact is
by then: the values that say something about them, as one short text. All else is in the revision.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Sequence

import msgspec

from chalicelib.compose.block_fill import block_value
from chalicelib.compose.kept import Kept
from chalicelib.compose.letter import page_parts
from chalicelib.compose.personalise import NONE, fills
from chalicelib.compose.revision import Part, Revision, Slot
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.token import Signer

# As much fits into the write unit of a message's row as it is.
PLAIN = 500
# What is longer even so is not kept: the web version is then made of the contact as it is.
MOST = 16 * 1024
PACKED, TRACKED = "z", "t"
OF_PEOPLE = frozenset({"field", "owner", "today", "token", "block"})
_ENCODER, _DECODER = msgspec.json.Encoder(), msgspec.json.Decoder(dict[str, str | int | bool])
NOBODY = Addressee(Contact("", ""))
# Of a block what it chose is kept, and not what that comes to.
NOTHING_CHOSEN = -1


def kept(revision: Revision, filled: Sequence[str]) -> str:
    """`{"3": "Ann"}` by the slots' numbers, with `t` where the letter is tracked; packed where it is long. "" where
    nothing in the page is about anybody, or too much.
    """
    numbers = _personal(revision)
    if not numbers:
        return ""
    found: dict[str, str | int | bool] = {TRACKED: revision.tracked}
    for name, number, blocks in numbers:
        value = _chosen(blocks, filled, filled[number]) if blocks else filled[number]
        if value != "":
            found[name] = value
    raw = _ENCODER.encode(found)
    text = raw.decode() if len(raw) <= PLAIN else PACKED + base64.b64encode(_deflated(raw)).decode()
    return text if len(text) <= MOST else ""


def was_tracked(text: str) -> bool:
    return bool(_read(text).get(TRACKED))


def filled_again(revision: Revision, text: str, token: str, signer: Signer) -> tuple[str, ...]:
    """The values of the program's slots; those that no part of the page asks for are empty."""
    known, done = _read(text), list[str]()
    for number, (slot, fill) in enumerate(zip(revision.program.slots, fills(revision), strict=True)):
        value = known.get(str(number), "")
        if slot.kind not in OF_PEOPLE:
            done.append(fill(NOBODY, token, signer, NONE, done))
        elif isinstance(value, int):
            done.append(block_value(slot, slot.branches[value].part if value >= 0 else (), done))
        else:
            done.append(value)
    return tuple(done)


def _chosen(blocks: Sequence[Slot], filled: Sequence[str], value: str) -> int:
    [slot] = blocks
    values = (block_value(slot, branch.part, filled) for branch in slot.branches)
    return next((n for n, each in enumerate(values) if each == value), NOTHING_CHOSEN)


@Kept
def _personal(revision: Revision) -> tuple[tuple[str, int, tuple[Slot, ...]], ...]:
    """The slots of people that the page is made of, straight or through others: name and number, and the slot itself
    where it is a block.
    """
    found: set[int] = set()
    for part in page_parts(revision):
        _reach(revision, part, found)
    slots = ((number, revision.program.slots[number]) for number in sorted(found))
    return tuple(
        (str(number), number, (slot,) if slot.kind == "block" else ())
        for number, slot in slots
        if slot.kind in OF_PEOPLE
    )


def _reach(revision: Revision, part: Part, found: set[int]) -> None:
    for number in _new(part, found):
        found.add(number)
        slot = revision.program.slots[number]
        parts: Iterable[Part] = (slot.target, *(branch.part for branch in slot.branches))
        for each in parts:
            _reach(revision, each, found)


def _new(part: Part, found: set[int]) -> Iterable[int]:
    return (each for each in part if isinstance(each, int) and each not in found)


def _deflated(raw: bytes) -> bytes:
    """With little memory: what is packed here is short, and making room for 32 KB would take longer than packing."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -10, 2)
    return packer.compress(raw) + packer.flush()


def _read(text: str) -> dict[str, str | int | bool]:
    packed = text.startswith(PACKED)
    return _DECODER.decode(zlib.decompress(base64.b64decode(text[1:]), -15) if packed else text)
