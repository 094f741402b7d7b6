"""The most memory that this process has had."""

from __future__ import annotations

import re
import resource
from pathlib import Path

STATUS = Path("/proc/self/status")
KILOBYTE, MEGABYTE = 1_024, 1_000_000


def peak_megabytes() -> float:
    """Resident, at its highest. Linux's own mark where there is one: `getrusage` gives a child its parent's as well."""
    found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text()) if STATUS.exists() else None
    kilobytes = int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes * KILOBYTE / MEGABYTE
