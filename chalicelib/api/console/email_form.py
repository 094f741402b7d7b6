"""An e-mail as the fields of a form, and back: what the editor shows, what it posts, and what it compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.api.console.browser import Posted
from chalicelib.model.email import Email
from chalicelib.model.errors import Fault, Invalid
from chalicelib.model.filter import parsed
from chalicelib.model.filter_text import as_text
from chalicelib.model.schedule import Schedule, begins_at, wall_clock
from chalicelib.work.drafting import UTM

YES = "yes"
SECOND_MS = 1_000
# A form field's value: one text, or those that are ticked.
Shown = str | list[str]


@dataclass(frozen=True, slots=True)
class Box:
    """A field of the form. `of` is the e-mail's field that it holds (a part of); `taken` reads what was posted, given
    what the e-mail's field is by then and the reader's zone.
    """

    of: str
    shown: Callable[[Email, str], Shown]
    taken: Callable[[Sequence[str], Any, str], Any]


def shown(email: Email, zone: str) -> dict[str, Shown]:
    """By field of the form."""
    return {name: box.shown(email, zone) for name, box in BOXES.items()}


def changes(posted: Posted, email: Email, zone: str) -> tuple[dict[str, Any], dict[str, Fault]]:
    """By field of the e-mail, of those boxes that were posted; and what is no such value at all."""
    found: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name, box in BOXES.items():
        if name not in posted:
            continue
        try:
            found[box.of] = box.taken(posted[name], found.get(box.of, getattr(email, box.of)), zone)
        except Fault as fault:
            faults[name] = fault
    return found, faults


def _text(name: str) -> Box:
    return Box(name, lambda email, _: getattr(email, name), lambda values, _before, _zone: values[0])


def _several(name: str) -> Box:
    """The form posts an empty one beside those that are ticked, lest none at all say nothing."""
    return Box(
        name,
        lambda email, _: list(getattr(email, name)),
        lambda values, _before, _zone: [each for each in values if each],
    )


def _tick(name: str) -> Box:
    return Box(name, lambda email, _: YES if getattr(email, name) else "", lambda values, _b, _z: YES in values)


def _utm(key: str) -> Box:
    return Box("utm", lambda email, _: email.utm.get(key, ""), lambda values, before, _: {**before, key: values[0]})


def _moment(name: str) -> Box:
    """As <input type="datetime-local"> has it, in the reader's zone."""

    def shown_at(email: Email, zone: str) -> str:
        at: int | None = getattr(email, name)
        if at is None:
            return ""
        return datetime.fromtimestamp(at / SECOND_MS, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")

    def taken(values: Sequence[str], _before: object, zone: str) -> int | None:
        if not values[0]:
            return None
        return begins_at(Schedule(wall_clock(values[0], name).isoformat(timespec="minutes"), zone))

    return Box(name, shown_at, taken)


def _weight(values: Sequence[str], _before: object, _zone: str) -> int | str:
    """What is no number goes on as it is: an e-mail's own check says what it takes."""
    text = values[0].strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len("1000") else text


def _header_lines(email: Email, _zone: str) -> str:
    return "\n".join(f"{name}: {value}" for name, value in email.headers.items())


def _headers(values: Sequence[str], _before: object, _zone: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in values[0].splitlines():
        name, colon, value = line.partition(":")
        if not colon and line.strip():
            raise Invalid("headers", line, "Write each header on a line of its own: its name, a colon, its value.")
        if line.strip():
            found[name.strip()] = value.strip()
    return found


def _blocks_text(email: Email, _zone: str) -> str:
    """With filters as people write them."""
    blocks = [msgspec.to_builtins(block) for block in email.blocks]
    for block in blocks:
        for each in block["variations"]:
            each["filter"] = as_text(parsed(msgspec.json.decode(each["filter"])))
    return msgspec.json.encode(blocks).decode()


def _blocks(values: Sequence[str], _before: object, _zone: str) -> Any:  # noqa: ANN401  # what JSON holds
    try:
        return msgspec.json.decode(values[0] or "[]")
    except msgspec.DecodeError:
        raise Invalid("blocks", values[0], "Give a list of blocks as JSON.") from None


BOXES: Mapping[str, Box] = MappingProxyType(
    {
        **{
            name: _text(name)
            for name in (
                "name",
                "subject",
                "preheader",
                "from_name",
                "from_address",
                "reply_to",
                "language",
                "category",
                "html",
                "mjml",
                "text",
                "over_cap",
                "quiet_hours",
            )
        },
        **{name: _several(name) for name in ("segments", "exclude", "attachments")},
        **{name: _tick(name) for name in ("inline_css", "from_owner", "public_preview")},
        **{f"utm.{key}": _utm(key) for key in UTM},
        **{name: _moment(name) for name in ("publish_up", "publish_down")},
        "headers": Box("headers", _header_lines, _headers),
        "bcc": Box(
            "bcc",
            lambda email, _: ", ".join(email.bcc),
            lambda values, _before, _zone: values[0].replace(",", " ").replace(";", " ").split(),
        ),
        "blocks": Box("blocks", _blocks_text, _blocks),
        "weight": Box("weight", lambda email, _: str(email.weight or ""), _weight),
    }
)
