"""What DNS and SES say about a sender's domain. Asking never fails, and never takes long: what does not answer is not
known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.model.dns_record import EASY_DKIM, Identity
from chalicelib.model.sender_domain import SenderDomain, Signed

# Seconds for one question, all its tries together.
PATIENCE = 2.0


class SenderDomains:
    """`identities` gives an SESv2 client. With `resolver` None, DNS is not asked."""

    def __init__(self, identities: Callable[[], Any] | None, resolver: Callable[[], Any] | None) -> None:
        self._identities = identities
        self._resolver = resolver

    def look(self, name: str) -> SenderDomain:
        return SenderDomain(
            name,
            spf=self._record(name, "v=spf1"),
            dmarc=self._dmarc(name),
            dkim=self._signed(name),
        )

    def ask(self, name: str, kind: str) -> tuple[str, ...] | None:
        if self._resolver is None:
            return None
        from dns import exception, resolver  # noqa: PLC0415  # for pre-flights and the console alone

        try:
            answer = self._resolver().resolve(name, kind, lifetime=PATIENCE)
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            return ()
        except (exception.DNSException, OSError):
            return None
        return tuple(sorted(_text(each) for each in answer))

    def identity(self, name: str) -> Identity | None:
        found, answer = self._known(name)
        if answer is None:
            return None
        keys, sender = answer.get("DkimAttributes", {}), answer.get("MailFromAttributes", {})
        return Identity(
            found,
            tuple(keys.get("Tokens", ())),
            keys.get("SigningHostedZone") or EASY_DKIM,
            sender.get("MailFromDomain") or "",
            self._region(),
        )

    def _dmarc(self, name: str) -> str | None:
        """The domain's own, or that of a domain above it, up to two labels (RFC 9989 walks the tree likewise)."""
        labels = name.split(".")
        found: str | None = None
        for start in range(max(1, len(labels) - 1)):
            found = self._record("_dmarc." + ".".join(labels[start:]), "v=DMARC1")
            if found != "":
                return found
        return found

    def _record(self, name: str, begins: str) -> str | None:
        texts = self.ask(name, "TXT")
        if texts is None:
            return None
        return next((text for text in texts if text.lower().startswith(begins.lower())), "")

    def _signed(self, name: str) -> Signed:
        found, answer = self._known(name)
        if answer is None:
            return "unknown" if not found else "no"
        attributes = answer.get("DkimAttributes", {})
        return "yes" if attributes.get("SigningEnabled") and attributes.get("Status") == "SUCCESS" else "no"

    def _known(self, name: str) -> tuple[str, Mapping[str, Any] | None]:
        """SES's word about the identity, or about the domain above it that it inherits from: whose, and what. Without
        the word there is none; without the name it did not answer.
        """
        if self._identities is None:
            return "", None
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # as above

        labels = name.split(".")
        for start in range(max(1, len(labels) - 1)):
            above = ".".join(labels[start:])
            try:
                return above, self._identities().get_email_identity(EmailIdentity=above)
            except ClientError as error:
                if error.response["Error"]["Code"] != "NotFoundException":
                    return "", None
            except BotoCoreError:
                return "", None
        return name, None

    def _region(self) -> str:
        return str(getattr(getattr(self._identities and self._identities(), "meta", None), "region_name", "") or "")


def _text(record: Any) -> str:  # noqa: ANN401  # dnspython's own
    """As a zone's file has it; a text in several strings is one."""
    strings = getattr(record, "strings", None)
    return record.to_text() if strings is None else b"".join(strings).decode("utf-8", "replace")


def resolver() -> Any:  # noqa: ANN401  # dnspython's own
    from dns.resolver import Resolver  # noqa: PLC0415  # for pre-flights alone

    return Resolver()
