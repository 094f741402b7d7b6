from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model.errors import Conflict, Invalid, NotFound, TooLarge
from chalicelib.model.ids import is_id
from chalicelib.model.importing import MAX_BODY, Wishes
from chalicelib.work import belonging, companies, contacts, definitions, importing, owners, segments
from tests.fakes.clock import Clock
from tests.fakes.faulty import (
    Killed,
    LostAnswer,
    answer_lost,
    counted,
    intercepted,
    killed_after,
    killed_before,
)
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id


@pytest.fixture
def tables():
    return Tables()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(tables, clock):
    return fake_world(tables=tables, clock=clock)


def imported(world, text, **more):
    job = importing.start(world, text.encode() if isinstance(text, str) else text, Wishes(**more))
    importing.run(world, job.id)
    return importing.read(world, job.id)


def report(world, job):
    return [(each.line, each.column, each.value, each.reason) for each in world.imports.rejected(job.id, 1000, None)[0]]


def counts(job):
    return job.created, job.updated, job.unchanged, job.rejected


def test_every_line_is_counted_once_and_every_bad_one_reported(world):
    ann = contacts.create(world, "ann@example.com", {"city": "Köln", "plan": "free"})
    same = contacts.create(world, "same@example.com", {"plan": "pro"})
    text = (
        "E-Mail;Plan;Shoe Size\n"
        "ANN@example.com;pro;\n"  # updated; an empty cell leaves a field as it is
        "same@example.com;pro;\n"  # unchanged
        "\n"
        'new@bücher.example;"two\nlines";42\n'  # created, lines 5 and 6
        "nobody;free;1\n"
        ";free;1\n"
        "new@xn--bcher-kva.example;team;1\n"
        f"long@example.com;{'x' * 1001};1\n"
        "wide@example.com;a;b;c\n"
        'open@example.com;"a;b\n'
        "last@example.com\n"  # cells left out at the end
    )
    job = imported(world, text)
    assert (job.state, counts(job), job.line, job.offset) == ("finished", (2, 1, 1, 6), 13, len(text.encode()))
    assert contacts.read(world, ann.id).fields == {"city": "Köln", "plan": "pro"}
    assert contacts.read(world, same.id).updated_at == same.updated_at
    assert contacts.read(world, "new@bücher.example").fields == {"plan": "two\nlines", "shoe_size": "42"}
    assert contacts.read(world, "last@example.com").fields == {}
    rejected = report(world, job)
    assert [each[:2] for each in rejected] == [
        (7, "E-Mail"),
        (8, "E-Mail"),
        (9, "E-Mail"),
        (10, "Plan"),
        (11, ""),
        (12, ""),
    ]
    assert "@" in rejected[0][3]
    assert rejected[2][2:] == ("new@xn--bcher-kva.example", "This address stands twice: first on line 5.")
    assert len(rejected[3][2]) == 100
    assert rejected[4][2:] == ("c", "It has 4 values, the header 3 columns.")
    assert rejected[5][2] == 'open@example.com;"a;b'


def test_twice_is_found_however_far_apart(world):
    middle = "".join(f"p{n}@example.com,\n" for n in range(1200))
    job = imported(world, f"email,plan\nann@example.com,first\n{middle}Ann@Example.com,second\n")
    assert counts(job) == (1201, 0, 0, 1)
    assert report(world, job)[0][3] == "This address stands twice: first on line 2."
    assert contacts.read(world, "ann@example.com").fields == {"plan": "first"}


def test_a_second_import_of_the_same_file_changes_nothing(world):
    text = "email,plan\nann@example.com,pro\nben@example.com,\n"
    imported(world, text)
    assert counts(imported(world, text)) == (0, 0, 2, 0)


def test_the_contacts_join_a_list(world, tables):
    news = segments.create(world, "News")
    ann = contacts.create(world, "ann@example.com", {"plan": "pro"})
    job = imported(world, "email,plan\nann@example.com,pro\nben@example.com,\nbad,\n", segment=news.id)
    assert counts(job) == (1, 1, 0, 1)
    ben = contacts.read(world, "ben@example.com")
    assert tables.members[news.id] == {ann.id, ben.id}
    assert contacts.read(world, ann.id).lists == ben.lists == {news.id}
    assert segments.read(world, news.id).size == 2


