from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.contact import MAX_FIELDS, Contact, Former
from chalicelib.model.merging import combined
from chalicelib.model.preference import Preferences
from chalicelib.model.tagging import MAX_TAGS

ANN = Contact(
    "ann", "ann@example.com", {"plan": "pro", "city": ""}, tags=frozenset({"a"}), points=5, stage="lead", created_at=50
)
OLD = Contact(
    "old",
    "old@example.com",
    {"plan": "free", "city": "Köln", "phone": "1"},
    consent=False,
    tags=frozenset({"b"}),
    points=3,
    stage="customer",
    owner_id="owner",
    company_id="company",
    created_at=20,
    preferences=Preferences(frozenset({"offers"}), most_per_week=2, paused_until=9),
    former=(Former("before", 30),),
    absorbed=("older",),
)


def test_ones_own_stands_and_the_others_fills_what_is_empty():
    after = combined(ANN, OLD, "old's hash", 100)
    assert (after.id, after.address, after.stage, after.points) == ("ann", "ann@example.com", "lead", 8)
    assert after.fields == {"plan": "pro", "city": "Köln", "phone": "1"}
    assert (after.tags, after.owner_id, after.company_id) == ({"a", "b"}, "owner", "company")
    assert after.created_at == 20
    assert after.former == (Former("old's hash", 100), Former("before", 30))
    assert (after.absorbed, after.settling) == (("old", "older"), {"old"})


def test_a_no_of_either_is_a_no():
    for stays, goes in ((ANN, OLD), (OLD, ANN)):
        after = combined(stays, goes, "hash", 100)
        assert not after.consent
        assert after.preferences == Preferences(frozenset({"offers"}), most_per_week=2, paused_until=9)


def test_taken_over_once_is_as_good_as_twice():
    once = combined(ANN, OLD, "hash", 100)
    assert combined(once, OLD, "hash", 200) is once


texts = st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), st.text(max_size=1_000), max_size=MAX_FIELDS)
tags = st.frozensets(st.from_regex(r"[a-z]{1,3}", fullmatch=True), max_size=MAX_TAGS)


@given(texts, texts, tags, tags)
def test_whatever_the_two_have_there_is_room_and_nothing_of_ones_own_is_lost(mine, theirs, my_tags, their_tags):
    stays, goes = Contact("a", "a@x.com", mine, tags=my_tags), Contact("b", "b@x.com", theirs, tags=their_tags)
    after = combined(stays, goes, "hash", 1)
    assert len(after.fields) <= MAX_FIELDS
    assert {alias: after.fields[alias] for alias, value in mine.items() if value}.items() <= mine.items()
    assert my_tags <= after.tags <= my_tags | their_tags
    assert len(after.tags) <= MAX_TAGS
