import re
from dataclasses import replace
from itertools import count

import msgspec
import pytest

from chalicelib.model.email import Block
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.pacing import Quota
from chalicelib.model.preflight import MAX_FINDINGS, MAX_HOLES, Clearance
from chalicelib.model.sender_domain import SenderDomain
from chalicelib.work import belonging, broadcasting, contacts, emails, preflight, segments, workspaces
from tests.fakes.faulty import Killed, PortCall, intercepted, unharmed
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
    belonging.put_member(world, people.id, made.id)
    return contacts.read(world, made.id)


def published(world, people, **changes):
    made = emails.create(world, LETTER | {"segments": [people.id]} | changes)
    return emails.publish(world, made.id).email


def flown(world, email, *audience):
    """A pre-flight that has run to its end, hint by hint."""
    job = preflight.begin(world, email.id, *audience)
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
    assert (job.scanned, job.pending, job.skipped) == (6, 5, {"no_consent": 1})
    assert job.holes == {"{contactfield=firstname}": 3}, "a default fills the other"
    [hole] = [each for each in job.findings if each.code == "hole"]
    assert "3 of 5" in hole.message
    assert len(job.samples["{contactfield=firstname}"]) == 3
    assert left.id not in job.samples["{contactfield=firstname}"]


@pytest.mark.parametrize(
    ("html", "expected", "reason"),
    [
        ('<a href="https://x.example/{contactfield=code}">go</a>', {"{contactfield=code}"}, "inside a link"),
        ('<a href="{contactfield=site}">go</a>', {"{contactfield=site}"}, "the link is nothing else"),
        ("{contactfield=city|here}", set(), "a default"),
        ("{contactfield=blank}", {"{contactfield=blank}"}, "blanks are nothing to read"),
        ("{contactfield=born|date}", {"{contactfield=born|date}"}, "a date"),
        ("{ownerfield=position}", {"{ownerfield=position}"}, "nobody looks after this contact"),
        ('{dynamiccontent="b"}', {"{contactfield=ville}"}, "inside what this person gets"),
        ('{dynamiccontent="c"}', {'{dynamiccontent="c"}'}, "nothing for this person"),
        ('{dynamiccontent="d"}', set(), "the hole is in what others get"),
    ],
)
def test_where_holes_are_found(world, people, html, expected, reason):
    french = {"field": "preferred_locale", "operator": "=", "value": "fr"}
    blocks = [
        {"name": "b", "html": "all", "variations": [{"filter": french, "html": "<b>{contactfield=ville}</b>"}]},
        {"name": "c", "html": "", "variations": [{"filter": {"not": french}, "html": "others"}]},
        {"name": "d", "html": "{contactfield=x}", "variations": [{"filter": french, "html": "oui"}]},
    ]
    who = person(world, people, 1, preferred_locale="fr", blank="  ")
    body = f"<p>Hello.</p>\n<p>{html}</p><p>{{unsubscribe_text}}, Envoi, 1 Main Street, Paris</p>"
    job = flown(world, published(world, people, subject="Hi", html=body, blocks=blocks))
    assert set(job.holes) == expected, reason
    found = [each for each in job.findings if each.code == "hole"]
    assert [who.id in each.message for each in found] == [True] * len(expected)
    for each in found:
        assert re.match(r"(html, line 2, column \d+|blocks\[0\]\.variations\[0\]\.html, line 1)", each.where)
        assert each.level == ("note" if "dynamic" in each.message else "warning")


def test_a_row_never_outgrows_its_table(world, people):
    """DynamoDB keeps items of 400 KB: the most tokens that letters may have, in a large family, with all else wrong."""
    for n in range(25):
        person(world, people, n, preferred_locale=f"a{chr(97 + n % 5)}")
    html = "".join(f'<a href="">x</a><img src="{n}.png"><p>{{contactfield=a{n:03}{"x" * 40}}}</p>' for n in range(120))
    root = published(world, people, html=html)
    for n in range(5):
        other = html.replace("contactfield=a", f"contactfield=b{n}")
        joins = {"html": other, "translation_of": root.id, "language": f"a{chr(97 + n)}"}
        emails.publish(world, emails.create(world, LETTER | joins).id)
    job = flown(world, root)
    assert (job.state, len(job.holes)) == ("finished", MAX_HOLES)
    assert len(job.findings) == MAX_FINDINGS
    assert (job.findings[0].level, job.findings[-1].code) == ("error", "more")
    assert len(msgspec.json.encode(job)) < 300_000


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


def test_nobody_is_told_twice(world, people):
    """What publishing warns of is proof-read too: in a pre-flight it stands once, with its code."""
    body = '<p>Hello</p><a href="">x</a><a href="/shop">y</a><p>Envoi, 1 Main Street, Paris</p>'
    email = emails.create(world, LETTER | {"html": body, "segments": [people.id]})
    publication = emails.publish(world, email.id)
    expected = ["link_empty", "link_relative", "unsubscribe_missing"]
    assert sorted(each.code for each in publication.findings if each.level == "error") == expected
    assert len(publication.warnings) == 3
    assert "publish" not in codes(flown(world, publication.email))
    assert set(publication.findings) <= set(flown(world, publication.email).findings)


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
    world.transports.first.limits = Quota(14, per_day=200, sent_today=198, sending_enabled=False)
    job = flown(world, published(world, people))
    assert {"quota", "sending_off"} <= set(codes(job))
    assert "2 mails left, 3 are pending" in next(each.message for each in job.findings if each.code == "quota")


