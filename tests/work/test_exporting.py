"""Exports: every row once, whatever dies on the way; what no spreadsheet runs, and an import takes again."""

import csv
import io
import json
from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.model.email import Email
from chalicelib.model.errors import Conflict, Invalid, NotFound
from chalicelib.model.export import KEPT_MS
from chalicelib.model.fact import Event
from chalicelib.model.importing import Wishes
from chalicelib.model.message import Message, MessageKey
from chalicelib.work import (
    belonging,
    contacts,
    definitions,
    erasing,
    exporting,
    importing,
    merging,
    recording,
    segments,
)
from tests.fakes import jobs
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, LostAnswer, PortCall, intercepted, kill, lose, unharmed
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id
from tests.work.sending.test_every_crash import nth

NEWS = numbered_id(1, "email")


class Town:
    def __init__(self, people=30):
        self.clock, self.tables = Clock(), Tables()
        world = self.world = fake_world(clock=self.clock, tables=self.tables)
        definitions.create(world, "plan", {"label": "Plan"})
        self.people = [
            contacts.create(world, f"p{n:02d}@example.com", {"plan": "=1+1", "odd": n}, tags=["a", "-b"], points=-n).id
            for n in range(people)
        ]

    def export(self, what="contacts", file_format="csv", before=unharmed, after=unharmed, **narrowed):
        """The file, as the queue and the sweep would make it, whatever dies on the way."""
        job = exporting.begin(self.world, what, file_format, **narrowed)
        for _ in range(6):
            try:
                exporting.run(intercepted(self.world, before, after), job.id)
            except (Killed, LostAnswer):
                self.clock.sleep(self.world.timing.lease)
                continue
            job = exporting.read(self.world, job.id)
            if job.state in ("finished", "failed"):
                break
        assert job.state == "finished", job.reason
        return self.tables.files[job.file]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch):
    """As S3's five megabytes, but of some lines."""
    monkeypatch.setattr(exporting, "PART", 1_500)
    monkeypatch.setattr(exporting, "SECTIONS", 3)
    monkeypatch.setattr(jobs, "LEAST_PART", 1_500)
    monkeypatch.setattr("chalicelib.work.export_rows.PAGE", 5)


@pytest.fixture
def town():
    return Town()