def test_a_deleted_contacts_address_comes_back_with_its_id(world):
    ann = contacts.create(world, "ann@example.com")
    contacts.delete(world, ann.id)
    assert counts(imported(world, "email\nann@example.com\n")) == (1, 0, 0, 0)
    assert contacts.read(world, "ann@example.com").id == ann.id


def test_a_line_of_another_program_is_told(world):
    utf_8 = "email,name\nann@example.com,Zoé\nben@example.com,Бен\n".encode()
    job = imported(world, utf_8 + "carl@example.com,René\n".encode("cp1252"))
    assert (job.encoding, job.recoded, job.created) == ("", 1, 3)
    assert contacts.read(world, "carl@example.com").fields == {"name": "René"}


def test_windows_1252_is_told(world):
    job = imported(world, "email,name\nann@example.com,Zoé\nben@example.com,Ben\n".encode("cp1252"))
    assert (job.encoding, job.recoded, job.created) == ("cp1252", 0, 2)
    assert contacts.read(world, "ann@example.com").fields == {"name": "Zoé"}


def test_a_full_contact_is_rejected_by_name(world):
    contacts.create(world, "ann@example.com", {f"f{n}": n for n in range(100)})
    job = imported(world, "email,one_more\nann@example.com,1\n")
    assert counts(job) == (0, 0, 0, 1)
    assert "100" in report(world, job)[0][3]


def test_a_mapping_leaves_out_and_renames(world):
    mapping = {"Contact": "address", "Notes": "", "Level": "plan"}
    job = imported(world, "Contact,Notes,Level\nann@example.com,secret,pro\n", mapping=mapping)
    assert counts(job) == (1, 0, 0, 0)
    assert contacts.read(world, "ann@example.com").fields == {"plan": "pro"}


def test_values_are_typed_and_a_bad_one_is_named_with_its_column(world):
    definitions.create(world, "vip", {"type": "boolean"})
    definitions.create(world, "credits", {"type": "number"})
    definitions.create(world, "plan", {"type": "select", "choices": [{"value": "pro"}, {"value": "free"}]})
    text = (
        "email,VIP,Credits,Plan\n"
        "ann@example.com,Yes,1.5,PRO\n"
        "ben@example.com,perhaps,1,pro\n"
        "cid@example.com,no,many,pro\n"
        "dan@example.com,no,1,por\n"
        "eve@example.com,,,\n"
    )
    job = imported(world, text)
    assert counts(job) == (2, 0, 0, 3)
    assert contacts.read(world, "ann@example.com").fields == {"vip": True, "credits": 1.5, "plan": "pro"}
    assert contacts.read(world, "eve@example.com").fields == {}
    rejected = report(world, job)
    assert [each[:3] for each in rejected] == [(3, "VIP", "perhaps"), (4, "Credits", "many"), (5, "Plan", "por")]
    assert "Perhaps 'pro'?" in rejected[2][3]


def test_defaults_are_for_new_contacts_alone(world):
    definitions.create(world, "plan", {"type": "select", "choices": [{"value": "pro"}, {"value": "free"}]})
    contacts.create(world, "old@example.com")
    definitions.update(world, "plan", {"default": "free"})
    imported(world, "email,plan\nold@example.com,\nnew@example.com,\npaid@example.com,pro\n")
    found = [contacts.read(world, f"{each}@example.com").fields for each in ("old", "new", "paid")]
    assert found == [{}, {"plan": "free"}, {"plan": "pro"}]


def test_a_retired_field_takes_nothing_new(world):
    definitions.create(world, "plan", {"retired": True})
    job = imported(world, "email,plan\nann@example.com,pro\nben@example.com,\n")
    assert counts(job) == (1, 0, 0, 1)
    assert "retired" in report(world, job)[0][3]


