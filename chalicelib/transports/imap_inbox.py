"""Mail in a mailbox, read by IMAP (RFC 3501, RFC 9051) over TLS. The mailbox itself is not changed.

Mails have numbers that only grow (UIDs), under one validity: the place `<validity>:<uid>` says how far was read. A
new validity begins anew, which does no harm: what was recorded once is not recorded twice.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from chalicelib.model.errors import Invalid
from chalicelib.model.fact import Event
from chalicelib.model.inbox import InboxPage
from chalicelib.model.outcome import SendingFault
from chalicelib.model.token import Signer
from chalicelib.transports.mail_parts import MAX_MAIL
from chalicelib.transports.returned_mail import Mail, read

TIMEOUT_S = 10.0
MAILS = 50
_PLACE = re.compile(r"([0-9]{1,10}):([0-9]{1,10})")
_NUMBER = re.compile(rb"[0-9]{1,10}")


class Unavailable(ConnectionError):
    """The mailbox cannot be read now; the text says why, and holds no secret."""


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """`password` is asked for at each login (`Secrets.read` behind it, whose faults become Unavailable). Without TLS
    there is no reading.
    """

    host: str
    user: str
    password: Callable[[], str] = field(repr=False, compare=False)
    port: int = 993
    folder: str = "INBOX"

    def __post_init__(self) -> None:
        """Invalid for what would be more than one argument of an IMAP command."""
        for name in ("host", "user", "folder"):
            value = getattr(self, name)
            if not value or not value.isascii() or not value.isprintable() or '"' in value or "\\" in value:
                raise Invalid(name, value, "Give printable ASCII characters without quotation marks or backslashes.")


class ImapInbox:
    """`trust` holds the authorities that the server's certificate is verified by; the system's without one."""

    name = "imap"

    def __init__(self, settings: ImapSettings, signer: Signer, trust: ssl.SSLContext | None = None) -> None:
        self._settings = settings
        self._signer = signer
        self._trust = trust

    def after(self, place: str) -> InboxPage:
        """See `work/ports/messages.py`. Unavailable where the server cannot be read."""
        with self._mailbox() as (mailbox, validity):
            numbers = _numbers(mailbox, _read_until(place, validity))[:MAILS]
            events: list[Event] = []
            for number in numbers:
                mail = _mail(mailbox, number)
                events += read(mail, self._signer).events if mail else ()
        return InboxPage(len(numbers), events, f"{validity}:{numbers[-1]}" if numbers else place)

    @contextmanager
    def _mailbox(self) -> Iterator[tuple[imaplib.IMAP4_SSL, int]]:
        """Open for reading alone; with its validity."""
        settings = self._settings
        trust = self._trust or ssl.create_default_context()
        try:
            mailbox = imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=trust, timeout=TIMEOUT_S)
        except (OSError, imaplib.IMAP4.error) as error:
            raise Unavailable(f"No connection to {settings.host}:{settings.port}: {error}") from None
        try:
            self._log_in(mailbox)
            mailbox.select(f'"{settings.folder}"', readonly=True)
            yield mailbox, _validity(mailbox, settings.folder)
        except (OSError, imaplib.IMAP4.error) as error:
            raise error if isinstance(error, Unavailable) else Unavailable(f"{settings.host}: {error}") from None
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                mailbox.logout()

    def _log_in(self, mailbox: imaplib.IMAP4_SSL) -> None:
        """What the server says to it is not shown: it may repeat what it was given."""
        try:
            mailbox.login(self._settings.user, self._settings.password())
        except SendingFault as fault:
            raise Unavailable(fault.reason) from None
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeEncodeError):
            raise Unavailable(f"{self._settings.host} refuses our user and password. Mend the settings.") from None


def _read_until(place: str, validity: int) -> int:
    """The last number that was read; 0 where the mailbox has been made anew."""
    found = _PLACE.fullmatch(place)
    return int(found[2]) if found and int(found[1]) == validity else 0


def _validity(mailbox: imaplib.IMAP4_SSL, folder: str) -> int:
    _, said = mailbox.response("UIDVALIDITY")
    found = _NUMBER.search(said[0]) if said and isinstance(said[0], bytes) else None
    if found is None:
        raise Unavailable(f"The mailbox {folder!r} cannot be opened, or has no UIDVALIDITY.")
    return int(found[0])


def _numbers(mailbox: imaplib.IMAP4_SSL, after: int) -> list[int]:
    """In order. `n:*` holds the last mail even where that is before n (RFC 3501 section 6.4.8)."""
    said, data = mailbox.uid("SEARCH", f"UID {after + 1}:*")
    if said != "OK":
        raise Unavailable("The mailbox cannot be searched.")
    found = {int(each) for line in data if line for each in _NUMBER.findall(line)}
    return sorted(number for number in found if number > after)


def _mail(mailbox: imaplib.IMAP4_SSL, number: int) -> Mail | None:
    """None where it was deleted meanwhile."""
    said, data = mailbox.uid("FETCH", str(number), f"(INTERNALDATE BODY.PEEK[]<0.{MAX_MAIL}>)")
    if said != "OK":
        raise Unavailable(f"The mail {number} cannot be read.")
    content = next((each[1] for each in data if isinstance(each, tuple)), None)
    if content is None:
        return None
    told = b" ".join(each[0] if isinstance(each, tuple) else each for each in data if each)
    received = imaplib.Internaldate2tuple(told)
    return Mail(content, round((time.mktime(received) if received else time.time()) * 1_000))
