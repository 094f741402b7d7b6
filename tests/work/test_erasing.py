"""Erasing: nothing that says who somebody was is left, whatever dies on the way and whoever writes meanwhile."""

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest

from chalicelib.model.errors import Conflict, NotFound
from chalicelib.model.fact import Event
from chalicelib.model.importing import Wishes
from chalicelib.model.message import Message, MessageKey
from chalicelib.work import (
    auditing,
    belonging,
    contacts,
    erasing,
    exporting,
    importing,
    knowing,
    merging,
    recording,
    relabelling,
    segments,
    suppression_list,
    timeline,
)
from chalicelib.work.consenting import NOBODY, keep
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, PortCall, intercepted, kill, lose, unharmed
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id
from tests.work.sending.test_every_crash import nth

NEWS, ORDER = numbered_id(1, "email"), numbered_id(2, "email")
ADDRESS, OLD = "ann.secret@example.com", "old.secret@example.com"
SECRETS = ("secret", "Zoric", "+49 170")
HOUR = 3_600_000


class Town:
    """Ann, of whom everything is known that can be, and Ben, of whom all must stay."""

    def __init__(self) -> None:
        self.clock, self.tables = Clock(), Tables()
        world = self.world = fake_world(clock=self.clock, tables=self.tables)
        fields = {"lastname": "Zoric", "phone": "+49 170"}
        self.ann = contacts.create(world, ADDRESS, fields, tags=["vip"]).id
        self.ben = contacts.create(world, "ben@example.com", {"lastname": "Bee"}).id
        self.list = segments.create(world, "All").id
        for who in (self.ann, self.ben):
            belonging.put_member(world, self.list, who)
            contacts.update(world, who, {"fields": {"lastname": "Zoric two" if who == self.ann else "Bee two"}})
            contacts.update(world, who, {"points": 5, "consent": False})
            keep(world, who, "asked", self.clock.now(), NOBODY, text="Yes")
            self._written_to(who)
        self._imported()

    def _written_to(self, who: str) -> None:
        world, now, address = self.world, self.clock.now(), self.tables.contacts[who].address
        news, order = MessageKey(who, NEWS), MessageKey(who, ORDER, numbered_id(9, who))
        name = (("name", "Zoric" if who == self.ann else "Bee"),)
        world.messages.put_many(
            [Message(news, NEWS, 1, "failed", "a", now, reason=f"no such user {address}", kept=address)]
        )
        world.messages.claim(Message(order, ORDER, 1, "waiting", "b", now, due_at=now, tokens=name), None)
        told = [
            Event("e1", "opened", news, NEWS, now + HOUR, detail={"agent": f"Mozilla/5.0 (iPhone) {address}"}),
            Event("e2", "soft_bounced", news, NEWS, now, address=address, detail={"diagnostic": f"550 {address}"}),
        ]
        recording.record(world, told)

    def _imported(self) -> None:
        lines = f"email,lastname\n{ADDRESS.upper()},Zoric\nben@example.com,Bee\n{ADDRESS} x,Zoric\n".encode()
        for body in (lines, b"email\nben@example.com\n"):
            job = importing.start(self.world, body, Wishes())
            importing.run(self.world, job.id)
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as folder:
            folder.writestr("sheet.xml", ADDRESS)
        self.tables.files["uploads/book.xlsx"] = packed.getvalue()
        self.tables.files["uploads/wide.csv"] = f"email\n{ADDRESS}\n".encode("utf-16")

    def merge(self) -> None:
        self.old = contacts.create(self.world, OLD, {"lastname": "Zoric", "city": "secret"}).id
        merging.begin(self.world, self.old, self.ann)
        merging.run(self.world, self.old)

    def erase(self, before=unharmed, after=unharmed) -> None:
        """As the queue and the sweep would, whatever dies on the way."""
        try:
            erasing.begin(intercepted(self.world, before, after), contacts.read(self.world, self.ann))
        except (Killed, LostAnswer):
            if not self.tables.erasures:
                erasing.begin(self.world, contacts.read(self.world, self.ann))
        self.finish(before, after)

    def finish(self, before=unharmed, after=unharmed) -> None:
        for _ in range(8):
            for job in self.world.erasures.open():
                try:
                    erasing.run(intercepted(self.world, before, after), job)
                except (Killed, LostAnswer):
                    continue
            self.clock.sleep(20 * 60_000)
        assert not self.world.erasures.open()

    def left(self) -> list[str]:
        """Where any of the secrets still stands."""
        places = {name: repr(table) for name, table in vars(self.tables).items()}
        return [f"{name}: {secret}" for name, text in places.items() for secret in SECRETS if secret in text.lower()
                or secret in text]  # fmt: skip


