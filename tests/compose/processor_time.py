"""How long something takes a processor, whatever else it has to do."""

import time
from collections.abc import Callable
from contextlib import suppress

from chalicelib.model.errors import Fault


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of some: the one that was disturbed least. What is refused by name counts too."""
    return min(_once(work) for _ in range(times))


def too_slow(limit: float, work: Callable[[], object], times: int = 3) -> list[float]:
    """What each try took; none as soon as one took less than `limit` seconds."""
    taken: list[float] = []
    while len(taken) < times:
        taken.append(_once(work))
        if taken[-1] < limit:
            return []
    return taken


def _once(work: Callable[[], object]) -> float:
    began = time.process_time()
    with suppress(Fault):
        work()
    return time.process_time() - began
