from dataclasses import replace

import pytest

from chalicelib.model.chunk import SKIPS
from chalicelib.model.contact import Contact
from chalicelib.model.eligibility import skip_letter
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.preference import Preferences
from chalicelib.model.suppression import STRENGTH, Suppression
from tests.fakes.clock import NOON

ANN = Contact("0" * 16, "ann@example.com")
OFFERS = "c" * 16
ROW = Message(MessageKey(ANN.id, "f" * 16), "e" * 16, 1, "sent", "a" * 16, 0)


def preferring(**said):
    return replace(ANN, preferences=Preferences(**said))


def reason(contact=ANN, row=None, suppression=None, category=""):
    letter = skip_letter(contact, row, suppression, now=NOON, category=category)
    return None if letter is None else SKIPS[letter]


@pytest.mark.parametrize(
    ("expected", "given_", "why"),
    [
        (None, {}, "nothing stands in the way"),
        ("gone", {"contact": None}, "deleted since it was planned"),
        ("merged", {"contact": replace(ANN, merged_into="1" * 16)}, "its messages went with it"),
        ("already_sent", {"row": ROW}, "once for each family"),
        ("already_sent", {"row": replace(ROW, state="in_doubt")}, "it may have arrived"),
        (None, {"row": replace(ROW, state="failed")}, "nothing arrived"),
        ("no_consent", {"contact": replace(ANN, consent=False)}, "asked not to be mailed"),
        ("left_category", {"contact": preferring(left=frozenset({OFFERS})), "category": OFFERS}, "left this kind"),
        (None, {"contact": preferring(left=frozenset({OFFERS})), "category": "9" * 16}, "left another kind"),
        (None, {"contact": preferring(left=frozenset({OFFERS}))}, "an e-mail without a category"),
        ("paused", {"contact": preferring(paused_until=NOON + 1)}, "asked for quiet until then"),
        (None, {"contact": preferring(paused_until=NOON)}, "the pause is over"),
    ],
)
def test_who_is_left_out(expected, given_, why):
    assert reason(**given_) == expected, why


@pytest.mark.parametrize("why", STRENGTH)
def test_every_reason_of_a_suppression_has_its_own_letter(why):
    assert reason(suppression=Suppression("h" * 16, why, "source", 0)) == why
