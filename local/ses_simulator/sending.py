"""SendEmail and SendBulkEmail: refuse what SES refuses, and accept the rest as far as the quotas reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from local.ses_simulator import entries as read
from local.ses_simulator import rules
from local.ses_simulator.accepting import accept
from local.ses_simulator.account import DAY_OVER, SUCCESS, THROTTLED
from local.ses_simulator.entries import Entry
from local.ses_simulator.faults import Fault
from local.ses_simulator.ledger import Content
from local.ses_simulator.office import Office, check_account, check_sandbox, check_sender
from local.ses_simulator.refusal import DAY_EXCEEDED, RATE_EXCEEDED, Refusal, bad_request
from local.ses_simulator.shapes import SendBulkEmail, SendEmail

Shaped = TypeVar("Shaped")

ERRORS: Mapping[str, str] = {THROTTLED: RATE_EXCEEDED, DAY_OVER: DAY_EXCEEDED}


def send_email(office: Office, body: bytes, fault: Fault | None) -> dict[str, Any]:
    content, entry = read.single(_decoded(body, SendEmail))
    check_account(office, entry.envelope["configuration_set"])
    check_sender(office, entry.envelope["from"])
    check_sandbox(office, entry.recipients)
    (status,) = office.account.admit([len(entry.recipients)])
    if status != SUCCESS:
        raise _over(status)
    return {"MessageId": accept(office, content, [entry], [fault])[0]}


def send_bulk_email(office: Office, body: bytes, fault: Fault | None) -> dict[str, Any]:
    request = _decoded(body, SendBulkEmail)
    if not 1 <= len(request.bulk_email_entries) <= rules.MAX_ENTRIES:
        raise bad_request(f"The number of destinations must be between 1 and {rules.MAX_ENTRIES}.")
    check_account(office, request.configuration_set_name)
    check_sender(office, request.from_email_address)
    content = read.template_content(request.default_content.template)
    entries = read.bulk(request)
    check_sandbox(office, [address for entry in entries for address in entry.recipients])
    return {"BulkEmailEntryResults": _results(office, content, entries, fault)}


def _results(office: Office, content: Content, entries: Sequence[Entry], fault: Fault | None) -> list[dict[str, str]]:
    statuses = _statuses(office, entries, fault)
    taken = [at for at, status in enumerate(statuses) if status == SUCCESS]
    faults = [fault if fault and fault.hits(at) else None for at in taken]
    ids = dict(zip(taken, accept(office, content, [entries[at] for at in taken], faults), strict=True))
    return [_result(status, ids.get(at)) for at, status in enumerate(statuses)]


def _statuses(office: Office, entries: Sequence[Entry], fault: Fault | None) -> list[str]:
    """A status for each entry: the fault's, or the quotas'. Where the quotas leave nothing, the call is refused."""
    failing = fault if fault and fault.kind == "entry_failure" else None
    statuses = [failing.status if failing and failing.hits(at) else SUCCESS for at in range(len(entries))]
    sound = [at for at, status in enumerate(statuses) if status == SUCCESS]
    admitted = office.account.admit([len(entries[at].recipients) for at in sound])
    if len(sound) == len(entries) and SUCCESS not in admitted:
        raise _over(admitted[0])
    for at, status in zip(sound, admitted, strict=True):
        statuses[at] = status
    return statuses


def _result(status: str, message_id: str | None) -> dict[str, str]:
    if message_id is not None:
        return {"Status": status, "MessageId": message_id}
    return {"Status": status, "Error": ERRORS.get(status, f"A fault on demand: {status}.")}


def _over(status: str) -> Refusal:
    if status == DAY_OVER:
        return Refusal("LimitExceededException", DAY_EXCEEDED)
    return Refusal("TooManyRequestsException", RATE_EXCEEDED)


def _decoded(body: bytes, shape: type[Shaped]) -> Shaped:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise bad_request(f"The request cannot be read: {error}") from error
