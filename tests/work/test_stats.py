from dataclasses import replace

import pytest
from hypothesis import given

from chalicelib.compose.compile import compiled
from chalicelib.compose.revision import Program, Revision
from chalicelib.compose.stationery import Stationery
from chalicelib.compose.written_target import written_targets
from chalicelib.model.broadcast import Broadcast, Walk
from chalicelib.model.chunk import planned_chunk
from chalicelib.model.cohort import Cohort
from chalicelib.model.email import Block, Email
from chalicelib.model.errors import NotFound
from chalicelib.model.fact import Event
from chalicelib.model.labelling import HIDDEN_LINK
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.segment import Segment
from chalicelib.work.recording import record
from chalicelib.work.stats import of_email
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id
from tests.work.test_recording import stories

NOON = 1_795_521_600_000
EMAIL = Email(
    numbered_id(1, "email"), "segment", "News", "Hello", "team@example.com", numbered_id(1, "email"), revision=2
)
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


PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Thunderbird/133.0"


def event(number, kind, person=0, link=None, revision=None, **more):
    detail = {"agent": more.get("agent", PERSON)} | ({} if revision is None else {"revision": str(revision)})
    key = MessageKey(numbered_id(person, "contact"), EMAIL.family)
    return Event(f"event-{number}", kind, key, EMAIL.id, more.get("at", NOON), link=link, detail=detail)


def test_by_segment_and_by_domain(tables):
    news = numbered_id(7, "segment")
    tables.segments[news] = Segment(news, "News", size=3)
    world = fake_world(tables=tables)
    for person, cohort in enumerate((Cohort(news, "gmail.com"), Cohort(news, "other"), Cohort("gone", "other"))):
        key = MessageKey(numbered_id(person, "contact"), EMAIL.family)
        world.messages.put_many([Message(key, EMAIL.id, 2, "sent", "a" * 16, NOON, cohort=cohort)])
    later = NOON + 3_600_000
    record(world, [event(n, "delivered", n) for n in range(3)])
    record(world, [event(10, "opened", 0, at=later), event(11, "opened", 1, at=later, agent="Barracuda Sentinel (EE)")])
    said = of_email(world, EMAIL.id)
    nobody = {"opened": 0, "clicked": 0}
    row = {"sent": 0, "delivered": 2, "bounced": 0, "complained": 0, "unsubscribed": 0, "opened": 2, "clicked": 0}
    first = (
        {"segment": news, "name": "News"} | row | {"human": nobody | {"opened": 1}, "machine": nobody | {"opened": 1}}
    )
    assert said["segments"][0] == first
    assert [(each["name"], each["delivered"]) for each in said["segments"]] == [("News", 2), ("", 1)]
    assert [(each["domain"], each["delivered"]) for each in said["domains"]] == [("gmail.com", 1), ("other", 2)]
    assert said["domains"][0]["human"] == nobody | {"opened": 1}


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
        event(1, "delivered", at=NOON - 60_000),
        event(2, "opened"),
        event(3, "opened", at=NOON + day),
        event(4, "delivered", 1, at=NOON - 60_000),
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
    assert stats["links"][0] == {
        "n": 0,
        "url": "https://example.com/a",
        "part": "text",
        "unique": 1,
        "total": 2,
        "human": {"unique": 1, "total": 2},
    }
    first, second = stats["days"]
    assert first == {
        "day": "2026-11-24",
        "delivered": 2,
        "opened": 1,
        "human_opened": 1,
        "clicked": 2,
        "human_clicked": 2,
        "soft_bounced": 1,
        "complained": 1,
        "unsubscribed": 1,
    }
    assert second == {"day": "2026-11-25", "opened": 1, "human_opened": 1, "bounced": 1}
    assert stats["hours"] == [
        {"hour": "2026-11-24T12", "opened": 1, "human_opened": 1, "clicked": 2, "human_clicked": 2},
        {"hour": "2026-11-25T12", "opened": 1, "human_opened": 1},
    ]
    assert stats["first"] == {"opened": "2026-11-24T12", "clicked": "2026-11-24T12"}
    assert stats["last"] == {"opened": "2026-11-25T12", "clicked": "2026-11-24T12"}