@pytest.fixture
def town() -> Town:
    return Town()


def test_the_town_knows_her_before(town):
    assert {each.partition(":")[0] for each in town.left()} >= {
        "contacts", "messages", "facts", "edits", "files", "rejected",
    }  # fmt: skip


def test_nothing_is_left_of_her_and_all_of_others(town):
    counters = {name: dict(row) for name, row in town.tables.counters.items()}
    ben = town.tables.contacts[town.ben]
    town.erase()
    assert town.left() == []
    assert town.tables.contacts == {town.ben: ben}
    assert town.tables.members[town.list] == {town.ben}
    assert {name: dict(row) for name, row in town.tables.counters.items()} == counters, "numbers stay"
    assert [each.tokens for each in town.tables.messages.values() if each.key.contact == town.ben and each.tokens]
    assert any(b"ben@example.com" in body for body in town.tables.files.values())
    assert town.world.consents.of_contact(town.ben)
    hashed = town.world.signer.hashed("address", ADDRESS)
    assert town.world.suppressions.read(hashed).reason == "unsubscribed"


def test_the_receipt_says_what_went_and_names_nobody(town):
    town.erase()
    [receipt] = town.tables.erasures.values()
    assert (receipt.state, receipt.addresses, receipt.contacts) == ("finished", (), (town.ann,))
    assert receipt.removed["changes"] > 1
    assert receipt.removed | {"changes": 2} == {
        "changes": 2, "consents": 2, "contacts": 1, "facts": 2, "files": 4, "messages": 2, "rejected_lines": 1,
    }  # fmt: skip
    assert receipt.finished_at >= receipt.sweeps_at > receipt.created_at


