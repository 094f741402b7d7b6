"""Versions, family, copies and pre-flight of an e-mail, in the console and by the API."""

import pytest

from chalicelib.work import emails, preflight, segments

DRAFT = {
    "kind": "segment",
    "name": "Spring",
    "subject": "Hello",
    "from_address": "shop@example.com",
    "html": "<p>One</p>\n<p>{unsubscribe_text}</p>",
}


@pytest.fixture
def editor(browser):
    return browser.signed_in("editor")


@pytest.fixture
def email(world):
    email = emails.create(world, DRAFT)
    emails.publish(world, email.id)
    emails.update(world, email.id, {"html": "<p>Two & more</p>\n<p>{unsubscribe_text}</p>"})
    emails.publish(world, email.id)
    return emails.update(world, email.id, {"subject": "Hi"})


def made(world, seen):
    return emails.read(world, seen.to.split("/")[3])


def test_what_changed_is_shown_in_lines(editor, email):
    address = f"/console/emails/{email.id}/versions"
    assert "From Version 2 to the draft" in editor.get(address).text
    text = editor.get(address, **{"from": "1", "to": "2"}).text
    assert '<td class="what">&lt;p&gt;Two &amp; more&lt;/p&gt;</td>' in text
    assert '<td class="what">&lt;p&gt;One&lt;/p&gt;</td>' in text
    assert editor.get(address, **{"from": "9"}).status == 404
    assert editor.get(address, **{"from": "x"}).status == 422


def test_without_versions_it_says_what_to_do(editor, world):
    email = emails.create(world, DRAFT)
    assert "Nothing is published yet" in editor.get(f"/console/emails/{email.id}/versions").text


def test_a_version_is_brought_back(editor, email, world):
    seen = editor.post(f"/console/emails/{email.id}/versions/1/bring-back")
    assert seen.to == f"/console/emails/{email.id}/edit"
    assert emails.read(world, email.id).html == DRAFT["html"]


def test_a_viewer_sees_versions_and_brings_none_back(browser, email, world):
    viewer = browser.signed_in("viewer")
    assert viewer.get(f"/console/emails/{email.id}/versions").status == 200
    assert viewer.post(f"/console/emails/{email.id}/versions/1/bring-back").status == 403
    assert emails.read(world, email.id).html != DRAFT["html"]


def test_versions_by_the_api(client, email):
    found = client("GET", f"/v1/emails/{email.id}/versions").json["items"]
    assert [(each["number"], each["subject"]) for each in found] == [(2, "Hello"), (1, "Hello")]
    one = client("GET", f"/v1/emails/{email.id}/versions/1").json
    assert one["email"]["html"] == DRAFT["html"]
    assert [each["field"] for each in one["changed_since"]] == ["subject", "html"]
    assert client("GET", f"/v1/emails/{email.id}/versions/9").status == 404
    assert client("GET", f"/v1/emails/{email.id}/versions/x").status == 422
    back = client("POST", f"/v1/emails/{email.id}/versions/1/bring-back")
    assert (back.status, back.json["html"]) == (200, DRAFT["html"])


def test_a_translation_begins_with_the_original(editor, world):
    email = emails.create(world, DRAFT | {"language": "en"})
    french = made(world, editor.post(f"/console/emails/{email.id}/translations", {"language": "fr"}))
    assert (french.translation_of, french.language, french.html) == (email.id, "fr", DRAFT["html"])
    assert french.name == "Spring (fr)"
    seen = editor.post(f"/console/emails/{email.id}/translations", {"language": "fr"})
    assert (seen.status, "in that language already" in seen.text) == (422, True)


def test_variants_and_their_test(editor, world):
    email = emails.create(world, DRAFT)
    address = f"/console/emails/{email.id}"
    second = made(world, editor.post(f"{address}/variants", {"weight": "30"}))
    assert (second.variant_of, second.weight, second.name) == (email.id, 30, "Spring (B)")
    text = editor.get(f"{address}/family").text
    assert "70%" in text
    assert "A/B test" in text
    given = {"who": "share", "share": "20", "goal": "clicked", "wait_hours": "6", "automatic": "yes"}
    assert editor.post(f"{address}/split-test", given).to == f"{address}/family"
    assert emails.read(world, email.id).test.share == 20
    assert editor.post(f"{address}/split-test", given | {"share": "101"}).status == 422
    editor.post(f"{address}/split-test", given | {"who": "all"})
    assert emails.read(world, email.id).test is None


def test_weights_are_changed_and_members_removed(browser, editor, email, world):
    address = f"/console/emails/{email.id}"
    second = made(world, editor.post(f"{address}/variants", {"weight": "30"}))
    assert editor.post(f"/console/emails/{second.id}/weight", {"weight": "40"}).to == f"{address}/family"
    assert emails.read(world, second.id).weight == 40
    refused = editor.post(f"/console/emails/{second.id}/weight", {"weight": "101"})
    assert (refused.status, "weight" in refused.text) == (422, True)
    assert "40% get it" in editor.get(address).text
    viewer = browser.signed_in("viewer")
    assert "/remove" not in viewer.get(f"{address}/family").text
    assert viewer.post(f"/console/emails/{second.id}/remove").status == 403
    assert editor.post(f"{address}/remove").status == 409, "not the original"
    assert editor.post(f"/console/emails/{second.id}/remove").to == f"{address}/family"
    assert world.emails.read(second.id) is None
    assert "get it" not in editor.get(address).text


def test_a_copy_stands_alone(editor, email, world):
    copy = made(world, editor.post(f"/console/emails/{email.id}/clone", {"name": ""}))
    assert (copy.family, copy.revision, copy.name) == (copy.id, 0, "Spring (copy)")


def test_a_pre_flight_is_read_as_it_goes(editor, email, world):
    segment = segments.create(world, "Friends")
    emails.update(world, email.id, {"segments": [segment.id], "subject": "Hello"})
    started = editor.post(f"/console/emails/{email.id}/edit/preflight")
    assert 'hx-trigger="every 1s"' in started.text
    [job] = world.preflights.tables.preflights
    preflight.run(world, job)
    seen = editor.get(f"/console/emails/{email.id}/edit/preflight/{job}")
    assert "hx-trigger" not in seen.text
    assert "Version 2, 0 recipients." in seen.text
    other = emails.create(world, DRAFT)
    assert editor.get(f"/console/emails/{other.id}/edit/preflight/{job}").status == 404
    assert "not published" in editor.post(f"/console/emails/{other.id}/edit/preflight").text
