"""The web version: the same letter, whenever it is looked at."""

from dataclasses import replace

import pytest

from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.untracked import for_contact
from chalicelib.work import belonging, broadcasting, contacts, delivering, emails, messaging, planning, segments
from chalicelib.work.viewing import web_version_of
from tests.fakes.clock import Clock
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world

DAY = 86_400_000
HTML = """<html lang="en"><head><title>x</title></head>
<body>{code} {today|Y-m-d H:i} {dynamiccontent="Day"}</body></html>"""
RULE = {"field": "born", "operator": "=", "value": "birthday"}
LETTER = {
    "kind": "template",
    "name": "A code",
    "subject": "Hello",
    "from_address": "team@example.com",
    "html": HTML,
    "blocks": [{"name": "Day", "html": "not yet", "variations": [{"filter": RULE, "html": "happy birthday"}]}],
}


@pytest.mark.parametrize("tracking", [True, False])
def test_it_is_of_the_moment_of_sending(tracking):
    clock = Clock()
    world = fake_world(clock=clock)
    ann = contacts.create(world, "ann@example.com", {"born": "1985-11-25"})
    contacts.update(world, ann.id, {"tracking": tracking})
    email = emails.publish(world, emails.create(world, LETTER).id).email
    messaging.send(world, email.id, ann.id, {"code": "<1>"}, "immediate")
    [copy] = world.transports.first.accepted
    sent = for_contact(copy.revision, tracking=tracking)
    clock.at += 40 * DAY
    page = web_version_of(world, world.signer.read(copy.envelope.token), copy.envelope.token).html
    assert "&lt;1&gt; 2025-11-25 12:00 happy birthday" in page
    assert page == web_page(sent, copy.envelope.values)
    assert "2025-11-25 12:00 happy birthday" in letter(sent, copy.envelope).html


def broadcast_to(world, ann, **draft):
    segment = segments.create(world, "All", None)
    belonging.put_member(world, segment.id, ann.id)
    given = {"kind": "segment", "segments": [segment.id]} | draft
    email = emails.publish(world, emails.create(world, LETTER | given).id).email
    broadcast = broadcasting.create(world, email.id, None, None, None, skip_preflight=True)
    planning.plan(world, broadcast.id, 0)
    delivering.deliver(world, broadcast.id, 0, 0)
    [copy] = world.transports.first.accepted
    return copy


def view_of(world, copy):
    return web_version_of(world, world.signer.read(copy.envelope.token), copy.envelope.token)


NAMED = {
    "html": '<p>{contactfield=firstname|friend} <a href="https://example.org/{contactfield=city}">x</a></p>',
    "blocks": [],
}


@pytest.mark.parametrize("tracking", [True, False])
def test_it_is_the_letter_as_it_was_sent_whatever_the_contact_is_by_now(tracking):
    world = fake_world()
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann", "city": "Paris"})
    contacts.update(world, ann.id, {"tracking": tracking})
    copy = broadcast_to(world, ann, **NAMED)
    contacts.update(world, ann.id, {"fields": {"firstname": "Anna", "city": "Lyon"}, "tracking": not tracking})
    view = view_of(world, copy)
    assert "Ann " in view.html
    assert "Paris" in view.html
    assert view.html == web_page(for_contact(copy.revision, tracking=tracking), copy.envelope.values)


def test_a_template_e_mail_too():
    world = fake_world()
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann"})
    email = emails.publish(world, emails.create(world, LETTER | NAMED).id).email
    messaging.send(world, email.id, ann.id, {}, "immediate")
    contacts.update(world, ann.id, {"fields": {"firstname": "Anna"}})
    [copy] = world.transports.first.accepted
    assert view_of(world, copy).html == web_page(copy.revision, copy.envelope.values)


def test_a_letter_from_before_letters_were_kept_is_made_for_the_contact_of_now():
    world = fake_world(tables=(tables := Tables()))
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann"})
    copy = broadcast_to(world, ann, **NAMED)
    for key, row in tables.messages.items():
        tables.messages[key] = replace(row, kept="")
    contacts.update(world, ann.id, {"fields": {"firstname": "Anna"}})
    assert "Anna" in view_of(world, copy).html


def test_whoever_got_another_letter_of_the_family_since_sees_what_their_link_is_of():
    world = fake_world(tables=(tables := Tables()))
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann"})
    copy = broadcast_to(world, ann, **NAMED)
    for key, row in tables.messages.items():
        tables.messages[key] = replace(row, revision=2, kept='{"0":"another letter","t":true}')
    assert "Ann" in view_of(world, copy).html


def test_once_the_contact_is_gone_it_is_the_letter_without_anything_personal():
    world = fake_world()
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann", "city": "Paris"})
    copy = broadcast_to(world, ann, **NAMED)
    assert view_of(world, copy).counts
    contacts.delete(world, ann.id)
    view = view_of(world, copy)
    assert "friend" in view.html
    assert not {"Ann", "Paris", ann.address} & set(view.html.replace("/", " ").replace(">", " ").split())
    assert "/c/" not in view.html, "nobody is there to be told apart"
    assert not view.counts


def test_what_was_sent_along_is_gone_with_the_contact():
    world = fake_world()
    ann = contacts.create(world, "ann@example.com", {"born": "1985-11-25"})
    email = emails.publish(world, emails.create(world, LETTER).id).email
    messaging.send(world, email.id, ann.id, {"code": "4711"}, "immediate")
    [copy] = world.transports.first.accepted
    assert "4711" in view_of(world, copy).html
    contacts.delete(world, ann.id)
    html = view_of(world, copy).html
    assert "4711" not in html
    assert "{code}" not in html
    assert "not yet" in html, "the block's content for everybody else"


@pytest.mark.parametrize("tracking", [True, False])
def test_reading_it_counts_for_whoever_lets_it_be_counted(tracking):
    world = fake_world()
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann"})
    copy = broadcast_to(world, ann, **NAMED)
    contacts.update(world, ann.id, {"tracking": tracking})
    assert view_of(world, copy).counts == tracking
