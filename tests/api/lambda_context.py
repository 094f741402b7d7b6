"""What Lambda hands a handler beside the event."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FakeContext:
    left_ms: int = 29_000
    aws_request_id: str = "request-1"

    def get_remaining_time_in_millis(self) -> int:
        return self.left_ms
