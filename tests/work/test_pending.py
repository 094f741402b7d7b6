from dataclasses import replace

import pytest

from chalicelib.model.contact import Contact
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.work import belonging, contacts, pending, segments
from chalicelib.work.addresses import address_hash
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, answer_lost, counted, intercepted, killed_after, killed_before
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

EMAIL, FAMILY = numbered_id(1, "email"), numbered_id(2, "family")
PRO = {"field": "plan", "operator": "=", "value": "pro"}


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(tables, clock):
    return fake_world(tables=tables, clock=clock)


def written(world, segments_, exclude=(), kind="segment"):
    email = Email(EMAIL, kind, "N", "S", "a@example.com", FAMILY, segments=tuple(segments_), exclude=tuple(exclude))
    world.emails.create(email)
    return email


def person(world, name, plan="pro", *lists, consent=True):
    contact = contacts.create(world, f"{name}@example.com", {"plan": plan}, consent=consent)
    for each in lists:
        belonging.put_member(world, each.id, contact.id)
    return contact


def sent(world, contact, state="sent"):
    world.messages.put_many([Message(MessageKey(contact.id, FAMILY), EMAIL, 1, state, "a" * 16, 1)])


def everybody(world, news, staff):
    """Of eight on the list, two are pending."""
    person(world, "ann", "pro", news)
    sent(world, person(world, "failed", "pro", news), "failed")  # nothing reached that person
    sent(world, person(world, "had", "pro", news))
    sent(world, person(world, "doubt", "pro", news), "in_doubt")
    person(world, "no", "pro", news, consent=False)
    person(world, "worker", "pro", news, staff)
    stop = person(world, "stop", "pro", news)
    world.suppressions.put(Suppression(address_hash(world, stop.address), "unsubscribed", "x", 1))
    gone = person(world, "gone", "pro", news)
    world.contacts.delete(gone.id, world.contacts.read(gone.id).version)
    person(world, "elsewhere", "free")


def test_lists_are_counted_exactly_and_at_once(world):
    news, staff = segments.create(world, "News"), segments.create(world, "Staff")
    everybody(world, news, staff)
    written(world, [news.id], [staff.id])
    assert pending.of_email(world, EMAIL) == {"pending": 2, "exact": True}
    assert pending.of_email(world, EMAIL, exclude=[]) == {"pending": 3, "exact": True}
    assert pending.of_email(world, EMAIL, segments=[staff.id], exclude=[]) == {"pending": 1, "exact": True}
    assert pending.of_email(world, EMAIL, segments=[news.id, staff.id], exclude=[]) == {"pending": 3, "exact": True}


def test_a_small_table_is_its_own_sample(world):
    news, staff = segments.create(world, "News"), segments.create(world, "Staff")
    everybody(world, news, staff)
    live = segments.create(world, "Pros", PRO)
    written(world, [live.id], [staff.id])
    assert pending.of_email(world, EMAIL) == {"pending": 2, "exact": True}


def populated(tables, world, count):
    """Half of them pro; written into the tables, for speed."""
    for n in range(count):
        contact = Contact(numbered_id(n, "p"), f"p{n}@example.com", {"plan": "pro" if n % 2 else "free"})
        tables.contacts[contact.id] = contact
        if n % 10 == 1:
            sent(world, contact)


def test_an_estimate_states_its_sample(tables, world):
    populated(tables, world, 12_000)
    written(world, [segments.create(world, "Pros", PRO).id])
    answer = pending.of_email(world, EMAIL)
    assert answer.keys() == {"estimate", "sample", "scanned", "exact"}
    assert answer["exact"] is False
    assert pending.SAMPLE <= answer["scanned"] <= 5 * pending.SAMPLE
    assert answer["sample"] == pytest.approx(answer["scanned"] / 2, rel=0.1)
    # 4,800 are pending: half of all, less the tenth that had it
    assert answer["estimate"] == pytest.approx(4_800, rel=0.1)


