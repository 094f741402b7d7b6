"""Two contacts become one: what it has then, who is written to, and that no crash leaves it half done."""

from dataclasses import replace

import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.fact import Event
from chalicelib.model.message import Message, MessageKey
from chalicelib.model.suppression import Suppression
from chalicelib.model.token import Tracked
from chalicelib.work import (
    belonging,
    consenting,
    contacts,
    filling,
    following,
    history,
    leaving,
    merging,
    past,
    recording,
    segments,
    timeline,
)
from chalicelib.work.suppressing import suppress
from chalicelib.work.survivors import survivor
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, PortCall, intercepted, kill, lose, unharmed
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id
from tests.work.sending.test_every_crash import nth

HOUR = 3_600_000
PHONE = {"agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"}
NEWS, SALE, ORDER = (numbered_id(n, "email") for n in range(3))


class Town:
    """Ann, who stays, and old, who goes; each with a list of its own and one in common, and with messages."""

    def __init__(self):
        self.clock, self.tables = Clock(), Tables()
        world = self.world = fake_world(clock=self.clock, tables=self.tables)
        self.ann = contacts.create(world, "ann@example.com", {"plan": "pro"}, tags=["a"], points=5).id
        self.old = contacts.create(world, "old@example.com", {"city": "Köln"}, tags=["b"], points=3).id
        self.lists = [segments.create(world, name).id for name in ("Both", "Old", "Ann")]
        for name, who in ((0, self.ann), (0, self.old), (1, self.old), (2, self.ann)):
            belonging.put_member(world, self.lists[name], who)
        self.sent(self.ann, NEWS)
        self.sent(self.old, NEWS)
        self.sent(self.old, SALE)
        self.sent(self.old, ORDER, state="failed")
        opened = Event("e1", "opened", MessageKey(self.old, SALE), SALE, self.clock.now() + HOUR, detail=PHONE)
        recording.record(world, [opened])

    def sent(self, who, family, state="sent"):
        message = Message(MessageKey(who, family), family, 1, state, f"attempt {who}", self.clock.now())
        self.world.messages.put_many([message])

    def hash(self, address):
        return self.world.signer.hashed("address", address)

    def merge(self, before=unharmed, after=unharmed):
        """As the queue and the sweep would, whatever dies on the way."""
        try:
            world = intercepted(self.world, before, after)
            merging.begin(world, "old@example.com", self.ann)
        except (Killed, LostAnswer):
            merging.begin(world, self.old, self.ann)
        for _ in range(5):
            try:
                merging.run(world, self.old)
            except (Killed, LostAnswer):
                continue
            if not self.world.merges.open():
                return
            self.clock.sleep(20 * 60_000)
        raise AssertionError("the merge never came to its end")


@pytest.fixture
def town():
    return Town()


def everything(town):
    ann, old = town.tables.contacts[town.ann], town.tables.contacts[town.old]
    return {
        "ann": replace(ann, version=0, updated_at=0, edit=None, former=ann.former[:1]),
        "old": replace(old, version=0, updated_at=0, edit=None),
        "families": {
            key.family: message.of for key, message in town.tables.messages.items() if key.contact == town.ann
        },
        "members": {each: sorted(town.tables.members[each]) for each in town.lists},
        "sizes": [town.tables.segments[each].size for each in town.lists],
        "leads": [contacts.read(town.world, who).id for who in ("ann@example.com", "old@example.com")],
    }


def test_one_person_is_left(town):
    town.merge()
    ann = contacts.read(town.world, "old@example.com")
    assert (ann.id, ann.address, ann.points, ann.tags) == (town.ann, "ann@example.com", 8, {"a", "b"})
    assert ann.fields == {"plan": "pro", "city": "Köln"}
    assert ann.lists == set(town.lists)
    assert (ann.absorbed, ann.settling) == ((town.old,), frozenset())
    assert everything(town)["members"] == {each: [town.ann] for each in town.lists}
    assert everything(town)["sizes"] == [1, 1, 1]
    old = town.tables.contacts[town.old]
    assert (old.merged_into, old.lists) == (town.ann, frozenset())
    assert survivor(town.world, town.old) == ann
    assert history.edits(town.world, ann)[0].by == f"merge {town.old}"


def test_messages_are_copied_where_there_is_none_and_what_failed_is_not(town):
    town.merge()
    assert everything(town)["families"] == {NEWS: "", SALE: town.old}
    assert town.world.merges.read(town.old).copied == 1


def test_the_messages_are_there_before_the_merge_is(town):
    """Whoever reads the one that stays as merged finds everything that went to the other."""
    calls = []

    def check(call: PortCall):
        calls.append(call)
        if town.tables.contacts[town.ann].absorbed:
            assert MessageKey(town.ann, SALE) in town.tables.messages

    town.merge(check, check)
    assert len(calls) > 20