def test_people_and_machines_are_told_apart_and_rates_are_of_people(tables):
    world = fake_world(tables=tables)
    record(
        world,
        [
            *(event(number, "delivered", number, at=NOON - 60_000) for number in range(10)),
            event(20, "opened", 0),
            event(21, "clicked", 1, link=0, revision=2),
            event(22, "opened", 2, agent="Mozilla/5.0"),
            event(23, "opened", 2, agent="Mozilla/5.0", at=NOON + 1),
            event(24, "clicked", 3, link=0, revision=2, agent="curl/8.4.0"),
            event(25, "opened", 0, agent="Barracuda Sentinel (EE)"),
            event(26, "unsubscribed", 1),
        ],
    )
    stats = of_email(world, EMAIL.id)
    assert (stats["opened"], stats["clicked"]) == ({"unique": 4, "total": 4}, {"unique": 2, "total": 2})
    assert stats["human"] == {"opened": {"unique": 2, "total": 1}, "clicked": {"unique": 1, "total": 1}}
    assert stats["proxy"] == {"opened": {"unique": 1, "total": 2}, "clicked": {"unique": 0, "total": 0}}
    assert stats["scanner"] == {"opened": {"unique": 2, "total": 1}, "clicked": {"unique": 1, "total": 1}}
    assert stats["machine"] == {"opened": {"unique": 2, "total": 3}, "clicked": {"unique": 1, "total": 1}}
    assert stats["rates"] == {
        "opened": 0.2,
        "clicked": 0.1,
        "unsubscribed": 0.1,
        "complained": 0.0,
        "clicked_of_opened": 0.5,
        "bounced": None,
    }
    assert stats["devices"] == {"desktop": 2}
    assert stats["clients"] == {"thunderbird": 2, "apple-mail": 1}
    link = stats["links"][0]
    assert (link["unique"], link["total"], link["human"]) == (2, 2, {"unique": 1, "total": 1})


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
    assert (len(made.links), made.decoy) == (3, 1), "the link that nobody sees stands between them"
    record(world, [event(1, "clicked", 0, link=2, revision=3), event(2, "clicked", 1, link=9, revision=3)])
    url = "https://example.com/a"
    assert of_email(world, EMAIL.id)["links"] == [
        {"n": 0, "url": url, "part": "html", "unique": 0, "total": 0, "human": {"unique": 0, "total": 0}},
        {"n": 2, "url": url, "part": "text", "unique": 1, "total": 1, "human": {"unique": 1, "total": 1}},
        {"n": 9, "url": "", "part": "", "unique": 1, "total": 1, "human": {"unique": 1, "total": 1}},
    ]


@pytest.mark.parametrize(
    ("href", "shown"),
    [
        ("https://a.org/?e={contactfield=email|x}&amp;y", "https://a.org/?e={contactfield=email|x}&y"),
        ("{leadfield=website}/x", "{contactfield=website}/x"),
        ("https://a.org/{ownerfield=firstname}/{today|Y}", "https://a.org/{ownerfield=firstname}/{today}"),
        ("https://a.org/{signature}", "https://a.org/{ownerfield=signature}"),
        ("https://a.org/{dynamiccontent=Page}", 'https://a.org/{dynamiccontent="Page"}'),
    ],
)
def test_a_link_with_a_recipients_values_is_shown_as_it_was_written(tables, href, shown):
    html = f'<a href="{href}">a</a><a href="{href}">b</a>'
    email = replace(EMAIL, html=html, text="x", preheader="", blocks=(Block("Page", "", "p"),), revision=3)
    made = compiled(email, Stationery("https://mail.example.com"), published_at=NOON, number=3).revision
    tables.emails[EMAIL.id], tables.revisions[(EMAIL.id, 3)] = email, made
    found = of_email(fake_world(tables=tables), EMAIL.id)["links"]
    assert [(each["n"], each["url"]) for each in found] == [(0, shown), (1, shown)]


def test_a_token_of_one_sending_is_shown_in_its_link():
    html = '<a href="https://a.org/?code={code}">a</a>'
    email = replace(EMAIL, html=html, text="x", preheader="", kind="template", segments=())
    made = compiled(email, Stationery("https://mail.example.com"), published_at=NOON, number=3).revision
    assert written_targets(made) == {0: "https://a.org/?code={code}"}


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
    ends = [event(1, "sent", 1), event(2, "refused", 2)]
    record(world, [replace(each, ends=True) for each in ends])
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
        assert sum(row.get(kind, 0) for row in stats["hours"]) == stats[kind]["total"]
        assert sum(stats[label][kind]["total"] for label in ("human", "machine")) == stats[kind]["total"]
        assert stats["human"][kind]["unique"] + stats["machine"][kind]["unique"] == stats[kind]["unique"]
    for kind in ("delivered", "bounced", "complained", "soft_bounced"):
        assert sum(row.get(kind, 0) for row in stats["days"]) == stats[kind]
    linked = [each for each in events if each.kind == "clicked" and each.link not in (None, HIDDEN_LINK)]
    assert sum(row["total"] for row in stats["links"]) == len(linked)
