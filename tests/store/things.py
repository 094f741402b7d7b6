"""Made-up things to store, the same in every run."""

from dataclasses import replace
from typing import Any

from chalicelib.compose.revision import Program, Revision, Slot
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.chunk import Chunk, planned_chunk
from chalicelib.model.cohort import Cohort
from chalicelib.model.contact import Contact
from chalicelib.model.counters import Change, change
from chalicelib.model.email import Email
from chalicelib.model.fact import Event, Kind
from chalicelib.model.feedback import Feedback, told
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.segment import Segment
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id

FAMILY = numbered_id(1, "family")
COHORT = Cohort(numbered_id(1, "segment"), "gmail.com")
EMAIL = numbered_id(1, "email")


def contact(number: int, **changes: Any) -> Contact:
    plain = Contact(
        numbered_id(number, "contact"),
        f"person{number}@example.com",
        {"firstname": "Zoë", "credits": number, "score": 1.5, "vip": True, "colours": ("a", "b"), "empty": None},
        frozenset({numbered_id(1, "segment"), numbered_id(2, "segment")}),
        created_at=NOON,
        updated_at=NOON,
    )
    return replace(plain, **changes)


def hashed(number: int) -> str:
    return numbered_id(number, "address")


def segment(number: int, **changes: Any) -> Segment:
    return replace(Segment(numbered_id(number, "segment"), f"List {number}", size=0, created_at=NOON), **changes)


def email(number: int, **changes: Any) -> Email:
    plain = Email(numbered_id(number, "email"), "segment", "News", "Hello", "a@example.com", FAMILY)
    return replace(plain, html="<p>Zoë</p>", text="Zoë", segments=(numbered_id(1, "segment"),), **changes)


def broadcast(number: int, **changes: Any) -> Broadcast:
    plain = Broadcast(
        numbered_id(number, "broadcast"), EMAIL, FAMILY, 1, (numbered_id(1, "segment"),), (), NOON, created_at=NOON
    )
    return replace(plain, **changes)


def chunk(number: int, size: int = 50, walker: int = 0) -> Chunk:
    people = [numbered_id(number * 50 + n, "contact") for n in range(size)]
    made = planned_chunk(numbered_id(1, "broadcast"), FAMILY, walker, number, people)
    return replace(made, segments="aZ" * (size // 2) + "-" * (size % 2))


def message_key(number: int, sending: str = "") -> MessageKey:
    return MessageKey(numbered_id(number, "contact"), FAMILY, sending)


def message(number: int, **changes: Any) -> Message:
    plain = Message(
        message_key(number),
        EMAIL,
        1,
        "sent",
        numbered_id(number, "attempt"),
        NOON,
        broadcast=numbered_id(1, "broadcast"),
        provider_id="0100019ab7c8d9e0-12345678-90ab-cdef-1234-567890abcdef-000000",
        cohort=COHORT,
    )
    return replace(plain, **changes)


def template_message(number: int, **changes: Any) -> Message:
    key = message_key(number, numbered_id(number, "sending"))
    plain = message(number, key=key, state="waiting", broadcast="", provider_id="", due_at=NOON)
    return replace(plain, **changes)


def event(number: int, kind: Kind = "delivered", **changes: Any) -> Event:
    plain = Event(f"event-{number}", kind, message_key(number), EMAIL, NOON, detail={"diagnostic": "250 ok"})
    return replace(plain, **changes)


def feedback(*events: Event) -> Feedback:
    """All of them are of the first one's message."""
    return told(Feedback(events[0].message), events, cohort=COHORT)


def first(*events: Event) -> Change:
    """The feedback that these make where nothing stands."""
    return change(Feedback(events[0].message), feedback(*events))


def revision(number: int = 1, html: str = "<p>Hello ") -> Revision:
    slot = Slot("field", "html", "firstname", "friend")
    program = Program((slot,), ("Hello",), ("Bakery",), (html, 0, "</p>"), ())
    links = ("https://example.com/a", "")
    return Revision(EMAIL, number, FAMILY, "segment", "a@example.com", "", program, links, "https://m.example.com")
