"""What DNS and SES say about a sender's domain. Asking never fails, and never takes long: what does not answer is not
known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
        texts = self._texts(name)
        if texts is None:
            return None
        return next((text for text in texts if text.lower().startswith(begins.lower())), "")

    def _texts(self, name: str) -> list[str] | None:
        """The TXT records; [] for none, None where DNS did not answer."""
        if self._resolver is None:
            return None
        from dns import exception, resolver  # noqa: PLC0415  # for pre-flights alone

        try:
            answer = self._resolver().resolve(name, "TXT", lifetime=PATIENCE)
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            return []
        except (exception.DNSException, OSError):
            return None
        return [b"".join(each.strings).decode("utf-8", "replace") for each in answer]

    def _signed(self, name: str) -> Signed:
        """SES's word about the identity, or about the domain above it that it inherits from."""
        if self._identities is None:
            return "unknown"
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415  # as above

        labels = name.split(".")
        for start in range(max(1, len(labels) - 1)):
            try:
                answer = self._identities().get_email_identity(EmailIdentity=".".join(labels[start:]))
            except ClientError as error:
                if error.response["Error"]["Code"] != "NotFoundException":
                    return "unknown"
                continue
            except BotoCoreError:
                return "unknown"
            attributes = answer.get("DkimAttributes", {})
            return "yes" if attributes.get("SigningEnabled") and attributes.get("Status") == "SUCCESS" else "no"
        return "no"


def resolver() -> Any:  # noqa: ANN401  # dnspython's own
    from dns.resolver import Resolver  # noqa: PLC0415  # for pre-flights alone

    return Resolver()
