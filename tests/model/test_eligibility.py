from dataclasses import replace

import pytest

from chalicelib.model.chunk import SKIPS
from chalicelib.model.contact import Contact
from chalicelib.model.eligibility import skip_letter
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.suppression import STRENGTH, Suppression

ANN = Contact("0" * 16, "ann@example.com")
ROW = Message(MessageKey(ANN.id, "f" * 16), "e" * 16, 1, "sent", "a" * 16, 0)


def reason(contact=ANN, row=None, suppression=None):
    letter = skip_letter(contact, row, suppression)
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
    ],
)
def test_who_is_left_out(expected, given_, why):
    assert reason(**given_) == expected, why


@pytest.mark.parametrize("why", STRENGTH)
def test_every_reason_of_a_suppression_has_its_own_letter(why):
    assert reason(suppression=Suppression("h" * 16, why, "source", 0)) == why
