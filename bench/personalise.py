"""What a recipient costs: filling a compiled letter, beside parsing or rendering it again for each.

Every way does the same: 32 tracked links that share one signed token, 10 contact values, the HTML as text. CPU time
of this process, the median of several runs, microseconds a recipient.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from statistics import median
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser

from chalicelib.compose.compile import compiled
from chalicelib.compose.letter import joined
from chalicelib.compose.personalise import values
from chalicelib.compose.stationery import Stationery
from chalicelib.model.addressee import Addressee
from chalicelib.model.contact import Contact
from chalicelib.model.definition import Choice, Definition
from chalicelib.model.email import Block, Email, Variation
from chalicelib.model.message import MessageKey
from chalicelib.model.owner import Owner
from chalicelib.model.token import Signer, Tracked

ID = "0123456789abcdef"
BASE = "https://track.example.org"
LINKS, FIELDS = 32, 10
RUNS, RUN_SECONDS = 7, 0.1
SIGNER = Signer("bench", {1: b"k" * 32}, b"h" * 32)
CONTACT = Contact(ID, "ada@example.org", {f"field{i}": f"value & number {i}" for i in range(FIELDS)})
TRACKED = Tracked(MessageKey(ID, ID), ID, 1)

FILLER = (
    '<td style="padding:0 4px;font-family:Arial,sans-serif;font-size:14px;color:#333333">Words that people read.</td>\n'
)


def page(size: int, link: Callable[[int], str], field: Callable[[int], str]) -> str:
    """A table layout of about `size` bytes with its links and fields spread evenly."""
    rows = max(1, (size - 4_000) // len(FILLER) // LINKS)
    cells = []
    for number in range(LINKS):
        greeting = f"<p>{field(number)}</p>\n" if number < FIELDS else ""
        cells.append(f'<tr>{greeting}<td><a href="{link(number)}">Go {number}</a></td>\n{FILLER * rows}</tr>\n')
    return f"<html><body><table>{''.join(cells)}</table></body></html>"


def figures() -> Iterator[dict[str, object]]:
    yield _compile(30_000)
    for size in (5_000, 30_000, 100_000):
        yield _personalise(size)
    yield _personalise_all_kinds(30_000)


def _email(size: int) -> Email:
    html = page(size, lambda n: f"https://example.org/{n}", lambda n: f"{{contactfield=field{n}}}")
    return Email(ID, "segment", "bench", "Subject", "a@example.org", ID, html=html, text="Text")


def _compile(size: int) -> dict[str, object]:
    email = _email(size)
    beside = {
        "lexbor_parse_and_serialise": lambda: LexborHTMLParser(email.html).html,
        "jinja2_compile": lambda: Environment(autoescape=True).from_string(_jinja_source(size)),
    }
    return _figure(
        f"compile_{size // 1000}kb", lambda: compiled(email, Stationery(BASE), published_at=0, number=1), beside
    )


def _personalise(size: int) -> dict[str, object]:
    revision = compiled(_email(size), Stationery(BASE), published_at=0, number=1).revision

    def ours() -> str:
        return joined(revision.program.html, values(revision, Addressee(CONTACT), SIGNER.token(TRACKED), SIGNER))

    beside = {"lexbor_per_recipient": _lexbor(size), "jinja2_per_recipient": _jinja(size)}
    return _figure(f"personalise_{size // 1000}kb", ours, beside)


# One of each kind of token, in place of the fields; two links carry a value, and all of them campaign parameters.
KINDS = (
    *("{contactfield=field1}", "{contactfield=born|date}", "{contactfield=plan|label}", "{today|date|+2 days}"),
    *("{ownerfield=firstname}", "{signature}", "{unsubscribe_text}", '{dynamiccontent="Offer"}', "{subject}"),
    "{contactfield=seen|datetime}",
)
IN_JINJA = (
    *("{{ field1 }}", "{{ born.strftime('%B %d, %Y') }}", "{{ labels[plan] }}", "{{ later.strftime('%B %d, %Y') }}"),
    *("{{ owner.first_name }}", "{{ owner.signature }}", "<a href='{{ leave }}'>Unsubscribe</a>"),
    *("{% if plan == 'pro' %}<b>Pro</b>{% else %}<b>All</b>{% endif %}", "{{ subject }}"),
    "{{ seen.astimezone(zone).strftime('%B %d, %Y %I:%M %p') }}",
)
PERSONAL = 2
RULE = json.dumps({"field": "plan", "operator": "=", "value": "pro"})
OFFER = Block("Offer", "<b>All</b>", "", (Variation(RULE, "<b>Pro</b>"),))
PLANS = Definition("plan", "Plan", "select", (Choice("pro", "Professional"),))
DATED = {"born": "1985-07-09", "seen": "2026-11-24T23:30:00Z", "plan": "pro", "timezone": "Europe/Paris"}
TO = Addressee(
    Contact(ID, "ada@example.org", {**CONTACT.fields, **DATED}),
    Owner(ID, "eve@example.org", "Eve", signature="Yours,\nEve"),
)


def _personalise_all_kinds(size: int) -> dict[str, object]:
    def link(number: int) -> str:
        return f"https://example.org/{number}" + ("?name={contactfield=field1}" if number < PERSONAL else "")

    email = Email(ID, "segment", "bench", "Subject", "a@example.org", ID, html=page(size, link, KINDS.__getitem__))
    email = replace(email, text="Text", blocks=(OFFER,), utm={"source": "news"})
    words = Stationery(BASE, definitions={"plan": PLANS})
    revision = compiled(email, words, published_at=0, number=1).revision

    def ours() -> str:
        return joined(revision.program.html, values(revision, TO, SIGNER.token(TRACKED), SIGNER))

    return _figure("personalise_30kb_all_kinds", ours, {"jinja2_per_recipient": _jinja_all_kinds(size)})


def _jinja_all_kinds(size: int) -> Callable[[], object]:
    def link(number: int) -> str:
        return f"{BASE}/c/{{{{ token }}}}/{number}" + ("?u={{ targets[" + str(number) + "]|urlencode }}") * (
            number < PERSONAL
        )

    template = Environment(autoescape=True).from_string(page(size, link, IN_JINJA.__getitem__))

    def once() -> str:
        token, fields = SIGNER.token(TRACKED), TO.contact.fields
        targets = [
            f"https://example.org/{n}?name={quote(str(fields['field1']))}&utm_source=news" for n in range(PERSONAL)
        ]
        seals = [SIGNER.seal(token, target) for target in targets]
        dates = {name: datetime.fromisoformat(DATED[name]) for name in ("born", "seen")}
        given = (
            dict(fields)
            | dates
            | {"token": token, "targets": targets, "seals": seals, "labels": {"pro": "Professional"}}
        )
        leave, zone = f"{BASE}/u/{token}", ZoneInfo(DATED["timezone"])
        later = datetime.now(zone) + timedelta(days=2)
        return template.render(given, owner=TO.owner, leave=leave, zone=zone, later=later, subject="Subject")

    return once


def _lexbor(size: int) -> Callable[[], object]:
    """Parse, rewrite every link, put the pixel in, serialise, then replace the fields by their escaped values."""
    html = _email(size).html

    def once() -> str:
        token, tree = SIGNER.token(TRACKED), LexborHTMLParser(html)
        for number, node in enumerate(tree.css("a[href]")):
            node.attrs["href"] = f"{BASE}/c/{token}/{number}"
        text = tree.html or ""
        for alias, value in CONTACT.fields.items():
            text = text.replace(f"{{contactfield={alias}}}", escape(str(value)))
        return text.replace("</body>", f'<img src="{BASE}/o/{token}" width="1" height="1" alt=""></body>')

    return once


def _jinja_source(size: int) -> str:
    html = page(size, lambda n: f"{BASE}/c/{{{{ token }}}}/{n}", lambda n: f"{{{{ field{n} }}}}")
    return html.replace("</body>", f'<img src="{BASE}/o/{{{{ token }}}}" width="1" height="1" alt=""></body>')


def _jinja(size: int) -> Callable[[], object]:
    """A template that was compiled once, rendered for each recipient."""
    template = Environment(autoescape=True).from_string(_jinja_source(size))
    return lambda: template.render(CONTACT.fields, token=SIGNER.token(TRACKED))


def _figure(name: str, ours: Callable[[], object], beside: Mapping[str, Callable[[], object]]) -> dict[str, object]:
    mine = _microseconds(ours)
    others = {other: _microseconds(call) for other, call in beside.items()}
    return {
        "figure": name,
        "value": round(mine, 1),
        "unit": "us",
        "beside": {other: round(value, 1) for other, value in others.items()},
        "ratio": {other: round(value / mine, 2) for other, value in others.items()},
    }


def _microseconds(call: Callable[[], object]) -> float:
    """The median of RUNS, each of about RUN_SECONDS."""
    call()
    began = time.process_time()
    call()
    times = max(3, int(RUN_SECONDS / max(time.process_time() - began, 1e-6)))
    return median(_run(call, times) for _ in range(RUNS))


def _run(call: Callable[[], object], times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - began) / times * 1e6


if __name__ == "__main__":
    for figure in figures():
        print(json.dumps(figure), flush=True)
