"""The pages of leaving: one category or all of it, why, and that it was a mistake."""

from dataclasses import replace

import pytest

from chalicelib.model.suppression import Suppression
from chalicelib.model.token import UNTRACKED
from tests.api.furnished import OFFERS, SECRET, change, furnished, post, state
from tests.api.recipient_side import CONTACT, EMAIL, FAMILY, TOKEN, is_page


@pytest.fixture
def home(side):
    return furnished(side)


def facts(side):
    return [fact.event for feedback in side.tables.facts.values() for fact in feedback.facts]


def history(side):
    return [(each.kind, each.category) for each in side.world.consents.of_contact(CONTACT.id)]


TRIED = {
    "en": "This e-mail was a test or a preview",
    "fr": "Cet e-mail était un test ou un aperçu",
    "de": "Diese E-Mail war ein Test oder eine Vorschau",
    "es": "Este correo era una prueba o una vista previa",
}


@pytest.mark.parametrize(("language", "title"), TRIED.items())
@pytest.mark.parametrize("path", ["u", "d", "r", "p", "w"])
def test_the_links_of_a_test_letter_say_that_it_was_one(home, path, language, title):
    before = state(home)
    answer = home("GET", f"/{path}/{UNTRACKED}", headers={"accept-language": language})
    assert f"<title>{title}</title>" in answer.body.decode()
    assert f'<html lang="{language}">' in answer.body.decode()
    assert answer.status == 200
    assert state(home) == before


@pytest.mark.parametrize("path", ["u", "d", "r", "p"])
def test_a_test_letters_one_click_changes_nothing(home, path):
    before = state(home)
    assert is_page(post(home, f"/{path}/{UNTRACKED}", {"List-Unsubscribe": "One-Click"}), TRIED["en"])
    assert state(home) == before


@pytest.mark.parametrize("path", ["u", "d", "r", "p"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(home, path, method):
    before = state(home)
    assert home(method, f"/{path}/{TOKEN}").status == 200
    assert state(home) == before


def test_the_page_offers_the_category_and_all(home):
    body = home("GET", f"/u/{TOKEN}").body.decode()
    assert "Only “Offers”" in body
    assert 'value="all" checked' in body
    assert "Bakery Rose" in body
    assert 'name="reason"' in body
    assert f'href="../p/{TOKEN}"' in body


def test_a_category_that_nobody_may_know_of_is_not_offered(home):
    home.tables.emails[FAMILY] = replace(home.tables.emails[FAMILY], category=SECRET)
    assert b'name="scope"' not in home("GET", f"/u/{TOKEN}").body


def test_leaving_one_category_leaves_the_address_alone(home):
    answer = post(home, f"/u/{TOKEN}", {"scope": "category", "reason": "too_many", "said": "daily  is\nmuch"})
    assert is_page(answer, "You are unsubscribed")
    assert "“Offers”" in answer.body.decode()
    assert home.tables.suppressions == {}
    assert home.tables.contacts[CONTACT.id].preferences.left == {OFFERS}
    (event,) = facts(home)
    assert event.kind == "category_left"
    assert event.detail == {"reason": "too_many", "said": "daily is much", "category": OFFERS}
    assert home.tables.counters[EMAIL]["category_left"] == 1
    assert history(home) == [("category_left", OFFERS)]


def test_leaving_a_category_twice_is_once_and_undo_brings_it_back(home):
    for _ in range(2):
        post(home, f"/u/{TOKEN}", {"scope": "category"})
    assert home.tables.counters[EMAIL]["category_left"] == 1
    assert is_page(post(home, f"/u/{TOKEN}", {"undo": "category"}), "You are subscribed again")
    assert home.tables.contacts[CONTACT.id].preferences.left == frozenset()
    assert history(home) == [("category_left", OFFERS), ("category_joined", OFFERS)]


def test_one_click_leaves_everything_whatever_category_it_was(home):
    post(home, f"/u/{TOKEN}", {"List-Unsubscribe": "One-Click"})
    assert home.tables.suppressions[home.hashed].reason == "unsubscribed"
    assert home.tables.contacts[CONTACT.id].preferences.left == frozenset()
    assert history(home) == [("withdrawn", "")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"reason": "never_asked"}, {"reason": "never_asked"}),
        ({"reason": "made up", "said": ""}, {}),
        ({"said": "x" * 3_000}, {"said": "x" * 500}),
        ({"said": "\x00\x1b[2J"}, {}),
    ],
)
def test_a_reason_is_one_of_ours_and_words_are_short(home, given, kept):
    post(home, f"/u/{TOKEN}", given)
    assert facts(home)[0].detail == kept


def test_all_mail_has_its_own_page_with_undo(home):
    assert b'name="scope"' not in home("GET", f"/d/{TOKEN}").body
    assert is_page(post(home, f"/d/{TOKEN}", {"scope": "category"}), "You are unsubscribed")
    assert home.tables.suppressions[home.hashed].reason == "unsubscribed"
    assert is_page(post(home, f"/d/{TOKEN}", {"undo": "1"}), "You are subscribed again")
    assert home.tables.suppressions == {}


def test_coming_back_takes_back_all_and_the_category(home):
    post(home, f"/u/{TOKEN}", {"scope": "category"})
    post(home, f"/d/{TOKEN}")
    assert is_page(home("GET", f"/r/{TOKEN}"), "Receive e-mails again?")
    assert is_page(post(home, f"/r/{TOKEN}"), "You are subscribed again")
    assert home.tables.suppressions == {}
    assert home.tables.contacts[CONTACT.id].preferences.left == frozenset()


def test_coming_back_never_lifts_a_complaint(home):
    complaint = Suppression(home.hashed, "complained", "message", 1)
    home.world.suppressions.put(complaint)
    assert is_page(post(home, f"/r/{TOKEN}"), "You are not subscribed")
    assert home.tables.suppressions[home.hashed] == complaint


@pytest.mark.parametrize(
    ("locale", "header", "workspace", "expected"),
    [
        ("fr_CA", "de", "es", "fr"),
        ("", "it,de-AT;q=0.8,en;q=0.1", "es", "de"),
        ("it", "xx", "es", "es"),
        ("", "", "it", "en"),
        ("", "en;q=0, nonsense;;, *, fr;q=2, es;q=0.001", "de", "es"),
    ],
)
def test_the_language_is_the_contacts_then_the_browsers_then_the_workspaces(home, locale, header, workspace, expected):
    change(home, fields={"preferred_locale": locale})
    shelf = home.tables.shelves["workspaces"]
    shelf["workspace"] = replace(shelf["workspace"], language=workspace)
    answer = home("GET", f"/u/{TOKEN}", headers={"accept-language": header})
    assert f'<html lang="{expected}">' in answer.body.decode()


def test_the_logo_is_the_only_picture_and_the_policy_says_so(home):
    shelf = home.tables.shelves["workspaces"]
    logo = "https://cdn.example.com:8443/logo.png"
    shelf["workspace"] = replace(shelf["workspace"], logo_url=logo)
    answer = home("GET", f"/u/{TOKEN}")
    assert f'src="{logo}"' in answer.body.decode()
    policy = answer.headers["content-security-policy"]
    assert "img-src https://cdn.example.com:8443" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
