"""The tokens that the picker offers: all of them can be published where they are offered."""

import pytest

from chalicelib.work import assets, definitions, emails
from chalicelib.work.offered_tokens import offered
from tests.fakes.world import fake_world

DRAFT = {"kind": "segment", "name": "Spring", "subject": "Hello", "from_address": "shop@example.com"}
BLOCK = {"name": "Offer", "html": "<p>All</p>", "variations": []}


@pytest.fixture
def world():
    world = fake_world()
    definitions.create(world, "plan", {"label": "Plan"})
    definitions.create(world, "old", {"label": "Old"})
    definitions.update(world, "old", {"retired": True})
    assets.create(world, "terms.pdf", b"%PDF-1.7")
    return world


@pytest.fixture
def email(world):
    return emails.create(world, DRAFT | {"blocks": [BLOCK]})


def test_fields_blocks_and_files_of_the_team_are_among_them(world, email):
    labels = {each.token.partition("=")[0]: each.label for each in offered(world, email) if each.label}
    assert labels == {"contactfield": "Plan", "dynamiccontent": "Offer", "assetlink": "terms.pdf"}


def test_each_stands_in_a_body(world, email):
    tokens = " ".join(f"{{{each.token}}}" for each in offered(world, email))
    emails.update(world, email.id, {"html": f"<p>{tokens}</p>", "text": tokens.replace("{tracking_pixel}", "")})
    assert emails.publish(world, email.id).email.revision == 1


def test_those_that_are_not_bodily_stand_in_a_subject(world, email):
    emails.update(world, email.id, {"html": "<p>{unsubscribe_text}</p>"})
    for each in offered(world, email):
        if not each.bodily:
            emails.update(world, email.id, {"subject": f"{{{each.token}}}", "preheader": f"{{{each.token}}}"})
            emails.publish(world, email.id)
