"""Amazon SES v2: a call for up to fifty recipients, each call tried once.

SES knows no client token: no sending call can be made idempotent, and what a client repeats by itself arrives twice.
So the client must not retry; what is unclear is in doubt, and SES's own events settle it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.compose.letter import answers_to, headers, sender
from chalicelib.compose.mime import mime
from chalicelib.compose.revision import Envelope, Revision
from chalicelib.compose.ses_template import data, template
from chalicelib.model.message_size import LARGEST
from chalicelib.model.outcome import (
    Accepted,
    CallInDoubt,
    CallNotSent,
    CallRefused,
    CallThrottled,
    Halted,
    InDoubt,
    NotSent,
    Outcome,
    Refused,
    not_sent,
)
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.transports.attached import Attachments, Contents, no_contents
from chalicelib.transports.ses_errors import Rejected, fault_of
from chalicelib.transports.ses_halts import ACCOUNT_SUSPENDED, DAY_EXCEEDED, SENDING_PAUSED
from chalicelib.transports.ses_statuses import outcomes

MAX_RECIPIENTS = 50

# One-by-one calls begin within this time, so that all of them together end well within one call's lease. Seconds.
ONE_BY_ONE = 2.0

Group = Sequence[Envelope]
# A connection that was idle for longer may be dead without our knowing (a Lambda is frozen between its jobs), and a
# call on a dead connection ends in doubt although nothing was sent. Seconds.
IDLE = 5.0
# How old a quota may be, and how old behind a throttling, in seconds; and what is assumed before SES has answered.
QUOTA_S, THROTTLED_S = 15.0, 1.0
UNKNOWN = Quota(per_second=14, per_day=-1, sent_today=0)


def sending_client(region: str, endpoint: str | None, timeout_ms: int) -> Any:  # noqa: ANN401  boto3 has no types
    """The only kind of client that may send: a call is ONE request, and ends within `timeout_ms`.

    `total_max_attempts` 1 is what keeps mail from arriving twice: botocore's default made three POSTs of one
    `send_email` whose answer was lost. Parameters are ours, and SES checks them again: validating costs 40% CPU.
    """
    timeout = timeout_ms / 1_000
    connecting = min(5.0, timeout / 4)
    config = Config(
        retries={"total_max_attempts": 1, "mode": "standard"},
        connect_timeout=connecting,
        read_timeout=timeout - connecting,
        parameter_validation=False,
    )
    return boto3.client("sesv2", region_name=region, endpoint_url=endpoint, config=config)


class SesTransport:
    """`client` comes from `sending_client`; `contents` gives what an attachment holds; `workspace` travels as a tag, so
    that events find their way home.

    `clock` gives wall-clock seconds: a monotonic clock may stand still while a Lambda is frozen.
    """

    name = "ses"
    gives_evidence = True
    largest = LARGEST["ses"]

    def __init__(
        self,
        client: Any,  # noqa: ANN401  boto3 has no types
        configuration_set: str,
        workspace: str,
        clock: Callable[[], float] = time.time,
        contents: Contents = no_contents,
    ) -> None:
        self._client = client
        self._set = configuration_set
        self._workspace = workspace
        self._attachments = Attachments(contents)
        self._clock = clock
        self._used_at = clock()
        self._quota = UNKNOWN
        self._asked_at = float("-inf")
        self._throttled = False

    def send(self, revision: Revision, envelopes: Sequence[Envelope], begin_by: int = WHENEVER) -> Sequence[Outcome]:
        """See `work/ports/transports.py`. One SendBulkEmail for all who have one From and Reply-To (SES has one
        of each a call), several in turn where they differ; a SendEmail each for a template e-mail. What does not fit
        into the time is NotSent.
        """
        if not 1 <= len(envelopes) <= MAX_RECIPIENTS:
            raise ValueError(f"A call has 1 to {MAX_RECIPIENTS} recipients, not {len(envelopes)}.")
        if revision.kind == "template":
            return self._in_turn(
                [[each] for each in envelopes], lambda group: [self._single(revision, group[0])], begin_by
            )
        groups = _by_sender(revision, envelopes)
        done = self._in_turn(list(groups.values()), lambda group: self._bulk(revision, group), begin_by)
        outcomes = dict(zip((id(each) for group in groups.values() for each in group), done, strict=True))
        return [outcomes[id(each)] for each in envelopes]

    def quota(self) -> Quota:
        """What GetAccount said, at most QUOTA_S old, and asked anew behind a throttling; the last known where SES does
        not answer (GetAccount itself is throttled at one a second), and before any answer the rate that a new
        production account has.
        """
        age = self._clock() - self._asked_at
        if age > QUOTA_S or (self._throttled and age > THROTTLED_S):
            self._throttled = False
            self._asked_at = self._clock()
            self._quota = self._asked() or self._quota
        return self._quota

    def _asked(self) -> Quota | None:
        try:
            return replace(_quota(self._fresh().get_account()), asked_at=int(self._clock() * 1_000))
        except Exception:  # noqa: BLE001  # whatever went wrong, the sending itself will say what matters
            return None
        finally:
            self._used_at = self._clock()

    def _bulk(self, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        """All of them with one From and Reply-To: SES takes one of each a call."""
        filled = envelopes[0].values
        answer = self._called(
            "send_bulk_email",
            revision,
            FromEmailAddress=sender(revision, filled),
            **_reply_to(answers_to(revision, filled)),
            ConfigurationSetName=self._set,
            DefaultContent={"Template": self._template(revision)},
            BulkEmailEntries=[self._entry(revision, each) for each in envelopes],
        )
        results = answer.get("BulkEmailEntryResults")
        if not isinstance(results, list) or len(results) != len(envelopes):
            raise CallInDoubt("SES's answer does not tell what became of each recipient.")
        found = outcomes(results)
        self._throttled = self._throttled or any(isinstance(each, NotSent) and each.throttled for each in found)
        return found

    def _template(self, revision: Revision) -> dict[str, Any]:
        made: dict[str, Any] = {"TemplateContent": template(revision), "TemplateData": "{}"}
        if attached := self._attachments(revision):
            made["Attachments"] = [
                {
                    "FileName": each.name,
                    "RawContent": each.content,
                    "ContentType": each.content_type,
                    "ContentDisposition": "ATTACHMENT",
                    "ContentTransferEncoding": "BASE64",
                }
                for each in attached
            ]
        return made

    def _entry(self, revision: Revision, envelope: Envelope) -> dict[str, Any]:
        return {
            "Destination": _destination(revision, envelope),
            "ReplacementTags": self._tags(revision, envelope),
            "ReplacementHeaders": _pairs(headers(revision, envelope)),
            "ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": data(revision, envelope)}},
        }

    def _single(self, revision: Revision, envelope: Envelope) -> Outcome:
        try:
            answer = self._called(
                "send_email",
                revision,
                FromEmailAddress=sender(revision, envelope.values),
                Destination=_destination(revision, envelope),
                ConfigurationSetName=self._set,
                EmailTags=self._tags(revision, envelope),
                Content={
                    "Raw": {"Data": mime(revision, envelope, [each.content for each in self._attachments(revision)])}
                },
            )
        except Rejected as rejected:
            return Refused(rejected.reason)
        message_id = answer.get("MessageId")
        if not isinstance(message_id, str) or not message_id:
            raise CallInDoubt("SES's answer names no message id.")
        return Accepted(message_id)

    def _in_turn(
        self, groups: Sequence[Group], call: Callable[[Group], Sequence[Outcome]], begin_by: int
    ) -> Sequence[Outcome]:
        """Ends at the first call that leaves somebody neither accepted nor refused, and behind `begin_by`: the others
        are not sent.
        """
        until, done = min(begin_by / 1_000, self._clock() + ONE_BY_ONE), list[Outcome]()
        for group in groups:
            done += self._one_of(group, call, first=not done)
            if any(isinstance(each, NotSent | InDoubt) for each in done) or self._clock() > until:
                break
        left = sum(map(len, groups)) - len(done)
        return done + [NotSent("The calls before it took up the time.")] * left

    def _one_of(self, group: Group, call: Callable[[Group], Sequence[Outcome]], *, first: bool) -> Sequence[Outcome]:
        """Where nothing at all was sent, the fault is the whole call's."""
        try:
            return call(group)
        except (CallNotSent, Halted, CallRefused) as fault:
            if first:
                raise
            refused = isinstance(fault, CallRefused) and len(group) == 1
            return [Refused(fault.reason) if refused else not_sent(fault)] * len(group)
        except CallInDoubt as fault:
            if first:
                raise
            return [InDoubt(fault.reason)] * len(group)

    def _called(self, operation: str, revision: Revision, **parameters: Any) -> dict[str, Any]:  # noqa: ANN401  boto3 has no types
        call = getattr(self._fresh(), operation)
        try:
            answer: dict[str, Any] = call(**parameters)
        except Exception as error:  # whatever a client raises once it may have written, `fault_of` judges it
            fault = fault_of(error, revision.from_address)
            self._throttled = self._throttled or isinstance(fault, CallThrottled)
            raise fault from error
        finally:
            self._used_at = self._clock()
        return answer

    def _fresh(self) -> Any:  # noqa: ANN401  boto3 has no types
        """The client; its connections are closed where they were idle too long: it then opens new ones."""
        if self._clock() - self._used_at > IDLE:
            self._client.close()
        return self._client

    def _tags(self, revision: Revision, envelope: Envelope) -> list[dict[str, str]]:
        """What every event brings back. Ids alone: SES takes letters, digits, `_` and `-`."""
        return _pairs(
            {
                "workspace": self._workspace,
                "message": str(envelope.message),
                "email": revision.email,
                "attempt": envelope.attempt,
            }
        )


