"""The inbox page: every accepted copy, for people. No script, no request to anywhere but this machine."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader

from local.ses_simulator.exchange import Answer, Request
from local.ses_simulator.ledger import Copy, Ledger
from local.ses_simulator.letters import Letter, letter, source
from local.ses_simulator.refusal import Refusal, bad_request

PAGES = Path(__file__).parent / "pages"
SHOWN = 50
MAX_SEARCH = 320
VIEWS = ("html", "text", "headers", "source")

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
# Images from this machine alone: an open is counted as in a real mail program, and nothing leaves the machine.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data: http://127.0.0.1:* http://localhost:*; base-uri 'none'; form-action 'none'"
)
_HEAD = re.compile(rb"<head[^>]{0,500}>", re.IGNORECASE)


class Inbox:
    def __init__(self, ledger: Ledger, now: Callable[[], int]) -> None:
        self._ledger = ledger
        self._now = now
        self._pages = Environment(loader=FileSystemLoader(PAGES), autoescape=True, trim_blocks=True, lstrip_blocks=True)

    def copy(self, message_id: str) -> Copy:
        found = self._ledger.read(message_id)
        if found is None:
            raise Refusal("NotFoundException", f"There is no message {message_id[:100]}.")
        return found

    def page(self, request: Request) -> Answer:
        """`?q=` any part of an address, `?before=` where an older page begins."""
        search = request.query.get("q", "").strip()[:MAX_SEARCH]
        copies = self._ledger.newest(_before(request), SHOWN + 1, search)
        shown = [self._row(copy) for copy in copies[:SHOWN]]
        return self._rendered(
            "inbox.html",
            rows=shown,
            search=search,
            older=_older(copies, search),
            newest=("?" + urlencode({"q": search}) if search else "/") if "before" in request.query else "",
            count=self._ledger.count(),
        )

    def message(self, request: Request, message_id: str) -> Answer:
        """`?view=` html, text, headers or source; what there is first where none is named."""
        found = self.copy(message_id)
        shown = letter(found)
        there = [
            view
            for view in VIEWS
            if not (view == "html" and not shown.html) and not (view == "text" and not shown.text)
        ]
        view = request.query.get("view", there[0])
        if view not in there:
            raise bad_request(f"view: {view[:30]!r} is none of {', '.join(there)}.")
        raw = source(found).decode("utf-8", "replace") if view == "source" else ""
        values = {"letter": shown, "row": self._row(found), "sections": _sections(shown)}
        return self._rendered("message.html", **values, views=there, view=view, source=raw)

    def html(self, _request: Request, message_id: str) -> Answer:
        """The HTML part for the frame: links open in a tab of their own, scripts never run."""
        html = letter(self.copy(message_id)).html.encode()
        head = _HEAD.search(html)
        at = head.end() if head else 0
        body = html[:at] + b'<base target="_blank">' + html[at:] if head else html
        headers = {"Content-Security-Policy": MAIL_POLICY, "Referrer-Policy": "no-referrer"}
        return Answer(body=body, content_type="text/html; charset=utf-8", headers=headers)

    def _row(self, copy: Copy) -> dict[str, Any]:
        shown = letter(copy)
        at = datetime.fromtimestamp(copy.received_at / 1_000, UTC)
        today = datetime.fromtimestamp(self._now() / 1_000, UTC).date() == at.date()
        return {
            "id": copy.message_id,
            "to": shown.to,
            "further": len(shown.destination) - 1,
            "from": shown.from_,
            "subject": shown.subject or "(no subject)",
            "fate": shown.fate.replace("_", " "),
            "time": at.strftime("%H:%M:%S" if today else "%-d %b %H:%M"),
            "at": at.strftime("%-d %B %Y, %H:%M:%S UTC"),
            "iso": shown.received_at,
        }

    def _rendered(self, name: str, **values: object) -> Answer:
        body = self._pages.get_template(name).render(**values).encode()
        headers = {"Content-Security-Policy": PAGE_POLICY, "X-Content-Type-Options": "nosniff"}
        return Answer(body=body, content_type="text/html; charset=utf-8", headers=headers)


def _older(copies: list[Copy], search: str) -> str:
    """Where the next page begins; "" where this one is the last."""
    if len(copies) <= SHOWN:
        return ""
    return "?" + urlencode({"before": copies[SHOWN - 1].seq} | ({"q": search} if search else {}))


def _sections(shown: Letter) -> list[tuple[str, list[tuple[str, str]]]]:
    """What the view of the headers lists, under its titles."""
    own = [("Message id", shown.message_id), ("Operation", shown.operation)]
    own.append(("Configuration set", shown.configuration_set or "none"))
    sections = [("Headers", list(shown.headers.items())), ("Tags", list(shown.tags.items())), ("SES", own)]
    return [(title, rows) for title, rows in sections if rows]


def _before(request: Request) -> int | None:
    text = request.query.get("before")
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 18:  # noqa: PLR2004  digits of SQLite's integers
        raise bad_request(f"before: {text[:30]!r} must be a whole number.")
    return int(text)
