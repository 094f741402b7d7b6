"""What the demo's recipients do with the mail that they got: open, click, unsubscribe, by the addresses in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from local.client import Server
from local.inbox import Copy
from local.showing import Show

OPEN, CLICK, LEAVE = 0.35, 0.08, 0.01
TWICE = 0.05
HANDS = 4
FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"  # RFC 8058 section 3.2


@dataclass(frozen=True, slots=True)
class Deed:
    """`kind` is opened, clicked or unsubscribed; `path` is on our own server."""

    kind: str
    message: str
    path: str


@dataclass(frozen=True, slots=True)
class Done:
    """What the recipients did, and what was answered wrongly (there must be none)."""

    deeds: list[Deed]
    wrong: list[str]

    def count(self, kind: str) -> int:
        return sum(deed.kind == kind for deed in self.deeds)

    def unique(self, kind: str) -> int:
        return len({deed.message for deed in self.deeds if deed.kind == kind})


def deeds_of(copy: Copy) -> Iterator[Deed]:
    """The same mail always meets the same temper: decided by a hash of the message's id."""
    temper = _temper(copy.message, "temper")
    if temper < OPEN and copy.pixel:
        yield Deed("opened", copy.message, copy.pixel)
        if _temper(copy.message, "again") < TWICE:
            yield Deed("opened", copy.message, copy.pixel)
    if temper < CLICK and copy.clicks:
        yield Deed("clicked", copy.message, copy.clicks[int(_temper(copy.message, "link") * len(copy.clicks))])
    if temper < LEAVE and copy.one_click:
        yield Deed("unsubscribed", copy.message, copy.one_click)


def _temper(message: str, purpose: str) -> float:
    """A number from 0 to 1."""
    digest = hashlib.sha256(f"{purpose} {message}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def _agent(message: str) -> str:
    return READ_WITH[int(_temper(message, "agent") * len(READ_WITH))]


def act(url: str, copies: Iterable[Copy], show: Show) -> Done:
    deeds = [deed for copy in copies for deed in deeds_of(copy)]
    server, wrong = Server(url), []
    with show.working("Recipients open, click and unsubscribe") as bar, several_hands() as hands:
        for number, answer in enumerate(hands.map(lambda deed: _do(server, deed), deeds), 1):
            bar.at(number, len(deeds))
            if answer:
                wrong.append(answer)
    return Done(deeds, wrong)


@contextmanager
def several_hands() -> Iterator[ThreadPoolExecutor]:
    """Threads that drop what they have not begun when this ends early: Ctrl-C must not wait for thousands of deeds."""
    hands = ThreadPoolExecutor(HANDS)
    try:
        yield hands
    finally:
        hands.shutdown(cancel_futures=True)


def unsubscribe(url: str, copies: Iterable[Copy]) -> None:
    """By one click, or by the button of the page that the letter links to: the same POST."""
    server = Server(url)
    for copy in copies:
        if copy.unsubscribe:
            _do(server, Deed("unsubscribed", copy.message, copy.unsubscribe))


# What people read mail with. Whoever comes without a name, or sooner than this after the delivery, is no person
# (`chalicelib/model/labelling.py`).
READ_WITH = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Thunderbird/128.4.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "Mozilla/5.0 (compatible; Barracuda Sentinel (EE))",
)
AT_THEIR_LEISURE_S = 6.0
EXPECTED = {"opened": 200, "clicked": 302, "unsubscribed": 200}


def _do(server: Server, deed: Deed) -> str:
    """What went wrong, or nothing."""
    if deed.kind == "unsubscribed":
        answer = server.ask("POST", deed.path, ONE_CLICK, {"Content-Type": FORM})
    else:
        answer = server.ask("GET", deed.path, headers={"User-Agent": _agent(deed.message)})
    if answer.status == EXPECTED[deed.kind]:
        return ""
    return f"{deed.kind}: {deed.path} answered {answer.status}"
