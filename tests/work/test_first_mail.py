import pytest

from chalicelib.model.errors import Conflict, Invalid
from chalicelib.work import contacts, first_mail, pending, workspaces
from tests.fakes.world import fake_world


@pytest.fixture
def world():
    made = fake_world()
    workspaces.update(made, {"from_address": "team@bakery.example", "name": "Bakery", "address": "1 Road"})
    return made


def test_a_list_of_one_and_a_letter_to_it(world):
    segment = first_mail.audience(world, "Ann@Example.com ", "My first list")
    email = first_mail.letter(world, segment, "Hello", "Dear {contactfield=firstname|friend},\n\nthis is\nmine.\n\n\n")
    assert (email.revision, email.segments, email.from_address) == (1, (segment,), "team@bakery.example")
    assert "this is mine." in email.html
    assert "unsubscribe" in email.html
    assert pending.of_email(world, email.id) == {"pending": 1, "exact": True}


def test_whoever_is_a_contact_already_is_the_one(world):
    known = contacts.create(world, "ann@example.com")
    segment = first_mail.audience(world, "ann@example.com", "My first list")
    assert world.segments.members(segment, "", 9) == [known.id]


@pytest.mark.parametrize(
    ("subject", "text", "field"), [("", "words", "subject"), ("x" * 201, "words", "subject"), ("Hi", "  \n\n ", "text")]
)
def test_what_is_missing_is_named(world, subject, text, field):
    segment = first_mail.audience(world, "ann@example.com", "My first list")
    with pytest.raises(Invalid) as fault:
        first_mail.letter(world, segment, subject, text)
    assert fault.value.field == field


def test_an_address_that_is_none(world):
    with pytest.raises(Invalid):
        first_mail.audience(world, "nobody", "My first list")
    assert world.segments.page(9, None) == ([], None)


def test_without_a_sender():
    with pytest.raises(Conflict, match="no sender"):
        first_mail.letter(fake_world(), "0" * 16, "Hi", "words")
