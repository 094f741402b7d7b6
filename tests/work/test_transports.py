"""Transports that a person sets up in the console: nothing goes out by one before it was tried."""

import pytest

from chalicelib.model.errors import Invalid
from chalicelib.work import transports
from tests.fakes.world import fake_world


@pytest.fixture
def world():
    return fake_world()


def sending(world):
    return [each.id for each in world.transports.setups() if each.active]


def test_ses_goes_on_beside_the_first_that_is_prepared(world):
    made = transports.prepare(world, "relay", "smtp", {"settings": {"host": "smtp.example.com"}})
    assert (made.active, made.position, sending(world)) == (False, 2, ["ses"])


def test_what_was_set_up_stays_as_it_was(world):
    transports.create(world, "grid", "sendgrid", {})
    transports.prepare(world, "relay", "smtp", {"settings": {"host": "smtp.example.com"}})
    assert sending(world) == ["grid"]


def test_ses_itself_sends_at_once_as_it_did(world):
    assert transports.prepare(world, "amazon", "ses", {}).active
    assert sending(world) == ["amazon"]


def test_ses_goes_on_where_the_other_cannot_be_taken(world):
    with pytest.raises(Invalid):
        transports.prepare(world, "relay", "pigeon", {})
    assert sending(world) == ["ses"]
