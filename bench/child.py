"""A measurement in a process of its own: its clients read the sink's address when they are made."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from bench.sink import environment

RUNS = 3
KEYS = {
    "ENVOI_SIGNING_KEYS": f"1:{'5e' * 32}",
    "ENVOI_HASH_KEY": "a1" * 32,
    "ENVOI_BUCKET_URL": "http://127.0.0.1:9",
}


def measured(module: str, url: str, way: str, runs: int = RUNS) -> float:
    """What `python -m module way` prints as its last line: the median of some processes."""
    return median(_once(module, url, way) for _ in range(runs))


def told(module: str, url: str, way: str, runs: int = 1) -> dict[str, float]:
    """The object of numbers that it prints as its last line: of each the median of some processes."""
    lines = [json.loads(_last_line(module, url, way)) for _ in range(runs)]
    return {name: median(each[name] for each in lines) for name in lines[0]}


def _once(module: str, url: str, way: str) -> float:
    return float(_last_line(module, url, way))


def _last_line(module: str, url: str, way: str) -> str:
    done = subprocess.run(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-m", module, way],
        env=environment(url) | KEYS,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.splitlines()[-1]