def _pairs(mapping: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in mapping.items()]


def _reply_to(mailboxes: str) -> dict[str, list[str]]:
    return {"ReplyToAddresses": [mailboxes]} if mailboxes else {}


def _destination(revision: Revision, envelope: Envelope) -> dict[str, list[str]]:
    """A copy for each BCC: SES counts it, we do not."""
    copies = {"BccAddresses": list(revision.bcc)} if revision.bcc else {}
    return {"ToAddresses": [envelope.address], **copies}


def _by_sender(revision: Revision, envelopes: Sequence[Envelope]) -> dict[tuple[str, str], list[Envelope]]:
    groups: dict[tuple[str, str], list[Envelope]] = {}
    for each in envelopes:
        groups.setdefault((sender(revision, each.values), answers_to(revision, each.values)), []).append(each)
    return groups


def _quota(answer: dict[str, Any]) -> Quota:
    quota = answer["SendQuota"]
    found = Quota(
        per_second=float(quota["MaxSendRate"]),
        per_day=float(quota["Max24HourSend"]),
        sent_today=float(quota["SentLast24Hours"]),
        sending_enabled=bool(answer.get("SendingEnabled", True)),
        enforcement=str(answer.get("EnforcementStatus", "HEALTHY")),
    )
    return replace(found, halt=_halt(found))


def _halt(quota: Quota) -> str:
    """What SES would answer to every call. On probation it still sends."""
    if quota.enforcement == "SHUTDOWN":
        return ACCOUNT_SUSPENDED
    if not quota.sending_enabled:
        return SENDING_PAUSED
    return DAY_EXCEEDED if 0 <= quota.per_day <= quota.sent_today else ""
