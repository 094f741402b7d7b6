"""Receipts of erasures in the console: who asked, how far it is, what went; and nobody's name."""

import pytest

from chalicelib.work import contacts, erasing, forgetting
from tests.fakes.world import numbered_id


@pytest.fixture
def viewer(browser):
    return browser.signed_in("viewer")


def test_without_any_it_says_how(viewer):
    assert "Nobody was erased yet" in viewer.get("/console/erasures").text


def test_a_receipt_from_its_beginning_to_its_end(viewer, world, clock):
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann"})
    job = erasing.begin(world, ann)
    place = f"/console/erasures/{job.id}"
    assert "Waiting" in viewer.get("/console/erasures").text
    assert "cannot be written to any more" in viewer.get(place).text
    erasing.run(world, job.id)
    assert "Looks once more later" in viewer.get(place).text
    clock.at = erasing.read(world, job.id).sweeps_at
    erasing.run(world, job.id)
    page = viewer.get(place).text
    assert "Finished" in page
    assert "Envoi" in page, "who asked"
    assert '<td>Contacts</td><td class="n">1</td>' in page
    assert ann.id in page
    assert "ann@example.com" not in page
    assert "Ann" not in page.split('id="main"')[1]


def test_who_asked_by_a_letter_is_not_named(viewer, world):
    ann = contacts.create(world, "ann@example.com")
    message = f"{ann.id}_{numbered_id(1, 'email')}"
    forgetting.forget(world, ann.id, message)
    page = viewer.get("/console/erasures").text
    assert "by the link in a letter" in page
    assert message not in page


def test_whoever_is_erased_is_suppressed_and_the_receipt_is_linked(viewer, world):
    job = erasing.begin(world, contacts.create(world, "ann@example.com"))
    page = viewer.get("/console/suppressions", address="ann@example.com").text
    assert f'href="/console/erasures/{job.id}"' in page


def test_no_such_receipt(viewer):
    assert viewer.get(f"/console/erasures/{numbered_id(9)}").status == 404
