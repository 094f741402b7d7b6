"""The two bodies of a letter as JSON strings: literals encoded once a revision, values once a recipient."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from chalicelib.compose.kept import Kept
from chalicelib.compose.revision import Envelope, Part, Revision

# Ready JSON without its quotes, and slot numbers, in order.
Pieces = tuple[bytes | int, ...]
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Bodies:
    """None where the letter has no such part."""

    html: msgspec.Raw | None
    text: msgspec.Raw | None


def json_bodies(revision: Revision, envelope: Envelope) -> Bodies:
    """What `compose.letter.letter` gives as `html` and `text`, as JSON."""
    html, text, used = _pieces(revision)
    values = {number: _inside(envelope.values[number]) for number in used}
    return Bodies(_joined(html, values), _joined(text, values))


@Kept
def _pieces(revision: Revision) -> tuple[Pieces, Pieces, tuple[int, ...]]:
    html, text = _encoded(revision.program.html), _encoded(revision.program.text)
    return html, text, tuple(dict.fromkeys(each for each in (*html, *text) if isinstance(each, int)))


def _encoded(part: Part) -> Pieces:
    return tuple(_inside(each) if isinstance(each, str) else each for each in part)


def _inside(text: str) -> bytes:
    return _ENCODER.encode(text)[1:-1]


def _joined(pieces: Pieces, values: dict[int, bytes]) -> msgspec.Raw | None:
    body = b"".join([values[each] if type(each) is int else each for each in pieces])  # type: ignore[misc]  # bytes or int
    return msgspec.Raw(b'"%b"' % body) if body else None
