import csv
import subprocess
import sys
from itertools import islice

from chalicelib.work import importing
from chalicelib.work.addresses import normalised
from local.audience import COLUMNS, SHIPPED, generate
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world


def test_the_same_people_every_time_and_others_for_another_seed():
    assert list(generate(50, 7)) == list(generate(50, 7))
    assert list(generate(50, 7)) != list(generate(50, 8))
    assert list(generate(50, 7)) == list(islice(generate(100, 7), 50))


def test_everybody_has_an_address_of_their_own_in_a_domain_kept_for_examples():
    addresses = [normalised(row[0]) for row in generate(3_000)]
    assert len(set(addresses)) == 3_000
    endings = (".example", "@example.com", "@example.org", "@example.net")
    assert all(address.endswith(endings) for address in addresses)


def test_people_vary():
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in generate(300)]
    assert {row["preferred_locale"] for row in rows} == {"fr", "en", "de"}
    assert any("'" in row["email"] for row in rows)
    assert any(not row["email"].isascii() for row in rows)
    assert any(not row["firstname"] for row in rows)
    assert any(len(row["lastname"]) > 25 for row in rows)
    assert any('"' in row["company"] for row in rows)
    assert any("<" in row["company"] for row in rows)


def test_the_command_writes_a_csv():
    done = subprocess.run(
        [sys.executable, "-m", "local.audience", "30", "--seed", "7"], capture_output=True, check=True, encoding="utf-8"
    )
    rows = [tuple(row) for row in csv.reader(done.stdout.splitlines())]
    assert rows == [COLUMNS, *generate(30, 7)]


def test_the_shipped_audience_imports_but_for_what_it_says():
    tables = Tables()
    world = fake_world(tables=tables)
    job = importing.start(world, SHIPPED.read_bytes())
    importing.run(world, job.id)
    job = importing.read(world, job.id)
    assert (job.created, job.updated, job.unchanged, job.rejected) == (299, 0, 0, 3)
    reasons = {each.line: each.reason for each in importing.rejected(world, job.id, 10, None)[0]}
    assert reasons.keys() == {79, 153, 212}
    assert reasons[153] == "This address stands twice: first on line 13."
    addresses = {contact.address for contact in tables.contacts.values()}
    for mailbox in ("bounce", "complaint", "suppressionlist"):
        assert f"{mailbox}@simulator.amazonses.com" in addresses
    assert {contact.fields["preferred_locale"] for contact in tables.contacts.values()} == {"fr", "en", "de"}
