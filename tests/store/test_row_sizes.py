"""A write unit is 1,024 bytes of names and values: what a broadcast writes for each recipient stays within one."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.chunk import SKIPS, Call, Chunk, begun, judged
from chalicelib.store.chunk_rows import chunk_of, chunk_row
from chalicelib.store.contact_rows import contact_row
from chalicelib.store.message_rows import fact_row, message_row
from chalicelib.store.row import Item
from tests.fakes.clock import NOON
from tests.fakes.world import numbered_id
from tests.store.things import chunk, contact, fact, message

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
    planned = chunk(99_999_999)
    calling = begun(planned, call(1, tuple(range(50))), {})
    doubtful = judged(calling, dict.fromkeys(range(50), "d"))
    several = planned
    for number in range(3):
        several = begun(several, call(number, tuple(range(number, 50, 3))), {})
    for each in (planned, calling, doubtful, several):
        assert size(chunk_row(WORKSPACE, each).item()) <= UNIT


def test_a_messages_row_is_a_quarter_of_a_unit() -> None:
    assert size(message_row("main", message(1)).item()) <= 260
    refused = message(1, state="failed", provider_id="", reason="x" * 500)
    assert size(message_row(WORKSPACE, refused).item()) <= UNIT


def test_a_fact_and_a_usual_contact_are_one_unit() -> None:
    assert size(fact_row(WORKSPACE, fact(1)).item()) <= UNIT
    assert size(contact_row(WORKSPACE, contact(1)).item()) <= UNIT


calls = st.lists(
    st.builds(
        Call,
        attempt=st.integers(0, 9).map(lambda n: numbered_id(n, "attempt")),
        began_at=st.integers(0, 2**45),
        lease_until=st.integers(0, 2**46),
        members=st.sets(st.integers(0, 49), min_size=1).map(lambda members: tuple(sorted(members))),
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
    assert chunk_of(chunk_row("main", full).item()) == full