FAULTS = {
    "killed before": lambda n: (nth(n, kill), unharmed),
    "killed after": lambda n: (unharmed, nth(n, kill)),
    "answer lost": lambda n: (unharmed, nth(n, lose)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_dies_on_the_way_it_ends_the_same(fault):
    whole = Town()
    calls: list[PortCall] = []
    whole.merge(calls.append)
    for number in range(1, len(calls) + 1):
        town = Town()
        town.merge(*FAULTS[fault](number))
        assert everything(town) == everything(whole), f"{fault} call {number}: {calls[number - 1]}"


def test_done_twice_it_is_done_once(town):
    town.merge()
    once = everything(town)
    assert merging.begin(town.world, town.old, town.ann).state == "finished"
    merging.run(town.world, town.old)
    assert everything(town) == once


@pytest.mark.parametrize("reason", ["unsubscribed", "complained", "suppressed", "imported"])
@pytest.mark.parametrize("whose", ["ann", "old"])
def test_a_no_to_mail_holds_for_both_addresses(town, reason, whose):
    suppress(town.world, Suppression(town.hash(f"{whose}@example.com"), reason, "operator", town.clock.now()))
    town.merge()
    for who in ("ann", "old"):
        assert town.world.suppressions.read(town.hash(f"{who}@example.com")).reason == reason


def test_a_bounce_is_the_mailboxs_own(town):
    suppress(town.world, Suppression(town.hash("old@example.com"), "bounced", "ses", town.clock.now()))
    town.merge()
    assert town.world.suppressions.read(town.hash("ann@example.com")) is None


def test_the_past_of_both_is_the_past_of_one(town):
    consenting.keep(town.world, town.old, "given", town.clock.now(), consenting.NOBODY)
    town.merge()
    ann = contacts.read(town.world, town.ann)
    assert [len(past.past_of(town.world, ann).emails[each].sent) for each in (NEWS, SALE)] == [2, 1]
    assert past.past_of(town.world, ann).emails[SALE].opened
    kinds = [each.kind for each in timeline.page(town.world, ann, 50, None)[0]]
    assert (kinds.count("message"), kinds.count("event")) == (4, 1)
    assert [each.kind for each in consenting.told(town.world, ann)] == ["given"]


def test_links_in_letters_to_the_other_are_the_persons_own(town):
    town.merge()
    assert leaving.leave(town.world, Tracked(MessageKey(town.old, SALE), SALE, 1), town.clock.now())
    assert town.world.suppressions.read(town.hash("ann@example.com")).reason == "unsubscribed"


def test_a_complaint_about_a_letter_to_the_other_is_the_persons_own(town):
    town.merge()
    key = MessageKey(town.old, SALE)
    told = [Event("c", "complained", key, SALE, town.clock.now(), address="old@example.com")]
    recording.record(town.world, told)
    assert town.world.suppressions.read(town.hash("ann@example.com")).reason == "complained"
    assert town.world.suppressions.read(town.hash("old@example.com")).reason == "complained"


def test_who_cannot_be_merged(town):
    world = town.world
    with pytest.raises(Invalid) as caught:
        merging.begin(world, town.old, "OLD@example.com")
    assert caught.value.field == "into"
    with pytest.raises(NotFound) as missing:
        merging.begin(world, town.old, "nobody@example.com")
    assert missing.value.field == "into"
    ben = contacts.create(world, "ben@example.com").id
    town.merge()
    with pytest.raises(Conflict, match="was merged"):
        merging.begin(world, town.old, ben)
    with pytest.raises(Conflict, match="was merged"):
        merging.begin(world, ben, town.old)
    with pytest.raises(NotFound, match="was not merged"):
        merging.read(world, ben)


def test_a_chain_of_merges_leads_to_its_end(town):
    town.merge()
    ben = contacts.create(town.world, "ben@example.com").id
    merging.begin(town.world, town.ann, ben)
    merging.run(town.world, town.ann)
    town.clock.sleep(20 * 60_000)
    merging.run(town.world, town.ann)
    assert {contacts.read(town.world, f"{who}@example.com").id for who in ("ann", "old", "ben")} == {ben}
    assert contacts.read(town.world, ben).absorbed == (town.ann, town.old)
    families = {key.family: message.of for key, message in town.tables.messages.items() if key.contact == ben}
    assert families == {NEWS: town.ann, SALE: town.old}


def test_where_the_one_that_stays_is_merged_meanwhile(town):
    ben = contacts.create(town.world, "ben@example.com").id
    merging.begin(town.world, town.old, town.ann)
    merging.begin(town.world, town.ann, ben)
    for _ in range(3):
        for each in (town.ann, town.old):
            merging.run(town.world, each)
        town.clock.sleep(20 * 60_000)
    assert town.world.merges.open() == []
    assert set(contacts.read(town.world, ben).absorbed) == {town.ann, town.old}
    assert {contacts.read(town.world, f"{who}@example.com").id for who in ("ann", "old", "ben")} == {ben}


def test_where_the_one_that_stays_is_deleted_meanwhile_the_other_stays(town):
    merging.begin(town.world, town.old, town.ann)
    contacts.delete(town.world, town.ann)
    merging.run(town.world, town.old)
    assert merging.read(town.world, town.old).state == "failed"
    assert contacts.read(town.world, "old@example.com").merged_into is None


def test_what_comes_back_about_the_others_letters_counts_for_live_segments(town):
    live = segments.create(town.world, "Opened", {"field": "opened", "operator": "=", "value": {"emails": [NEWS]}})
    for job in town.world.fillings.open():
        filling.run(town.world, job)
    town.merge()
    key = MessageKey(town.old, NEWS)
    recording.record(town.world, [Event("e2", "opened", key, NEWS, town.clock.now() + HOUR, detail=PHONE)])
    assert following.follow_deeds(town.world, [town.old]) == 1
    roster = segments.read(town.world, live.id).roster
    assert town.world.segments.members(roster, "", 9) == [town.ann]
