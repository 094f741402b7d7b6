"""The editor of an e-mail: begun from a theme, saved field by field, checked, published, tried."""

import base64
import json
import re

import pytest

from chalicelib.work import contacts, emails

DRAFT = {"kind": "segment", "name": "Spring", "subject": "Hello", "from_address": "shop@example.com"}
HTML = "<p>Hello {contactfield=firstname|you}</p><p>{unsubscribe_text}</p>"


@pytest.fixture
def editor(browser):
    return browser.signed_in("editor")


@pytest.fixture
def email(world):
    return emails.create(world, DRAFT | {"html": HTML})


def save(editor, email, **fields):
    seen = editor.post(f"/console/emails/{email.id}/edit/draft", {"version": str(email.version)} | fields)
    return seen.status, json.loads(seen.text)


def test_the_page_has_every_field(editor, email):
    seen = editor.get(f"/console/emails/{email.id}/edit")
    assert seen.status == 200
    assert 'value="Hello"' in seen.text
    assert "Hello {contactfield=firstname|you}&lt;/p&gt;" in seen.text
    assert 'data-token="contactfield=firstname"' in seen.text


def test_what_was_typed_is_saved(editor, email, world):
    status, said = save(editor, email, subject="Hello again", preheader="Look")
    assert (status, said["version"], said["faults"]) == (200, 2, {})
    assert emails.read(world, email.id).subject == "Hello again"


def test_what_cannot_be_taken_keeps_nothing_else_from_being_saved(editor, email, world):
    status, said = save(editor, email, subject="", html="<p>New</p>", headers="nonsense", **{"utm.source": "x" * 201})
    assert status == 200
    assert said["faults"].keys() == {"subject", "headers", "utm"}
    kept = emails.read(world, email.id)
    assert (kept.subject, kept.html) == ("Hello", "<p>New</p>")


def test_of_two_who_edit_the_second_is_told(editor, email, world):
    emails.update(world, email.id, {"subject": "Theirs"})
    status, said = save(editor, email, subject="Mine")
    assert (status, said["version"], said["values"]["subject"]) == (409, 2, "Theirs")
    assert emails.read(world, email.id).subject == "Theirs"


def test_fields_that_are_made_of_several(editor, email, world):
    block = {"name": "Offer", "html": "<p>All</p>", "variations": [{"filter": "country is FR", "html": "<p>FR</p>"}]}
    _, said = save(
        editor,
        email,
        headers="X-One: 1\n\nX-Two: 2",
        bcc="a@example.com, b@example.com",
        blocks=json.dumps([block]),
        publish_up="2031-05-04T09:30",
        from_owner=["", "yes"],
        **{"utm.source": "mail"},
    )
    kept = emails.read(world, email.id)
    assert kept.headers == {"X-One": "1", "X-Two": "2"}
    assert kept.bcc == ("a@example.com", "b@example.com")
    assert kept.utm == {"source": "mail"}
    assert kept.from_owner
    assert said["values"]["publish_up"] == "2031-05-04T09:30"
    assert json.loads(said["values"]["blocks"])[0]["variations"][0]["filter"] == "country is FR"
    assert said["values"]["headers"] == "X-One: 1\nX-Two: 2"


def test_an_editor_that_was_away_reads_how_it_stands(editor, email):
    said = json.loads(editor.get(f"/console/emails/{email.id}/edit/draft").text)
    assert (said["version"], said["values"]["subject"], bool(said["change"])) == (1, "Hello", True)


def test_what_waits_in_a_browser_is_sealed_for_whoever_typed_it(browser, email):
    def drawer(visitor, page, **query):
        text = visitor.get(f"/console/emails/{email.id}/{page}", **query).text
        return re.search(r'data-owner="(\w+)" data-key="([\w+/=]+)"', text).groups()

    owner, key = drawer(browser.signed_in("editor"), "edit")
    assert len(base64.b64decode(key)) == 32
    again = browser.signed_in("editor")
    assert drawer(again, "edit") == drawer(again, "builder", begin="1") == (owner, key), "in each session the same"
    assert json.loads(again.get(f"/console/emails/{email.id}/edit/draft").text)["owner"] == owner
    other, another_key = drawer(browser.signed_in("admin"), "edit")
    assert (other != owner, another_key != key) == (True, True)


def test_who_is_not_signed_in_any_more_is_told_so_that_a_script_knows(browser, email):
    seen = browser.get(f"/console/emails/{email.id}/edit/draft", {"hx-request": "true"})
    assert seen.headers["hx-redirect"] == "/console/sign-in"


def test_the_first_of_an_editors_savings_is_in_the_log(editor, email, world):
    save(editor, email, subject="One", first="yes")
    save(editor, emails.read(world, email.id), subject="Two")
    entries = [each for each in world.audit.page(9, None)[0] if each.deed == "emails.update"]
    assert [(each.thing, each.changed) for each in entries] == [(email.id, ("subject",))]


