from dataclasses import replace

import pytest
from hypothesis import given

from chalicelib.compose.compile import compiled
from chalicelib.compose.revision import Program, Revision
from chalicelib.compose.stationery import Stationery
from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.chunk import planned_chunk
from chalicelib.model.email import Email
from chalicelib.model.errors import NotFound
from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.work.recording import record
from chalicelib.work.stats import of_email
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id
from tests.work.test_recording import stories

NOON = 1_795_521_600_000
EMAIL = Email(numbered_id(1, "email"), "segment", "News", "Hello", "team@example.com", numbered_id(1), revision=2)
REVISION = Revision(
    email=EMAIL.id,
    number=2,
    family=EMAIL.family,
    kind="segment",
    from_address="team@example.com",
    reply_to="",
    program=Program((), (), (), ("x",), ()),
    links=("https://example.com/a", "https://example.com/new", "https://example.com/c"),
    base_url="https://mail.example.com",
)


@pytest.fixture
def tables():
    links = ("https://example.com/a", "https://example.com/old")
    return Tables(
        emails={EMAIL.id: EMAIL},
        revisions={(EMAIL.id, 2): REVISION, (EMAIL.id, 1): replace(REVISION, number=1, links=links)},
    )


def event(number, kind, person=0, link=None, revision=None, at=NOON):
    detail = {} if revision is None else {"revision": str(revision)}
    key = MessageKey(numbered_id(person, "contact"), EMAIL.family)
    return Event(f"event-{number}", kind, key, EMAIL.id, at, link=link, detail=detail)


def test_an_unknown_email():
    with pytest.raises(NotFound):
        of_email(fake_world(), EMAIL.id)


def test_before_anything_was_sent_all_is_zero(tables):
    stats = of_email(fake_world(tables=tables), EMAIL.id)
    assert (stats["sent"], stats["delivered"], stats["opened"]) == (0, 0, {"unique": 0, "total": 0})
    assert [row["url"] for row in stats["links"]] == list(REVISION.links)
    assert stats["days"] == []


def test_what_came_back(tables):
    world = fake_world(tables=tables)
    day = 86_400_000
    events = [
        event(1, "delivered"),
        event(2, "opened"),
        event(3, "opened", at=NOON + day),
        event(4, "delivered", 1),
        event(5, "clicked", 1, link=0, revision=2),
        event(6, "clicked", 1, link=0, revision=2),
        event(7, "bounced", 2, at=NOON + day),
        event(8, "soft_bounced", 3),
        event(9, "complained", 0),
        event(10, "unsubscribed", 1),
    ]
    record(world, events)
    stats = of_email(world, EMAIL.id)
    assert (stats["delivered"], stats["bounced"], stats["soft_bounced"]) == (2, 1, 1)
    assert (stats["complained"], stats["unsubscribed"]) == (1, 1)
    assert stats["opened"] == {"unique": 2, "total": 2}
    assert stats["clicked"] == {"unique": 1, "total": 2}
    assert stats["links"][0] == {"n": 0, "url": "https://example.com/a", "part": "text", "unique": 1, "total": 2}
    first, second = stats["days"]
    assert first == {
        "day": "2026-11-24",
        "delivered": 2,
        "opened": 1,
        "clicked": 2,
        "soft_bounced": 1,
        "complained": 1,
        "unsubscribed": 1,
    }
    assert second == {"day": "2026-11-25", "opened": 1, "bounced": 1}


def test_links_of_two_revisions_are_told_apart_unless_they_are_the_same(tables):
    world = fake_world(tables=tables)
    record(
        world,
        [
            event(1, "clicked", 0, link=0, revision=1),
            event(2, "clicked", 1, link=0, revision=2),
            event(3, "clicked", 2, link=1, revision=1),
            event(4, "clicked", 3, link=1, revision=2),
            event(5, "clicked", 4, link=1),
        ],
    )
    rows = {row["url"]: (row["n"], row["unique"], row["total"]) for row in of_email(world, EMAIL.id)["links"]}
    assert rows == {
        "https://example.com/a": (0, 2, 2),
        "https://example.com/old": (1, 1, 1),
        "https://example.com/new": (1, 2, 2),
        "https://example.com/c": (2, 0, 0),
    }


def test_a_link_says_in_which_part_it_stands(tables):
    """The same URL stands in the HTML and in the text: one number each."""
    email = replace(EMAIL, html='<a href="https://example.com/a">a</a>', preheader="", revision=3)
    made = compiled(email, Stationery("https://mail.example.com"), published_at=NOON, number=3).revision
    tables.emails[EMAIL.id], tables.revisions[(EMAIL.id, 3)] = email, made
    world = fake_world(tables=tables)
    record(world, [event(1, "clicked", 0, link=1, revision=3), event(2, "clicked", 1, link=9, revision=3)])
    url = "https://example.com/a"
    assert of_email(world, EMAIL.id)["links"] == [
        {"n": 0, "url": url, "part": "html", "unique": 0, "total": 0},
        {"n": 1, "url": url, "part": "text", "unique": 1, "total": 1},
        {"n": 9, "url": "", "part": "", "unique": 1, "total": 1},
    ]


def test_sends_are_the_broadcasts_sums_and_the_template_sendings(tables):
    world = fake_world(tables=tables)
    for number in range(2):
        broadcast = Broadcast(numbered_id(number, "b"), EMAIL.id, EMAIL.family, 2, (), (), NOON, "sending")
        chunk = replace(
            planned_chunk(broadcast.id, EMAIL.family, 0, 0, [numbered_id(n) for n in range(4)]), fates="ssfU"
        )
        world.broadcasts.create(broadcast)
        tables.walks[(broadcast.id, 0)] = Walk(0, chunks=1, planned=4, done=True, fed=1)
        tables.chunks[(broadcast.id, 0, 0)] = chunk
    world.facts.put([], {EMAIL.id: {"sent": 1, "failed": 1}})
    stats = of_email(world, EMAIL.id)
    assert (stats["planned"], stats["sent"], stats["failed"]) == (8, 5, 3)
    assert stats["skipped"] == {"unsubscribed": 2}


@given(stories())
def test_days_and_links_add_up(events):
    events = [replace(each, email=EMAIL.id) for each in events]
    world = fake_world(tables=Tables(emails={EMAIL.id: EMAIL}, revisions={(EMAIL.id, 2): REVISION}))
    record(world, events)
    stats = of_email(world, EMAIL.id)
    for kind in ("opened", "clicked"):
        assert sum(row.get(kind, 0) for row in stats["days"]) == stats[kind]["total"]
        assert stats[kind]["unique"] <= sum(1 for each in events if each.kind in ("opened", "clicked"))
    for kind in ("delivered", "bounced", "complained", "soft_bounced"):
        assert sum(row.get(kind, 0) for row in stats["days"]) == stats[kind]
    linked = [each for each in events if each.kind == "clicked" and each.link is not None]
    assert sum(row["total"] for row in stats["links"]) == len(linked)
