"""Renaming a tag or a stage: every contact once, whatever dies on the way; nothing that names the old one is lost."""

from dataclasses import replace

import pytest

from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.work import contacts, emails, history, merging, renaming, segments, stages, tags
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, PortCall, intercepted, kill, lose, unharmed
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id
from tests.work.sending.test_every_crash import nth

VIP = {"field": "tags", "operator": "=", "value": "vip"}


class Town:
    """Every third contact is a vip, every second one a prospect."""

    def __init__(self, people=12):
        self.clock, self.tables = Clock(), Tables()
        self.world = fake_world(clock=self.clock, tables=self.tables)
        for n in range(people):
            own = ["vip", "a"] if n % 3 == 0 else ["a"]
            contacts.create(self.world, f"p{n:02d}@example.com", tags=own, stage="Prospect" if n % 2 else "")

    def run(self, job, before=unharmed, after=unharmed):
        for _ in range(6):
            try:
                renaming.run(intercepted(self.world, before, after), job.id)
            except (Killed, LostAnswer):
                continue
            break
        return renaming.read(self.world, job.id)

    def tagged(self, tag):
        return sorted(each.address for each in self.tables.contacts.values() if tag in each.tags)

    def names(self):
        return [each.name for each in tags.page(self.world, 50, None)[0]]


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch):
    monkeypatch.setattr(renaming, "PAGE", 5)


@pytest.fixture
def town():
    return Town()


def test_the_list_at_once_and_the_contacts_by_the_job(town):
    tags.update(town.world, "vip", {"description": "Bread every day"})
    vips = town.tagged("vip")
    job = renaming.begin(town.world, "tag", "vip", "gold")
    assert town.names() == ["a", "gold"]
    assert tags.read(town.world, "gold").description == "Bread every day"
    assert town.tagged("vip") == vips
    done = town.run(job)
    assert (done.state, done.looked_at, done.changed) == ("finished", 12, 4)
    assert (town.tagged("gold"), town.tagged("vip")) == (vips, [])
    assert len(town.tagged("a")) == 12


def test_a_stage_keeps_its_place(town):
    stages.update(town.world, "Prospect", {"weight": 40})
    done = town.run(renaming.begin(town.world, "stage", "Prospect", "Lead"))
    assert done.changed == 6
    assert [(each.name, each.weight) for each in stages.every(town.world)] == [("Lead", 40)]
    assert {each.stage for each in town.tables.contacts.values()} == {"", "Lead"}


def test_the_change_is_in_each_contacts_history(town):
    town.run(renaming.begin(town.world, "tag", "vip", "gold"))
    [edit, *_] = history.edits(town.world, contacts.read(town.world, "p00@example.com"))
    assert edit.by == "Envoi"


