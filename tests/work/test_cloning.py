from dataclasses import fields, replace

import pytest

from chalicelib.model.email import Email, SplitTest
from chalicelib.model.errors import Invalid, NotFound
from chalicelib.work import cloning, emails
from chalicelib.work.drafting import MAX_NAME
from tests.fakes.world import fake_world

LETTER = {
    "kind": "segment",
    "name": "News",
    "subject": "Hello",
    "preheader": "All that is new",
    "from_address": "a@example.com",
    "html": "<p>Hello</p>",
    "text": "Hello, as it was written",
    "headers": {"X-Team": "red"},
    "blocks": [{"name": "b", "html": "for all", "variations": []}],
    "public_preview": True,
}
# What a copy does not have of its original.
OWN = {
    "id": None,
    "family": None,
    "name": "News (copy)",
    "text": "",
    "public_preview": False,
    "translation_of": "",
    "variant_of": "",
    "weight": 0,
    "test": None,
    "edition_of": "",
    "revision": 0,
    "version": 1,
    "created_at": None,
    "updated_at": None,
    "published_at": None,
}


@pytest.fixture
def world():
    return fake_world()


@pytest.fixture
def letter(world):
    made = emails.publish(world, emails.create(world, LETTER).id).email
    return emails.update(world, made.id, {"test": {"share": 20}})


def test_a_copy_has_what_was_written_and_nothing_of_what_became_of_it(world, letter):
    copy = cloning.clone(world, letter.id)
    assert emails.read(world, copy.id) == copy
    assert (copy.id == copy.family, copy.id != letter.id) == (True, True)
    for each in fields(Email):
        if each.name not in OWN:
            assert getattr(copy, each.name) == getattr(letter, each.name), each.name
        elif OWN[each.name] is not None:
            assert getattr(copy, each.name) == OWN[each.name], each.name
    assert (letter.test, emails.read(world, letter.id)) == (SplitTest(20), letter), "the other stays as it is"


@pytest.mark.parametrize("given", [{"variant_of": "ROOT", "weight": 30}, {"translation_of": "ROOT", "language": "fr"}])
def test_a_copy_of_a_member_stands_alone(world, letter, given):
    joining = {
        key: value.replace("ROOT", letter.id) if isinstance(value, str) else value for key, value in given.items()
    }
    copy = cloning.clone(world, emails.create(world, LETTER | joining).id)
    assert (copy.family, copy.variant_of, copy.translation_of, copy.weight) == (copy.id, "", "", 0)
    assert world.emails.family(letter.id) != [], "the original is in its family still"
    assert emails.publish(world, copy.id).email.revision == 1


def test_a_letter_of_text_alone_keeps_its_text(world):
    plain = emails.create(world, LETTER | {"html": ""})
    assert cloning.clone(world, plain.id).text == LETTER["text"]


def test_the_name_is_given_or_marked(world, letter):
    assert cloning.clone(world, letter.id, " June ").name == "June"
    longest = emails.update(world, letter.id, {"name": "n" * MAX_NAME})
    assert cloning.clone(world, longest.id).name == "n" * (MAX_NAME - 7) + " (copy)"
    for name in ("", " ", "a\nb", "x" * (MAX_NAME + 1)):
        with pytest.raises(Invalid, match="name"):
            cloning.clone(world, letter.id, name)


def test_what_is_not_there_or_taken_is_told(world, letter):
    with pytest.raises(NotFound):
        cloning.clone(world, "0" * 16)
    gone = replace(letter, segments=("0" * 16,), version=letter.version + 1)
    assert world.emails.update(gone, letter.version)
    assert cloning.clone(world, letter.id).segments == gone.segments, "publishing and broadcasting say what is gone"
