"""Who acts: a member in the console, a key in the API, or Envoi itself in its background work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chalicelib.model.role import Role

ActorKind = Literal["system", "member", "key", "setting"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`setting` is a key of the deployment's own settings. `name` is what people call them."""

    kind: ActorKind
    id: str = ""
    name: str = ""
    role: Role = "admin"


SYSTEM = Actor("system", name="Envoi")
