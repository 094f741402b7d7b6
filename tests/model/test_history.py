from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.contact import Contact, Edit
from chalicelib.model.history import MAX_NAMED, MAX_SHOWN, differences, edited
from chalicelib.model.preference import Preferences

ANN = Contact(
    "ann", "ann@example.com", {"plan": "free", "score": 1.5}, tags=frozenset({"new"}), lists=frozenset({"l1"})
)


def changed(**changes):
    return list(differences(ANN, replace(ANN, **changes)))


def test_what_is_named():
    assert changed() == []
    assert changed(fields={"plan": "pro", "vip": True}) == [
        ("fields.plan", "free", "pro"),
        ("fields.score", "1.5", ""),
        ("fields.vip", "", "true"),
    ]
    assert changed(points=-5, stage="lead", consent=False) == [
        ("consent", "true", "false"),
        ("points", "0", "-5"),
        ("stage", "", "lead"),
    ]
    assert changed(tags=frozenset({"a", "b"}), lists=frozenset({"l1", "l2"})) == [
        ("tags", "new", "a, b"),
        ("segments", "", "l2"),
    ]
    assert changed(absorbed=("old",)) == [("absorbed", "", "old")]
    assert changed(preferences=Preferences(frozenset({"c1"}), paused_until=5)) == [
        ("categories_left", "", "c1"),
        ("paused_until", "0", "5"),
    ]


def test_nothing_is_said_of_what_nobody_sees():
    assert changed(version=9, updated_at=9, imported=("x:1:created",), preferences=Preferences(wanted_at=(5,))) == []


def test_an_address_is_known_again_and_not_kept():
    assert changed(address="berta@example.org") == [("address", "a…@example.com", "b…@example.org")]


def test_edits_are_numbered_and_what_is_no_edit_changes_nothing():
    first = edited(ANN, replace(ANN, points=1), 5, "team")
    assert first.edit == Edit(1, 5, "team", (("points", "0", "1"),))
    second = edited(first, replace(first, points=2), 6, "person")
    assert (second.edit.number, second.edit.by) == (2, "person")
    assert edited(second, replace(second, version=9), 7, "team").edit == second.edit


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text(max_size=1_000), max_size=100))
def test_an_edit_is_small_whatever_was_changed(fields):
    edit = edited(Contact("ann", "a@example.com"), Contact("ann", "a@example.com", fields), 1, "team").edit
    assert edit is None or len(edit.what) <= MAX_NAMED + 1
    assert all(len(text) <= MAX_SHOWN + 1 for _, *texts in (edit.what if edit else ()) for text in texts)
