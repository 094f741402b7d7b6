"""A theme becomes the source of one e-mail, in a process of its own with limits that the kernel keeps.

A process and not a pool: it needs no semaphores, which Lambda does not have, and it is gone when it is done. It
inherits no environment, and so no credentials.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.compose.source import Caution
from chalicelib.compose.themes.layout import TEXTS, format_of, kind_of
from chalicelib.compose.themes.references import addressed
from chalicelib.compose.themes.refusal import Refusal
from chalicelib.compose.themes.sheets import styled
from chalicelib.model.email import MAX_HTML
from chalicelib.model.theme import Format

WALL_S = 8
MAX_CAUTIONS = 50
_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1])\nfrom chalicelib.compose.themes.child import main; main()"
)
_LOOP = "Look for a loop without an end, or a very large range."
_MEMORY = "Look for a very long text, or a very large list."


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a theme made: the source of an e-mail, the values that it takes with their defaults, and cautions."""

    format: Format
    text: str
    values: Mapping[str, Any]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """`files` are the theme's by path, `assets` the public addresses of its pictures, `now` an ISO date and time."""

    name: str
    entry: str
    files: Mapping[str, bytes]
    values: Mapping[str, Any]
    assets: Mapping[str, str]
    now: str


def rendered(order: Order) -> Sheet:
    """Raises Invalid with file, line and mend for what has no like in Jinja2 or breaks a limit: 2 s of CPU, 256 MB,
    an e-mail's size, 8 s in all.
    """
    try:
        found = _asked_child(order) if order.entry.endswith(".twig") else _as_it_is(order)
    except Refusal as why:
        raise why.fault from None
    text, unstyled = styled(found["text"], order.name, order.files, order.assets)
    text, missing = addressed(text, order.name, order.assets)
    missing += unstyled
    said = [*found["cautions"], *((order.entry, line, message, mend) for line, message, mend in missing)]
    cautions = tuple(Caution(f"{file}, line {line}" if line else file, what, mend) for file, line, what, mend in said)
    return Sheet(format_of(text), text, found["values"], cautions[:MAX_CAUTIONS])


def _as_it_is(order: Order) -> dict[str, Any]:
    return {"text": order.files[order.entry].decode(), "values": {}, "cautions": []}


def _asked_child(order: Order) -> dict[str, Any]:
    done = _done(json.dumps(_request(order)), order.entry)
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Refusal(order.entry, 0, "more than 2 s", f"The theme took too much time. {_LOOP}")
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise Refusal(order.entry, 0, "more than 256 MB", f"The theme took too much memory. {_MEMORY}") from None
    if "refused" in answer:
        raise Refusal(*answer["refused"])
    return answer


def _done(request: str, entry: str) -> subprocess.CompletedProcess[str]:
    # Lambda's own Python finds its library by this alone: what is inherited is nothing
    environment = {"LD_LIBRARY_PATH": f"{sys.base_prefix}/lib", "LANG": "C.UTF-8"}
    command = [sys.executable, "-I", "-X", "utf8", "-c", _CODE, json.dumps(sys.path)]
    try:
        return subprocess.run(  # noqa: S603  # our own interpreter, our own code
            command, input=request, capture_output=True, encoding="utf-8", timeout=WALL_S, check=False, env=environment
        )
    except subprocess.TimeoutExpired:
        raise Refusal(entry, 0, f"more than {WALL_S} s", f"The theme took too much time. {_LOOP}") from None


def _request(order: Order) -> dict[str, Any]:
    texts = {path: body.decode() for path, body in order.files.items() if kind_of(path) in TEXTS}
    return {
        "files": texts,
        "entry": order.entry,
        "template": order.name,
        "values": dict(order.values),
        "assets": dict(order.assets),
        "now": order.now,
        "most": MAX_HTML,
    }