FAULTS = {
    "killed before": lambda n: (nth(n, kill), unharmed),
    "killed after": lambda n: (unharmed, nth(n, kill)),
    "answer lost": lambda n: (unharmed, nth(n, lose)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_dies_on_the_way_nothing_is_left(fault):
    calls: list[PortCall] = []
    Town().erase(calls.append)
    assert len(calls) > 60
    for number in range(1, len(calls) + 1):
        town = Town()
        town.erase(*FAULTS[fault](number))
        assert town.left() == [], f"{fault} call {number}: {calls[number - 1]}"
        assert town.tables.members[town.list] == {town.ben}


def test_those_who_were_merged_into_her_go_with_her(town):
    town.merge()
    contacts.update(town.world, town.ann, {"points": 1})
    town.erase()
    assert set(town.tables.contacts) == {town.ben}
    assert town.left() == []
    for address in (ADDRESS, OLD):
        with pytest.raises(Conflict, match="erased"):
            contacts.create(town.world, address)


def half_merged(town, number=0):
    """A merge that died at its n-th call (0: that has not begun to run)."""
    town.old = contacts.create(town.world, OLD, {"lastname": "Zoric", "city": "secret"}).id
    merging.begin(town.world, town.old, town.ann)
    if number:
        with suppress(Killed):
            merging.run(intercepted(town.world, nth(number, kill)), town.old)


def calls_of_a_merge():
    calls: list[PortCall] = []
    town = Town()
    half_merged(town)
    merging.run(intercepted(town.world, calls.append), town.old)
    return len(calls)


@pytest.mark.parametrize("later", ["the merge goes on first", "the erasure goes on first"])
def test_an_erasure_in_the_middle_of_a_merge_takes_both(later):
    number = calls_of_a_merge()
    assert number >= 20
    for each in range(number + 1):
        town = Town()
        half_merged(town, each)
        erasing.begin(town.world, contacts.read(town.world, town.ann))
        if later == "the merge goes on first":
            merging.run(town.world, town.old)
        for job in town.world.erasures.open():
            erasing.run(town.world, job)
        merging.run(town.world, town.old)
        town.finish()
        merging.run(town.world, town.old)
        assert town.left() == [], f"{later}, call {each}"
        assert set(town.tables.contacts) == {town.ben}, f"{later}, call {each}"
        for address in (ADDRESS, OLD):
            with pytest.raises(Conflict, match="erased"):
                contacts.create(town.world, address)


def test_a_merge_that_begins_while_she_is_erased_takes_nobody_back(town):
    """The tombstone stands and the job has not run: she is still there to be named."""
    town.old = contacts.create(town.world, OLD, {"lastname": "Zoric"}).id
    job = erasing.begin(town.world, contacts.read(town.world, town.ann))
    merging.begin(town.world, town.old, town.ann)
    erasing.run(town.world, job.id)
    merging.run(town.world, town.old)
    town.finish()
    assert erasing.read(town.world, job.id).contacts == (town.ann, town.old)
    assert (set(town.tables.contacts), town.left()) == ({town.ben}, [])


def test_who_is_merged_behind_her_receipt_is_left_as_they_are(town):
    """The erasure did not see the merge, so the merge sees the tombstone."""
    town.old = contacts.create(town.world, OLD).id
    job = erasing.begin(town.world, contacts.read(town.world, town.ann))
    began = []

    def meddle(call):
        if call.port == "contacts" and call.method == "delete" and not began:
            began.append(merging.begin(town.world, town.old, town.ann))

    erasing.run(intercepted(town.world, meddle), job.id)
    merging.run(town.world, town.old)
    assert merging.read(town.world, town.old).state == "failed"
    assert contacts.read(town.world, town.old).merged_into is None


class TestWhoWritesMeanwhile:
    def test_no_team_brings_her_back(self, town):
        town.erase()
        with pytest.raises(Conflict) as caught:
            contacts.create(town.world, ADDRESS)
        assert caught.value.field == "address"
        with pytest.raises(Conflict, match="erased"):
            contacts.update(town.world, town.ben, {"address": ADDRESS})
        job = importing.start(town.world, f"email\n{ADDRESS}\nnew@example.com\n".encode(), Wishes())
        importing.run(town.world, job.id)
        job = importing.read(town.world, job.id)
        assert (job.created, job.rejected) == (1, 1)
        [line] = town.world.imports.rejected(job.id, 9, None)[0]
        assert (line.value, "erased" in line.reason) == ("(erased)", True)

    def test_an_import_that_was_under_way_does_not_bring_her_back(self, town):
        """It has read her line, and writes it a moment after the erasure began."""
        job = importing.start(town.world, f"email,lastname\n{ADDRESS},Zoric\nnew@example.com,New\n".encode(), Wishes())
        done = []

        def meddle(call):
            if call.method in ("update_many", "create_many") and not done:
                done.append(erasing.begin(town.world, contacts.read(town.world, town.ann)))
                erasing.run(town.world, done[0].id)

        importing.run(intercepted(town.world, meddle), job.id)
        for _ in range(4):
            town.clock.sleep(20 * 60_000)
            erasing.run(town.world, done[0].id)
        assert town.left() == []
        assert importing.read(town.world, job.id).created == 1

    def test_a_file_that_is_still_read_goes_when_it_has_been(self, town):
        job = importing.start(town.world, f"email\n{ADDRESS}\nnew@example.com\n".encode(), Wishes())
        erasure = erasing.begin(town.world, contacts.read(town.world, town.ann))
        for _ in range(3):
            erasing.run(town.world, erasure.id)
            town.clock.sleep(20 * 60_000)
        assert job.file in town.tables.files
        assert erasing.read(town.world, erasure.id).state == "sweeping"
        importing.run(town.world, job.id)
        town.clock.sleep(20 * 60_000)
        erasing.run(town.world, erasure.id)
        assert erasing.read(town.world, erasure.id).state == "finished"
        assert town.left() == []

    @pytest.mark.parametrize("late", [True, False], ids=["behind the tombstone", "before it"])
    def test_the_file_of_an_export_that_read_her_goes_however_late_it_ends(self, town, late):
        """It reads her before she goes, and is put together while the sweep looks."""
        if late:
            erasure = erasing.begin(town.world, contacts.read(town.world, town.ann))
            town.clock.sleep(1)
        job = exporting.begin(town.world, "contacts", "jsonl")
        if not late:
            erasure = erasing.begin(town.world, contacts.read(town.world, town.ann))
        looked = []

        def leave(call):
            if call.method == "complete":
                raise Killed(call)

        with suppress(Killed):
            exporting.run(intercepted(town.world, leave), job.id)
        assert exporting.read(town.world, job.id).parts
        erasing.run(town.world, erasure.id)
        town.clock.sleep(20 * 60_000)

        def end(call):
            if call.method == "names" and not looked:
                looked.append(call)
                exporting.run(town.world, job.id)

        erasing.run(intercepted(town.world, unharmed, end), erasure.id)
        assert exporting.read(town.world, job.id).state == "finished"
        town.finish()
        assert town.left() == []

    def test_what_comes_back_late_is_counted_without_its_words(self, town):
        town.erase()
        before = town.tables.counters[NEWS]["opened_total"]
        late = [
            Event(
                "e3", "opened", MessageKey(town.ann, NEWS), NEWS, town.clock.now(), detail={"agent": "iPhone secret"}
            ),
            Event("e4", "bounced", MessageKey(town.ann, NEWS), NEWS, town.clock.now(), address=ADDRESS),
        ]
        for _ in range(2):
            recording.record(town.world, late)
        assert town.left() == []
        assert town.tables.counters[NEWS]["opened_total"] == before + 1
        relabelling.relabel(town.world, [MessageKey(town.ann, NEWS)])
        assert town.tables.counters[NEWS]["opened_total"] == before + 1

    def test_a_call_that_was_under_way_writes_its_row_and_the_sweep_silences_it(self, town):
        job = erasing.begin(town.world, contacts.read(town.world, town.ann))
        erasing.run(town.world, job.id)
        late = Message(MessageKey(town.ann, numbered_id(7)), NEWS, 1, "failed", "c", 5, reason=f"no {ADDRESS}")
        town.world.messages.put_many([late])
        town.clock.sleep(20 * 60_000)
        erasing.run(town.world, job.id)
        assert town.left() == []

    def test_she_comes_back_by_her_own_word_or_by_an_operators_force(self, town):
        town.erase()
        suppression_list.lift(town.world, ADDRESS, force=True)
        again = contacts.create(town.world, ADDRESS)
        assert again.id == town.ann, "what was sent to her is not sent again"
        assert [each.kind for each in timeline.page(town.world, again, 9, None)[0]][-1] in ("message", "event")


def test_a_message_that_waits_is_not_sent_any_more(town):
    town.erase()
    [order] = [each for key, each in town.tables.messages.items() if key.contact == town.ann and key.sending]
    assert (order.state, order.due_at, order.reason) == ("failed", None, erasing.ERASED)


def test_what_is_known_is_told_whole(town):
    town.merge()
    known = knowing.known_of(town.world, contacts.read(town.world, town.ann))
    assert known["contact"]["address"] == ADDRESS
    assert [each["address"] for each in known["merged"]] == [OLD]
    assert {each["by"] for each in known["changes"]} == {"the team"}, "who of the team is not theirs to know"
    assert len(known["messages"]) == 2
    assert {fact["kind"] for each in known["messages"] for fact in each["facts"]} == {"opened", "soft_bounced"}


def test_the_audit_log_names_no_address(town):
    auditing.note(town.world, "contacts.erase", ADDRESS)
    auditing.note(town.world, "segments.put_member", f"{town.list} {ADDRESS}")
    hashed = town.world.signer.hashed("address", ADDRESS)
    assert [each.thing for each in town.tables.audit.values()] == [hashed, f"{town.list} {hashed}"]


def test_no_such_receipt(town):
    for wrong in (numbered_id(9), "nonsense"):
        with pytest.raises(NotFound):
            erasing.read(town.world, wrong)


def test_what_was_kept_of_a_letter_for_its_web_version_goes_too(town):
    letters = [MessageKey(each, numbered_id(8, "family")) for each in (town.ann, town.ben)]
    kept = '{"0":"Zoric","t":true}'
    town.world.messages.put_many([Message(each, NEWS, 1, "sent", "a", 1, kept=kept) for each in letters])
    town.erase()
    assert [town.tables.messages[each].kept for each in letters] == ["", kept]
