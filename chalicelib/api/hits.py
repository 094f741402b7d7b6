"""The pixel and the click: the hit is written as one line of the log (`work/hits.py`), and then answered.

No AWS client, no database: what carries the lines to the counters may be away for hours, and nothing is lost.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import urlsplit

from chalice import Blueprint, Response

from chalicelib.api.anyone import PRIVATE, parts_of, plain_page, public, side_of, tracked_by
from chalicelib.model.networks import network_of, shortened
from chalicelib.work import hits

blueprint = Blueprint(__name__)

# A transparent GIF of one pixel (GIF89a).
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

SCHEMES = frozenset({"http", "https", "ftp"})
MAX_SEAL = 40
# of a link's number
DIGITS = 5


@public(blueprint, "GET", "/o/{token}")
def pixel(token: str) -> Response:
    """Always the picture: a broken one in somebody's letter helps nobody."""
    if tracked_by(blueprint, token) is not None:
        write(blueprint, "opened", token)
    return Response(PIXEL, {**PRIVATE, "Content-Type": "image/gif"})


@public(blueprint, "GET", "/c/{token}/{link}")
def click(token: str, link: str) -> Response:
    """302 to the link's target. The hit is written first: whoever is sent on has been counted."""
    number = int(link) if link.isascii() and link.isdecimal() and len(link) <= DIGITS else None
    target = _target(token, number) if number is not None else ""
    if not _is_of_the_web(target):
        return plain_page("lost", 404)
    write(blueprint, "clicked", token, number)
    return Response("", {**PRIVATE, "Location": _for_header(target)}, 302)


@public(blueprint, "GET", "/c/{token}")
def cut_off(token: str) -> Response:  # noqa: ARG001  # whatever it says, the number of the link is missing
    return plain_page("lost", 404)


def write(blueprint: Blueprint, kind: Literal["opened", "clicked"], token: str, link: int | None = None) -> None:
    """One write of one line, so that the lines of two threads never mix; flushed, so that the process may end here."""
    side, request = side_of(blueprint), blueprint.current_request
    address = request.context.get("identity", {}).get("sourceIp") or ""
    hit = hits.Hit(
        side.new_id(),
        kind,
        token,
        side.now(),
        link=link,
        agent=hits.agent_of(request.headers.get("user-agent") or ""),
        method=_method(request),
        network=network_of(address),
        address=shortened(address) if parts_of(blueprint).settings.keep_addresses else "",
    )
    sys.stdout.write(hits.line(hit) + "\n")
    sys.stdout.flush()


def _target(token: str, number: int) -> str:
    """From the revision's link table, or from the URL under its seal; "" where there is none."""
    tracked = tracked_by(blueprint, token)
    links: Sequence[str] | None = side_of(blueprint).links.read(tracked.email, tracked.revision) if tracked else None
    if links is None or number >= len(links):
        return ""
    return links[number] or _sealed_target(token)


def _sealed_target(token: str) -> str:
    query: Mapping[str, str] = blueprint.current_request.query_params or {}
    target, seal = query.get("u") or "", query.get("s") or ""
    return target if len(seal) <= MAX_SEAL and side_of(blueprint).signer.sealed(token, target, seal) else ""


def _is_of_the_web(target: str) -> bool:
    return bool(target) and urlsplit(target).scheme.lower() in SCHEMES


def _for_header(target: str) -> str:
    """Nothing but printable ASCII may stand in a header; the rest travels percent-encoded (RFC 3987 section 3.1)."""
    return "".join(
        each if "!" <= each <= "~" else "".join(f"%{byte:02X}" for byte in each.encode("utf-8", "replace"))
        for each in target
    )


def _method(request: Any) -> str:  # noqa: ANN401  # chalice's own types are Any
    """HEAD is served as GET, and told apart here: scanners send it, people do not."""
    method: str = request.context.get("originalMethod") or request.method
    return method[:10]
