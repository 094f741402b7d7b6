"""The context that Lambda gives to a handler.

https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
"""

from __future__ import annotations

import time
import uuid


class LambdaContext:
    """Says who is running and how long it still may: `timeout_ms` from the moment it was made."""

    function_version = "$LATEST"
    memory_limit_in_mb = "1024"
    log_stream_name = "local"
    identity = None
    client_context = None

    def __init__(self, function_name: str, timeout_ms: int) -> None:
        self._deadline = time.monotonic() + timeout_ms / 1000
        self.function_name = function_name
        self.aws_request_id = str(uuid.uuid4())
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.invoked_function_arn = f"arn:aws:lambda:us-east-1:000000000000:function:{function_name}"

    def get_remaining_time_in_millis(self) -> int:
        return max(0, round((self._deadline - time.monotonic()) * 1000))
