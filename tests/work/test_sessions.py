from dataclasses import replace

import pytest

from chalicelib.compose.letter import letter
from chalicelib.model.actor import SYSTEM, Actor
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.token import CHANGE, Signer
from chalicelib.work import api_keys, members, sessions, signing_in, workspaces
from chalicelib.work.built_in_letters import Words
from chalicelib.work.permitting import acting
from tests.fakes.clock import Clock
from tests.fakes.tables import Tables
from tests.fakes.world import SIGNER, fake_world

WORDS = Words("en", "Sign in", ("Here you are.",), "Sign in", ("Ignore it otherwise.",))


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def world(clock, tables):
    return fake_world(clock=clock, tables=tables)


@pytest.fixture
def ann(world):
    return members.create(world, {"address": "Ann@Example.com", "name": "Ann", "role": "editor"})


def test_a_link_signs_in_once(world, ann):
    token = sessions.link(world, ann)
    session = sessions.enter(world, token).session
    assert sessions.signed(world, sessions.cookie(world, session), {}).actor == Actor("member", ann.id, "Ann", "editor")
    assert sessions.enter(world, token) is None


def test_a_link_that_came_too_late(world, clock, ann):
    token = sessions.link(world, ann)
    clock.at += sessions.LINK_MS
    assert sessions.enter(world, token) is None


def test_a_sessions_cookie_is_no_link_and_a_link_no_cookie(world, ann):
    token = sessions.link(world, ann)
    assert sessions.signed(world, token, {}) is None
    session = sessions.enter(world, token).session
    assert sessions.enter(world, sessions.cookie(world, session)) is None


def test_a_cookie_of_another_key_or_workspace(world, ann):
    session = sessions.begin(world, members.actor_of(ann))
    for signer in (Signer("other", SIGNER.keys, SIGNER.hash_key), Signer("main", {1: b"x" * 32}, SIGNER.hash_key)):
        assert sessions.signed(world, sessions.cookie(replace(world, signer=signer), session), {}) is None


def test_a_session_ends_by_itself_and_by_signing_out(world, clock, ann):
    one, other = (sessions.begin(world, members.actor_of(ann)) for _ in range(2))
    sessions.sign_out(world, one)
    assert sessions.signed(world, sessions.cookie(world, one), {}) is None
    assert sessions.signed(world, sessions.cookie(world, other), {})
    clock.at += sessions.SESSION_MS
    assert sessions.signed(world, sessions.cookie(world, other), {}) is None


def test_the_role_is_the_one_of_now_and_nobody_stays_in_who_left(world, ann):
    cookie = sessions.cookie(world, sessions.begin(world, members.actor_of(ann)))
    members.update(world, ann.id, {"role": "viewer"})
    assert sessions.signed(world, cookie, {}).actor.role == "viewer"
    members.delete(world, ann.id)
    assert sessions.signed(world, cookie, {}) is None


def test_whoever_was_removed_and_made_anew_signs_in_anew(world, clock, ann):
    token, cookie = sessions.link(world, ann), sessions.cookie(world, sessions.begin(world, members.actor_of(ann)))
    clock.at += 1_000
    members.delete(world, ann.id)
    again = members.create(world, {"address": ann.address})
    assert again.id == ann.id
    assert sessions.signed(world, cookie, {}) is None
    assert sessions.enter(world, token) is None
    assert sessions.enter(world, sessions.link(world, again))


def test_keys_sign_in_as_long_as_they_are_there(world):
    key, text = api_keys.create(world, "Robot", "sender")
    actor = api_keys.known(world, text)
    cookie = sessions.cookie(world, sessions.begin(world, actor))
    assert sessions.signed(world, cookie, {}).actor == Actor("key", key.id, "Robot", "sender")
    api_keys.delete(world, key.id)
    assert sessions.signed(world, cookie, {}) is None
    setting = Actor("setting", "ab", "Key ab")
    cookie = sessions.cookie(world, sessions.begin(world, setting))
    assert sessions.signed(world, cookie, {"ab": setting}).actor == setting
    assert sessions.signed(world, cookie, {}) is None


