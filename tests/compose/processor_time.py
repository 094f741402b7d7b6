"""How long something takes a processor, whatever else it has to do."""

import time
from collections.abc import Callable
from contextlib import suppress

from chalicelib.model.errors import Fault


def seconds(work: Callable[[], object], times: int = 3) -> float:
    """The best of some: the one that was disturbed least. What is refused by name counts too."""
    return min(_once(work) for _ in range(times))


def _once(work: Callable[[], object]) -> float:
    began = time.process_time()
    with suppress(Fault):
        work()
    return time.process_time() - began
