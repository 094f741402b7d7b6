"""What each status of a SendBulkEmail entry means: one table for all fourteen of BulkEmailStatus (SES v2 API)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from chalicelib.model.outcome import Accepted, Halted, InDoubt, LetterHalted, NotSent, Outcome, Refused
from chalicelib.transports.ses_halts import (
    ACCOUNT_SUSPENDED,
    CONFIGURATION_SET_MISSING,
    DAY_EXCEEDED,
    FROM_NOT_VERIFIED,
    SENDING_PAUSED,
    SET_PAUSED,
)

SUCCESS = "SUCCESS"


@dataclass(frozen=True, slots=True)
class Meaning:
    """`halt`: why the whole call halts when every entry says so; the recipients can still be sent to later."""

    outcome: type[Refused | NotSent]
    halt: str = ""
    throttled: bool = False


MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "MESSAGE_REJECTED": Meaning(Refused),
        "INVALID_PARAMETER": Meaning(Refused),
        "FAILED": Meaning(Refused),
        "ACCOUNT_THROTTLED": Meaning(NotSent, throttled=True),
        "TRANSIENT_FAILURE": Meaning(NotSent),
        "ACCOUNT_DAILY_QUOTA_EXCEEDED": Meaning(NotSent, DAY_EXCEEDED),
        "ACCOUNT_SUSPENDED": Meaning(NotSent, ACCOUNT_SUSPENDED),
        "ACCOUNT_SENDING_PAUSED": Meaning(NotSent, SENDING_PAUSED),
        "CONFIGURATION_SET_SENDING_PAUSED": Meaning(NotSent, SET_PAUSED),
        "CONFIGURATION_SET_NOT_FOUND": Meaning(NotSent, CONFIGURATION_SET_MISSING),
        "MAIL_FROM_DOMAIN_NOT_VERIFIED": Meaning(NotSent, FROM_NOT_VERIFIED),
        "INVALID_SENDING_POOL_NAME": Meaning(NotSent, "SES does not know the configuration set's IP pool."),
        # ours are inline: SES looked for one all the same
        "TEMPLATE_NOT_FOUND": Meaning(NotSent, "SES did not take the e-mail's template with the call."),
    }
)


def outcomes(results: Sequence[Any]) -> list[Outcome]:
    """An outcome for each entry's result; Halted where all entries are halted."""
    reasons = {_halt(result) for result in results}
    if reasons and "" not in reasons:
        raise (LetterHalted if reasons == {FROM_NOT_VERIFIED} else Halted)(" ".join(sorted(reasons)))
    return [_outcome(result) for result in results]


def _halt(result: Any) -> str:  # noqa: ANN401  what came over the wire
    meaning = MEANINGS.get(_member(result, "Status"))
    return meaning.halt if meaning else ""


def _outcome(result: Any) -> Outcome:  # noqa: ANN401  what came over the wire
    status, message_id = _member(result, "Status"), _member(result, "MessageId")
    if status == SUCCESS and message_id:
        return Accepted(message_id)
    meaning = MEANINGS.get(status)
    if meaning is None:
        return InDoubt(
            f"SES answered with status {status[:60] or 'none'!r} and message id {message_id[:100] or 'none'!r}."
        )
    reason = _reason(status, _member(result, "Error"))
    return Refused(reason) if meaning.outcome is Refused else NotSent(reason, throttled=meaning.throttled)


def _reason(status: str, error: str) -> str:
    return f"{status}: {error[:500]}" if error else status


def _member(result: Any, name: str) -> str:  # noqa: ANN401  what came over the wire
    found = result.get(name) if isinstance(result, dict) else None
    return found if isinstance(found, str) else ""