def test_defaults_that_find_no_room_are_told(world):
    definitions.create(world, "plan", {"default": "free"})
    header = ",".join(f"f{n}" for n in range(100))
    job = imported(world, f"email,{header}\nann@example.com{',1' * 100}\n")
    assert counts(job) == (0, 0, 0, 1)
    assert "100" in report(world, job)[0][3]


def test_owners_and_companies_on_the_way(world):
    ann = owners.create(world, {"address": "ann@bücher.example"})
    firm = companies.create(world, {"name": "Firm"})
    contacts.create(world, "old@example.com", owner_id=ann.id)
    text = (
        "email,Owner,company_id\n"
        f"a@example.com,Ann@BÜCHER.example,{firm.id}\n"
        f"b@example.com,{ann.id},\n"
        "old@example.com,,\n"
        "c@example.com,nobody@example.com,\n"
        f"d@example.com,,{numbered_id(99)}\n"
        "e@example.com,Ann,\n"
        "f@example.com,,Firm\n"
        "g@example.com\n"
    )
    job = imported(world, text)
    assert counts(job) == (3, 0, 1, 4)
    found = [contacts.read(world, f"{each}@example.com") for each in ("a", "b", "old")]
    assert [(each.owner_id, each.company_id) for each in found] == [(ann.id, firm.id), (ann.id, ""), (ann.id, "")]
    columns = [(5, "Owner"), (6, "company_id"), (7, "Owner"), (8, "company_id")]
    assert [each[:2] for each in report(world, job)] == columns
    assert counts(imported(world, f"email,owner_id,company_id\nold@example.com,,{firm.id}\n")) == (0, 1, 0, 0)
    assert contacts.read(world, "old@example.com").company_id == firm.id


def test_what_is_known_is_read_once_for_a_batch(world):
    definitions.create(world, "plan", {"type": "lookup"})
    owners.create(world, {"address": "ann@example.org"})
    calls = []
    rows = "".join(f"p{n}@example.com,ann@example.org,pro\n" for n in range(300))
    imported(intercepted(world, *counted(calls)), f"email,owner,plan\n{rows}")
    assert [call.port for call in calls if call.method == "page"] == ["definitions", "owners"]