@pytest.mark.parametrize("wait", ["skip", "later"])
def test_who_has_had_enough_lately_is_foreseen(world, people, wait):
    """By the log alone: it takes nobody's turn, and reads it only where enough went out for a cap to be reached."""
    mine = [person(world, people, n, firstname="Ann").id for n in range(5)]
    workspaces.update(world, {"caps": [{"most": 1, "per": "day"}]})
    email = published(world, people, over_cap=wait)
    assert flown(world, email).put_off == {}, "nothing went out today"
    before = published(world, people, name="Before")
    broadcasting.create(world, before.id, None, None, None, skip_preflight=True)
    world.messages.put_many(
        [Message(MessageKey(each, before.family), before.id, 1, "sent", "a", world.now()) for each in mine[:2]]
    )
    calls = []
    job = preflight.begin(world, email.id)
    preflight.run(intercepted(world, calls.append), job.id)
    job = preflight.read(world, job.id)
    assert (job.pending, job.put_off) == (5, {"over_cap": 2})
    assert not [each for each in calls if each.port == "turns"]
    [found] = [each for each in job.findings if each.code == "over_cap"]
    assert found.message == "2 of 5 people have had as many letters as a frequency cap allows."
    assert (found.level, "leaves them out" in found.mend) == (("warning", True) if wait == "skip" else ("note", False))


def test_who_is_in_quiet_hours_is_foreseen(world, people):
    """It is noon in UTC: nine in the evening in Tokyo. Whoever sleeps counts towards no cap besides."""
    for n in range(5):
        person(world, people, n, firstname="Ann", **({"timezone": "Asia/Tokyo"} if n < 3 else {}))
    workspaces.update(world, {"quiet_hours": {"from": "20:00", "to": "08:00"}})
    job = flown(world, published(world, people))
    assert (job.pending, job.put_off) == (5, {"quiet_hours": 3})
    [found] = [each for each in job.findings if each.code == "quiet_hours"]
    assert (found.level, found.message) == ("note", "3 of 5 people have quiet hours now.")


def test_price_and_duration_at_the_quota_of_now(world, people):
    for n in range(4):
        person(world, people, n, firstname="Ann")
    job = flown(world, published(world, people, bcc=["archive@example.com"]))
    world.transports.first.limits = Quota(2, per_day=-1, sent_today=0)
    estimate = preflight.estimate(world, job)
    assert estimate.price.ses == pytest.approx(8 * 0.0001), "a copy is a recipient for SES"
    assert estimate.price.beyond == pytest.approx(4 * 5.02e-6)
    assert estimate.seconds == 4.0


def test_copies_and_attachments_of_each_member_are_in_the_price(world, people):
    person(world, people, 1, preferred_locale="fr", firstname="Ann")
    person(world, people, 2, firstname="Bob")
    root = published(world, people, bcc=["one@example.com"])
    copied = {"translation_of": root.id, "language": "fr", "bcc": ["one@example.com", "two@example.com"]}
    emails.publish(world, emails.create(world, LETTER | copied).id)
    world.transports.first.limits = Quota(1, per_day=200, sent_today=196)
    job = flown(world, root)
    assert preflight.estimate(world, job).price.ses == pytest.approx(5 * 0.0001)
    assert "4 mails left, 5 are pending" in next(each.message for each in job.findings if each.code == "quota")
    assert preflight.estimate(world, replace(job, mails=0)).price.ses == pytest.approx(2 * 0.0001), "a row of before"


def test_a_test_that_tells_nothing_is_told(world, people):
    for n in range(10):
        person(world, people, n, firstname="Ann")
    lonely = published(world, people, test={"share": 20})
    assert "test_alone" in codes(flown(world, lonely))
    rival = emails.create(world, LETTER | {"variant_of": lonely.id, "weight": 50})
    emails.publish(world, rival.id)
    [small] = [each for each in flown(world, lonely).findings if each.code.startswith("test")]
    assert (small.code, small.level, "about 1 recipients" in small.message) == ("test_small", "note", True)
    emails.update(world, rival.id, {"weight": 0})
    emails.publish(world, rival.id)
    assert "weight_zero" in codes(flown(world, lonely))


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


def test_afresh_counts_those_who_had_it_too(world, people):
    contact = person(world, people, 1)
    email = published(world, people)
    world.messages.put_many([Message(MessageKey(contact.id, email.family), email.id, 1, "sent", "a" * 16, 1)])
    for afresh, pending in ((False, 0), (True, 1)):
        job = preflight.begin(world, email.id, afresh=afresh)
        preflight.run(world, job.id)
        assert preflight.read(world, job.id).pending == pending