def test_lists_that_take_too_long_are_estimated(tables, world, clock):
    populated(tables, world, 12_000)
    news = segments.create(world, "News")
    for contact_id, contact in list(tables.contacts.items()):
        if contact.fields["plan"] == "pro":
            tables.contacts[contact_id] = _on_list(contact, news.id)
    tables.members[news.id] = {each.id for each in tables.contacts.values() if news.id in each.lists}
    written(world, [news.id])
    assert pending.of_email(world, EMAIL) == {"pending": 4_800, "exact": True}
    slow = intercepted(world, lambda call: clock.sleep(500 if call.port == "contacts" else 0))
    answer = pending.of_email(slow, EMAIL)
    assert answer["exact"] is False
    assert answer["estimate"] == pytest.approx(4_800, rel=0.1)


def _on_list(contact, list_id):
    return replace(contact, lists=frozenset({list_id}))


REFUSED = [
    (numbered_id(98), None, NotFound, "id", "no such e-mail"),
    (EMAIL, [numbered_id(99)], Invalid, "segments", "no such segment"),
    (EMAIL, [], Invalid, "segments", "no segment at all"),
]


@pytest.mark.parametrize(("email", "chosen", "fault", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(world, email, chosen, fault, field, why):
    written(world, [])
    for verb in (pending.of_email, pending.pending_job):
        with pytest.raises(fault) as caught:
            verb(world, email, chosen)
        assert caught.value.field == field, why


def test_nobody_is_pending_for_a_template(world):
    written(world, [segments.create(world, "News").id], kind="template")
    with pytest.raises(Conflict, match="template"):
        pending.of_email(world, EMAIL)


def begun(*, live, count=1_200):
    tables, clock = Tables(), Clock()
    world = fake_world(tables=tables, clock=clock)
    populated(tables, world, count)
    segment = segments.create(world, "Pros", PRO if live else None)
    if not live:
        tables.members[segment.id] = {each.id for each in tables.contacts.values() if each.fields["plan"] == "pro"}
    written(world, [segment.id])
    return world, clock, pending.pending_job(world, EMAIL)


@pytest.mark.parametrize("live", [True, False])
def test_a_job_counts_exactly(live):
    world, _, job = begun(live=live)
    assert [(hint.kind, hint.args) for hint in world.hints.drain() if hint.kind == "count"] == [("count", (job.id,))]
    pending.run_count(world, job.id)
    done = pending.read_job(world, job.id)
    assert (done.state, done.pending) == ("finished", 480)
    assert done.scanned == (1_200 if live else 600)
    assert world.counts.open() == []
    pending.run_count(world, job.id)
    assert pending.read_job(world, job.id) == done


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("fault", [killed_before, killed_after, answer_lost])
def test_a_job_stopped_at_any_call_counts_the_same(fault, live):
    world, _, job = begun(live=live)
    calls = []
    pending.run_count(intercepted(world, *counted(calls)), job.id)
    for number in range(1, len(calls) + 1, 3):
        world, _, job = begun(live=live)
        with pytest.raises((Killed, LostAnswer)):
            pending.run_count(intercepted(world, *fault(number)), job.id)
        pending.run_count(world, job.id)
        assert pending.read_job(world, job.id).pending == 480


def test_a_doubled_job_counts_nobody_twice():
    world, _, job = begun(live=True)
    once = []

    def overtake(call):
        if call.port == "contacts" and call.method == "scan" and not once:
            pending.run_count(world, job.id)
            once.append(pending.read_job(world, job.id))

    pending.run_count(intercepted(world, after=overtake), job.id)
    assert once[0].pending == 480
    assert pending.read_job(world, job.id) == once[0]


def test_a_job_without_time_gives_way():
    world, clock, job = begun(live=True)
    world.hints.drain()
    clock.deadline = clock.at + pending.RESERVE_MS - 1
    pending.run_count(world, job.id)
    assert pending.read_job(world, job.id).state == "waiting"
    assert [hint.kind for hint in world.hints.drain()] == ["count"]


def test_a_job_whose_segment_is_gone_says_so():
    world, _, job = begun(live=True)
    segments.delete(world, job.segments[0])
    pending.run_count(world, job.id)
    failed = pending.read_job(world, job.id)
    assert failed.state == "failed"
    assert job.segments[0] in failed.reason


def test_no_such_job(world):
    with pytest.raises(NotFound):
        pending.read_job(world, numbered_id(99))
    pending.run_count(world, numbered_id(99))
