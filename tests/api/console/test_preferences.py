"""The design of the recipients' pages in the console: saved, offered, looked at before."""

import pytest

from chalicelib.work import categories, preferences, segments, workspaces

FORM = {
    "version": "0",
    "name": "Bakery",
    "colour": "#f5d90a",
    "logo_url": "",
    "tags": ["en", "fr"],
    "wordings.en.preferences_title": "Post & you",
    "wordings.en.leave_text": "We are sorry to see you go.",
    "wordings.fr.unsubscribe_text": "Partir : |URL|",
    "frequencies": ["1", "7"],
}


@pytest.fixture
def offers(world):
    return categories.create(world, {"name": "Offers", "names": {"fr": "Offres"}})


@pytest.fixture
def weekly(world):
    return segments.create(world, "Weekly", public=True)


def test_what_is_saved_stands(admin, world):
    assert admin.post("/console/preferences", FORM).to == "/console/preferences"
    kept = workspaces.read(world)
    assert (kept.name, kept.colour, kept.frequencies) == ("Bakery", "#f5d90a", (1, 7))
    assert kept.wordings == {
        "en": {"preferences_title": "Post & you", "leave_text": "We are sorry to see you go."},
        "fr": {"unsubscribe_text": "Partir : |URL|"},
    }
    page = admin.get("/console/preferences").text
    assert 'value="Post &amp; you"' in page
    assert 'value="7" checked' in page
    assert admin.post("/console/preferences", FORM).status == 409


def test_what_is_offered_follows_the_ticks_and_what_was_not_shown_stays(admin, world, offers, weekly):
    unseen = categories.create(world, {"name": "Events"})
    shown = {"shown": [offers.id, weekly.id]}
    admin.post("/console/preferences", FORM | shown | {"lists": weekly.id})
    found = preferences.offer(world)
    assert [each.id for each in found.categories] == [unseen.id]
    assert [each.id for each in found.lists] == [weekly.id]
    admin.post("/console/preferences", FORM | shown | {"categories": offers.id, "version": "1"})
    found = preferences.offer(world)
    assert {each.id for each in found.categories} == {unseen.id, offers.id}
    assert found.lists == ()


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"logo_url": "http://example.com/logo.png"}, 'id="logo_url-wrong"'),
        ({"wordings.en.left_text": "<b>Bye</b>"}, 'id="wordings.en.left_text-wrong"'),
        ({"wordings.en.left_text": "Bye |URL|"}, "this text is no link"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(admin, world, wrong, place):
    answer = admin.post("/console/preferences", FORM | wrong)
    assert answer.status == 422
    assert place in answer.text
    assert workspaces.read(world).version == 0


def looked(admin, **more):
    return admin.post("/console/preferences/preview", FORM | more)


def test_the_preview_is_the_page_with_what_is_typed(admin, world, offers, weekly):
    ticks = {"shown": [offers.id, weekly.id], "categories": offers.id}
    answer = looked(admin, **ticks)
    assert answer.status == 200
    assert "<h1>Post &amp; you</h1>" in answer.text
    assert "Bakery" in answer.text
    assert "Offers" in answer.text
    assert "Weekly" not in answer.text
    assert "7 e-mails a week" in answer.text
    assert "3 e-mails a week" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert workspaces.read(world).version == 0
    assert categories.read(world, offers.id).version == 1


def test_each_page_in_each_language_light_and_dark(admin, offers):
    assert "We are sorry to see you go." in looked(admin, page="leave").text
    french = looked(admin, page="leave", in_language="fr", shown=offers.id, categories=offers.id).text
    assert "We are sorry" not in french
    assert "Offres" in french
    assert "You are unsubscribed" in looked(admin, page="left").text
    assert "prefers-color-scheme" not in looked(admin, scheme="dark").text
    assert "color-scheme: only dark" in looked(admin, scheme="dark").text


def test_a_preview_that_cannot_be_says_why(admin):
    answer = looked(admin, colour="blue")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "six hexadecimal digits" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]


def test_a_colour_nobody_can_read_is_shifted_and_says_so(admin):
    page = admin.get("/console/preferences/colour", colour="#f5d90a").text
    assert "shifted until it can be read" in page
    assert "as it is" in page, "on the dark ground"
    assert "six hexadecimal digits" in admin.get("/console/preferences/colour", colour="blue").text


def test_it_is_the_admins(browser):
    editor = browser.signed_in("editor")
    assert editor.get("/console/preferences").status == 403
    assert editor.post("/console/preferences", FORM).status == 403
    assert editor.post("/console/preferences/preview", FORM).status == 403
    assert "/console/preferences" not in editor.get("/console/forms").text
