"""Trying again what DynamoDB or SQS took only in part, or was too busy for: soon, then later, not for ever."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.store.connection import Connection

TRIES = 8
FIRST_S = 0.025
LONGEST_S = 1.0

# What botocore does not try again by itself, or not often enough while a table grows.
PASSING = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
# The same, as reasons of a transaction's cancellation.
PASSING_REASONS = frozenset({"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"})


class Busy(Exception):
    """The store did not take it in all our tries: nothing more is known to have been done."""


def tries(connection: Connection, what: str) -> Iterator[int]:
    """Numbers of tries, with a jittered wait before each but the first; Busy after the last."""
    for number in range(TRIES):
        if number:
            longest = min(LONGEST_S, FIRST_S * 2**number)
            connection.sleep(longest * random.uniform(0.5, 1))  # noqa: S311  # jitter needs no secrecy
        yield number
    raise Busy(f"{what}: not taken in {TRIES} tries.")


def call(connection: Connection, operation: str, **request: Any) -> dict[str, Any]:  # noqa: ANN401  # AWS's own shapes
    """One operation of DynamoDB, tried again while it is busy; raises ClientError for all else, and Busy."""
    method = getattr(connection.dynamodb, operation)
    for _ in tries(connection, f"{operation} {request.get('TableName', '')}"):
        try:
            answer: dict[str, Any] = method(**request)
        except ClientError as error:
            if code_of(error) not in PASSING:
                raise
        else:
            return answer
    raise AssertionError("tries raises Busy")


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
