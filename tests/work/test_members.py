"""The last admin stays, whoever asks and in whatever order."""

from contextlib import suppress
from dataclasses import replace
from itertools import permutations

import pytest

from chalicelib.model.actor import Actor
from chalicelib.model.errors import Conflict, Fault, Forbidden
from chalicelib.work import api_keys, members
from chalicelib.work.permitting import acting
from tests.fakes.world import fake_world

SETTING = Actor("setting", "abc", "Key abc of the settings")


@pytest.fixture
def world():
    return replace(fake_world(), actor=SETTING)


def member(world, name, role="admin"):
    return members.create(world, {"address": f"{name}@example.com", "name": name, "role": role})


def by(world, one):
    return acting(world, members.actor_of(one))


def by_key(world, key):
    return acting(world, api_keys.actor_of(key))


def remove(world, one):
    members.delete(world, one.id)


def lower(world, one):
    members.update(world, one.id, {"role": "viewer"})


DEEDS = pytest.mark.parametrize("deed", [remove, lower])


def admins(world):
    return [each.name for each in members.page(world, 100, None)[0] if each.role == "admin"]


@DEEDS
def test_the_last_admin_stays_whatever_key_asks(world, deed):
    ann, _ = member(world, "ann"), member(world, "bob", "sender")
    key, _ = api_keys.create(world, "Robot", "admin")
    for asking in (world, by_key(world, key)):
        with pytest.raises(Conflict) as caught:
            deed(asking, ann)
        assert (caught.value.message, caught.value.hint) == (
            "ann is the last admin.",
            "Make another member an admin first.",
        )
    member(world, "cid")
    deed(world, ann)
    assert admins(world) == ["cid"]


@DEEDS
def test_whoever_is_no_admin_comes_and_goes(world, deed):
    bob = member(world, "bob", "sender")
    deed(world, bob)
    assert admins(world) == []


def test_a_name_is_free_to_change(world):
    ann = member(world, "ann")
    assert members.update(world, ann.id, {"name": "Anna", "role": "admin"}).name == "Anna"


class Between:
    """A shelf on which something happens between the reading and the writing."""

    def __init__(self, shelf, happens):
        self._shelf, self._happens = shelf, happens

    def __getattr__(self, name):
        if name in ("update", "delete") and (happens := self._happens):
            self._happens = None
            happens()
        return getattr(self._shelf, name)


@pytest.mark.parametrize("second", [remove, lower])
@pytest.mark.parametrize("first", [remove, lower])
def test_of_two_admins_who_turn_on_each_other_one_stays(world, first, second):
    ann, bob = member(world, "ann"), member(world, "bob")
    quicker = Between(world.members, lambda: second(by(world, bob), ann))
    with pytest.raises(Conflict):
        first(by(replace(world, members=quicker), ann), bob)
    assert admins(world) == ["bob"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_of_three_in_a_ring_one_stays(world, order):
    ring = [member(world, name) for name in ("ann", "bob", "cid")]
    pairs = [(ring[n], ring[(n + 1) % 3]) for n in order]
    asking = [(by(world, one), other) for one, other in pairs]

    def all_in_turn(rest):
        if rest:
            (here, other), *later = rest
            nested = replace(here, members=Between(here.members, lambda: all_in_turn(later)))
            with suppress(Fault):
                remove(nested, other)

    all_in_turn(asking)
    assert admins(world)


def test_one_who_was_lowered_meanwhile_removes_nobody(world):
    ann, bob = member(world, "ann"), member(world, "bob")
    member(world, "cid")
    before = by(world, ann)
    lower(by(world, bob), ann)
    with pytest.raises(Forbidden):
        remove(before, bob)
    assert admins(world) == ["bob", "cid"]


def test_one_who_came_back_as_another_is_no_admin_to_lean_on(world):
    """The same id and version, and yet another member."""
    ann, bob = member(world, "ann"), member(world, "bob")

    def swapped():
        remove(by(world, bob), ann)
        member(world, "ann", "viewer")

    with pytest.raises(Conflict):
        remove(by(replace(world, members=Between(world.members, swapped)), ann), bob)
    assert admins(world) == ["bob"]


class TestKeys:
    def test_the_last_key_stays_where_no_member_is_an_admin(self, world):
        key, _ = api_keys.create(world, "Robot", "admin")
        with pytest.raises(Conflict) as caught:
            api_keys.delete(by_key(world, key), key.id)
        assert caught.value.message == "Robot is the last key of an admin, and no member is one."
        member(world, "ann")
        api_keys.delete(by_key(world, key), key.id)
        assert api_keys.page(world, 9, None) == ([], None)

    def test_of_two_that_delete_each_other_one_stays(self, world):
        one, other = (api_keys.create(world, name, "admin")[0] for name in ("One", "Other"))
        quicker = Between(world.api_keys, lambda: api_keys.delete(by_key(world, other), one.id))
        with pytest.raises(Conflict):
            api_keys.delete(by_key(replace(world, api_keys=quicker), one), other.id)
        assert api_keys.page(world, 9, None) == ([other], None)

    def test_of_two_that_delete_themselves_one_stays(self, world):
        one, other = (api_keys.create(world, name, "admin")[0] for name in ("One", "Other"))
        quicker = Between(world.api_keys, lambda: api_keys.delete(by_key(world, other), other.id))
        with pytest.raises(Conflict):
            api_keys.delete(by_key(replace(world, api_keys=quicker), one), one.id)
        assert api_keys.page(world, 9, None) == ([one], None)

    def test_a_key_of_the_settings_revokes_any(self, world):
        key, _ = api_keys.create(world, "Robot", "admin")
        api_keys.delete(world, key.id)
        assert api_keys.page(world, 9, None) == ([], None)

    def test_a_key_that_is_no_admin_goes(self, world):
        boss, _ = api_keys.create(world, "Boss", "admin")
        robot, _ = api_keys.create(world, "Robot", "viewer")
        api_keys.delete(by_key(world, boss), robot.id)
        assert api_keys.page(world, 9, None) == ([boss], None)
