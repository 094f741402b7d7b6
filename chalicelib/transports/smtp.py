"""Any SMTP server: a message for each recipient, over a connection that is kept between calls.

SMTP tells nothing afterwards: what is in doubt stays with the operator. Bounces come as mail to the return path
(`returned_mail.py`).
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from chalicelib.compose.revision import Envelope, Revision
from chalicelib.model.outcome import Outcome, Refused
from chalicelib.model.pacing import WHENEVER, Quota
from chalicelib.model.token import Signer
from chalicelib.transports.attached import Attachments, Contents, no_contents
from chalicelib.transports.smtp_delivery import Delivery, Ready
from chalicelib.transports.smtp_letter import Writing, post
from chalicelib.transports.smtp_login import opened
from chalicelib.transports.smtp_session import Session
from chalicelib.transports.smtp_settings import SmtpSettings
from chalicelib.transports.smtp_wire import Deadline

MAX_RECIPIENTS = 50
# A connection that was idle for longer is closed: servers and routers forget it, and a Lambda is frozen between its
# jobs. A younger one is asked first (RSET), and has so long to answer. Seconds.
IDLE_S, ANSWER_S = 60.0, 3.0
# Servers end a connection after some messages, mostly after a hundred: then we do.
MOST_MESSAGES = 100


class SmtpTransport:
    """One call at a time: others wait. `clock` gives wall-clock seconds, for a monotonic one may stand still while a
    Lambda is frozen. `contents` gives what an attachment holds. `trust` holds the authorities that certificates are
    verified by; the system's without one.
    """

    name = "smtp"
    gives_evidence = False

    def __init__(
        self,
        settings: SmtpSettings,
        signer: Signer,
        timeout_ms: int,
        contents: Contents = no_contents,
        trust: ssl.SSLContext | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.largest = settings.largest
        self._settings = settings
        self._signer = signer
        self._timeout = timeout_ms / 1_000
        self._attachments = Attachments(contents)
        self._given_trust = trust
        self._clock = clock
        self._kept: Session | None = None
        self._used_at = clock()
        self._turn = threading.Lock()

    def send(
        self,
        revision: Revision,
        envelopes: Sequence[Envelope],
        begin_by: int = WHENEVER,  # noqa: ARG002  # a session is one call
    ) -> Sequence[Outcome]:
        """See `work/ports/transports.py`. What does not fit into the call's time is NotSent."""
        if not 1 <= len(envelopes) <= MAX_RECIPIENTS:
            raise ValueError(f"A call has 1 to {MAX_RECIPIENTS} recipients, not {len(envelopes)}.")
        with self._turn:
            return self._sent(revision, envelopes)

    def _sent(self, revision: Revision, envelopes: Sequence[Envelope]) -> Sequence[Outcome]:
        deadline = Deadline(self._timeout)
        attached = [each.content for each in self._attachments(revision)]
        writing = Writing(self._signer, self._settings.return_domain, self._clock(), attached)
        session = self._session(deadline)
        try:
            return Delivery(session, deadline).run(_posts(revision, envelopes, writing), len(envelopes))
        finally:
            self._keep(session)

    def quota(self) -> Quota:
        """As the settings say."""
        return Quota(self._settings.per_second, self._settings.per_day, sent_today=0)

    def close(self) -> None:
        if self._kept:
            self._kept.close()
            self._kept = None

    def _session(self, deadline: Deadline) -> Session:
        if self._kept and self._clock() - self._used_at <= IDLE_S and self._kept.fresh(Deadline(ANSWER_S)):
            kept, self._kept = self._kept, None
            return kept.until(deadline)
        self.close()
        wire, offers = opened(self._settings, self._trust, deadline)
        return Session(wire, offers)

    def _keep(self, session: Session) -> None:
        self._used_at = self._clock()
        if session.in_step and session.taken < MOST_MESSAGES:
            self._kept = session
        else:
            session.close()

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self._given_trust or ssl.create_default_context()


def _posts(revision: Revision, envelopes: Sequence[Envelope], writing: Writing) -> Iterator[Ready]:
    """Made one by one: fifty letters with attachments at once would not fit into a Lambda."""
    for envelope in envelopes:
        try:
            yield post(revision, envelope, writing)
        except ValueError as error:
            yield Refused(str(error))
