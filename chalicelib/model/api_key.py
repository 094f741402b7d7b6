"""A key of the API that the team made: only its digest is kept."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.model.role import Role


@dataclass(frozen=True, slots=True)
class ApiKey:
    """`digest` is the SHA-256 (hex) of the whole key; `maker` names who made it. Epoch milliseconds."""

    id: str
    name: str
    role: Role
    digest: str
    maker: str = ""
    version: int = 1
    created_at: int = 0
    updated_at: int = 0
