import pytest

from chalicelib.model.errors import Invalid
from chalicelib.work import emails
from chalicelib.work.email_list import Wanted, find
from tests.fakes.clock import Clock
from tests.fakes.world import fake_world

DRAFT = {"kind": "segment", "subject": "Rye", "from_address": "team@example.com", "html": "<p>Hi</p>"}


@pytest.fixture
def world():
    clock = Clock()
    world = fake_world(clock=clock)
    for number, (name, kind) in enumerate((("Spring Été", "segment"), ("Receipt", "template"), ("Autumn", "segment"))):
        clock.at += 1_000
        made = emails.create(world, DRAFT | {"name": name, "kind": kind})
        if number == 0:
            emails.publish(world, made.id)
    return world


def names(world, **wanted):
    return [each.name for each in find(world, Wanted(**wanted), 10, None)[0]]


def test_the_last_changed_come_first(world):
    assert names(world) == ["Autumn", "Receipt", "Spring Été"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"words": "été SPRING"}, ["Spring Été"]),
        ({"words": "rye"}, ["Autumn", "Receipt", "Spring Été"]),
        ({"words": "rye bread"}, []),
        ({"kind": "template"}, ["Receipt"]),
        ({"standing": "published"}, ["Spring Été"]),
        ({"standing": "draft", "kind": "segment"}, ["Autumn"]),
    ],
)
def test_by_words_kind_and_state(world, wanted, found):
    assert names(world, **wanted) == found


def test_pages(world):
    first, cursor = find(world, Wanted(), 2, None)
    rest, end = find(world, Wanted(), 2, cursor)
    assert [each.name for each in (*first, *rest)] == ["Autumn", "Receipt", "Spring Été"]
    assert end is None


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 9, "\N{SUPERSCRIPT TWO}"])
def test_a_cursor_of_nobodys(world, cursor):
    with pytest.raises(Invalid):
        find(world, Wanted(), 2, cursor)
