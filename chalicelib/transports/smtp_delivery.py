"""One call's messages over one session, and what became of each.

A message is in doubt only between its last dot, which went out, and the answer: everything else is certain. So that
the answer gets its time, no message begins in the second half of the call's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.model.outcome import (
    Accepted,
    CallNotSent,
    CallThrottled,
    Halted,
    InDoubt,
    NotSent,
    Outcome,
    Refused,
    SendingFault,
    not_sent,
)
from chalicelib.transports.smtp_replies import Judgement, Phase, judged
from chalicelib.transports.smtp_session import Post, Refusal, Session, is_yes
from chalicelib.transports.smtp_wire import Deadline, Reply

LATE = "Too much of the call's time was gone before this message."
MAX_ID = 200

# What a message comes to the delivery as: ready, or refused before anybody was asked.
Ready = Post | Refused


class Delivery:
    """Messages one after the other, until something stops the call. `_stop` is what those behind it are told."""

    def __init__(self, session: Session, deadline: Deadline) -> None:
        self._session = session
        self._deadline = deadline
        self._stop: SendingFault | None = None
        self._found: list[Outcome | Judgement] = []

    def run(self, posts: Iterator[Ready], count: int) -> Sequence[Outcome]:
        """An outcome for each of `count`, in order. CallNotSent or Halted where nothing was decided for anyone."""
        post = next(posts, None)
        while post is not None and self._stop is None:
            following = next(posts, None)
            self._found.append(post if isinstance(post, Refused) else self._one(post, following))
            post = following
        return self._outcomes(count)

    def _one(self, post: Post, following: Ready | None) -> Outcome | Judgement:
        try:
            refusal = self._session.envelope(post)
            if refusal:
                return self._refused(refusal.phase, refusal.reply) if self._session.in_step else self._last(refusal)
            if self._deadline.late:
                return self._stopped(NotSent(LATE))
            self._session.content(post)
        except OSError as error:
            return self._stopped(NotSent(f"The SMTP connection was lost before the message's end: {shown(error)}"))
        return self._answer(following)

    def _last(self, refusal: Refusal) -> Outcome | Judgement:
        """A refusal behind which nothing more can be said by this connection."""
        outcome = self._refused(refusal.phase, refusal.reply)
        self._stop = self._stop or CallNotSent(f"The SMTP server broke off: {refusal.reply}")
        return outcome

    def _answer(self, following: Ready | None) -> Outcome | Judgement:
        try:
            self._offer(following)
            reply = self._session.answer()
        except OSError as error:
            return self._stopped(InDoubt(f"The SMTP server took the message and did not answer: {shown(error)}"))
        if is_yes(reply):
            return Accepted(_id(reply))
        if reply.code < 400:  # noqa: PLR2004  # neither yes nor no, which RFC 5321 does not know here
            return self._stopped(InDoubt(f"The SMTP server answered to the message's end: {reply}"))
        return self._refused("dot", reply)

    def _offer(self, following: Ready | None) -> None:
        """Fails silently: the answer to the message before it may have come all the same, and is read next."""
        if isinstance(following, Post) and not self._deadline.late:
            try:
                self._session.offer(following)
            except OSError:
                return

    def _refused(self, phase: Phase, reply: Reply) -> Outcome | Judgement:
        judgement = judged(phase, reply)
        if judgement.fate == "refused":
            return Refused(judgement.reason)
        if judgement.fate == "policy":
            return judgement
        if judgement.fate == "later":
            return NotSent(judgement.reason)
        slow = judgement.fate == "slow"
        return self._stopped(NotSent(judgement.reason, throttled=slow), halt=judgement.fate == "halt")

    def _stopped(self, outcome: NotSent | InDoubt, *, halt: bool = False) -> Outcome:
        slow = isinstance(outcome, NotSent) and outcome.throttled
        self._stop = (Halted if halt else CallThrottled if slow else CallNotSent)(outcome.reason)
        self._session.in_step = False
        return outcome

    def _outcomes(self, count: int) -> Sequence[Outcome]:
        decided = any(isinstance(each, Accepted | Refused | InDoubt) for each in self._found)
        if self._stop and not decided:
            raise self._stop
        policies = [each for each in self._found if isinstance(each, Judgement)]
        if len(policies) == count and not self._session.taken:
            raise Halted(policies[0].reason)
        rest = not_sent(self._stop) if self._stop else NotSent(LATE)
        return [self._settled(each) for each in self._found] + [rest] * (count - len(self._found))

    def _settled(self, found: Outcome | Judgement) -> Outcome:
        """A policy that lets others through is this recipient's own; otherwise the call that holds nothing else says
        whether it is everybody's.
        """
        if not isinstance(found, Judgement):
            return found
        return Refused(found.reason) if self._session.taken else NotSent(found.reason)


def shown(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _id(reply: Reply) -> str:
    """The server's words, which name its queue's id: `Ok: queued as 4Xy`."""
    return reply.text.removeprefix(reply.enhanced).strip()[:MAX_ID]
