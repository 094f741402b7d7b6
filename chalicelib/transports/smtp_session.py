"""A session with an SMTP server that is ready for mail: one message after the other, each to its own recipient.

Where the server offers PIPELINING (RFC 2920), a message's envelope travels behind the last dot of the one before: a
message costs one round trip instead of four, and never more than one message is in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from chalicelib.transports.smtp_login import Offers
from chalicelib.transports.smtp_replies import Phase
from chalicelib.transports.smtp_wire import Deadline, Reply, Wire

CLOSING, GO_ON = 421, 354
END = b".\r\n"


@dataclass(frozen=True, slots=True)
class Post:
    """`octets` are dot-stuffed and end with the last dot. `copies` get the same octets; what becomes of those is not
    told.
    """

    return_path: str
    recipient: str
    octets: bytes
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    phase: Phase
    reply: Reply


# A command and the phase that its reply decides; None where it decides nothing.
Command = tuple[Phase | None, bytes]


class Session:
    """`taken` counts the messages that the server took by this connection. Where it is not `in_step`, answers are
    still to come or will never come: it can only be closed.
    """

    def __init__(self, wire: Wire, offers: Offers) -> None:
        self.taken = 0
        self.in_step = True
        self._wire = wire
        self._pipelines = "PIPELINING" in offers
        self._sized = "SIZE" in offers
        self._dirty = False
        self._stuck = False
        self._offered: list[Command] = []

    def offer(self, post: Post) -> None:
        """Says the envelope ahead of its turn, where that is allowed: without copies, the one recipient decides."""
        if self._pipelines and not post.copies:
            self.in_step = False
            self._offered = self._commands(post)
            self._wire.write(b"".join(command for _, command in self._offered))

    def envelope(self, post: Post) -> Refusal | None:
        """None where the server now waits for this message's octets. Where the last message's answer came with an
        offer, the offer was this one's.
        """
        if not self._offered:
            self.offer(post)
        self.in_step = False
        refusal = self._said_ahead() if self._offered else self._said_in_turn(self._commands(post))
        self._offered = []
        self._dirty = refusal is not None
        self.in_step = not self._stuck and (refusal is None or refusal.reply.code != CLOSING)
        return refusal

    def content(self, post: Post) -> None:
        """An error means that the last dot did not go out."""
        self.in_step = False
        self._wire.write(post.octets)

    def answer(self) -> Reply:
        """What the server says to the last dot."""
        reply = self._wire.reply()
        taken = is_yes(reply)
        self.taken += taken
        self._dirty = not taken
        self.in_step = not self._offered and reply.code != CLOSING
        return reply

    def until(self, deadline: Deadline) -> Self:
        self._wire.deadline = deadline
        return self

    def fresh(self, deadline: Deadline) -> bool:
        """Whether the server is still there for another call, and says so in time."""
        self.until(deadline)
        try:
            self._wire.write(b"RSET\r\n")
            return is_yes(self._wire.reply())
        except OSError:
            return False

    def close(self) -> None:
        """With a farewell where one can be said; its answer is not waited for."""
        try:
            if self.in_step:
                self._wire.write(b"QUIT\r\n")
        except OSError:
            pass
        finally:
            self._wire.close()

    def _said_ahead(self) -> Refusal | None:
        refusal = reply = None
        for phase, _ in self._offered:
            reply = self._wire.reply()
            refusal = refusal or _refused(phase, reply)
            if reply.code == CLOSING:
                return refusal
        if refusal and reply and reply.code == GO_ON:
            self._ended(refusal)
        return refusal

    def _ended(self, refusal: Refusal) -> None:
        """The server waits for a message that it has refused to take. A transaction that began anew and has no
        recipient is ended by an empty one, which the server must refuse (RFC 2920 section 3.1). Any other may have
        somebody of before: without its last dot nobody gets it.
        """
        if refusal.phase != "recipient":
            self._stuck = True
            return
        self._wire.write(END)
        self._wire.reply()

    def _said_in_turn(self, commands: list[Command]) -> Refusal | None:
        for phase, command in commands:
            self._wire.write(command)
            refusal = _refused(phase, self._wire.reply())
            if refusal:
                return refusal
        return None

    def _commands(self, post: Post) -> list[Command]:
        size = f" SIZE={len(post.octets)}" if self._sized else ""
        said: list[tuple[Phase | None, str]] = [(None, "RSET")] if self._dirty else []
        said += [("mail", f"MAIL FROM:<{post.return_path}>{size}"), ("recipient", f"RCPT TO:<{post.recipient}>")]
        said += [(None, f"RCPT TO:<{copy}>") for copy in post.copies]
        return [(phase, text.encode("ascii") + b"\r\n") for phase, text in [*said, ("data", "DATA")]]


def is_yes(reply: Reply) -> bool:
    return 200 <= reply.code < 300  # noqa: PLR2004  # RFC 5321 section 4.2.1


def _refused(phase: Phase | None, reply: Reply) -> Refusal | None:
    """A server that closes says no to everything, whatever it was asked."""
    if reply.code == CLOSING:
        return Refusal(phase or "mail", reply)
    if phase is None:
        return None
    passed = reply.code == GO_ON if phase == "data" else is_yes(reply)
    return None if passed else Refusal(phase, reply)
