"""Which lines are taken, what all of them get, trying alone, cancelling, and the report of what was not taken."""

import csv
import io
from dataclasses import replace

import pytest

from chalicelib.model.errors import Conflict, NotFound
from chalicelib.model.importing import Wishes
from chalicelib.work import contacts, importing, segments
from tests.fakes.clock import Clock
from tests.fakes.faulty import Killed, intercepted, killed_after
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world

TEXT = b"email,plan\nold@example.com,pro\nnew@example.com,pro\n"


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def world(tables):
    return fake_world(tables=tables, clock=Clock())


@pytest.fixture
def old(world):
    return contacts.create(world, "old@example.com", {"plan": "free"}, tags=["vip"])


def done(world, text, **wishes):
    job = importing.start(world, text, Wishes(**wishes))
    importing.run(world, job.id)
    return importing.read(world, job.id)


def counts(job):
    return job.created, job.updated, job.unchanged, job.skipped, job.rejected


RULES = [
    ("upsert", (1, 1, 0, 0, 0), "pro", True),
    ("create", (1, 0, 0, 1, 0), "free", True),
    ("update", (0, 1, 0, 1, 0), "pro", False),
]


@pytest.mark.parametrize(("rule", "expected", "plan", "is_new"), RULES, ids=[row[0] for row in RULES])
def test_a_rule_says_which_lines_are_taken(world, old, rule, expected, plan, is_new):
    news = segments.create(world, "News")
    job = done(world, TEXT, rule=rule, segment=news.id)
    assert (job.state, counts(job)) == ("finished", expected)
    assert contacts.read(world, old.id).fields == {"plan": plan}
    assert (news.id in contacts.read(world, old.id).lists) == (plan == "pro")
    if is_new:
        assert contacts.read(world, "new@example.com").lists == {news.id}
    else:
        with pytest.raises(NotFound):
            contacts.read(world, "new@example.com")


def test_all_of_them_get_the_tags(world, old):
    job = done(world, b"email,tags\nold@example.com,\nnew@example.com,a|b\n", tags=("fair 2026",))
    assert counts(job) == (1, 1, 0, 0, 0)
    assert contacts.read(world, old.id).tags == {"vip", "fair 2026"}
    assert contacts.read(world, "new@example.com").tags == {"a", "b", "fair 2026"}
    assert counts(done(world, b"email\nold@example.com\n", tags=("fair 2026",))) == (0, 0, 1, 0, 0)


def trial(n):
    lines = [f"p{each}@example.com,pro\n" for each in range(n)]
    return ("email,plan\n" + "".join(lines) + "old@example.com,pro\np0@example.com,pro\nnobody,pro\n").encode()


@pytest.mark.usefixtures("old")
def test_a_trial_says_what_would_happen_and_writes_nothing(world, tables):
    before = dict(tables.contacts)
    tried = done(world, trial(1_200), dry_run=True)
    assert (tried.state, counts(tried), tried.line) == ("finished", (1_200, 1, 0, 0, 2), 1_204)
    assert tables.contacts == before
    assert [each.line for each in world.imports.rejected(tried.id, 10, None)[0]] == [1_203, 1_204]
    assert counts(done(world, trial(1_200))) == counts(tried)


def test_a_trial_begins_anew_after_a_crash(world, tables):
    job = importing.start(world, trial(700), Wishes(dry_run=True))
    with pytest.raises(Killed):
        importing.run(intercepted(world, *killed_after(6)), job.id)
    world.sleep(1_000_000_000)
    importing.run(world, job.id)
    assert counts(importing.read(world, job.id)) == (701, 0, 0, 0, 2)
    assert not tables.contacts


def test_a_trial_says_how_far_it_came(world):
    job = importing.start(world, trial(1_200), Wishes(dry_run=True))
    left = iter([999_999, 999_999, 999_999, *[59_999] * 9])
    importing.run(replace(world, time_left=lambda: next(left)), job.id)
    after = importing.read(world, job.id)
    assert after.state == "finished"
    assert after.reason == f"Only the lines up to {after.line} were tried: the file is long."


def test_cancelled_means_that_nothing_more_is_written(world, tables):
    job = importing.start(world, trial(1_200))
    left = iter([20_000, *[14_000] * 9])
    importing.run(replace(world, time_left=lambda: next(left)), job.id)
    assert importing.cancel(world, job.id).state == "cancelled"
    written = len(tables.contacts)
    importing.run(world, job.id)
    assert (importing.read(world, job.id).state, len(tables.contacts)) == ("cancelled", written)
    assert job.id not in world.imports.open()
    with pytest.raises(Conflict, match="cancelled"):
        importing.cancel(world, job.id)


def test_a_worker_in_the_middle_of_a_step_does_not_undo_the_cancellation(world):
    job = importing.start(world, trial(20))
    cancelled = []

    def at_the_commit(port, call):
        if (port, call) == ("contacts", "create_many") and not cancelled:
            cancelled.append(importing.cancel(world, job.id))

    contacts_port = world.contacts

    class Interrupted:
        def __getattr__(self, call):
            at_the_commit("contacts", call)
            return getattr(contacts_port, call)

    importing.run(replace(world, contacts=Interrupted()), job.id)
    assert cancelled
    assert importing.read(world, job.id).state == "cancelled"


def report_of(tables, job):
    text = tables.files[job.report].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_rejected_lines_come_back_as_a_file_to_mend(world, tables):
    text = (
        "email;plan;note\n"
        "good@example.com;pro;x\n"
        'nobody;pro;"two\nlines"\n'
        "=SUM(A1);pro;-\n"
        "short\n"
        "wide@example.com;a;b;c\n"
        "ben@example.com;free;+33 1 23 45\n"
    )
    job = done(world, text.encode())
    assert counts(job) == (2, 0, 0, 0, 4)
    rows = report_of(tables, job)
    assert rows[0] == ["email", "plan", "note", "Envoi: line", "Envoi: reason"]
    assert [row[:4] for row in rows[1:]] == [
        ["nobody", "pro", "two\nlines", "3"],
        ["'=SUM(A1)", "pro", "'-", "5"],
        ["short", "", "", "6"],
        ["wide@example.com", "a", "b", "7"],
    ]
    assert all(row[4] for row in rows[1:])
    assert rows[1][4].startswith("email: ")
    assert importing.report_url(world, job.id, 60).endswith(f"&as=rejected-{job.id}.csv")


def test_a_mended_report_is_imported_as_the_lines_were_meant(world, tables):
    job = done(world, b"email,plan,note\nann@,pro,=1+1\n")
    mended = tables.files[job.report].replace(b"ann@", b"ann@example.com")
    again = done(world, mended)
    assert counts(again) == (1, 0, 0, 0, 0)
    assert contacts.read(world, "ann@example.com").fields == {"plan": "pro", "note": "=1+1"}


def test_without_rejected_lines_there_is_no_file(world):
    with pytest.raises(NotFound, match="rejected lines"):
        importing.report_url(world, done(world, b"email\nann@example.com\n").id, 60)


def test_the_newest_import_comes_first(world):
    jobs = []
    for _ in range(3):
        jobs.append(importing.start(world, b"email\nann@example.com\n").id)
        world.sleep(1_000)
    page, cursor = importing.page(world, 2, None)
    assert [each.id for each in page] == jobs[:0:-1]
    assert [each.id for each in importing.page(world, 2, cursor)[0]] == jobs[:1]