def test_what_is_to_mend_has_its_place(editor, email, world):
    emails.update(world, email.id, {"html": "<p>Hi</p>\n<p>{contactfield=}</p>"})
    seen = editor.get(f"/console/emails/{email.id}/edit/check")
    assert "Line 2" in seen.text
    assert 'data-place="html, line 2' in seen.text


def test_publishing_what_was_seen_and_nothing_else(editor, email, world):
    address = f"/console/emails/{email.id}/edit/publish"
    emails.update(world, email.id, {"subject": "Theirs"})
    assert "It is not published." in editor.post(address, {"version": "1"}).text
    assert emails.read(world, email.id).revision == 0
    seen = editor.post(address, {"version": "2"})
    assert "Published as version 1." in seen.text
    assert 'data-published="3"' in seen.text
    assert "Nothing has changed since version 1" in editor.post(address, {"version": "3"}).text
    assert [each.deed for each in world.audit.page(9, None)[0]].count("emails.publish") == 2


def test_what_would_be_broken_is_not_published(editor, email, world):
    emails.update(world, email.id, {"html": "<p>{contactfield=firstname</p>"})
    seen = editor.post(f"/console/emails/{email.id}/edit/publish", {"version": "2"})
    assert "It is not published." in seen.text
    assert "data-place=" in seen.text


def test_a_test_letter_to_each(editor, email):
    seen = editor.post(f"/console/emails/{email.id}/edit/test", {"to": "ann@example.com, bob@example.com"})
    assert seen.text.count("Sent") == 2
    seen = editor.post(f"/console/emails/{email.id}/edit/test", {"to": "nobody"})
    assert "told wrong" in seen.text


def test_the_preview_as_somebody(editor, email):
    address = f"/console/emails/{email.id}/edit/preview"
    assert "Hello you" in editor.get(address).text
    made = {"made.firstname": "Zoë", "scheme": "dark"}
    seen = editor.get(address, **made)
    assert "made.firstname=Zo%C3%AB" in seen.text
    assert "nobody@example.com" in editor.get(address, whom="nobody@example.com").text


def test_whoever_has_no_name_is_offered_too(editor, email, world):
    contacts.create(world, "ann@example.com")
    contacts.create(world, "anna@example.com", {"firstname": "Anna"})
    offered = editor.get(f"/console/emails/{email.id}/edit/whom", whom="ann").text
    assert re.findall(r'value="([^"]+)">([^<]*)<', offered) == [("ann@example.com", ""), ("anna@example.com", "Anna")]


def test_the_letter_runs_nothing_and_leads_nowhere(editor, email):
    seen = editor.get(f"/console/emails/{email.id}/edit/letter", **{"made.firstname": "Zoë"})
    policy = seen.headers["content-security-policy"]
    assert "Hello Zoë" in seen.text
    assert "sandbox;" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("path", ["edit", "edit/draft", "edit/preview", "edit/letter", "edit/whom"])
def test_a_viewer_edits_nothing(browser, email, path):
    assert browser.signed_in("viewer").get(f"/console/emails/{email.id}/{path}").status == 403


def test_a_viewer_saves_nothing(browser, email, world):
    seen = browser.signed_in("viewer").post(f"/console/emails/{email.id}/edit/draft", {"version": "1", "subject": "No"})
    assert seen.status == 403
    assert emails.read(world, email.id).subject == "Hello"


def test_the_gallery_has_pictures(editor):
    seen = editor.get("/console/emails/new")
    assert "/console/themes/newsletter/picture" in seen.text
    picture = editor.get("/console/themes/newsletter/picture")
    assert picture.headers["content-type"] == "image/png"
    assert picture.body.startswith(b"\x89PNG")


def test_an_e_mail_begins_with_a_theme(editor, world):
    assert "Words and colours" in editor.get("/console/emails/new", theme="welcome").text
    given = DRAFT | {"theme": "welcome", "value.heading": "Come in & stay"}
    seen = editor.post("/console/emails/new", given)
    made = emails.read(world, seen.to.split("/")[3])
    assert seen.to == f"/console/emails/{made.id}/edit"
    assert "Come in &amp; stay" in made.html
    assert made.theme == "welcome"


def test_or_with_nothing(editor, world):
    seen = editor.post("/console/emails/new", DRAFT | {"theme": "blank"})
    assert emails.read(world, seen.to.split("/")[3]).html == ""


def test_what_it_begins_with_comes_back_where_it_cannot_be_taken(editor):
    seen = editor.post("/console/emails/new", DRAFT | {"theme": "welcome", "subject": "", "name": "My spring"})
    assert seen.status == 422
    assert 'value="My spring"' in seen.text
    assert 'value="welcome"' in seen.text
