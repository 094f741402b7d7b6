"""How SES says no: the errors of its v2 API, as botocore's service model lists them with their statuses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

STATUSES: Mapping[str, int] = MappingProxyType(
    {
        "AccountSuspendedException": 400,
        "AlreadyExistsException": 400,
        "BadRequestException": 400,
        "ConcurrentModificationException": 500,
        "ConflictException": 409,
        "InternalServiceErrorException": 500,
        "LimitExceededException": 400,
        "MailFromDomainNotVerifiedException": 400,
        "MessageRejected": 400,
        "NotFoundException": 404,
        "SendingPausedException": 400,
        "TooManyRequestsException": 429,
    }
)

RATE_EXCEEDED = "Maximum sending rate exceeded."
DAY_EXCEEDED = "Daily message quota exceeded."


class Refusal(Exception):
    """An error of the SES API: `code` is botocore's error code, `status` the HTTP status it travels with."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status if status is not None else STATUSES.get(code, 400)


def bad_request(message: str) -> Refusal:
    return Refusal("BadRequestException", message)
