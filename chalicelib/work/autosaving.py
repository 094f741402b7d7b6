"""What is saved while somebody types: as much of it as can be kept, and why the rest cannot, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Fault
from chalicelib.work import emails
from chalicelib.work.drafting import PAGES
from chalicelib.work.world import World

_NAME = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Saved:
    """The e-mail as it stands now, and by field what was not taken."""

    email: Email
    faults: Mapping[str, Fault]


def save(world: World, email_id: str, changes: Mapping[str, Any], expected_version: int | None) -> Saved:
    """Every change but those that an e-mail cannot have: a subject that is empty for a moment keeps no other text from
    being saved. Raises NotFound, Conflict (another version), and what no field is to blame for.
    """
    left, faults = dict(changes), dict[str, Fault]()
    while left:
        try:
            return Saved(emails.update(world, email_id, left, expected_version), faults)
        except Conflict:
            raise
        except Fault as fault:
            name = _blamed(fault, left)
            if name is None:
                raise
            faults[name] = fault
            del left[name]
    return Saved(emails.read(world, email_id), faults)


def _blamed(fault: Fault, left: Mapping[str, Any]) -> str | None:
    """The field that a fault names, of `utm.source` and `blocks[0].html` the first word; of HTML and MJML the one that
    was to be saved beside the other. None for one that is not among those that were to be saved.
    """
    found = _NAME.match(fault.field or "")
    name = found[0] if found else ""
    alike = (name, *PAGES) if name in PAGES else (name,)
    return next((each for each in alike if each in left), None)
