"""What is saved while somebody types."""

import pytest

from chalicelib.model.blocks import MAX_CONTENT
from chalicelib.model.email import MAX_HTML
from chalicelib.model.errors import Conflict, TooLarge
from chalicelib.work import emails
from chalicelib.work.autosaving import save
from chalicelib.work.drafting import MAX_BODIES
from tests.fakes.world import fake_world

DRAFT = {"kind": "segment", "name": "Spring", "subject": "Hello", "from_address": "shop@example.com"}


@pytest.fixture
def world():
    return fake_world()


@pytest.fixture
def email(world):
    return emails.create(world, DRAFT)


def test_all_that_can_be_kept_is_kept(world, email):
    saved = save(world, email.id, {"subject": "", "from_address": "x", "text": "Hello", "segments": ["none"]}, 1)
    assert saved.faults.keys() == {"subject", "from_address", "segments"}
    assert (saved.email.text, saved.email.subject, saved.email.version) == ("Hello", "Hello", 2)


def test_where_nothing_can_be_kept_nothing_is_written(world, email):
    saved = save(world, email.id, {"subject": ""}, 1)
    assert (saved.email.version, saved.faults.keys()) == (1, {"subject"})


def test_a_part_of_a_field_is_blamed_on_the_field(world, email):
    assert save(world, email.id, {"utm": {"source": 1}}, 1).faults.keys() == {"utm"}


def test_another_version_is_a_conflict(world, email):
    emails.update(world, email.id, {"subject": "Theirs"})
    with pytest.raises(Conflict):
        save(world, email.id, {"subject": "Mine"}, 1)


def test_what_no_single_field_is_to_blame_for_is_raised(world, email):
    blocks = [{"name": f"{n}", "html": "x" * MAX_CONTENT} for n in range((MAX_BODIES - MAX_HTML) // MAX_CONTENT)]
    emails.update(world, email.id, {"html": "x" * MAX_HTML, "blocks": blocks})
    with pytest.raises(TooLarge):
        save(world, email.id, {"text": "y" * 100}, 2)


@pytest.mark.parametrize(("first", "second"), [("html", "mjml"), ("mjml", "html")])
def test_of_html_and_mjml_the_second_waits(world, email, first, second):
    emails.update(world, email.id, {first: "<p>One</p>"})
    saved = save(world, email.id, {second: "<p>Two</p>", "subject": "Hi"}, 2)
    assert (saved.faults.keys(), saved.email.subject) == ({second}, "Hi")
    assert save(world, email.id, {first: "", second: "<p>Two</p>"}, 3).faults == {}
