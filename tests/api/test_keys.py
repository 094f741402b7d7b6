import hashlib

import pytest

from chalicelib.api.answers import Unauthorized
from chalicelib.api.keys import authorised, setting_actors
from chalicelib.model.actor import Actor
from chalicelib.work import api_keys
from tests.fakes.world import fake_world

DIGESTS = (hashlib.sha256(b"first").hexdigest(), hashlib.sha256(b"second").hexdigest().upper())


@pytest.mark.parametrize("header", ["Bearer first", "bearer first", "Bearer  second ", " BEARER second"])
def test_a_key_of_the_settings_may_all(header):
    actor = authorised(header, DIGESTS, nobody)
    assert (actor.kind, actor.role) == ("setting", "admin")
    assert setting_actors(DIGESTS)[actor.id] == actor


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("", "none"),
        ("Bearer", "no key"),
        ("Bearer ", "an empty key"),
        ("Basic first", "another scheme"),
        ("first", "no scheme"),
        ("Bearer third", "an unknown key"),
        (f"Bearer {DIGESTS[0]}", "the digest is no key"),
        ("Bearer f\udcffrst", "what is no text"),
    ],
)
def test_all_else_may_not(header, why):
    with pytest.raises(Unauthorized) as fault:
        authorised(header, DIGESTS, fake_world)
    assert "Authorization: Bearer KEY" in fault.value.hint, why


def test_without_keys_nobody_may():
    with pytest.raises(Unauthorized):
        authorised("Bearer first", (), fake_world)


def test_a_key_that_the_team_made_has_its_own_role():
    world = fake_world()
    key, text = api_keys.create(world, "Robot", "viewer")
    assert authorised(f"Bearer {text}", DIGESTS, lambda: world) == Actor("key", key.id, "Robot", "viewer")


def nobody():
    raise AssertionError("the settings know this key: no store is asked")
