"""Why a filter holds for a contact, or does not: each of its parts with its answer."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.contact import Contact
from chalicelib.model.filter import All, Any, Condition, Filter, Not
from chalicelib.model.filter_text import as_text
from chalicelib.model.predicate import predicate
from chalicelib.model.setting import Setting


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a filter: `kind` is `all`, `any`, `not` or `condition`, `text` as it is written; `condition` of one."""

    kind: str
    text: str
    holds: bool
    parts: tuple[Reason, ...] = ()
    condition: Condition | None = None

    def conditions(self) -> dict[str, Condition]:
        """All within, by their texts."""
        own = {self.text: self.condition} if self.condition is not None else {}
        return own | {text: each for part in self.parts for text, each in part.conditions().items()}


def explained(tree: Filter, contact: Contact, setting: Setting) -> Reason:
    """Each part is judged by itself, those too that the whole did not need."""
    kind, parts = _opened(tree)
    inner = tuple(explained(part, contact, setting) for part in parts)
    own = tree if isinstance(tree, Condition) else None
    return Reason(kind, as_text(tree), predicate(tree, setting)(contact), inner, own)


def _opened(tree: Filter) -> tuple[str, tuple[Filter, ...]]:
    match tree:
        case All(parts):
            return "all", parts
        case Any(parts):
            return "any", parts
        case Not(part):
            return "not", (part,)
        case Condition():
            return "condition", ()