def test_a_rate_of_its_own_takes_longer(world, people):
    for n in range(4):
        person(world, people, n)
    job = flown(world, published(world, people))
    assert preflight.estimate(world, job, 0.5).seconds == 8
    assert preflight.estimate(world, job, 10_000).per_second == preflight.estimate(world, job).per_second


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


def test_the_preflight_of_a_replaced_revision_undoes_nothing(world, people):
    """A slow one of the old revision ends behind a quick one of the new."""
    person(world, people, 1, firstname="Ann")
    email = published(world, people)
    slow = preflight.begin(world, email.id)
    preflight.run(replace(world, time_left=lambda: 1_000), slow.id)
    world.hints.drain()
    emails.update(world, email.id, {"subject": "Other"})
    flown(world, emails.publish(world, email.id).email)
    preflight.run(world, slow.id)
    assert preflight.read(world, slow.id).state == "finished", "it looked at what it began with"
    assert broadcasting.create(world, email.id, None, None, None).revision == 2


def test_a_broadcast_to_others_than_the_preflight_looked_at_does_not_start(world, people):
    other, left_out = (segments.create(world, name, None) for name in ("Other", "Left out"))
    email = published(world, people)
    flown(world, email)
    with pytest.raises(Conflict, match="other segments") as refused:
        broadcasting.create(world, email.id, [people.id, other.id], None, None)
    assert "segments and exclude" in refused.value.hint
    flown(world, email, [people.id, other.id], [left_out.id])
    with pytest.raises(Conflict, match="other segments"):
        broadcasting.create(world, email.id, [people.id], [], None)
    flown(world, email, [], [])
    assert broadcasting.create(world, email.id, [people.id], [left_out.id, other.id], None).state == "planning"


def test_a_narrower_preflight_does_not_undo_a_wider_one(world, people):
    other = segments.create(world, "Other", None)
    email = published(world, people)
    flown(world, email, [people.id, other.id])
    flown(world, email, [other.id])
    assert broadcasting.create(world, email.id, None, None, None).state == "planning"


def test_the_clearance_of_before_audiences_were_told_counts(world, people):
    email = published(world, people)
    world.clearances.create(Clearance(email.id, "0" * 16, 1))
    assert broadcasting.create(world, email.id, None, None, None).state == "planning"


def test_a_draft_that_is_not_what_was_published_is_not_checked_in_its_place(world, people):
    email = published(world, people)
    emails.update(world, email.id, {"html": LETTER["html"] + '<a href="">nowhere</a>'})
    job = flown(world, email)
    assert (job.state, job.findings) == ("failed", ())
    assert ("changed since its revision 1" in job.reason, "publish" in job.reason) == (True, True)


def test_a_letter_that_is_published_again_meanwhile_is_told(world, people):
    email = published(world, people)
    job = preflight.begin(world, email.id)
    emails.update(world, email.id, {"subject": "Other"})
    emails.publish(world, email.id)
    preflight.run(world, job.id)
    assert "changed since its revision 1" in preflight.read(world, job.id).reason


def test_a_letter_that_is_deleted_meanwhile_ends_it(world, people):
    job = preflight.begin(world, published(world, people).id)
    emails.delete(world, job.email)
    preflight.run(world, job.id)
    assert preflight.read(world, job.id).state == "failed"


def test_contacts_that_are_deleted_meanwhile_are_left_out(world, people):
    gone = [person(world, people, n, firstname="Ann") for n in range(3)]
    job = preflight.begin(world, published(world, people).id)
    preflight.run(replace(world, time_left=lambda: 1_000), job.id)
    contacts.delete(world, gone[1].id)
    preflight.run(world, job.id)
    assert (preflight.read(world, job.id).state, preflight.read(world, job.id).pending) == ("finished", 2)


def test_what_is_too_large_by_now_ends_the_job_and_is_no_loop(world, people):
    email = published(world, people)
    job = preflight.begin(world, email.id)
    huge = world.emails.read(email.id)
    block = Block("b", html="x" * 65_000)
    html = "".join('<p>{dynamiccontent="b"}</p>' for _ in range(20))
    assert world.emails.update(replace(huge, html=html, blocks=(block,), version=huge.version + 1), huge.version)
    preflight.run(world, job.id)
    assert (preflight.read(world, job.id).state, world.preflights.open()) == ("failed", [])


def test_a_worker_that_dies_at_the_end_leaves_no_finished_preflight_without_its_clearance(world, people):
    person(world, people, 1, firstname="Ann")
    email = published(world, people)
    for deadly in count(1):
        job = preflight.begin(world, email.id)
        reached: list[PortCall] = []

        def dying(call, deadly=deadly, reached=reached):
            if call.method in ("create", "update"):
                reached.append(call)
                if len(reached) == deadly:
                    raise Killed

        try:
            preflight.run(intercepted(world, unharmed, dying), job.id)
        except Killed:
            preflight.run(world, job.id)
        assert preflight.read(world, job.id).state == "finished"
        assert world.clearances.things.pop(email.id).preflight == job.id
        if len(reached) < deadly:
            return


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