FAULTS = {
    "killed before": lambda n: (nth(n, kill), unharmed),
    "killed after": lambda n: (unharmed, nth(n, kill)),
    "answer lost": lambda n: (unharmed, nth(n, lose)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_dies_on_the_way_each_contact_is_changed_once(fault):
    calls: list[PortCall] = []
    town = Town()
    town.run(renaming.begin(town.world, "tag", "vip", "gold"), before=calls.append)
    versions = {each.address: each.version for each in town.tables.contacts.values()}
    assert len(calls) > 8
    for number in range(1, len(calls) + 1):
        again = Town()
        done = again.run(renaming.begin(again.world, "tag", "vip", "gold"), *FAULTS[fault](number))
        assert done.state == "finished", f"{fault} call {number}: {calls[number - 1]}"
        assert {each.address: each.version for each in again.tables.contacts.values()} == versions
        assert (len(again.tagged("gold")), again.tagged("vip")) == (4, [])


def test_whoever_is_changed_meanwhile_keeps_both_changes(town):
    job = renaming.begin(town.world, "tag", "vip", "gold")
    seen = []

    def meddle(call):
        if call.method == "update_many" and not seen:
            seen.append(call)
            contacts.update(town.world, call.args[0][0].id, {"add_tags": ["new"]})

    town.run(job, before=meddle)
    [met] = [each for each in town.tables.contacts.values() if "new" in each.tags]
    assert met.tags == {"a", "new", "gold"}


def test_when_the_time_is_up_it_hints_itself(town):
    job = renaming.begin(town.world, "tag", "vip", "gold")
    town.world.hints.drain()
    town.clock.deadline = town.clock.now() + 1_000
    renaming.run(town.world, job.id)
    assert [hint.kind for hint in town.world.hints.drain()] == ["rename"]
    town.clock.deadline = None
    assert town.run(job).state == "finished"


def test_who_was_merged_into_another_keeps_the_old_words(town):
    first, other = (contacts.read(town.world, f"p0{n}@example.com").id for n in (0, 1))
    merging.begin(town.world, first, other)
    merging.run(town.world, first)
    kept = town.tables.contacts[first].tags
    town.run(renaming.begin(town.world, "tag", "vip", "gold"))
    assert town.tables.contacts[first].tags == kept
    assert "gold" in town.tables.contacts[other].tags


def test_two_become_one_only_where_that_is_meant(town):
    with pytest.raises(Conflict, match="already"):
        renaming.begin(town.world, "tag", "vip", "a")
    town.run(renaming.begin(town.world, "tag", "vip", "a", merge=True))
    assert town.names() == ["a"]
    assert len(town.tagged("a")) == 12
    assert town.tagged("vip") == []


@pytest.mark.parametrize(
    ("what", "before", "after", "fault"),
    [
        ("tag", "none", "gold", NotFound),
        ("tag", "vip", "vip", Invalid),
        ("tag", "vip", "a|b", Invalid),
        ("tag", "vip", "", Invalid),
        ("tag", "vip", "x" * 51, Invalid),
        ("stage", "Prospect", "", Invalid),
        ("stage", "None", "Lead", NotFound),
    ],
)
def test_what_cannot_be_renamed(town, what, before, after, fault):
    with pytest.raises(fault):
        renaming.begin(town.world, what, before, after)
    assert town.names() == ["a", "vip"]
    assert town.world.renamings.open() == []


def test_what_names_it_by_itself_is_told_and_nothing_is_renamed(town):
    either = {"any": [VIP | {"value": "VIP"}, {"field": "points", "operator": "gt", "value": 5}]}
    segments.create(town.world, "Best", either)
    block = {"name": "b", "html": "x", "variations": [{"filter": VIP, "html": "y"}]}
    draft = {"kind": "segment", "name": "News", "subject": "Hi", "from_address": "a@example.com", "html": "<p>Hi"}
    emails.create(town.world, draft | {"blocks": [block]})
    with pytest.raises(Conflict, match="the segment 'Best', the e-mail 'News'"):
        renaming.begin(town.world, "tag", "vip", "gold")
    assert town.names() == ["a", "vip"]
    assert renaming.begin(town.world, "tag", "a", "b").after == "b", "another one is free"


def test_without_the_time_to_look_at_all_e_mails_nothing_is_renamed(town):
    draft = {"kind": "segment", "name": "News", "subject": "Hi", "from_address": "a@example.com", "html": "<p>Hi"}
    emails.create(town.world, draft)
    town.clock.deadline = town.clock.now() + 1_000
    with pytest.raises(Conflict, match="too many"):
        renaming.begin(town.world, "tag", "vip", "gold")
    assert town.names() == ["a", "vip"]


def test_a_filter_that_only_looks_like_it_does_not_count(town):
    segments.create(town.world, "Stages", {"field": "stage", "operator": "=", "value": "vip"})
    assert renaming.begin(town.world, "tag", "vip", "gold").state == "waiting"


def test_no_such_renaming(town):
    with pytest.raises(NotFound):
        renaming.read(town.world, numbered_id(9))
    renaming.run(town.world, numbered_id(9))


def test_a_second_worker_goes_on_from_the_row_that_stands(town):
    job = renaming.begin(town.world, "tag", "vip", "gold")
    assert town.world.renamings.update(replace(job, state="running", looked_at=99, version=2), 1)
    assert town.run(job).looked_at == 99 + 12
