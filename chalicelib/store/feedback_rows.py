"""What came back about a message, beside its row: table `messages`.

Hits of one reader say the same things again: what several facts share (user agent, verdict, provider's id) is stored
once, and each fact names its place. Two opens and a click of one person are half a write unit.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec
from msgspec.structs import astuple
from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.model.cohort import Cohort
from chalicelib.model.fact import Event, Fact, Kind, Label, Verdict
from chalicelib.model.feedback import Feedback
from chalicelib.model.message import MessageKey
from chalicelib.store.document import Document
from chalicelib.store.message_rows import key_of, sort_key
from chalicelib.store.row import Item, Key, RangeRow, key, name

T = TypeVar("T")
NONE = -1


class FeedbackRow(RangeRow):
    """pk: as the message's; sk: the message's and `!`. `v` is the version."""

    v = NumberAttribute()
    doc = UnicodeAttribute()


class Origin(msgspec.Struct, frozen=True, array_like=True):
    """Whom an event is about, and who told it."""

    email: str
    attempt: str
    address: str
    provider_id: str


class Sort(msgspec.Struct, frozen=True, array_like=True):
    """What facts have in common. `origin`, `detail` and `verdict` are places in the lists; new things go to the end."""

    kind: Kind
    origin: int
    detail: int
    verdict: int = NONE
    link: int | None = None
    ends: bool = False


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """`facts` are id, epoch milliseconds and the place of the sort."""

    facts: list[tuple[str, int, int]]
    sorts: list[Sort]
    origins: list[Origin]
    details: list[dict[str, str]]
    verdicts: list[tuple[Label, str, str, str]]
    sent_at: int | None = None
    erased: int = 0
    segment: str = ""
    domain: str = ""


_STORED = Document(Stored)
_ARRAY: Document[list[object]] = Document(list)


def feedback_place(workspace: str, message: MessageKey) -> Key:
    return key(name(workspace, message.contact), f"{sort_key(message)}!")


def feedback_item(workspace: str, feedback: Feedback) -> Item:
    """The row of what came back about a message (`FeedbackRow`)."""
    return FeedbackRow.item_with(
        pk=name(workspace, feedback.message.contact),
        sk=f"{sort_key(feedback.message)}!",
        v=feedback.version,
        doc=_text(_stored(feedback)),
    )


def feedback_of(item: Item) -> Feedback:
    stored = _STORED.thing(FeedbackRow.readable(item)["doc"]["S"])
    message = key_of(item)
    verdicts = [Verdict(*each) for each in stored.verdicts]
    facts = tuple(_fact(message, stored, verdicts, each) for each in stored.facts)
    cohort = Cohort(stored.segment, stored.domain)
    return Feedback(message, facts, stored.sent_at, bool(stored.erased), cohort, int(item["v"]["N"]))


def _stored(feedback: Feedback) -> Stored:
    cohort = feedback.cohort
    stored = Stored([], [], [], [], [], feedback.sent_at, int(feedback.erased), cohort.segment, cohort.domain)
    for fact in feedback.facts:
        event, verdict = fact.event, fact.verdict
        origin = Origin(event.email, event.attempt, event.address, event.provider_id)
        sort = Sort(
            event.kind,
            _place(stored.origins, origin),
            _place(stored.details, dict(event.detail)),
            NONE if verdict is None else _place(stored.verdicts, _words(verdict)),
            event.link,
            event.ends,
        )
        stored.facts.append((event.id, event.at, _place(stored.sorts, sort)))
    return stored


def _text(stored: Stored) -> str:
    """Without what an array has at its end by default: whoever reads it fills that in."""
    _, _, *rest = _short(stored)
    return _ARRAY.text([stored.facts, list(map(_short, stored.sorts)), *rest])


def _short(struct: msgspec.Struct) -> list[object]:
    values, defaults = list(astuple(struct)), list(struct.__struct_defaults__)
    while defaults and values[-1] == defaults.pop():
        values.pop()
    return values


def _fact(message: MessageKey, stored: Stored, verdicts: list[Verdict], told: tuple[str, int, int]) -> Fact:
    event_id, at, place = told
    sort = stored.sorts[place]
    origin = stored.origins[sort.origin]
    event = Event(
        event_id,
        sort.kind,
        message,
        origin.email,
        at,
        origin.attempt,
        origin.address,
        sort.link,
        origin.provider_id,
        stored.details[sort.detail],
        sort.ends,
    )
    return Fact(event, None if sort.verdict == NONE else verdicts[sort.verdict])


def _words(verdict: Verdict) -> tuple[Label, str, str, str]:
    return verdict.label, verdict.reason, verdict.device, verdict.client


def _place(known: list[T], wanted: T) -> int:
    """Where it stands in the list, to which it is added where it does not."""
    if wanted not in known:
        known.append(wanted)
    return known.index(wanted)
