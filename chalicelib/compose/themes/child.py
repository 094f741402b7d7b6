"""The process in which a theme is rendered: it reads one request, limits itself, renders, writes one answer, ends.

A sandbox alone does not stop a text of a gigabyte or a loop without an end; the kernel does.
https://man7.org/linux/man-pages/man2/getrlimit.2.html
"""

from __future__ import annotations

import json
import resource
import sys
from typing import Any

from chalicelib.compose.themes.refusal import Refusal
from chalicelib.compose.themes.twig.environment import Asked, rendered

CPU_S = 2
MEMORY = 256 * 1024 * 1024
MEMORY_MEND = "It took too much memory: look for a very long text, or a very large list."


def main() -> None:
    asked = Asked(**json.load(sys.stdin))
    limit()
    json.dump(answer(asked), sys.stdout)


def limit() -> None:
    """CPU seconds, bytes of address space, no core dumps, no files written, no further processes."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for each in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        resource.setrlimit(each, (0, 0))


def answer(asked: Asked) -> dict[str, Any]:
    """`{"text", "values", "cautions"}`, or `{"refused": [file, line, shown, mend]}`."""
    try:
        found = rendered(asked)
    except Refusal as why:
        return {"refused": [why.file, why.line, why.shown[:100], why.mend]}
    except MemoryError:
        return {"refused": [asked.entry, 0, f"more than {MEMORY >> 20} MB", MEMORY_MEND]}
    except RecursionError:
        mend = "It includes itself, or is nested too deeply: take the circle out."
        return {"refused": [asked.entry, 0, "a circle", mend]}
    return {"text": found.text, "values": found.values, "cautions": found.cautions}