def lines(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_everybody_is_there_once(town):
    rows = lines(town.export())
    assert sorted(row["id"] for row in rows) == sorted(town.people)
    assert list(rows[0]) == [
        "address", "id", "plan", "tags", "points", "stage", "owner_id", "company_id", "consent", "tracking", "segments",
        "created_at", "updated_at", "other_fields",
    ]  # fmt: skip
    [first] = [row for row in rows if row["address"] == "p05@example.com"]
    assert (first["plan"], first["tags"], first["points"]) == ("'=1+1", "'-b|a", "-5")
    assert (first["other_fields"], first["consent"]) == ('{"odd":5}', "true")


def test_json_lines_have_all_that_there_is(town):
    rows = [json.loads(line) for line in town.export(file_format="jsonl").splitlines()]
    assert len(rows) == 30
    assert rows[0]["fields"]["plan"] == "=1+1"


FAULTS = {
    "killed before": lambda n: (nth(n, kill), unharmed),
    "killed after": lambda n: (unharmed, nth(n, kill)),
    "answer lost": lambda n: (unharmed, nth(n, lose)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_dies_on_the_way_the_file_is_the_same(town, fault):
    calls: list[PortCall] = []
    whole = town.export(before=calls.append)
    assert len(calls) > 15
    for number in range(1, len(calls) + 1):
        before, after = FAULTS[fault](number)
        assert town.export(before=before, after=after) == whole, f"{fault} call {number}: {calls[number - 1]}"


def test_a_part_that_a_late_worker_put_is_noticed_and_the_file_made_anew(town):
    job = exporting.begin(town.world, "contacts")
    late = []

    def meddle(call):
        if call.method == "complete" and not late:
            late.append(call)
            town.tables.uploads[call.args[1]][1] = b"another's" * 200

    exporting.run(intercepted(town.world, meddle), job.id)
    done = exporting.read(town.world, job.id)
    assert (done.state, done.rows) == ("finished", 30)
    assert len(lines(town.tables.files[done.file])) == 30


def test_an_upload_that_was_forgotten_is_begun_anew(town):
    job = exporting.begin(town.world, "contacts")

    gone = []

    def meddle(call):
        if call.method == "put_part" and call.args[2] == 2 and not gone:
            gone.append(town.tables.uploads.pop(call.args[1]))

    exporting.run(intercepted(town.world, meddle), job.id)
    assert gone
    assert len(lines(town.tables.files[exporting.read(town.world, job.id).file])) == 30


def test_two_workers_do_not_both_work(town):
    job = exporting.begin(town.world, "contacts")
    seen = []

    def meddle(call):
        if call.method == "put_part":
            exporting.run(intercepted(town.world, seen.append), job.id)

    exporting.run(intercepted(town.world, meddle), job.id)
    assert {call.method for call in seen} == {"read"}


def test_when_the_time_is_up_it_hints_itself(town):
    job = exporting.begin(town.world, "contacts")
    town.world.hints.drain()
    town.clock.deadline = town.clock.now() + 1_000
    exporting.run(town.world, job.id)
    assert [hint.kind for hint in town.world.hints.drain()] == ["export"]
    town.clock.deadline = None
    exporting.run(town.world, job.id)
    assert exporting.read(town.world, job.id).state == "finished"


def test_one_that_waits_is_cancelled_and_never_begins(town):
    job = exporting.begin(town.world, "contacts")
    assert exporting.cancel(town.world, job.id).state == "cancelled"
    exporting.run(town.world, job.id)
    assert exporting.read(town.world, job.id).rows == 0
    assert town.world.exports.open() == []


def test_cancelled_at_any_moment_it_leaves_nothing_or_it_was_too_late(town):
    calls: list[PortCall] = []
    town.export(before=calls.append)
    ends = []
    for number in range(1, len(calls) + 1):
        town.tables.files.clear()
        job = exporting.begin(town.world, "contacts")

        def meddle(_call, job=job):
            with suppress(Conflict):
                exporting.cancel(town.world, job.id)

        for before, after in ((nth(number, meddle), unharmed), (unharmed, nth(number, meddle))):
            exporting.run(intercepted(town.world, before, after), job.id)
        ends.append(exporting.read(town.world, job.id).state)
        assert town.tables.uploads == {}, f"call {number}: {calls[number - 1]}"
        left = [len(each) for each in town.tables.files.values()]
        assert (ends[-1], any(left)) in (("cancelled", False), ("finished", True)), f"call {number}"
    assert ends.count("cancelled") > 10


@pytest.mark.parametrize("end", ["finished", "cancelled"])
def test_what_is_over_cannot_be_cancelled(town, end):
    job = exporting.begin(town.world, "contacts")
    if end == "cancelled":
        exporting.cancel(town.world, job.id)
    exporting.run(town.world, job.id)
    with pytest.raises(Conflict, match=end):
        exporting.cancel(town.world, job.id)
    assert exporting.read(town.world, job.id).state == end


def test_an_import_takes_it_again(town):
    other = fake_world(clock=town.clock)
    definitions.create(other, "plan", {"label": "Plan"})
    job = importing.start(other, town.export(), Wishes())
    importing.run(other, job.id)
    job = importing.read(other, job.id)
    assert (job.created, job.rejected) == (30, 0), other.imports.rejected(job.id, 5, None)
    again = contacts.read(other, "p05@example.com")
    assert (again.fields["plan"], again.tags, again.points) == ("=1+1", {"a", "-b"}, -5)


def test_the_members_of_a_list_and_of_a_filter(town):
    some = segments.create(town.world, "Some").id
    for each in town.people[:9]:
        belonging.put_member(town.world, some, each)
    assert sorted(row["id"] for row in lines(town.export(segment=some))) == sorted(town.people[:9])
    live = segments.create(town.world, "Low", {"field": "points", "operator": "lt", "value": -25}).id
    assert sorted(row["points"] for row in lines(town.export(segment=live))) == ["-26", "-27", "-28", "-29"]


def test_who_was_merged_is_not_told_twice(town):
    merging.begin(town.world, town.people[0], town.people[1])
    merging.run(town.world, town.people[0])
    rows = lines(town.export())
    assert (len(rows), town.people[0] in {row["id"] for row in rows}) == (29, False)


def test_segments(town):
    segments.create(town.world, "=Some")
    segments.create(town.world, "Low", {"field": "points", "operator": "lt", "value": 0})
    rows = lines(town.export("segments"))
    assert sorted((row["name"], row["kind"]) for row in rows) == [("'=Some", "list"), ("Low", "filter")]
    assert {row["filter"] for row in rows} == {"", "points is less than 0"}


def test_messages_and_events(town):
    other = numbered_id(2, "email")
    for each in (NEWS, other):
        town.tables.emails[each] = Email(each, "segment", "News", "Hi", "a@example.com", each)
    for number, who in enumerate(town.people):
        email = NEWS if number % 2 else other
        key = MessageKey(who, email)
        town.world.messages.put_many([Message(key, email, 1, "sent", "a", town.clock.now(), of="")])
        clicked = Event("e", "clicked", key, email, town.clock.now(), link=number % 3, detail={"agent": "=x"})
        recording.record(town.world, [clicked])
    copied = Message(MessageKey(town.people[0], NEWS), NEWS, 1, "sent", "a", 1, of=town.people[1])
    town.world.messages.put_many([copied])
    rows = lines(town.export("messages"))
    assert len({row["id"] for row in rows}) == len(rows) == 30
    assert {row["state"] for row in rows} == {"sent"}
    assert sorted(row["address"] for row in rows) == [f"p{n:02d}@example.com" for n in range(30)]
    assert len(lines(town.export("messages", email=NEWS))) == 15
    events = lines(town.export("events", email=other))
    assert (len(events), {row["kind"] for row in events}) == (15, {"clicked"})
    assert {row["link"] for row in events} == {"0", "1", "2"}


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_nothing_at_all_is_a_file_too(file_format):
    content = Town(people=0).export("messages", file_format)
    assert (len(content.splitlines()), b"contact_id" in content) == ((1, True) if file_format == "csv" else (0, False))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"what": "mails"}, "what"),
        ({"what": "contacts", "file_format": "xlsx"}, "format"),
        ({"what": "messages", "segment": numbered_id(9)}, "segment"),
        ({"what": "contacts", "segment": numbered_id(9)}, "segment"),
        ({"what": "contacts", "email": NEWS}, "email"),
        ({"what": "events", "email": "nonsense"}, "email"),
    ],
)
def test_what_cannot_be_exported(town, given, field):
    with pytest.raises(Invalid) as caught:
        exporting.begin(town.world, **given)
    assert caught.value.field == field


