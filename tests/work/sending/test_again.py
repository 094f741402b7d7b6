"""Again: those whom no provider took, and those who did not open, as an edition with a new subject."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.model.broadcast import Broadcast
from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.outcome import Refused
from chalicelib.model.preflight import Preflight
from chalicelib.model.source import may_be_over
from chalicelib.work import broadcasting, editions, emails, fates, preflight, recording, retrying, sources
from tests.fakes.faulty import PortCall, Tap, answer_lost, counted, killed_after, killed_before
from tests.work.sending.house import EMAIL, LIST, OTHER, REVISION, House, sums_up, twice
from tests.work.sending.test_family import FRENCH, SECOND, got
from tests.work.sending.test_family import furnished as family_house

FOR_GOOD = "INVALID_PARAMETER: Local address contains control or whitespace"
MAILBOX_FULL = "552 5.2.2 The mailbox is full"


def refused_house(people: int = 120) -> tuple[House, str]:
    """Every tenth is refused for good, every fifth for now."""
    house = House(people)
    for n in range(0, people, 5):
        house.transport.outcomes[f"person{n}@example.com"] = Refused(MAILBOX_FULL if n % 10 else FOR_GOOD)
    broadcast = house.broadcast(LIST).id
    house.settle()
    house.transport.outcomes.clear()
    return house, broadcast


def test_the_failed_are_retried_unless_their_address_is_wrong() -> None:
    house, broadcast = refused_house()
    assert house.tally(broadcast).failed == 24
    again = retrying.retry(house.world(), broadcast)
    house.settle()
    tally = house.tally(again.id)
    assert (tally.planned, tally.sent) == (12, 12)
    assert house.tables.broadcasts[again.id].closed
    assert len(house.copies()) == 108
    assert not twice(house)


def test_all_of_them_where_somebody_says_so_and_nobody_twice_whoever_asks_again() -> None:
    house, broadcast = refused_house()
    for _ in range(2):
        retrying.retry(house.world(), broadcast, whatever=True)
        house.settle()
    assert len(house.copies()) == 120
    assert not twice(house)
    with pytest.raises(Conflict, match="not settled"):
        retrying.retry(house.world(), house.broadcast(LIST).id)


def test_nobody_failed() -> None:
    house = House(3)
    broadcast = house.broadcast(LIST).id
    house.settle()
    with pytest.raises(Conflict, match="Nobody"):
        retrying.retry(house.world(), broadcast)


@pytest.mark.parametrize(
    ("reason", "over"),
    [
        (FOR_GOOD, False),
        ("550 5.1.1 No such user here", False),
        ("550 5.1.10 Recipient address has null MX", False),
        (MAILBOX_FULL, True),
        ("MESSAGE_REJECTED: Email address is not verified", True),
        ("550 5.7.1 Blocked by policy", True),
    ],
)
def test_which_reasons_may_be_over(reason: str, over: bool) -> None:
    assert may_be_over(reason) == over


def opened_house(people: int = 60) -> tuple[House, str]:
    """Every third opens, a person; every other third's picture is fetched by a proxy."""
    house = House(people)
    broadcast = house.broadcast(LIST).id
    house.settle()
    house.tell()
    later = house.clock.now() + 3_600_000
    copies = {copy.envelope.address: copy for copy in house.transport.accepted}
    for n in range(people):
        event = copies[f"person{n}@example.com"].event("opened", at=later)
        agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
        proxied = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
        if n % 3 < 2:
            detail = {"agent": proxied if n % 3 else agent, "method": "GET"}
            recording.record(house.world(), [replace(event, detail=detail)])
    return house, broadcast


def edition_of(house: House, subject: str = "Did you see this?") -> Email:
    """A published edition of the e-mail."""
    edition = editions.create(house.world(), EMAIL, subject)
    house.tables.emails[edition.id] = replace(edition, revision=1)
    house.tables.revisions[edition.id, 1] = replace(REVISION, email=edition.id, family=edition.id)
    return edition


def sent_edition(house: House, edition: Email) -> Broadcast:
    broadcast = broadcasting.create(house.world(), edition.id, None, None, None, skip_preflight=True)
    house.settle()
    return broadcast


