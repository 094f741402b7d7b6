"""Answers: JSON by msgspec, and the caller's faults as status and one JSON shape."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec
from chalice import Response

from chalicelib.api.versions import Stale, etag
from chalicelib.model.errors import Conflict, Fault, Forbidden, Invalid, NotFound, TooLarge

JSON = "application/json"


class Malformed(Fault):
    """A request that cannot be read at all."""

    code = "malformed"


class Unauthorized(Fault):
    code = "unauthorized"


class Unsupported(Fault):
    """A body of a kind that this address does not take."""

    code = "unsupported_media_type"


STATUS: Mapping[type[Fault], int] = MappingProxyType(
    {
        Malformed: 400,
        Unauthorized: 401,
        Forbidden: 403,
        NotFound: 404,
        Conflict: 409,
        Stale: 412,
        TooLarge: 413,
        Unsupported: 415,
        Invalid: 422,
    }
)


def answer(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), {"Content-Type": JSON, **etag(body)}, status)


class _Thing(msgspec.Struct):
    id: str = ""


def made(answered: Response) -> str:
    """The id of what an answer shows; "" where it shows nothing that has one."""
    try:
        return msgspec.json.decode(answered.body, type=_Thing).id
    except msgspec.DecodeError:
        return ""


def empty() -> Response:
    return Response("", {"Content-Type": JSON}, 204)


def error(status: int, code: str, message: str, **more: str | None) -> Response:
    """`{"error": {"code", "message", "field"?, "hint"?}}`"""
    said = {name: text for name, text in more.items() if text is not None}
    return answer({"error": {"code": code, "message": message, **said}}, status)


# Of faults that are told again by their code alone (`work/bulk.py`).
BY_CODE: Mapping[str, int] = MappingProxyType({kind.code: status for kind, status in STATUS.items()})


def status_of(fault: Fault) -> int:
    return STATUS.get(type(fault)) or BY_CODE.get(fault.code, 400)


def error_of(fault: Fault) -> dict[str, str]:
    """`{"code", "message", "field"?, "hint"?}`"""
    more = {"field": fault.field, "hint": fault.hint}
    return {"code": fault.code, "message": fault.message} | {name: text for name, text in more.items() if text}


def fault_answer(fault: Fault) -> Response:
    answered = error(STATUS.get(type(fault), 400), fault.code, fault.message, field=fault.field, hint=fault.hint)
    if isinstance(fault, Unauthorized):
        answered.headers["WWW-Authenticate"] = "Bearer"  # RFC 6750 section 3
    return answered


def broken(request_id: str) -> Response:
    """Our own fault. The request's id leads to the log; the cause stays there."""
    message = f"Something broke on our side. The log has it under {request_id}."
    return error(
        500,
        "internal",
        message,
        request_id=request_id,
        hint="Try again. If it happens again, give this id to whoever runs this service.",
    )


def page(items: list[Any], cursor: str | None) -> dict[str, Any]:
    return {"items": items, "next": cursor}
