"""Where a whole Envoi of the tests listens: workers that start at once would both find the same ports free, so each has
its thousand, none of which `make run` or `make demo` of this machine's user take by themselves.
"""

import os

from local import children

FIRST = 18_000 + 1_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def free_block() -> int:
    """The first of three free ports in a row."""
    return children.free_block(FIRST)
