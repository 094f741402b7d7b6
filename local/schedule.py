"""A rule of EventBridge as an event source, at a pace that suits a person who watches.

https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchevents.html
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.function import Departure, Function


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    function: Function
    every_s: float
    region: str

    def turn(self, departure: Departure) -> None:
        began = time.monotonic()
        with departure.working():
            self.function.call(_event(self.name, self.region))
        time.sleep(max(0.0, began + self.every_s - time.monotonic()))


def _event(rule: str, region: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [f"arn:aws:events:{region}:000000000000:rule/{rule}"],
        "detail": {},
    }
