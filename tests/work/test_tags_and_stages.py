"""The team's lists of tags and stages, and the contacts that carry them."""

import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.work import contacts, importing, stages, tags
from tests.fakes.faulty import counted, intercepted
from tests.fakes.world import fake_world


@pytest.fixture
def world():
    return fake_world()


def names(things):
    return [each.name for each in things]


def test_a_tag_is_made_described_and_taken_off_the_list(world):
    made = tags.create(world, " VIP ", "Spends\r\nmuch")
    assert (made.name, made.description, made.version) == ("VIP", "Spends\nmuch", 1)
    assert tags.update(world, "VIP", {"description": ""}, expected_version=1).version == 2
    with pytest.raises(Conflict):
        tags.update(world, "VIP", {"description": "late"}, expected_version=1)
    with pytest.raises(Conflict):
        tags.create(world, "VIP")
    tags.delete(world, "VIP")
    with pytest.raises(NotFound):
        tags.read(world, "VIP")


@pytest.mark.parametrize("name", ["", "x" * 51, "a|b", " a", "nobody"])
def test_a_tag_that_is_not_there(world, name):
    for verb in (tags.read, tags.delete, lambda world, who: tags.update(world, who, {})):
        with pytest.raises(NotFound):
            verb(world, name)


def test_a_contacts_tags_put_themselves_on_the_list(world):
    ann = contacts.create(world, "ann@example.com", tags=["new", "vip"])
    assert names(tags.page(world, 9, None)[0]) == ["new", "vip"]
    after = contacts.update(world, ann.id, {"add_tags": ["paying"], "remove_tags": ["new"]})
    assert after.tags == {"vip", "paying"}
    assert contacts.update(world, ann.id, {"tags": ["only"]}).tags == {"only"}
    assert names(tags.page(world, 9, None)[0]) == ["new", "only", "paying", "vip"]


def test_tags_that_are_known_cost_no_write_and_none_cost_no_read(world):
    contacts.create(world, "ann@example.com", tags=["vip"])
    calls = []
    contacts.create(intercepted(world, *counted(calls)), "ben@example.com", tags=["vip"])
    assert [(call.port, call.method) for call in calls if call.port in ("tags", "stages")] == [("tags", "read_many")]
    calls.clear()
    contacts.update(intercepted(world, *counted(calls)), "ben@example.com", {"points": 5})
    assert not [call for call in calls if call.port in ("tags", "stages")]


def test_points_are_set_and_added_to(world):
    ann = contacts.create(world, "ann@example.com", points=10)
    assert contacts.update(world, ann.id, {"add_points": -15}).points == -5
    assert contacts.update(world, ann.id, {"points": 1, "add_points": 2}).points == 3
    with pytest.raises(Invalid) as caught:
        contacts.update(world, ann.id, {"add_points": "5"})
    assert caught.value.field == "add_points"
    with pytest.raises(Invalid):
        contacts.update(world, ann.id, {"add_points": 1_000_000_000})


def test_points_added_at_once_are_all_counted(world):
    ann = contacts.create(world, "ann@example.com")
    left = [3]

    def meddle(call):
        if call.method == "update" and left[0]:
            left[0] -= 1
            contacts.update(world, ann.id, {"add_points": 1})

    assert contacts.update(intercepted(world, meddle), ann.id, {"add_points": 10}).points == 13


def test_stages_stand_in_the_order_of_their_weight(world):
    for name, weight in (("customer", 30), ("lead", 10), ("trial", None)):
        stages.create(world, name, weight=weight)
    assert names(stages.every(world)) == ["lead", "customer", "trial"]
    stages.update(world, "trial", {"weight": 20, "description": "14 days"})
    assert names(stages.every(world)) == ["lead", "trial", "customer"]
    contacts.create(world, "ann@example.com", stage="lost")
    assert names(stages.every(world))[-1] == "lost", "what a contact is put in comes behind the others"
    stages.delete(world, "lost")
    assert contacts.read(world, "ann@example.com").stage == "lost"


@pytest.mark.parametrize("given", [{"weight": -1}, {"weight": True}, {"weight": "5"}, {"name": "x"}])
def test_a_stage_that_cannot_be_so(world, given):
    stages.create(world, "lead")
    with pytest.raises(Invalid):
        stages.update(world, "lead", given)


def test_stages_page_by_page(world):
    for number in range(5):
        stages.create(world, f"stage {5 - number}", weight=number)
    first, cursor = stages.page(world, 3, None)
    rest, end = stages.page(world, 3, cursor)
    assert (names(first), names(rest), end) == (["stage 5", "stage 4", "stage 3"], ["stage 2", "stage 1"], None)


def test_there_is_room_for_so_many_stages(world, monkeypatch):
    monkeypatch.setattr(stages, "MAX_STAGES", 2)
    stages.create(world, "one")
    stages.create(world, "two")
    with pytest.raises(Conflict, match="2 stages"):
        stages.create(world, "three")
    assert contacts.create(world, "ann@example.com", stage="three").stage == "three"
    assert names(stages.every(world)) == ["one", "two"]


def test_an_import_brings_its_own(world):
    job = importing.start(world, b"email,tags,stage\nann@example.com,vip|new,lead\nben@example.com,vip,\n")
    importing.run(world, job.id)
    assert names(tags.page(world, 9, None)[0]) == ["new", "vip"]
    assert names(stages.every(world)) == ["lead"]
