"""`make soak`: many seeds, or one with its trace.

python -m tests.simulation [--seed N] [--seeds 1000000] [--from 0] [--minutes 60] [--workers 2]
"""

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator
from itertools import islice
from multiprocessing.pool import Pool

from tests.simulation.laws import Broken
from tests.simulation.simulation import Simulation, simulate

BATCH = 50
MOST = 1_000_000
SHOWN = 5


def main() -> int:
    asked = _asked()
    if asked.seed is not None:
        return _one(asked.seed)
    started = time.monotonic()
    until = started + asked.minutes * 60
    done, broken = 0, 0
    batches = _batches(asked.first, min(asked.seeds, MOST), until)
    with multiprocessing.Pool(asked.workers) as pool:
        for number, traces in _worked(pool, batches, asked.workers):
            done += number
            broken += len(traces)
            for trace in traces[: max(0, SHOWN - broken + len(traces))]:
                print(trace, flush=True)
    spent = time.monotonic() - started
    last = "" if done == asked.seeds else f" of {asked.seeds} ({asked.minutes:g} minutes were over)"
    print(f"{done} seeds{last} from {asked.first} in {spent:.0f} s: {broken} broken")
    return 1 if broken or not done else 0


def _one(seed: int) -> int:
    simulation = Simulation(seed)
    try:
        simulation.run()
    except Broken as broken:
        print(broken)
        return 1
    print("\n".join(simulation.trace))
    print(f"seed {seed}: every law held")
    return 0


def _batches(first: int, number: int, until: float) -> Iterator[range]:
    for at in range(first, first + number, BATCH):
        if time.monotonic() > until:
            return
        yield range(at, min(at + BATCH, first + number))


def _worked(pool: Pool, batches: Iterator[range], workers: int) -> Iterator[tuple[int, list[str]]]:
    """A few at a time: the clock is looked at in between."""
    while some := list(islice(batches, workers * 2)):
        yield from pool.imap_unordered(_batch, some)


def _batch(seeds: range) -> tuple[int, list[str]]:
    """How many, and the traces of those that broke."""
    traces = []
    for seed in seeds:
        try:
            simulate(seed)
        except Broken as broken:
            traces.append(str(broken))
    return len(seeds), traces


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--seeds", type=int, default=MOST)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
