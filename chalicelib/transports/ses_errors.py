"""What an error of a sending call means for the whole call.

One rule: only what SES or the network certainly refused is "not sent". Whatever may have reached SES is in doubt.
Sources: SES v2 API reference (errors of SendEmail and SendBulkEmail), "Common errors", botocore.exceptions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from botocore import exceptions as botocore

from chalicelib.model.outcome import (
    CallInDoubt,
    CallNotSent,
    CallRefused,
    CallThrottled,
    Halted,
    LetterHalted,
    SendingFault,
)
from chalicelib.transports.ses_halts import (
    ACCOUNT_SUSPENDED,
    CONFIGURATION_SET_MISSING,
    DAY_EXCEEDED,
    FROM_NOT_VERIFIED,
    LIMIT_EXCEEDED,
    NO_PERMISSION,
    SENDING_PAUSED,
)

MAX_REASON = 500


class Rejected(CallRefused):
    """MessageRejected: a single message will never be taken; a bulk call is split to find the culprit."""


# By words first: SES says these under more than one code.
TEXTS: tuple[tuple[re.Pattern[str], type[SendingFault], str], ...] = (
    (re.compile(r"daily (message )?(sending )?quota exceeded", re.IGNORECASE), Halted, DAY_EXCEEDED),
    (re.compile(r"maximum sending rate exceeded", re.IGNORECASE), CallThrottled, ""),
    (re.compile(r"configuration set .{0,200}does not exist", re.IGNORECASE), Halted, CONFIGURATION_SET_MISSING),
)

CODES: Mapping[str, tuple[type[SendingFault], str]] = MappingProxyType(
    {
        "TooManyRequestsException": (CallThrottled, ""),
        "ThrottlingException": (CallThrottled, ""),
        "Throttling": (CallThrottled, ""),
        "ExpiredTokenException": (CallNotSent, ""),
        "LimitExceededException": (Halted, LIMIT_EXCEEDED),
        "SendingPausedException": (Halted, SENDING_PAUSED),
        "AccountSuspendedException": (Halted, ACCOUNT_SUSPENDED),
        "MailFromDomainNotVerifiedException": (LetterHalted, FROM_NOT_VERIFIED),
        "NotFoundException": (Halted, CONFIGURATION_SET_MISSING),
        "AccessDeniedException": (Halted, NO_PERMISSION),
        "AccessDenied": (Halted, NO_PERMISSION),
        "InvalidClientTokenId": (Halted, NO_PERMISSION),
        "InvalidSignatureException": (Halted, NO_PERMISSION),
        "MissingAuthenticationTokenException": (Halted, NO_PERMISSION),
        "NotAuthorized": (Halted, NO_PERMISSION),
        "OptInRequired": (Halted, NO_PERMISSION),
        "SignatureDoesNotMatch": (Halted, NO_PERMISSION),
        "UnrecognizedClientException": (Halted, NO_PERMISSION),
        "MessageRejected": (Rejected, ""),
        "BadRequestException": (CallRefused, ""),
        "SerializationException": (CallRefused, ""),
        "ValidationException": (CallRefused, ""),
        "ValidationError": (CallRefused, ""),
    }
)

# What the client raises before it has written anything: a connection that never was, credentials that are not there.
BEFORE: tuple[tuple[type[Exception], type[SendingFault], str], ...] = (
    (botocore.ConnectTimeoutError, CallNotSent, ""),
    (botocore.EndpointConnectionError, CallNotSent, ""),
    (botocore.ProxyConnectionError, CallNotSent, ""),
    (botocore.CredentialRetrievalError, CallNotSent, ""),
    (botocore.NoCredentialsError, Halted, NO_PERMISSION),
    (botocore.PartialCredentialsError, Halted, NO_PERMISSION),
    (botocore.ParamValidationError, CallRefused, ""),
)

REQUEST_TIMEOUT, FIRST_REFUSAL, FIRST_FAILURE = 408, 400, 500
_IDENTITIES = re.compile(r"identities failed the check in region [^:]{1,40}:(.*)", re.DOTALL)


def fault_of(error: Exception, from_address: str) -> SendingFault:
    """The sending fault behind whatever a client raised. `from_address` tells an unverified From from an
    unverified recipient (which SES asks for in its sandbox).
    """
    if isinstance(error, SendingFault):
        return error
    if isinstance(error, botocore.ClientError):
        return _answered(error, from_address)
    for kind, fault, reason in BEFORE:
        if isinstance(error, kind):
            return fault(reason or _shown(error))
    return CallInDoubt(f"No answer that could be read: {_shown(error)}")


def _answered(error: botocore.ClientError, from_address: str) -> SendingFault:
    code, message = (str(error.response.get("Error", {}).get(name) or "") for name in ("Code", "Message"))
    status = _status(error.response)
    shown = f"{code}: {message}"[:MAX_REASON]
    if not FIRST_REFUSAL <= status < FIRST_FAILURE or status == REQUEST_TIMEOUT:
        return CallInDoubt(f"SES failed with HTTP status {status}. {shown}")
    if code == "MessageRejected" and _from_failed(message, from_address):
        return LetterHalted(FROM_NOT_VERIFIED)
    for text, fault, reason in TEXTS:
        if text.search(message):
            return fault(reason or shown)
    # any other 4xx refuses this call for a cause that we do not know: splitting finds whom it concerns
    fault, reason = CODES.get(code, (CallRefused, ""))
    return fault(reason or shown)


def _status(response: Mapping[str, Any]) -> int:
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
    return status if isinstance(status, int) else 0


def _from_failed(message: str, from_address: str) -> bool:
    """Whether the From address (or its domain) is among the identities that "failed the check"."""
    found = _IDENTITIES.search(message)
    failed = {each.strip().lower() for each in found.group(1).split(",")} if found else set()
    address = from_address.lower()
    return bool(failed & {address, address.rpartition("@")[2]})


def _shown(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:MAX_REASON]
