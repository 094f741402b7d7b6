"""A member: somebody of the team who signs in to the console."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.role import Role


@dataclass(frozen=True, slots=True)
class Member:
    """`id` is a keyed hash of the normalised `address`: one member an address. Epoch milliseconds."""

    id: str
    address: str
    name: str = ""
    role: Role = "viewer"
    version: int = 1
    created_at: int = 0
    updated_at: int = 0

    @property
    def called(self) -> str:
        return self.name or self.address
