"""The hot path: one recipient's values for the slots of a revision. Nothing is parsed here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape as escaped
from types import MappingProxyType
from urllib.parse import quote

from chalicelib.compose.block_fill import block_fill
from chalicelib.compose.escape import escape_of
from chalicelib.compose.fill import Fill, field_fill, owner_fill, today_fill
from chalicelib.compose.kept import Kept
from chalicelib.compose.letter import joined
from chalicelib.compose.revision import Revision, Slot
from chalicelib.compose.utm import tagged
from chalicelib.model.addressee import Addressee
from chalicelib.model.token import Signer

NONE: Mapping[str, str] = MappingProxyType({})


def values(
    revision: Revision, to: Addressee, token: str, signer: Signer, tokens: Mapping[str, str] = NONE
) -> tuple[str, ...]:
    """The values of the program's slots, in their order, escaped for their places.

    `token` is the recipient's tracking token; `tokens` are per-send values by name, with or without braces, upper
    or lower case. A field that is empty or missing gives the slot's default.
    """
    given = {name.strip("{}").lower(): value for name, value in tokens.items()} if tokens else NONE
    done: list[str] = []
    for fill in fills(revision):
        done.append(fill(to, token, signer, given, done))  # fills read what is done so far
    return tuple(done)


def _fill(revision: Revision, slot: Slot) -> Fill:
    return _MAKERS[slot.kind](revision, slot)


@Kept
def fills(revision: Revision) -> tuple[Fill, ...]:
    """In the order of the program's slots."""
    return tuple(_fill(revision, slot) for slot in revision.program.slots)


def _track(_revision: Revision, _slot: Slot) -> Fill:
    return lambda _to, token, _signer, _given, _done: token


def _token(_revision: Revision, slot: Slot) -> Fill:
    escape = escape_of(slot.place, slot.modifier)
    name, default = slot.name, slot.default

    def fill(_to: Addressee, _token: str, _signer: Signer, given: Mapping[str, str], _done: list[str]) -> str:
        value = given.get(name)
        return default if value is None else escape(value)

    return fill


def _target(revision: Revision, slot: Slot) -> Fill:
    parts, begins, utm = slot.target, _begins(revision, slot), revision.utm
    write = _sealed(revision, slot) if revision.tracked else _shown(slot)

    def fill(_to: Addressee, token: str, signer: Signer, _given: Mapping[str, str], done: list[str]) -> str:
        if begins is not None and not done[begins]:
            return "#"
        target = joined(parts, done)
        return write(tagged(target, utm) if utm else target, token, signer)

    return fill


Write = Callable[[str, str, Signer], str]


def _sealed(revision: Revision, slot: Slot) -> Write:
    head, path = f"{revision.base_url}/c/", f"/{slot.link}?u="
    seal = "&amp;s=" if slot.place == "html" else "&s="
    return lambda target, token, signer: (
        f"{head}{token}{path}{quote(target, safe='')}{seal}{signer.seal(token, target)}"
    )


def _shown(slot: Slot) -> Write:
    """In a letter that is not tracked the link leads where it leads."""
    if slot.place == "html":
        return lambda target, _token, _signer: escaped(target)
    return lambda target, _token, _signer: target


def _begins(revision: Revision, slot: Slot) -> int | None:
    """The number of the slot that a target begins with: without a URL from it there is no link."""
    first = slot.target[0]
    return first if isinstance(first, int) and revision.program.slots[first].modifier == "link" else None


_MAKERS: Mapping[str, Callable[[Revision, Slot], Fill]] = MappingProxyType(
    {
        "track": _track,
        "field": field_fill,
        "owner": owner_fill,
        "today": today_fill,
        "token": _token,
        "block": block_fill,
        "target": _target,
    }
)
