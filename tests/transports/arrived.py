"""What arrived at a provider's stand-in, as its recipient reads it."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from typing import Self


@dataclass(frozen=True)
class Arrived:
    """Decoded; line ends as \\n."""

    to: str
    subject: str
    html: str
    text: str

    @classmethod
    def mime(cls, to: str, message: bytes) -> Self:
        """Of a message as it stands on the wire, read by the standard library."""
        parsed = message_from_bytes(message, policy=policy.SMTP)
        parts = (parsed.get_body((kind,)) for kind in ("html", "plain"))
        html, text = (lines(part.get_content()) if part else "" for part in parts)
        return cls(to, str(parsed["Subject"]), html, text)


def lines(text: str) -> str:
    return text.replace("\r\n", "\n")
