"""Exports in the console: begun, watched, fetched, cancelled."""

from dataclasses import replace

import pytest

from chalicelib.work import contacts, exporting, segments


@pytest.fixture
def editor(browser, world):
    contacts.create(world, "ann@example.com")
    return browser.signed_in("editor")


def begun(editor, **more) -> str:
    form = {"what": "contacts", "format": "csv", "segment": "", "email": ""}
    return editor.post("/console/exports", form | more).to


def test_it_is_begun_watched_and_fetched(editor, world):
    assert "No export yet" in editor.get("/console/exports").text
    place = begun(editor, format="jsonl")
    waiting = editor.get(place).text
    assert f'hx-get="{place}/progress"' in waiting
    assert "Download the file" not in waiting
    assert "Waiting" in editor.get(f"{place}/progress").text
    exporting.run(world, place.rpartition("/")[2])
    assert editor.get(f"{place}/progress", {"hx-request": "true"}).headers["hx-redirect"] == place
    done = editor.get(place).text
    assert "Download the file" in done
    assert "hx-get" not in done
    assert f"exports/{place.rpartition('/')[2]}.jsonl" in editor.get(f"{place}/file").to
    assert "JSON lines" in editor.get("/console/exports").text


def test_a_segments_and_what_narrows_another_kind_does_not_matter(editor, world):
    some = segments.create(world, "Some <b>").id
    page = editor.get("/console/exports", what="contacts", segment=some).text
    assert f'<option value="{some}" selected>' in page
    place = begun(editor, segment=some)
    assert exporting.read(world, place.rpartition("/")[2]).segment == some
    assert "Some &lt;b&gt;" in editor.get(place).text
    other = begun(editor, what="messages", segment=some)
    assert exporting.read(world, other.rpartition("/")[2]).segment == ""
    segments.delete(world, some)
    assert "(deleted meanwhile)" in editor.get(place).text


def test_how_far_it_is(editor, world):
    place = begun(editor)
    assert "0.0% read" in editor.get(f"{place}/progress").text
    job = exporting.read(world, place.rpartition("/")[2])
    world.exports.update(replace(job, ahead=(16, 250), version=job.version + 1), job.version)
    part = editor.get(f"{place}/progress").text
    assert 'value="0.2578125"' in part, "in the middle of that section"
    assert "25.8% read · 250 rows of about 970" in part
    assert "% read" not in editor.get(begun(editor, what="segments") + "/progress").text, "nobody knows"


def test_it_is_cancelled_once(editor):
    place = begun(editor)
    assert editor.post(f"{place}/cancel").to == place
    page = editor.get(place).text
    assert "Cancelled" in page
    assert "Cancel the export" not in page
    again = editor.post(f"{place}/cancel")
    assert again.status == 409
    assert "“Cancelled” cannot be cancelled" in again.text


def test_a_file_that_is_gone_leads_back(editor, world, tables):
    place = begun(editor)
    exporting.run(world, place.rpartition("/")[2])
    tables.files.clear()
    assert "The file is gone" in editor.get(place).text
    assert editor.get(f"{place}/file").to == place


def test_what_is_none_is_refused(editor):
    answer = editor.post("/console/exports", {"what": "mails", "format": "csv"})
    assert answer.status == 422
    assert 'id="what-wrong"' in answer.text


def test_a_viewer_begins_and_cancels_none(browser, editor):
    place, viewer = begun(editor), browser.signed_in("viewer")
    assert "<form" not in viewer.get("/console/exports").text.split('id="main"')[1]
    assert "Cancel the export" not in viewer.get(place).text
    assert viewer.post(f"{place}/cancel").status == 403
    assert viewer.post("/console/exports", {"what": "contacts", "format": "csv"}).status == 403
