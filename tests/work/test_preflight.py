from dataclasses import replace

import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.pacing import Quota
from chalicelib.model.sender_domain import SenderDomain
from chalicelib.work import broadcasting, contacts, emails, preflight, segments, workspaces
from tests.fakes.world import fake_world

LETTER = {
    "kind": "segment",
    "name": "News",
    "subject": "Hello {contactfield=firstname}",
    "from_address": "team@example.com",
    "preheader": "All that is new this week",
    "html": '<html lang="en"><body><p>Hello {contactfield=firstname}, from {contactfield=city|somewhere}.</p>'
    "<p>{unsubscribe_text}, Envoi, 1 Main Street, Paris</p></body></html>",
}


@pytest.fixture
def world():
    world = fake_world()
    workspaces.update(world, {"address": "Envoi, 1 Main Street, Paris"})
    return world


@pytest.fixture
def people(world):
    return segments.create(world, "People", None)


def person(world, people, number, **fields):
    made = contacts.create(world, f"p{number}@example.com", fields)
    segments.put_member(world, people.id, made.id)
    return contacts.read(world, made.id)


def published(world, people, **changes):
    made = emails.create(world, LETTER | {"segments": [people.id]} | changes)
    return emails.publish(world, made.id).email


def flown(world, email):
    """A pre-flight that has run to its end, hint by hint."""
    job = preflight.begin(world, email.id)
    for _ in range(50):
        for hint in world.hints.drain():
            if hint.kind == "preflight":
                preflight.run(world, *hint.args)
    return preflight.read(world, job.id)


def codes(job):
    return [each.code for each in job.findings]


def test_a_letter_in_order_has_nothing_to_mend(world, people):
    person(world, people, 1, firstname="Ann")
    job = flown(world, published(world, people))
    assert (job.state, job.scanned, job.pending) == ("finished", 1, 1)
    assert codes(job) == []


def test_every_pending_recipient_is_personalised_and_the_holes_are_counted(world, people):
    for n in range(5):
        person(world, people, n, firstname="" if n < 3 else "Ann", city="Paris")
    left = person(world, people, 9)
    contacts.update(world, left.id, {"consent": False})
    job = flown(world, published(world, people))
    assert (job.scanned, job.pending) == (6, 5)
    assert job.holes == {"{contactfield=firstname}": 3}, "a default fills the other"
    [hole] = [each for each in job.findings if each.code == "hole"]
    assert "3 of 5" in hole.message
    assert len(job.samples["{contactfield=firstname}"]) == 3
    assert left.id not in job.samples["{contactfield=firstname}"]


def test_who_would_get_no_letter_is_not_looked_at(world, people):
    email = published(world, people)
    person(world, people, 1)
    assert flown(world, email).pending == 1
    alone = fake_world()
    assert "nobody" in codes(flown(alone, published(alone, segments.create(alone, "Empty", None))))


def test_the_heaviest_letter_is_weighed(world, people):
    person(world, people, 1, firstname="x" * 900)
    body = "<p>" + "word " * 21_000 + "{contactfield=firstname} {unsubscribe_text} Envoi, 1 Main Street, Paris</p>"
    job = flown(world, published(world, people, html=body))
    assert job.heaviest > 105_000
    assert "clipped" in codes(job)


@pytest.mark.parametrize(
    ("domain", "code", "level"),
    [
        (SenderDomain("example.com", "", "v=DMARC1", "yes"), "spf_missing", "warning"),
        (SenderDomain("example.com", "v=spf1", "", "yes"), "dmarc_missing", "error"),
        (SenderDomain("example.com", "v=spf1", "v=DMARC1", "no"), "dkim_missing", "error"),
        (SenderDomain("example.com", None, None, "unknown"), "dns_unasked", "note"),
    ],
)
def test_the_senders_domain_is_looked_up(world, people, domain, code, level):
    world.sender_domains.known["example.com"] = domain
    found = {each.code: each.level for each in flown(world, published(world, people)).findings}
    assert found[code] == level