def test_an_edition_goes_to_those_who_got_it_and_did_not_open() -> None:
    house, first = opened_house()
    edition = edition_of(house)
    assert (edition.edition_of, edition.subject, edition.family) == (EMAIL, "Did you see this?", edition.id)
    assert editions.estimate(house.world(), edition) == {"estimate": 40, "exact": False}
    broadcast = sent_edition(house, edition)
    assert house.tally(broadcast.id).sent == 40, "a proxy's opening says nothing about a person"
    assert house.tally(first).sent == 60
    openers = {f"person{n}@example.com" for n in range(0, 60, 3)}
    got = {copy.envelope.address for copy in house.transport.accepted if copy.revision.email == edition.id}
    assert not got & openers
    with pytest.raises(Conflict, match="not been broadcast"):
        editions.create(house.world(), sent_none(house), "Again")


def sent_none(house: House) -> str:
    other = "0" * 16
    house.tables.emails[other] = replace(house.tables.emails[EMAIL], id=other, family=other)
    return other


def test_an_edition_has_the_translations_and_variants_of_the_first_as_drafts() -> None:
    house = family_house()
    house.broadcast(LIST)
    house.settle()
    first = got(house)
    titles = {FRENCH: "L'avez-vous vu ?"}
    edition = editions.create(house.world(), EMAIL, "Did you see this?", "Again", titles)
    french, second = sorted(house.reader.emails.family(edition.id), key=lambda each: each.variant_of)
    assert (edition.name, edition.subject, edition.edition_for) == ("Again", "Did you see this?", "unopened")
    assert (french.edition_of, french.translation_of, french.subject) == (FRENCH, edition.id, "L'avez-vous vu ?")
    assert (second.edition_of, second.variant_of, second.weight) == (SECOND, edition.id, 50)
    assert second.subject == house.tables.emails[SECOND].subject
    assert not any(each.revision or each.edition_for for each in (french, second))
    for each in (edition, french, second):
        house.tables.emails[each.id] = replace(house.tables.emails[each.id], revision=1)
        house.tables.revisions[each.id, 1] = replace(REVISION, email=each.id, family=edition.id)
    broadcast = broadcasting.create(house.world(), edition.id, None, None, None, skip_preflight=True)
    house.settle()
    assert house.tally(broadcast.id).sent == len(house.people)
    again = {each.envelope.message.contact: each.revision.email for each in house.delivered()}
    assert {who for who, email in again.items() if email == french.id} >= {
        who for who, email in first.items() if email == FRENCH and again[who] != second.id
    }
    assert set(again.values()) == {edition.id, french.id, second.id}


@pytest.mark.parametrize("subjects", [{"0" * 16: "Whose?"}, {FRENCH: ""}, {EMAIL: "Twice"}])
def test_the_subjects_of_an_editions_members_are_checked(subjects: dict[str, str]) -> None:
    house = family_house()
    house.broadcast(LIST)
    house.settle()
    before = set(house.tables.emails)
    with pytest.raises(Invalid, match="subject"):
        editions.create(house.world(), EMAIL, "Did you see this?", None, subjects)
    assert set(house.tables.emails) == before


def test_an_editions_subject_is_checked_and_its_segments_may_be_chosen_all_the_same() -> None:
    house, _ = opened_house()
    with pytest.raises(Invalid, match="subject"):
        editions.create(house.world(), EMAIL, "")
    edition = edition_of(house)
    broadcast = broadcasting.create(house.world(), edition.id, [LIST], None, None, skip_preflight=True)
    assert broadcast.source is None
    house.settle()
    assert house.tally(broadcast.id).sent == 60


def test_a_walk_over_chunks_stops_when_the_page_is_full_or_the_time_is_up() -> None:
    house, first = opened_house(200)
    edition = edition_of(house)
    source = editions.source(house.world(), edition.edition_of)
    found, cursor, done = [], "", False
    while not done:
        some, cursor, done = sources.taken(house.world(), source, cursor, 60, 0)
        assert len(some) <= 60
        found += some
    assert len(found) == len(set(found)) > 120
    house.clock.deadline = house.clock.now()
    assert sources.taken(house.world(), source, "", 60, 1) == ([], "", False)
    house.clock.deadline = None
    assert {each.fated.message.contact for each in all_of(house, first)} == set(house.people)


