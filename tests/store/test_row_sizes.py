"""A write unit is 1,024 bytes of names and values: what a broadcast writes for each recipient stays within one."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.as_sent import PLAIN
from chalicelib.model.chunk import SKIPS, Call, Chunk, begun, judged
from chalicelib.store.chunk_rows import chunk_of, chunk_row
from chalicelib.store.contact_rows import contact_item
from chalicelib.store.feedback_rows import feedback_item, feedback_of
from chalicelib.store.message_rows import message_item
from chalicelib.store.row import Item
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.things import chunk, contact, event, feedback, message

UNIT = 1_024
WORKSPACE = "a-workspace-with-a-long-name"


def size(item: Item) -> int:
    """As AWS counts: names and values in UTF-8; a number about half a byte a digit and one more.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + _size(value) for name, value in item.items())


def _size(value: dict[str, object]) -> int:
    [(kind, inner)] = value.items()
    assert isinstance(inner, str | bytes)
    if kind == "N":
        return len(inner) // 2 + 2
    return len(inner.encode() if isinstance(inner, str) else inner)


def call(number: int, members: tuple[int, ...]) -> Call:
    return Call(numbered_id(number, "attempt"), NOON, NOON + 150_000, members)


def test_a_chunk_of_fifty_is_one_unit_at_every_stage() -> None:
    planned = replace(chunk(99_999_999), segments="b" * 50, domains="-" * 50, called_at=NOON)
    calling = begun(planned, call(1, tuple(range(50))), {}, domains=dict.fromkeys(range(50), "c"))
    doubtful = judged(calling, dict.fromkeys(range(50), "d"))
    later = replace(doubtful, fates="d" * 49 + "z", due_at=NOON, choices="b" * 50, tries=20)
    several = planned
    for number in range(3):
        by = replace(call(number, tuple(range(number, 50, 3))), transport="a-name-of-twenty-let")
        several = begun(several, by, {})
    for each in (planned, calling, doubtful, later, several):
        assert size(chunk_row(WORKSPACE, each).item()) <= UNIT


def test_a_messages_row_is_a_quarter_of_a_unit() -> None:
    assert size(message_item("main", message(1))) <= 260
    # what is kept of a letter: `compose/as_sent.py` packs what is longer
    assert size(message_item(WORKSPACE, message(1, kept='{"1":"' + "x" * (PLAIN - 8) + '"}'))) <= UNIT
    refused = message(1, state="failed", provider_id="", reason="x" * 500, transport="a-name-of-twenty-let")
    assert size(message_item(WORKSPACE, refused)) <= UNIT


PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)


def test_a_delivery_and_what_a_reader_does_are_one_unit() -> None:
    """Delivered as SES tells it, five opens and three clicks of one person."""
    answer = {"smtpResponse": "250 2.0.0 OK  1795521600 d2e1a72fcca58-7b2a3f1c5e9si1234567b3a.12 - gsmtp"}
    told = event(1, address="person1@example.com", provider_id="p" * 60, attempt=numbered_id(1), detail=answer)
    said = {"agent": PHONE, "method": "GET", "revision": "1"}
    opens = [event(1, "opened", id=numbered_id(n), at=NOON + 60_000 * n, detail=said) for n in range(1, 6)]
    clicks = [event(1, "clicked", id=numbered_id(n), at=NOON + 90_000 * n, detail=said, link=n) for n in range(6, 9)]
    assert size(feedback_item(WORKSPACE, feedback(told, *opens, *clicks))) <= UNIT


def test_feedback_comes_back_from_its_row() -> None:
    whole = feedback(
        event(1),
        event(1, "opened", id="o1", detail={"agent": PHONE}),
        event(1, "clicked", id="c1", link=3, at=NOON + 60_000, detail={"agent": "é", "révision": "2"}),
        event(1, "sent", id="x!y#z", attempt="a", address="é@example.com", provider_id="p", ends=True),
    )
    back = feedback_of(feedback_item("main", whole))
    assert (back, back.version) == (whole, 1)


def test_a_usual_contact_is_one_unit() -> None:
    assert size(contact_item(WORKSPACE, contact(1))) <= UNIT


calls = st.lists(
    st.builds(
        Call,
        attempt=st.integers(0, 9).map(lambda n: numbered_id(n, "attempt")),
        began_at=st.integers(0, 2**45),
        lease_until=st.integers(0, 2**46),
        members=st.sets(st.integers(0, 49), min_size=1).map(lambda members: tuple(sorted(members))),
        transport=st.sampled_from(["ses", "backup"]),
    ),
    max_size=4,
)


@given(st.integers(0, 50), st.integers(0, 99), st.integers(1, 10**6), st.integers(0, 99), calls, st.data())
def test_any_chunk_comes_back_from_its_row(
    people: int, number: int, version: int, tries: int, calls: list[Call], data: st.DataObject
) -> None:
    fates = data.draw(st.text("wcsfdhx" + "".join(SKIPS), min_size=people, max_size=people))
    plain = chunk(number, people)
    full = Chunk(
        plain.broadcast, plain.family, 3, number, plain.contacts, fates, version, calls=tuple(calls), tries=tries
    )
    full = replace(full, segments="a" * people, domains="b" * people, called_at=number)
    assert chunk_of(chunk_row("main", full).item()) == full