def test_a_segment_that_is_deleted_meanwhile(town):
    some = segments.create(town.world, "Some").id
    job = exporting.begin(town.world, "contacts", segment=some)
    segments.delete(town.world, some)
    exporting.run(town.world, job.id)
    job = exporting.read(town.world, job.id)
    assert (job.state, some in job.reason) == ("failed", True)
    with pytest.raises(NotFound):
        exporting.read(town.world, numbered_id(9))


def test_a_file_is_there_for_a_week(town):
    job = exporting.begin(town.world, "contacts")
    assert exporting.url(town.world, job) is None
    exporting.run(town.world, job.id)
    job = exporting.read(town.world, job.id)
    assert job.file in exporting.url(town.world, job)
    town.clock.sleep(KEPT_MS + 1)
    assert exporting.url(town.world, job) is None


def test_a_file_that_names_somebody_goes_with_them(town):
    job = exporting.begin(town.world, "contacts")
    exporting.run(town.world, job.id)
    under_way = exporting.begin(town.world, "contacts", "jsonl")
    erasure = erasing.begin(town.world, contacts.read(town.world, town.people[3]))
    for _ in range(3):
        erasing.run(town.world, erasure.id)
        town.clock.sleep(20 * 60_000)
    assert exporting.url(town.world, exporting.read(town.world, job.id)) is None
    assert erasing.read(town.world, erasure.id).state == "sweeping", "an export is still being written"
    exporting.run(town.world, under_way.id)
    town.clock.sleep(20 * 60_000)
    erasing.run(town.world, erasure.id)
    assert erasing.read(town.world, erasure.id).state == "finished"
    assert not any(b"p03@" in body for body in town.tables.files.values())