def all_of(house: House, broadcast: str) -> list[fates.Known]:
    found, cursor = fates.recipients(house.world(), broadcast, None, 150, None)
    more, cursor = fates.recipients(house.world(), broadcast, None, 150, cursor)
    assert cursor is None
    return found + more


FAULTS: dict[str, Callable[[int], tuple[Tap, Tap]]] = {
    "killed before": killed_before,
    "killed after": killed_after,
    "answer lost": answer_lost,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_every_port_call_of_the_walk_plans_everybody_once(fault: str) -> None:
    ports: list[PortCall] = []
    house, broadcast = refused_house(60)
    retrying.retry(house.world(), broadcast)
    house.work(house.hints.queue.pop(0), *counted(ports))
    for number in range(1, len(ports) + 1):
        house, broadcast = refused_house(60)
        again = retrying.retry(house.world(), broadcast)
        hint = house.hints.queue.pop(0)
        if not house.work(hint, *FAULTS[fault](number)):
            house.hints.queue.append(hint)
        house.settle()
        tally = house.tally(again.id)
        where = f"{fault} call {number}: {tally}"
        assert sums_up(tally), where
        assert (tally.planned, tally.sent) == (6, 6), where
        assert not twice(house), where


def published_edition(house: House) -> Email:
    edition = editions.create(house.world(), EMAIL, "Did you see this, {contactfield=firstname}?")
    html = "<p>Hello {contactfield=town}</p>{unsubscribe_text}"
    emails.update(house.world(), edition.id, {"html": html})
    return emails.publish(house.world(), edition.id).email


def flown(house: House, email: str, *segments: str) -> Preflight:
    job = preflight.begin(house.world(), email, segments or None)
    preflight.run(house.world(), job.id)
    return preflight.read(house.reader, job.id)


def test_an_editions_preflight_looks_at_whom_the_edition_goes_to() -> None:
    house, first = opened_house()
    edition = published_edition(house)
    with pytest.raises(Conflict, match="no pre-flight"):
        broadcasting.create(house.world(), edition.id, None, None, None)
    job = flown(house, edition.id)
    assert (job.state, job.scanned, job.pending) == ("finished", 40, 40)
    assert job.source is not None
    assert job.source.broadcasts == (first,)
    assert job.holes == {"{contactfield=town}": 40}
    assert all(each.code != "nobody" for each in job.findings)
    broadcast = broadcasting.create(house.world(), edition.id, None, None, None)
    house.settle()
    assert house.tally(broadcast.id).sent == 40


def test_a_preflight_of_others_clears_no_edition() -> None:
    """Of segments for the edition's own audience, nor of that audience for segments, nor of fewer broadcasts."""
    house, _ = opened_house()
    edition = published_edition(house)
    flown(house, edition.id, OTHER)
    with pytest.raises(Conflict, match="looked at others") as refused:
        broadcasting.create(house.world(), edition.id, None, None, None)
    assert "without segments" in (refused.value.hint or "")
    flown(house, edition.id)
    with pytest.raises(Conflict, match="other segments"):
        broadcasting.create(house.world(), edition.id, [LIST], None, None)
    house.broadcast(LIST)
    house.settle()
    with pytest.raises(Conflict, match="looked at others"):
        broadcasting.create(house.world(), edition.id, None, None, None)


def test_an_editions_preflight_goes_on_where_it_stopped() -> None:
    house, _ = opened_house()
    edition = published_edition(house)
    job = preflight.begin(house.world(), edition.id)
    for _ in range(3):
        preflight.run(replace(house.world(), time_left=lambda: 1_000), job.id)
    assert preflight.read(house.reader, job.id).state == "running"
    preflight.run(house.world(), job.id)
    assert preflight.read(house.reader, job.id).pending == 40


def test_an_edition_whom_nobody_is_left_for_says_so() -> None:
    house, _ = opened_house(3)
    edition = published_edition(house)
    for each in house.people:
        house.change(each, merged_into=house.people[0])
    assert "nobody" in {each.code for each in flown(house, edition.id).findings}
