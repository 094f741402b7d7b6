import pytest

from chalicelib.model.suppression import Suppression
from chalicelib.work import suppression_list
from chalicelib.work.addresses import address_hash


@pytest.fixture
def editor(browser):
    return browser.signed_in("editor")


def test_an_address_is_put_on_the_list_asked_about_and_lifted(editor, world):
    assert "Nobody is suppressed" in editor.get("/console/suppressions").text
    assert editor.post("/console/suppressions", {"address": "Ann@example.com"}).status == 303
    page = editor.get("/console/suppressions", address="ann@example.com").text
    assert "suppressed by hand" in page
    hashed = address_hash(world, "ann@example.com")
    assert editor.post(f"/console/suppressions/{hashed}/lift").status == 303
    assert "not suppressed" in editor.get("/console/suppressions", address="ann@example.com").text


def test_a_persons_own_word_takes_a_tick(editor, world):
    hashed = address_hash(world, "ann@example.com")
    world.suppressions.put(Suppression(hashed, "unsubscribed", "message", world.now()))
    assert "They asked us to write to them again" in editor.get("/console/suppressions", address=hashed).text
    assert editor.post(f"/console/suppressions/{hashed}/lift").status == 409
    assert editor.post(f"/console/suppressions/{hashed}/lift", {"force": "1"}).status == 303
    assert suppression_list.read(world, hashed).suppression is None


def test_what_is_no_address(editor):
    assert editor.post("/console/suppressions", {"address": "nobody"}).status == 422
    assert editor.get("/console/suppressions", address="nobody").status == 422


def test_a_viewer_looks(browser):
    viewer = browser.signed_in("viewer")
    assert "Suppress an address" not in viewer.get("/console/suppressions").text
    assert viewer.post("/console/suppressions", {"address": "ann@example.com"}).status == 403
