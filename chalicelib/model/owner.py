"""An owner: the colleague who looks after a contact, and whose name a letter may carry (`{ownerfield=...}`)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owner:
    """`address` is normalised; `signature` is plain text, its lines separated by line feeds. Epoch milliseconds."""

    id: str
    address: str
    first_name: str = ""
    last_name: str = ""
    position: str = ""
    signature: str = ""
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