def test_the_quota_of_the_day_and_sending_switched_off_are_told(world, people):
    for n in range(3):
        person(world, people, n, firstname="Ann")
    world.transport.limits = Quota(14, per_day=200, sent_today=198, sending_enabled=False)
    job = flown(world, published(world, people))
    assert {"quota", "sending_off"} <= set(codes(job))
    assert "2 mails left, 3 are pending" in next(each.message for each in job.findings if each.code == "quota")


def test_price_and_duration_at_the_quota_of_now(world, people):
    for n in range(4):
        person(world, people, n, firstname="Ann")
    job = flown(world, published(world, people, bcc=["archive@example.com"]))
    world.transport.limits = Quota(2, per_day=-1, sent_today=0)
    estimate = preflight.estimate(world, job)
    assert estimate.price.ses == pytest.approx(8 * 0.0001), "a copy is a recipient for SES"
    assert estimate.price.beyond == pytest.approx(4 * 4.97e-6)
    assert estimate.seconds == 4.0


def test_a_family_is_flown_member_by_member(world, people):
    person(world, people, 1, preferred_locale="fr", firstname="Ann")
    person(world, people, 2, firstname="Bob")
    root = published(world, people)
    html = LETTER["html"].replace("{contactfield=firstname}", "{contactfield=prenom}")
    french = emails.create(
        world, LETTER | {"html": html, "subject": "Bonjour", "translation_of": root.id, "language": "fr"}
    )
    with pytest.raises(Conflict, match="not published"):
        preflight.begin(world, root.id)
    emails.publish(world, french.id)
    assert flown(world, root).holes == {"{contactfield=prenom}": 1}


def test_a_template_email_has_no_audience(world):
    made = emails.create(world, LETTER | {"kind": "template"})
    job = flown(world, emails.publish(world, made.id).email)
    assert (job.state, job.pending, codes(job)) == ("finished", 0, [])


def test_a_doubled_or_killed_job_counts_nobody_twice(world, people):
    for n in range(7):
        person(world, people, n)
    job = preflight.begin(world, published(world, people).id)
    stale = world.preflights.read(job.id)
    preflight.run(world, job.id)
    preflight.run(world, job.id)
    assert preflight.read(world, job.id).pending == 7
    assert not world.preflights.update(replace(stale, version=2), 1)


def test_a_job_without_time_hints_itself(world, people):
    person(world, people, 1)
    job = preflight.begin(world, published(world, people).id)
    world.hints.drain()
    preflight.run(replace(world, time_left=lambda: 1_000), job.id)
    assert preflight.read(world, job.id).state == "running"
    assert [hint.kind for hint in world.hints.drain()] == ["preflight"]
    preflight.run(world, job.id)
    assert preflight.read(world, job.id).state == "finished"


def test_what_is_gone_meanwhile_ends_the_job_with_its_reason(world, people):
    job = preflight.begin(world, published(world, people).id)
    segments.delete(world, people.id)
    preflight.run(world, job.id)
    ended = preflight.read(world, job.id)
    assert (ended.state, ended.finished_at is not None) == ("failed", True)
    assert "segment" in ended.reason


def test_a_broadcast_starts_only_behind_a_preflight_of_its_revision(world, people):
    person(world, people, 1, firstname="Ann")
    email = published(world, people)
    with pytest.raises(Conflict, match="no pre-flight"):
        broadcasting.create(world, email.id, None, None, None)
    flown(world, email)
    emails.update(world, email.id, {"subject": "Other"})
    again = emails.publish(world, email.id).email
    with pytest.raises(Conflict, match="no pre-flight"):
        broadcasting.create(world, email.id, None, None, None)
    flown(world, again)
    flown(world, again)
    assert broadcasting.create(world, email.id, None, None, None).state == "planning"


def test_or_where_somebody_says_so(world, people):
    person(world, people, 1)
    email = published(world, people)
    assert broadcasting.create(world, email.id, None, None, None, skip_preflight=True).state == "planning"


def test_what_cannot_begin_is_refused(world, people):
    draft = emails.create(world, LETTER)
    with pytest.raises(Conflict, match="not published"):
        preflight.begin(world, draft.id)
    with pytest.raises(Invalid):
        preflight.begin(world, published(world, people).id, ["0" * 16])
    with pytest.raises(NotFound):
        preflight.read(world, "0" * 16)