def seen_on_the_way(town, what="contacts", **narrowed):
    """The progress at each write of the job."""
    job, seen = exporting.begin(town.world, what, **narrowed), []

    def look(call):
        if call.port == "exports" and call.method == "update":
            seen.append(exporting.progress(town.world, exporting.read(town.world, job.id)))

    exporting.run(intercepted(town.world, unharmed, look), job.id)
    return seen


def test_how_much_of_a_table_is_read_and_how_many_rows_that_makes():
    town = Town(people=120)
    seen = seen_on_the_way(town)
    shares = [each.share for each in seen]
    assert shares == sorted(shares)
    assert {0, 1 / 6, 3 / 6, 5 / 6, 1} <= set(shares), "in a section it is in its middle, on the average"
    assert {each.rows for each in seen if each.share == 0} == {None}, "nobody knows yet"
    assert all(90 <= each.rows <= 150 for each in seen if each.share > 1 / 2), "of 120, by the sections that are read"
    assert (seen[-1].share, seen[-1].rows) == (1, 120)


def test_within_a_part_it_tells_now_and_then_how_far_it_is(town, monkeypatch):
    """A page takes a second here: three parts of five megabytes would be long."""
    monkeypatch.setattr(exporting, "PART", 1_000_000)
    job, told = exporting.begin(town.world, "contacts"), []

    def slowly(call):
        if call.port == "contacts":
            town.clock.sleep(1_000)
        if call.method == "update":
            standing = exporting.read(town.world, job.id)
            told.append((standing.rows, standing.cursor, exporting.progress(town.world, standing)))

    exporting.run(intercepted(town.world, unharmed, slowly), job.id)
    under_way = [each for each in told if each[0] == 0]
    assert {cursor for _, cursor, _ in under_way} == {""}, "it would begin here again"
    shares = [progress.share for _, _, progress in under_way]
    assert shares == sorted(shares)
    assert len(set(shares)) > 2
    assert len(lines(town.tables.files[job.file])) == 30


def test_whoever_lost_the_export_within_a_part_stops(town, monkeypatch):
    monkeypatch.setattr(exporting, "PART", 1_000_000)
    job = exporting.begin(town.world, "contacts")

    def cancelled(call):
        town.clock.sleep(exporting.TOLD_MS)
        if call.port == "contacts" and exporting.read(town.world, job.id).state == "running":
            exporting.cancel(town.world, job.id)

    exporting.run(intercepted(town.world, cancelled, unharmed), job.id)
    assert (exporting.read(town.world, job.id).state, town.tables.uploads, town.tables.files) == ("cancelled", {}, {})


def test_a_segment_knows_its_size(town):
    some = segments.create(town.world, "Some").id
    for each in town.people[:20]:
        belonging.put_member(town.world, some, each)
    seen = seen_on_the_way(town, segment=some)
    assert {each.rows for each in seen} == {20}
    assert [each.share for each in seen] == sorted(each.share for each in seen)
    assert 0 < seen[2].share < seen[-1].share == 1


def test_where_nobody_knows_how_far_it_is(town):
    """Of segments, which are few, and of exports that began before tables were read in sections."""
    assert exporting.progress(town.world, exporting.begin(town.world, "segments")) == exporting.Progress(None, None)
    old = replace(exporting.begin(town.world, "contacts"), sections=1, rows=12)
    assert exporting.progress(town.world, old) == exporting.Progress(None, None)
    town.tables.exports[old.id] = replace(old, rows=0)
    exporting.run(town.world, old.id)
    assert exporting.read(town.world, old.id).rows == 30
