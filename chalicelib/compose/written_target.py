"""Links whose targets carry a recipient's values, as people wrote them: with the tokens in their places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from chalicelib.compose.revision import Revision, Slot


def written_targets(revision: Revision) -> dict[int, str]:
    """By the number of the link. Only targets with values are here; all others stand in the link table."""
    slots = revision.program.slots
    return {
        slot.link: "".join(each if isinstance(each, str) else _token(slots[each]) for each in slot.target)
        for slot in slots
        if slot.kind == "target" and slot.link >= 0
    }


def _token(slot: Slot) -> str:
    return WRITTEN[slot.kind](slot)


def _field(slot: Slot) -> str:
    return f"{{contactfield={slot.name}{'|' if slot.default else ''}{slot.default}}}"


WRITTEN: Mapping[str, Callable[[Slot], str]] = MappingProxyType(
    {
        "field": _field,
        "owner": lambda slot: f"{{ownerfield={slot.name}}}",
        "today": lambda _: "{today}",
        "token": lambda slot: f"{{{slot.name}}}",
        "block": lambda slot: f'{{dynamiccontent="{slot.name}"}}',
    }
)
