import re

import pytest

from chalicelib.model.suppression import Suppression
from chalicelib.work import importing, suppression_list
from chalicelib.work.addresses import address_hash
from tests.api.console.letters import letters
from tests.fakes.world import numbered_id


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


def test_who_told_it_is_said_in_words(editor, world):
    letter = numbered_id(1, "contact") + "_" + letters(world).email
    erasure = numbered_id(7)
    gone = f"{erasure}_{erasure}"
    told = [letter, f"erasure {erasure}", "ses", "soft bounces", "operator", "import gone", "of old", gone]
    for number, source in enumerate(told):
        hashed = address_hash(world, f"p{number}@example.com")
        world.suppressions.put(Suppression(hashed, "bounced", source, world.now()))
    page = editor.get("/console/suppressions").text
    assert f'<a href="/console/emails/{letter.partition("_")[2]}">a letter: Spring &lt;letter&gt;</a>' in page
    assert f'<a href="/console/erasures/{erasure}">an erasure</a>' in page
    said = re.findall(r'<td class="address"><span class="soft">([^<]+)</span>', page)
    own = "SES\N{RIGHT SINGLE QUOTATION MARK}s own list"
    assert sorted(said) == sorted([own, "soft bounces", "the team", "an import", "of old", "an answer to a message"])


def test_the_list_is_downloaded_and_another_brought(editor, world):
    editor.post("/console/suppressions", {"address": "ann@example.com"})
    file = editor.get("/console/suppressions/file")
    assert file.headers["content-disposition"] == 'attachment; filename="suppressions.csv"'
    assert address_hash(world, "ann@example.com") in file.text
    bob = b"address\nbob@example.com\n"
    sent = editor.upload("/console/suppressions/import", "list.csv", bob, {"reason": "bounced"})
    importing.run(world, sent.to.rpartition("/")[2])
    assert suppression_list.read(world, "bob@example.com").suppression.reason == "bounced"
    refused = editor.upload("/console/suppressions/import", "list.csv", b"")
    assert (refused.status, 'id="file-wrong"' in refused.text) == (422, True)


def test_what_is_no_address(editor):
    assert editor.post("/console/suppressions", {"address": "nobody"}).status == 422
    assert editor.get("/console/suppressions", address="nobody").status == 422


def test_a_viewer_looks(browser):
    viewer = browser.signed_in("viewer")
    assert "Suppress an address" not in viewer.get("/console/suppressions").text
    assert viewer.post("/console/suppressions", {"address": "ann@example.com"}).status == 403
