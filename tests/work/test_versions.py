"""The versions of an e-mail: kept when it is published, compared, brought back."""

from dataclasses import replace

import pytest

from chalicelib.model.actor import Actor
from chalicelib.model.errors import Conflict, NotFound
from chalicelib.work import emails, versions
from tests.fakes.world import fake_world

DRAFT = {
    "kind": "segment",
    "name": "Spring",
    "subject": "Hello",
    "from_address": "shop@example.com",
    "html": "<p>One</p>\n<p>{unsubscribe_text}</p>",
    "headers": {"X-One": "1"},
    "blocks": [
        {"name": "Offer", "html": "<p>All</p>", "variations": [{"filter": "country is FR", "html": "<p>F</p>"}]}
    ],
}


@pytest.fixture
def world():
    return replace(fake_world(), actor=Actor("member", "1", "Ann", "editor"))


@pytest.fixture
def email(world):
    email = emails.create(world, DRAFT)
    emails.publish(world, email.id)
    emails.update(world, email.id, {"html": "<p>Two</p>\n<p>{unsubscribe_text}</p>", "subject": "Hi", "name": "Other"})
    emails.publish(world, email.id)
    return emails.read(world, email.id)


def test_each_that_was_published_is_kept_with_who_did(world, email):
    found, _ = versions.page(world, email.id, 9, None)
    assert [(each.number, each.by, each.email.subject) for each in found] == [(2, "Ann", "Hi"), (1, "Ann", "Hello")]
    assert versions.read(world, email.id, 1).email.html.startswith("<p>One</p>")


def test_what_changed_is_told_by_field(world, email):
    changes = versions.changes(versions.read(world, email.id, 1).email, email)
    assert [each.field for each in changes] == ["name", "subject", "html"]
    assert [(each.kind, each.text) for each in changes[2].lines][:2] == [("out", "<p>One</p>"), ("in", "<p>Two</p>")]
    assert versions.changes(email, email) == []


def test_values_that_are_no_text_are_compared_as_texts(email):
    other = replace(email, headers={"X-Two": "2"}, blocks=(), segments=("a",), inline_css=True)
    assert {each.field for each in versions.changes(email, other)} == {"headers", "blocks", "segments", "inline_css"}


def test_a_version_is_brought_back_into_the_draft(world, email):
    after = versions.bring_back(world, email.id, 1, email.version)
    assert (after.subject, after.html.partition("\n")[0], after.name) == ("Hello", "<p>One</p>", "Other")
    assert (after.blocks, after.headers) == (email.blocks, email.headers)
    assert after.revision == 2, "what is published stays"
    with pytest.raises(Conflict):
        versions.bring_back(world, email.id, 1, email.version)


def test_what_is_not_there(world, email):
    with pytest.raises(NotFound):
        versions.read(world, email.id, 3)
    with pytest.raises(NotFound):
        versions.page(world, "0000000000000000", 9, None)
