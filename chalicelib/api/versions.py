"""Conditional requests (RFC 9110 section 13): a thing's version is its ETag, and `If-Match` says which one is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chalicelib.model.errors import Conflict, Fault, Invalid

IF_MATCH = "if-match"
ANY = "*"
TAG = re.compile(r'"([0-9]{1,15})"')


class Stale(Fault):
    """The thing has another version than `If-Match` says."""

    code = "precondition_failed"


def etag(body: object) -> dict[str, str]:
    """The header of an answer that shows one thing; {} for any other."""
    version = body.get("version") if isinstance(body, Mapping) else None
    return {"ETag": f'"{version}"'} if isinstance(version, int) else {}


def wanted(headers: Mapping[str, str]) -> int | None:
    """The version that `If-Match` names; None where it names none, or any. Raises Invalid."""
    text = headers.get(IF_MATCH, ANY).strip()
    tag = TAG.fullmatch(text)
    if tag is None and text != ANY:
        raise Invalid("If-Match", text, 'Give the ETag that you read, such as "3", or * for any version.')
    return int(tag[1]) if tag else None


def judged(fault: Fault, headers: Mapping[str, str]) -> Fault:
    """A version's conflict as what it is where the version came with `If-Match`."""
    if isinstance(fault, Conflict) and fault.field == "version" and headers.get(IF_MATCH, ANY).strip() != ANY:
        return Stale(fault.message, field="If-Match", hint=fault.hint)
    return fault