REFUSED = [
    (b"", {}, Invalid, "file", "an empty file"),
    (b"name\nx\n", {}, Invalid, "file", "no address"),
    (b"email\n" * (MAX_BODY // 6 + 1), {}, TooLarge, "file", "too large for a body"),
    (b"email\n", {"segment": numbered_id(99)}, NotFound, "segment", "no such list"),
    (b"email\n", {"mapping": {"x": "y"}}, Invalid, "mapping", "no such column"),
    (b"email\n", {"rule": "merge"}, Invalid, "rule", "no such rule"),
    (b"email\n", {"tags": ("a|b",)}, Invalid, "tags", "a tag with the separator"),
    (b"email\n", {"encoding": "klingon"}, Invalid, "encoding", "no such encoding"),
    (b"email\n", {"encoding": "rot13"}, Invalid, "encoding", "an encoding of something else"),
    (b"email\n", {"delimiter": "x"}, Invalid, "delimiter", "no such delimiter"),
    (b"email\n", {"sheet": "People"}, Invalid, "sheet", "no sheets in CSV"),
    (b'{"email": "ann@example.com"}\n', {"encoding": "cp1252"}, Invalid, "encoding", "JSON is UTF-8"),
    (b'{"email": "ann@example.com"}\n', {"delimiter": ";"}, Invalid, "delimiter", "JSON has none"),
    (b"{broken\n", {}, Invalid, "file", "no JSON lines"),
    (b"PK\x03\x04 not really", {}, Invalid, "file", "no workbook"),
    ("uploads/../secret", {}, Invalid, "upload", "not a reference of ours"),
    (f"uploads/{numbered_id(99)}.csv", {}, NotFound, "upload", "nothing there yet"),
]


@pytest.mark.parametrize(("source", "more", "fault", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused_before_it_begins(world, source, more, fault, field, why):
    with pytest.raises(fault) as caught:
        importing.start(world, source, Wishes(**more))
    assert caught.value.field == field, why
    assert world.imports.open() == []
    assert not world.hints.queue


def test_a_live_filter_takes_no_import(world):
    live = segments.create(world, "Pros", {"field": "plan", "operator": "=", "value": "pro"})
    with pytest.raises(Conflict, match="live filter"):
        importing.start(world, b"email\n", Wishes(segment=live.id))


def test_an_upload_is_imported_by_its_reference(world, clock):
    place = importing.upload(world)
    assert is_id(place.file.removeprefix("uploads/").removesuffix(".csv"))
    assert place.expires_at == clock.at + 3_600_000
    world.files.put(place.file, b"email\nann@example.com\n", "text/csv")
    job = importing.start(world, place.file)
    assert [hint.args for hint in world.hints.drain()] == [(job.id,)]
    importing.run(world, job.id)
    assert counts(importing.read(world, job.id)) == (1, 0, 0, 0)


def test_a_list_that_is_deleted_meanwhile_fails_the_job(world):
    news = segments.create(world, "News")
    job = importing.start(world, b"email\nann@example.com\n", Wishes(segment=news.id))
    segments.delete(world, news.id)
    importing.run(world, job.id)
    job = importing.read(world, job.id)
    assert (job.state, job.created) == ("failed", 0)
    assert news.id in job.reason
    assert world.imports.open() == []


def test_without_time_it_gives_way_and_goes_on(world, clock):
    job = importing.start(world, b"email\n" + b"".join(b"p%d@example.com\n" % n for n in range(1200)))
    world.hints.drain()
    # reading the row, taking the lease and the first commit take a millisecond each
    clock.deadline = clock.at + importing.RESERVE_MS + 2
    slow = intercepted(world, after=lambda call: clock.sleep(1 if call.port == "imports" else 0))
    importing.run(slow, job.id)
    half = importing.read(world, job.id)
    assert (half.state, half.lease_until, half.created) == ("running", 0, 500)
    assert [hint.kind for hint in world.hints.drain()] == ["run_import"]
    clock.deadline = None
    importing.run(world, job.id)
    assert counts(importing.read(world, job.id)) == (1200, 0, 0, 0)


def test_a_doubled_hint_finds_the_lease_taken(world, clock):
    job = importing.start(world, b"email\nann@example.com\n")
    leased = replace(job, state="running", lease_until=clock.at + 1, version=job.version + 1)
    world.imports.update(leased, job.version)
    importing.run(world, job.id)
    assert importing.read(world, job.id) == leased
    clock.sleep(2)
    importing.run(world, job.id)
    assert importing.read(world, job.id).state == "finished"


FIFTY = 50
# A file with every fate, and three steps of fifty lines.
FATES = (
    "email,plan\n"
    "old@example.com,pro\n"
    "same@example.com,free\n"
    "gone@example.com,pro\n"
    + "".join(f"p{n}@example.com,pro\n" for n in range(120))
    + "bad,pro\n"
    + "p5@example.com,again\n"
    + "p119@example.com,again\n"
    + "old@example.com,again\n"
    + "same@example.com,again\n"
)


def prepared():
    tables, clock = Tables(), Clock()
    world = fake_world(tables=tables, clock=clock)
    news = segments.create(world, "News")
    contacts.create(world, "old@example.com", {"plan": "free"})
    same = contacts.create(world, "same@example.com", {"plan": "free"})
    belonging.put_member(world, news.id, same.id)
    contacts.delete(world, contacts.create(world, "gone@example.com").id)
    return tables, clock, world, importing.start(world, FATES.encode(), Wishes(segment=news.id))


def check(tables, world, job_id):
    job = importing.read(world, job_id)
    assert (job.state, counts(job)) == ("finished", (121, 1, 1, 5))
    assert [each[0] for each in report(world, job)] == [125, 126, 127, 128, 129]
    plans = Counter(each.fields.get("plan") for each in tables.contacts.values())
    assert plans == {"pro": 122, "free": 1}
    assert all(each.lists == {job.segment} for each in tables.contacts.values())
    assert tables.members[job.segment] == set(tables.contacts)
    assert tables.segments[job.segment].size == 123


def calls_of_a_run():
    _, _, world, job = prepared()
    calls = []
    importing.run(intercepted(world, *counted(calls)), job.id, FIFTY)
    return len(calls)


@pytest.mark.parametrize("fault", [killed_before, killed_after, answer_lost])
def test_stopped_at_any_call_it_ends_as_if_it_had_not_been(fault):
    total = calls_of_a_run()
    assert total > 20
    for number in range(1, total + 1):
        tables, clock, world, job = prepared()
        with pytest.raises((Killed, LostAnswer)):
            importing.run(intercepted(world, *fault(number)), job.id, FIFTY)
        clock.sleep(world.timing.lease + 1)
        importing.run(replace(world, new_id=fake_world(seed="other").new_id), job.id, FIFTY)
        check(tables, world, job.id)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([killed_before, killed_after, answer_lost]), st.integers(1, 40)), max_size=6))
def test_stopped_again_and_again(faults):
    tables, clock, world, job = prepared()
    for n, (fault, number) in enumerate(faults):
        seeded = replace(world, new_id=fake_world(seed=str(n)).new_id)
        try:
            importing.run(intercepted(seeded, *fault(number)), job.id, FIFTY)
        except (Killed, LostAnswer):
            clock.sleep(world.timing.lease + 1)
    importing.run(world, job.id, FIFTY)
    check(tables, world, job.id)


def test_overtaken_at_any_call_nobody_is_counted_twice():
    """A worker stalls past its lease; another takes over and finishes; the first wakes and goes on."""
    for number in range(2, calls_of_a_run() + 1):
        tables, clock, world, job = prepared()

        def overtake(call, number=number, clock=clock, world=world, job=job):
            if call.number == number:
                clock.sleep(world.timing.lease + 1)
                importing.run(replace(world, new_id=fake_world(seed="other").new_id), job.id, FIFTY)

        importing.run(intercepted(world, overtake), job.id, FIFTY)
        check(tables, world, job.id)


def test_two_imports_of_one_audience_keep_their_own_counts(world, clock):
    lines = "email,plan\n" + "".join(f"p{n}@example.com,%s\n" for n in range(3)) + "p1@example.com,again\n"
    first, second = (importing.start(world, (lines % ((plan,) * 3)).encode()) for plan in ("pro", "team"))
    stopped = intercepted(world, *killed_after(8))
    with pytest.raises(Killed):
        importing.run(stopped, first.id)
    importing.run(world, second.id)
    clock.sleep(world.timing.lease + 1)
    importing.run(world, first.id)
    assert counts(importing.read(world, first.id)) == (3, 0, 0, 1)
    assert counts(importing.read(world, second.id)) == (0, 3, 0, 1)


def test_whoever_is_written_meanwhile_keeps_both(world):
    ann = contacts.create(world, "ann@example.com")
    job = importing.start(world, b"email,plan\nann@example.com,pro\n")
    left = [2]

    def meddle(call):
        if call.method == "update_many" and left[0]:
            left[0] -= 1
            contacts.update(world, ann.id, {"fields": {"credits": left[0]}})

    importing.run(intercepted(world, meddle), job.id)
    assert contacts.read(world, ann.id).fields == {"plan": "pro", "credits": 0}
    assert counts(importing.read(world, job.id)) == (0, 1, 0, 0)


def test_whoever_is_never_reached_is_reported(world):
    ann = contacts.create(world, "ann@example.com")
    job = importing.start(world, b"email,plan\nann@example.com,pro\nben@example.com,pro\n")
    numbers = iter(range(100))

    def meddle(call):
        if call.method == "update_many":
            contacts.update(world, ann.id, {"fields": {"credits": next(numbers)}})

    importing.run(intercepted(world, meddle), job.id)
    job = importing.read(world, job.id)
    assert counts(job) == (1, 0, 0, 1)
    assert report(world, job)[0][:3] == (2, "email", "ann@example.com")
