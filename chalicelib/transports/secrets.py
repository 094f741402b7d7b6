"""Secrets, by the names of their SSM parameters (SecureString): read when they are needed, kept for some minutes.

A value is in no repr and in no error; a changed parameter is seen when its time is up.
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from chalicelib.model.outcome import CallNotSent, Halted

# Secrets change seldom, and GetParameter takes 40 requests a second. Seconds.
KEPT_S = 300.0
# What a person must mend; anything else may go by itself.
LASTING = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "InvalidKeyId",
        "ParameterNotFound",
        "ParameterVersionNotFound",
        "UnrecognizedClientException",
        "ValidationException",
    }
)


def parameter_client(region: str) -> Any:  # noqa: ANN401  boto3 has no types
    """Short times: whoever asks is about to send, and has a lease."""
    import boto3  # noqa: PLC0415  # 300 ms that only the first secret waits for
    from botocore.config import Config  # noqa: PLC0415

    config = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1, "mode": "standard"})
    return boto3.client("ssm", region_name=region, config=config)


class Secrets:
    """`client` makes an SSM client at the first reading; `clock` gives epoch seconds."""

    def __init__(self, client: Callable[[], Any], clock: Callable[[], float] = time.time) -> None:
        self._make = client
        self._clock = clock
        self._kept: dict[str, tuple[float, str]] = {}

    def __repr__(self) -> str:
        return f"Secrets({sorted(self._kept)})"

    def read(self, name: str) -> str:
        """The parameter's value. Halted where a person must act, CallNotSent where SSM is slow or busy; both name the
        parameter, neither its value.
        """
        read_at, value = self._kept.get(name, (float("-inf"), ""))
        if self._clock() - read_at > KEPT_S:
            value = self._asked(name)
            self._kept[name] = (self._clock(), value)
        return value

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401  boto3 has no types
        return self._make()

    def _asked(self, name: str) -> str:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # as boto3 itself

        try:
            answer = self._client.get_parameter(Name=name, WithDecryption=True)
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code") or "")
            if code in LASTING:
                raise Halted(
                    f"The secret {name!r} cannot be read from SSM ({code}). Put it there, then resume."
                ) from None
            raise CallNotSent(f"SSM did not give the secret {name!r} ({code}).") from None
        except BotoCoreError as error:
            raise CallNotSent(f"SSM did not give the secret {name!r} ({type(error).__name__}).") from None
        return str(answer["Parameter"]["Value"])
