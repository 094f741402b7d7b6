"""What the workspace adds to every letter when it is compiled: addresses, words, choices, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.model.definition import Definition
from chalicelib.model.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Stationery:
    """`base_url` is the tracking endpoints' address; `definitions` are the custom fields' by alias, `assets` the
    public addresses of the workspace's assets by id: those that this letter names, and no others.
    """

    base_url: str
    workspace: Workspace = field(default_factory=Workspace)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    assets: Mapping[str, str] = field(default_factory=dict)
