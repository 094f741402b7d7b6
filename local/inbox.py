"""What arrived at the SES simulator: every accepted copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local.client import Server

Json = dict[str, Any]
PAGE = 200
# The link that catches machines.
_UNSEEN = re.compile(r'<a href="[^"]*" style="display:none" aria-hidden="true" tabindex="-1"></a>')


@dataclass(frozen=True, slots=True)
class Copy:
    """One mail as somebody got it. `message` is Envoi's own id of it, (contact, family) as text: what must not
    arrive twice; `fate` is what the simulator let become of it.
    """

    provider_id: str
    message: str
    to: str
    html: str
    text: str
    headers: dict[str, str]
    fate: str

    @property
    def contact(self) -> str:
        return self.message.split("_")[0]

    @property
    def family(self) -> str:
        """Empty for what is in no send log: tests, links to sign in."""
        return self.message.partition("_")[2].partition("_")[0]

    @property
    def pixel(self) -> str | None:
        return next(iter(_paths(r"/o/[\w-]+", self.html)), None)

    @property
    def clicks(self) -> list[str]:
        """The tracked links that a person sees, each once, as paths on our own server."""
        seen = _UNSEEN.sub("", self.html) or self.text
        return list(dict.fromkeys(_paths(r"/c/[\w-]+/\d+(?:\?[^\"\s<>]*)?", seen)))

    @property
    def one_click(self) -> str | None:
        """The path behind List-Unsubscribe (RFC 8058)."""
        found = re.search(r"<(https?://[^>]+)>", self.headers.get("list-unsubscribe", ""))
        return urlsplit(found[1]).path if found else None

    @property
    def unsubscribe(self) -> str | None:
        """The path of the page that the letter itself links to: single sendings have no List-Unsubscribe."""
        return self.one_click or next(iter(_paths(r"/u/[\w-]+", self.html or self.text)), None)


def _paths(pattern: str, content: str) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(rf"https?://[^/\s\"]+({pattern})", content)]


class Inbox:
    def __init__(self, ses_url: str) -> None:
        self._server = Server(ses_url)

    def copies(self) -> Iterator[Copy]:
        """All of them, the oldest first."""
        after: Any = 0
        while True:
            answer = self._server.ask("GET", f"/messages?after={after}&limit={PAGE}").json()
            yield from (_copy(each) for each in answer["items"])
            after = answer["next"]
            if not after:
                return


def _copy(said: Json) -> Copy:
    return Copy(
        provider_id=said["message_id"],
        message=said["tags"].get("message", ""),
        to=said["to"],
        html=said["html"],
        text=said["text"],
        headers={name.lower(): value for name, value in said["headers"].items()},
        fate=said["fate"],
    )
