"""Sign-up forms in the console: made, shown with address and snippet, changed, closed, deleted."""

import html

import pytest

from chalicelib.model.form import FormUse
from chalicelib.work import definitions, forms, segments

TEXTS = {"tags": ["en", "fr"], "texts.en.consent": "Yes, <b>send</b> me news.", "texts.fr.consent": "Oui, écrivez-moi."}
FORM = {"name": "Footer", "from_address": "team@example.com", "language": "en", "per_hour": "200"} | TEXTS


@pytest.fixture
def editor(browser):
    return browser.signed_in("editor")


@pytest.fixture
def weekly(world):
    return segments.create(world, "Weekly")


def made(editor, **more) -> str:
    return editor.post("/console/forms/new", FORM | more).to


def test_an_empty_list_leads_to_a_first_form(editor):
    assert "/console/forms/new" in editor.get("/console/forms").text


def test_a_form_is_made_with_all_that_it_has(editor, world, weekly):
    definitions.create(world, "city", {"label": "City", "type": "text"})
    asked = {"asked.0": "firstname", "needed.0": "1", "asked.2": "city", "segments": weekly.id}
    place = made(editor, **asked, from_name="Bakery", redirect_url="https://example.com/thanks")
    [form] = forms.page(world, 5, None)[0]
    assert place == f"/console/forms/{form.id}"
    assert (form.segments, form.from_name) == ((weekly.id,), "Bakery")
    assert [(each.alias, each.needed) for each in form.fields] == [("firstname", True), ("city", False)]
    assert {tag: text.consent for tag, text in form.texts.items()} == {
        "en": "Yes, <b>send</b> me news.",
        "fr": "Oui, écrivez-moi.",
    }
    assert form.redirect_url == "https://example.com/thanks"


def test_another_language_by_its_tag(editor, world):
    made(editor, **{"another_tag": "pt-BR", "texts.another.consent": "Sim"})
    [form] = forms.page(world, 5, None)[0]
    assert form.texts["pt-BR"].consent == "Sim"


def test_its_page_has_address_numbers_and_snippet(editor, world, weekly):
    place = made(editor, **{"asked.0": "firstname", "needed.0": "1", "segments": weekly.id})
    form_id = place.rpartition("/")[2]
    world.form_uses.create(FormUse(form_id, 1, 1, asked=1_200, confirmed=900))
    page = editor.get(place).text
    assert f"https://mail.example.com/f/{form_id}" in page
    assert "1,200" in page
    assert "75.0%" in page
    snippet = html.unescape(page.partition('id="snippet"')[2].partition(">")[2].partition("</textarea>")[0])
    assert f'action="https://mail.example.com/f/{form_id}"' in snippet
    assert 'name="firstname" type="text" maxlength="1000" autocomplete="given-name" required' in snippet
    assert "Yes, &lt;b&gt;send&lt;/b&gt; me news." in snippet, "what a page shows is text there too"
    assert "E-mail address" in snippet
    french = html.unescape(editor.get(place, language="fr").text.partition('id="snippet"')[2])
    assert "Oui, écrivez-moi." in french
    assert "Adresse e-mail" in french


def test_it_is_changed_by_version(editor, world):
    place = made(editor)
    page = editor.get(f"{place}/edit").text
    assert "Yes, &lt;b&gt;send&lt;/b&gt; me news." in page
    assert editor.post(f"{place}/edit", FORM | {"name": "Header", "version": "1"}).to == place
    assert editor.post(f"{place}/edit", FORM | {"version": "1"}).status == 409
    assert [each.name for each in forms.page(world, 5, None)[0]] == ["Header"]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"texts.en.consent": "", "texts.en.title": "News"}, "texts.en.consent-wrong"),
        ({"from_address": "team"}, "from_address-wrong"),
        ({"redirect_url": "nowhere"}, "redirect_url-wrong"),
        ({"per_hour": "many"}, "per_hour-wrong"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(editor, wrong, place):
    answer = editor.post("/console/forms/new", FORM | wrong)
    assert answer.status == 422
    assert f'id="{place}"' in answer.text
    assert "Oui, écrivez-moi." in answer.text


def test_the_language_of_last_resort_needs_its_texts(editor):
    answer = editor.post("/console/forms/new", FORM | {"language": "de"})
    assert answer.status == 422
    assert "own language" in answer.text


def test_it_is_closed_opened_and_deleted(editor, world):
    place = made(editor)
    editor.post(f"{place}/close")
    assert not forms.read(world, place.rpartition("/")[2]).active
    assert "Open again" in editor.get(place).text
    editor.post(f"{place}/open")
    assert forms.read(world, place.rpartition("/")[2]).active
    assert editor.post(f"{place}/delete").to == "/console/forms"
    assert editor.get(place).status == 404


def test_a_viewer_looks_and_changes_nothing(browser, editor):
    place, viewer = made(editor), browser.signed_in("viewer")
    assert "<form" not in viewer.get(place).text.split('id="main"')[1].replace("&lt;form", "")
    assert viewer.get("/console/forms/new").status == 403
    assert viewer.post(f"{place}/close").status == 403
