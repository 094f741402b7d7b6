"""The web version: the same letter, whenever it is looked at."""

import pytest

from chalicelib.compose.letter import letter, web_page
from chalicelib.compose.untracked import for_contact
from chalicelib.work import contacts, emails, messaging
from chalicelib.work.viewing import web_version_of
from tests.fakes.clock import Clock
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
    page = web_version_of(world, world.signer.read(copy.envelope.token), copy.envelope.token)
    assert "&lt;1&gt; 2025-11-25 12:00 happy birthday" in page
    assert page == web_page(sent, copy.envelope.values)
    assert "2025-11-25 12:00 happy birthday" in letter(sent, copy.envelope).html
