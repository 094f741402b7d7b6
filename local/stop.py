"""`make stop`: ends a running Envoi and whatever an interrupted one left behind. Only processes that are ours."""

from __future__ import annotations

import sys

from local.children import end
from local.run import DIRECTORY
from local.stack import ORDER, end_all

# The run stops four children, the local AWS with up to half a minute to save its state.
GRACE_S = 90.0


def main() -> int:
    running = end(DIRECTORY / "run.pid", GRACE_S)
    left = end_all(DIRECTORY / "running", ORDER)
    if running:
        print("Stopped; everything is kept for the next make run.")
    elif left:
        print(f"Stopped what an interrupted run had left: {', '.join(left)}.")
    else:
        print("Nothing was running.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
