import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.work import belonging, contacts, segments
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

PRO = {"field": "plan", "operator": "=", "value": "pro"}


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def world(tables):
    return fake_world(tables=tables)


def test_a_list_has_a_size_and_a_filter_has_none(world):
    assert segments.create(world, " Newsletter ").size == 0
    live = segments.create(world, "Pros", {"all": [PRO]})
    assert (live.size, live.filter) == (None, {"all": [PRO]})
    assert segments.read(world, live.id) == live


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\nb", None, 5])
def test_a_name_is_needed(world, name):
    with pytest.raises(Invalid) as caught:
        segments.create(world, name)
    assert caught.value.field == "name"


def test_a_broken_filter_names_its_place(world):
    with pytest.raises(Invalid) as caught:
        segments.create(world, "Pros", {"all": [PRO, PRO | {"operator": "~"}]})
    assert caught.value.field == "filter.all[1].operator"


def test_a_filter_names_segments_that_there_are(world):
    customers = segments.create(world, "Customers")
    live = segments.create(world, "Pros", PRO)
    inside = {"field": "segment", "operator": "in", "value": [customers.id, live.id]}
    assert segments.create(world, "Inside", inside).filter == inside
    with pytest.raises(Invalid, match="that there is"):
        segments.create(world, "Wrong", {"not": inside | {"value": [customers.id, numbered_id(99)]}})


def test_an_update_keeps_the_kind_and_the_size(world):
    ann, news = contacts.create(world, "ann@example.com"), segments.create(world, "News")
    belonging.put_member(world, news.id, ann.id)
    assert segments.update(world, news.id, {"name": "Letters"}).name == "Letters"
    assert segments.read(world, news.id).size == 1
    with pytest.raises(Invalid):
        segments.update(world, news.id, {"filter": PRO})
    live = segments.create(world, "Pros", PRO)
    with pytest.raises(Invalid):
        segments.update(world, live.id, {"filter": None})
    assert segments.update(world, live.id, {"filter": {"not": PRO}}).version == 2
    with pytest.raises(Conflict):
        segments.update(world, live.id, {"name": "Late"}, expected_version=1)
    with pytest.raises(Invalid):
        segments.update(world, live.id, {"size": 3})


def test_an_update_that_changes_nothing_writes_nothing(world):
    news = segments.create(world, "News")
    assert segments.update(world, news.id, {"name": "News", "filter": None}).version == 1


def test_gone_is_gone(world):
    news = segments.create(world, "News")
    segments.delete(world, news.id)
    for verb in (segments.read, segments.delete):
        with pytest.raises(NotFound):
            verb(world, news.id)