def test_only_the_digest_of_a_key_is_kept(world, tables):
    _, text = api_keys.create(world, "Robot", "viewer")
    assert text not in repr(tables.shelves["api_keys"])
    for other in (text[:-1] + ("A" if text[-1] != "A" else "B"), text[:-1], "", "envoi_x"):
        assert api_keys.known(world, other) is None


def test_what_proves_a_change_is_of_one_session(world, ann):
    mine, other = (sessions.begin(world, members.actor_of(ann)) for _ in range(2))
    token = sessions.change_token(world, mine)
    assert token != sessions.change_token(world, mine)
    assert sessions.is_change_token(world, mine, token)
    assert not sessions.is_change_token(world, other, token)
    assert not sessions.is_change_token(world, mine, sessions.cookie(world, mine))
    assert not sessions.is_change_token(world, mine, SIGNER.note(CHANGE, b"short"))


def test_one_member_an_address(world, ann):
    assert ann.address == "ann@example.com"
    with pytest.raises(Conflict, match="is a member already"):
        members.create(world, {"address": " ann@example.COM "})
    with pytest.raises(Invalid, match="role: 'owner' cannot be taken"):
        members.create(world, {"address": "bob@example.com", "role": "owner"})


def test_nobody_takes_their_own_role_away(world):
    admin = members.create(world, {"address": "bob@example.com", "role": "admin"})
    own = acting(world, members.actor_of(admin))
    with pytest.raises(Conflict):
        members.update(own, admin.id, {"role": "viewer"})
    with pytest.raises(Conflict):
        members.delete(own, admin.id)
    assert members.update(own, admin.id, {"name": "Bob"}).name == "Bob"


def asked(world, address):
    """Asks, and lets the queue's message come twice."""
    signing_in.ask(world, address, "en")
    for hint in world.hints.drain(doubled=True):
        member, _language, ask, at, _to = hint.args
        signing_in.write(world, member, ask, at, WORDS)


def test_the_letter_has_a_link_that_signs_in(world, ann):
    workspaces.update(world, {"from_address": "team@bakery.example", "name": "Bakery"})
    asked(world, "ann@example.com")
    [sent] = world.transports.first.accepted
    seen = letter(sent.revision, sent.envelope)
    assert (seen.to, seen.subject) == ("ann@example.com", "Sign in")
    place = f"{world.base_url}/console/sign-in/"
    token = seen.text.partition(place)[2].split()[0]
    assert f'href="{place}{token}"' in seen.html
    assert sessions.enter(world, token).actor.id == ann.id


@pytest.mark.usefixtures("ann")
def test_strangers_get_no_letter_and_members_not_too_many(world, clock):
    asked(world, "ann@example.com")
    assert world.transports.first.accepted == [], "nobody to write in the name of"
    workspaces.update(world, {"from_address": "team@bakery.example"})
    for address in ("bob@example.com", "no address", ""):
        asked(world, address)
    assert world.transports.first.accepted == []
    for _ in range(9):
        asked(world, "ann@example.com")
    assert len(world.transports.first.accepted) == sessions.MOST_LETTERS
    clock.at += sessions.HOUR_MS
    asked(world, "ann@example.com")
    assert len(world.transports.first.accepted) == sessions.MOST_LETTERS + 1
    assert world.actor == SYSTEM


@pytest.mark.usefixtures("ann")
def test_a_letter_whose_link_would_be_over_is_not_written(world, clock):
    workspaces.update(world, {"from_address": "team@bakery.example"})
    signing_in.ask(world, "ann@example.com", "en")
    [hint] = world.hints.drain()
    clock.at += sessions.LINK_MS + 1
    member, _language, ask, at, _to = hint.args
    signing_in.write(world, member, ask, at, WORDS)
    assert world.transports.first.accepted == []


def test_the_queue_tells_a_member_from_a_stranger_by_nothing(world, ann):
    """The same one write, and no address in it."""
    for address in (ann.address, "bob@example.com"):
        signing_in.ask(world, address, "fr")
    one, other = world.hints.drain()
    assert one.args[0] == ann.id
    assert (len(one.args[0]), one.args[1], one.args[3]) == (len(other.args[0]), other.args[1], other.args[3])
