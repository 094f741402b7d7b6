"""Translations and variants that begin with what the original says."""

import pytest

from chalicelib.model.errors import Invalid
from chalicelib.work import emails, relatives
from tests.fakes.world import fake_world

BLOCK = {"name": "Offer", "html": "<p>All</p>", "variations": [{"filter": "country is FR", "html": "<p>F</p>"}]}
DRAFT = {
    "kind": "segment",
    "name": "Spring",
    "subject": "Hello",
    "from_address": "shop@example.com",
    "html": "<p>{unsubscribe_text}</p>",
    "language": "en",
    "utm": {"source": "mail"},
    "blocks": [BLOCK],
    "public_preview": True,
}


@pytest.fixture
def world():
    return fake_world()


@pytest.fixture
def email(world):
    return emails.create(world, DRAFT)


def test_a_translation(world, email):
    made = relatives.translate(world, email.id, "fr")
    assert (made.translation_of, made.family, made.language, made.name) == (email.id, email.id, "fr", "Spring (fr)")
    assert (made.html, made.blocks, made.utm) == (email.html, email.blocks, email.utm)
    assert (made.public_preview, made.revision) == (False, 0)
    with pytest.raises(Invalid):
        relatives.translate(world, email.id, "fr")
    with pytest.raises(Invalid):
        relatives.translate(world, email.id, "")


def test_variants_are_named_by_letters(world, email):
    emails.update(world, email.id, {"test": {"share": 20}})
    names = [relatives.vary(world, email.id, weight).name for weight in (30, 20)]
    assert names == ["Spring (B)", "Spring (C)"]
    assert [each.test for each in world.emails.family(email.id)] == [None, None]
    with pytest.raises(Invalid):
        relatives.vary(world, email.id, 51)
    with pytest.raises(Invalid):
        relatives.vary(world, email.id, None)
