"""The versions of an e-mail: all that were published, what changed from one to another, and bringing one back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from chalicelib.model.email import Email
from chalicelib.model.errors import NotFound
from chalicelib.model.text_changes import Line, text_changes
from chalicelib.model.version import Version
from chalicelib.work import emails
from chalicelib.work.drafting import EDITABLE
from chalicelib.work.world import World

# What an e-mail is beside its content, and what belongs to the moment: it is not brought back.
OWN = ("name", "public_preview", "weight", "test", "segments", "exclude", "publish_up", "publish_down")


@dataclass(frozen=True, slots=True)
class Change:
    """A field that is another one in each, by lines."""

    field: str
    lines: tuple[Line, ...]


def page(world: World, email_id: str, limit: int, cursor: str | None) -> tuple[list[Version], str | None]:
    """The newest first, without bodies. Raises NotFound (no such e-mail)."""
    emails.read(world, email_id)
    return world.emails.versions(email_id, limit, cursor)


def read(world: World, email_id: str, number: int) -> Version:
    found = world.emails.version(email_id, number)
    if found is None:
        raise NotFound(f"There is no version {number} of the e-mail {email_id}.", field="number")
    return found


def changes(before: Email, after: Email) -> list[Change]:
    """Of each field that a person edits, in the order of `drafting.EDITABLE`; none where they are the same."""
    found = ((name, text_changes(_text(name, before), _text(name, after))) for name in EDITABLE)
    return [Change(name, lines) for name, lines in found if lines]


def bring_back(world: World, email_id: str, number: int, expected_version: int | None = None) -> Email:
    """The draft with the content of that version. What is published stays until it is published again. Raises NotFound,
    Conflict, and Invalid where the version names what is no more there.
    """
    version = read(world, email_id, number)
    wanted = {name: given(name, version.email) for name in EDITABLE if name not in OWN}
    return emails.update(world, email_id, wanted, expected_version)


def _text(name: str, email: Email) -> str:
    value = getattr(email, name)
    if isinstance(value, str):
        return value
    return TEXTS.get(name, lambda each: "" if each is None else str(each))(value)


def _each(values: Any) -> str:  # noqa: ANN401  # lists of several kinds
    return "\n".join(map(str, values))


def _pairs(values: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {value}" for name, value in sorted(values.items()))


def _blocks(blocks: Any) -> str:  # noqa: ANN401  # as above
    return "\n".join(json.dumps(asdict(each), ensure_ascii=False, indent=2) for each in blocks)


# How values that are no text are told, by field.
TEXTS: Mapping[str, Callable[[Any], str]] = MappingProxyType(
    {
        **dict.fromkeys(("segments", "exclude", "bcc", "attachments"), _each),
        **dict.fromkeys(("headers", "utm"), _pairs),
        "blocks": _blocks,
    }
)


def given(name: str, email: Email) -> Any:  # noqa: ANN401  # as many types as fields
    """As an update takes it."""
    if name != "blocks":
        return getattr(email, name)
    blocks = [asdict(block) for block in email.blocks]
    for block in blocks:
        block["variations"] = [each | {"filter": json.loads(each["filter"])} for each in block["variations"]]
    return blocks
