"""What SES's records are made of: their envelope, their fields, and whom of several recipients they are about.

Whatever is not as documented is one ValueError that says where.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import getaddresses
from typing import Any

# What SNS and SQS carry at most, in characters.
MAX_BODY = 1024 * 1024
MAX_DETAIL = 500
_VALIDATED = "Successfully validated SNS topic"

Record = Mapping[str, Any]


def record_of(body: str) -> Record | None:
    """The event record in an SNS envelope or, with raw message delivery, on its own. None for SNS's own messages."""
    if len(body) > MAX_BODY:
        raise malformed(f"{len(body)} characters, at most {MAX_BODY} can be read.")
    if body.startswith(_VALIDATED):
        return None
    found = _json(body)
    if "Type" not in found or "eventType" in found or "notificationType" in found:
        return found
    message = found.get("Message")
    if found["Type"] != "Notification":
        return None
    if not isinstance(message, str):
        raise malformed("the SNS notification has no Message.")
    return None if message.startswith(_VALIDATED) else _json(message)


def _json(text: str) -> Record:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise malformed(f"not JSON: {text[:60]!r}") from error
    if not isinstance(found, dict):
        raise malformed(f"not a JSON object: {text[:60]!r}")
    return found


def is_copy(address: str, mail: Record) -> bool:
    """Whether it belongs to somebody who got a copy (BCC): of several recipients the letter is to those that it names.

    Without the letter's headers nobody can tell, and the address is taken for the recipient's.
    """
    listed, headers = mail.get("destination"), mail.get("commonHeaders")
    if not isinstance(listed, list) or len(listed) < 2 or not isinstance(headers, dict):  # noqa: PLR2004  # several
        return False
    to = headers.get("to")
    if not isinstance(to, list) or not to:
        return False
    named = {bare.lower() for _, bare in getaddresses([each for each in to if isinstance(each, str)])}
    return _bare(address) not in named


def _bare(address: str) -> str:
    (_, bare), *_ = getaddresses([address]) or [("", address)]
    return (bare or address).lower()


def details(names: Sequence[str], said: Record) -> dict[str, str]:
    return {name: _plain(said[name]) for name in names if said.get(name) not in (None, "")}


def _plain(said: object) -> str:
    """Text that any store takes: a provider's answer may hold halves of characters."""
    return str(said)[:MAX_DETAIL].encode("utf-8", "replace").decode()


def tag(tags: Record, name: str) -> str:
    """The first value of a tag: SES gives each as a list."""
    found = tags.get(name)
    first = found[0] if isinstance(found, list) and found else ""
    return first if isinstance(first, str) else ""


def object_of(record: Record, name: str) -> Record:
    found = record.get(name)
    if not isinstance(found, dict):
        raise malformed(f"{name} is missing or no object.")
    return found


def milliseconds(text: object) -> int:
    """ISO 8601 as SES writes it (`2017-08-05T00:41:02.669Z`), as epoch milliseconds."""
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise malformed(f"timestamp {str(text)[:60]!r} is none.") from error
    if instant.tzinfo is None:
        raise malformed(f"timestamp {str(text)[:60]!r} has no time zone.")
    return round(instant.timestamp() * 1_000)


def malformed(what: str) -> ValueError:
    return ValueError(f"SES event: {what}")
