"""A DynamoDB that answers from a script, to be busy, partial or odd on demand."""

from collections import deque
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.store.connection import Connection

Answer = Callable[[dict[str, Any]], dict[str, Any]]


class ScriptedDynamoDB:
    """`script` holds answers (functions of the request) and errors, first to last; `requests` what was asked."""

    def __init__(self, *script: Answer | Exception) -> None:
        self.script = deque(script)
        self.requests: list[tuple[str, dict[str, Any]]] = []

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        def call(**request: Any) -> dict[str, Any]:
            self.requests.append((operation, request))
            answer = self.script.popleft()
            if isinstance(answer, Exception):
                raise answer
            return answer(request)

        return call


def connected(dynamodb: ScriptedDynamoDB) -> tuple[Connection, list[float]]:
    """A connection over the script, and how long it has waited."""
    waits: list[float] = []
    connection = Connection("us-east-1", "test", "bucket", sleep=waits.append)
    object.__setattr__(connection, "dynamodb", dynamodb)
    return connection, waits


def error(code: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "scripted"}, **more}, "Operation")


def cancelled(*reasons: str | dict[str, Any]) -> ClientError:
    codes = [{"Code": each} if isinstance(each, str) else each for each in reasons]
    return error("TransactionCanceledException", CancellationReasons=codes)


def done(_: dict[str, Any]) -> dict[str, Any]:
    return {}
