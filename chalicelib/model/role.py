"""Roles: what a person or a key may do in a workspace. Each may all that those before it may."""

from __future__ import annotations

from typing import Literal

Role = Literal["viewer", "editor", "sender", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "sender", "admin")


def may(role: Role, needed: Role) -> bool:
    return ROLES.index(role) >= ROLES.index(needed)
