"""What a reply of an SMTP server means for a recipient and for the call: one table, the first row that fits.

Before a message's last dot nothing is taken; the reply to the dot alone takes it. Sources: RFC 5321 section 4.2 and
4.5.3, RFC 3463 and the IANA registry of enhanced status codes, RFC 4954 (AUTH); the words of Postfix, Exim, Exchange,
qmail, Gmail ("5.4.5 Daily user sending limit exceeded") and Amazon SES ("454 Throttling failure").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from chalicelib.transports.smtp_wire import Reply

# What was said before: the connection's greeting, EHLO and STARTTLS; AUTH; MAIL; RCPT; DATA; the message's last dot.
Phase = Literal["hello", "login", "mail", "recipient", "data", "dot"]

Fate = Literal[
    "later",  # this recipient is not sent to now
    "stop",  # nor are those behind it: the server is closing or busy
    "slow",  # nor are they: we are too fast
    "refused",  # this message will never be taken
    "policy",  # refused for what we are or send: this recipient's policy, or everybody's
    "halt",  # nobody is sent to until a person acts
]

LOGIN = "The SMTP server refuses our user and password. Mend the transport's settings, then resume."
SENDER = "The SMTP server refuses our sender address. Allow it there or change the From address, then resume."
RELAY = "The SMTP server does not relay for us. Mend the user or the server's settings, then resume."
DAY = "The SMTP server's quota of the day is used up. Resume tomorrow, or ask its operator for more."
GREETING = "The SMTP server does not talk to us. Ask its operator why, then resume."
POLICY = "The SMTP server refuses our mail by its policy. Ask its operator why, then resume."


@dataclass(frozen=True, slots=True)
class Row:
    """Patterns of the whole reply; "" as enhanced pattern fits any. `mend` is what a halt says to people."""

    fate: Fate
    phases: frozenset[Phase] = frozenset()
    code: str = "[45].."
    enhanced: str = ""
    text: str = ""
    mend: str = ""
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        patterns = (re.compile(each, re.IGNORECASE) for each in (self.code, self.enhanced or ".*", self.text))
        object.__setattr__(self, "_patterns", tuple(patterns))

    def fits(self, phase: Phase, reply: Reply) -> bool:
        code, enhanced, text = self._patterns
        return (
            (not self.phases or phase in self.phases)
            and code.fullmatch(str(reply.code)) is not None
            and enhanced.fullmatch(reply.enhanced) is not None
            and text.search(reply.text) is not None
        )


_TAKING: frozenset[Phase] = frozenset({"recipient", "data", "dot"})
ROWS = (
    Row(
        "halt",
        text=r"daily .{0,40}(quota|limit) ?exceeded|daily (sending quota|limit)|SubmissionQuotaExceeded",
        mend=DAY,
    ),
    Row("stop", code="421"),
    Row("halt", code="53[0458]", mend=LOGIN),
    Row("halt", code="5..", text=r"authenticat\w* (is )?required|auth\w* first|must (auth|log ?in)", mend=LOGIN),
    # out of turn: something before it went wrong, and a new connection begins anew
    Row("stop", frozenset({"mail"}), code="503"),
    Row("stop", frozenset({"hello", "login"}), code="4.."),
    Row("halt", frozenset({"hello"}), mend=GREETING),
    Row("halt", frozenset({"login"}), mend=LOGIN),
    Row(
        "halt",
        code="5..",
        text=r"relay(ing)?\b.{0,40}(denied|not permitted|prohibited)|(unable|not permitted) to relay|"
        r"do(es)? not relay|allowed rcpthosts",
        mend=RELAY,
    ),
    Row("refused", frozenset({"mail"}), code="552|5..", enhanced=r"5\.(2|3)\.(3|4)"),
    Row("refused", frozenset({"mail"}), code="552"),
    Row("stop", frozenset({"mail"}), code="4.."),
    Row("halt", frozenset({"mail"}), mend=SENDER),
    Row("halt", _TAKING, code="5..", enhanced=r"5\.1\.[78]", mend=SENDER),
    Row("slow", _TAKING, code="4..", text=r"throttl|\brate\b|too (many|much|fast)|slow down"),
    Row("slow", frozenset({"dot"}), code="4..", enhanced=r"4\.7\.\d+"),
    Row("policy", _TAKING, code="5..", enhanced=r"5\.7\.\d+", mend=POLICY),
    Row("later", code="4.."),
    Row("refused", code="5.."),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    fate: Fate
    reason: str


def judged(phase: Phase, reply: Reply) -> Judgement:
    """Of a reply that did not say yes. What no server may answer here ends the call, with nothing taken."""
    for row in ROWS:
        if row.fits(phase, reply):
            return Judgement(row.fate, _reason(row, phase, reply))
    return Judgement("stop", f"The SMTP server answered out of turn: {reply}")


def _reason(row: Row, phase: Phase, reply: Reply) -> str:
    """A server may repeat what it was given: of the answer to a password only the codes are shown."""
    said = f"{reply.code} {reply.enhanced}".strip() if phase == "login" else str(reply)
    return f"{row.mend} It said: {said}" if row.mend else said
