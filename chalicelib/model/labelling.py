"""Who made a hit: a person, a proxy that fetches pictures, or a scanner that looks into letters.

`RULES` is the one table; the first rule that holds gives label and reason, and a hit for which none holds is a
person's, as is one that a proxy fetched for somebody who opened the letter. A verdict depends on nothing but the set of
a message's events (and, where nobody told of its delivery, on when it was sent): in whatever order they came, the
verdicts are the same. So they may be judged again at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from chalicelib.model.agents import MACHINES, Machine, client_of, device_of, machine_of
from chalicelib.model.fact import EFFECTS, Event, Label, Verdict
from chalicelib.model.networks import LABELS

# What an event calls the link that people cannot see, whose number is another in each letter: no table is as long.
HIDDEN_LINK = 65_535
# Whoever follows it looks into all of the letter, about now: milliseconds before and behind it.
NEAR_HIDDEN_LINK = 30_000
# No person is as quick: milliseconds from the delivery on.
SOON = {"opened": 2_000, "clicked": 5_000}
# So many different links within so many milliseconds.
BURSTS = ((3, 1_000), (5, 5_000))

# What an event's `detail` calls what the rules look at.
AGENT, METHOD, NETWORK = "agent", "method", "network"

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Around:
    """What the other events of its message say about a hit: moments in epoch milliseconds, both ends included.

    `delivered_at`: the first delivery, or else the sending; None where neither is known.
    """

    delivered_at: int | None
    hidden: Sequence[Span]
    bursts: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Rule:
    """`reason` is shown to people; `source` says who has found out, or decided, that it is so."""

    reason: str
    label: Label
    source: str
    holds: Callable[[Event, Around], bool]


def _within(spans: Iterable[Span], at: int) -> bool:
    return any(first <= at <= last for first, last in spans)


def _is_soon(event: Event, around: Around) -> bool:
    return around.delivered_at is not None and event.at <= around.delivered_at + SOON[event.kind]


def _by_agent(machine: Machine) -> Callable[[Event, Around], bool]:
    def holds(event: Event, around: Around) -> bool:
        if machine_of(event.detail.get(AGENT, "")) is not machine:
            return False
        return machine.label == "scanner" or (event.kind == "opened" and (not machine.opens or _is_soon(event, around)))

    return holds


def _is_opened_behind(event: Event) -> bool:
    """Whether a proxy fetched because the person behind it opened the letter."""
    machine = machine_of(event.detail.get(AGENT, ""))
    return event.kind == "opened" and machine is not None and machine.opens


def _borrows(event: Event, _around: Around) -> bool:
    machine = machine_of(event.detail.get(AGENT, ""))
    return event.kind == "clicked" and machine is not None and machine.label == "proxy"


def _by_network(label: Label) -> Callable[[Event, Around], bool]:
    kinds = ("opened",) if label == "proxy" else ("opened", "clicked")

    def holds(event: Event, _around: Around) -> bool:
        found = LABELS.get(event.detail.get(NETWORK, ""))
        return found == label and event.kind in kinds and not (label == "proxy" and _is_opened_behind(event))

    return holds


RULES: Sequence[Rule] = (
    Rule(
        "method",
        "scanner",
        "Browsers and mail clients GET; scanners ask with HEAD first: Mautic issue 14916",
        lambda event, _: event.detail.get(METHOD, "GET") != "GET",
    ),
    Rule(
        "hidden-link",
        "scanner",
        "A link that nobody can see: nation.marketo.com, `Bot opens and clicks: how are you managing it?`",
        lambda event, _: event.link == HIDDEN_LINK,
    ),
    Rule(
        "no-agent",
        "scanner",
        "Every mail client and browser names itself (RFC 9110 section 10.1.5); Safe Links' fetches often do not: "
        "check.live-direct-marketing.online/blog/bot-clicks-security-scanners-detect",
        lambda event, _: not event.detail.get(AGENT, "").strip(),
    ),
    *(Rule(each.name, each.label, each.source, _by_agent(each)) for each in MACHINES),
    Rule("proxy-that-clicks", "scanner", "Picture proxies fetch pictures and follow no link", _borrows),
    Rule("scanner-network", "scanner", "model/networks.py", _by_network("scanner")),
    Rule("proxy-network", "proxy", "model/networks.py", _by_network("proxy")),
    Rule(
        "near-hidden-link",
        "scanner",
        "Whoever found the hidden link goes through all of the letter at once (our own choice of 30 s)",
        lambda event, around: _within(around.hidden, event.at),
    ),
    Rule(
        "soon-after-delivery",
        "scanner",
        "Mautic 7 takes opens within 2 s for a bot's; nobody clicks within 5 s: "
        "check.live-direct-marketing.online/blog/bot-clicks-security-scanners-detect",
        _is_soon,
    ),
    Rule(
        "burst",
        "scanner",
        "Nobody opens several links within a second (nation.marketo.com, idea 263330), bots take all in three "
        "(paminga.com/docs/concepts/bot-filtering)",
        lambda event, around: _within(around.bursts, event.at),
    ),
    Rule(
        "opened-in-gmail",
        "human",
        "Gmail's proxy fetches when a letter is opened, and what it fetches before has another agent (gmail-prefetch): "
        "bird.com/blog/gmail-prefetching-images, docs/decisions/0025-an-open-in-gmail-is-a-persons.md",
        lambda event, _: _is_opened_behind(event),
    ),
)


def verdicts(events: Sequence[Event], sent_at: int | None = None) -> list[Verdict | None]:
    """In the order of the events; None for what is no hit."""
    hits = [event for event in events if EFFECTS[event.kind].hit]
    if not hits:
        return [None] * len(events)
    around = _around(events, sent_at)
    return [_verdict(event, around) if EFFECTS[event.kind].hit else None for event in events]


def _verdict(event: Event, around: Around) -> Verdict:
    rule = next((rule for rule in RULES if rule.holds(event, around)), None)
    agent = event.detail.get(AGENT, "")
    if rule is None:
        return Verdict("human", "", device_of(agent, event.kind), client_of(agent))
    # whose picture proxy it is tells the client; nothing tells the device behind it
    return Verdict(rule.label, rule.reason, "", "" if rule.label == "scanner" else client_of(agent))


def _around(events: Sequence[Event], sent_at: int | None) -> Around:
    clicks = sorted((event.at, event.link) for event in events if event.kind == "clicked" and event.link is not None)
    return Around(
        min((event.at for event in events if event.kind == "delivered"), default=sent_at),
        [(at - NEAR_HIDDEN_LINK, at + NEAR_HIDDEN_LINK) for at, link in clicks if link == HIDDEN_LINK],
        [span for links, window in BURSTS for span in _bursts(clicks, links, window)],
    )


def _bursts(clicks: Sequence[tuple[int, int]], links: int, window: int) -> Iterable[Span]:
    """From each click that begins one: the span of the clicks behind it, where they are on enough different links."""
    end, numbers = 0, dict[int, int]()
    for at, link in clicks:
        while end < len(clicks) and clicks[end][0] <= at + window:
            numbers[clicks[end][1]] = numbers.get(clicks[end][1], 0) + 1
            end += 1
        if len(numbers) >= links:
            yield at, clicks[end - 1][0]
        numbers[link] -= 1
        if not numbers[link]:
            del numbers[link]
