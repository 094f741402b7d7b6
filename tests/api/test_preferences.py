"""The preference centre: each choice, the address and its confirmation, what we know, being forgotten."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.model.contact import Contact
from tests.api.furnished import FORM, OFFERS, PRIVATE_LIST, WEEKLY, change, furnished, post, state
from tests.api.recipient_side import CONTACT, LOST, TOKEN, bad_tokens, is_page, side_of
from tests.fakes.world import numbered_id

PAGE = f"/p/{TOKEN}"
ALL = [("do", "save"), ("category", OFFERS), ("most", "0"), ("tracking", "1"), ("language", "en")]
TITLE = "Your e-mail preferences"


@pytest.fixture
def home(side):
    return furnished(side)


def stored(side) -> Contact:
    return side.tables.contacts[CONTACT.id]


def kinds(side):
    return [each.kind for each in side.world.consents.of_contact(CONTACT.id)]


def test_it_shows_what_is_public_and_how_it_stands(home):
    answer = home("GET", PAGE)
    assert is_page(answer, TITLE)
    body = answer.body.decode()
    assert "Weekly news" in body
    assert "Customers" not in body
    assert f'value="{OFFERS}" checked' in body
    assert f'value="{WEEKLY}">' in body
    assert 'name="tracking" value="1" checked' in body


def test_the_teams_own_words_stand_in_their_language_alone(home):
    words = {"en": {"preferences_title": "Post & you", "preferences_text": "Choose.", "left_text": "Bye!"}}
    home.tables.shelves["workspaces"]["workspace"] = replace(
        home.tables.shelves["workspaces"]["workspace"], wordings=words
    )
    english = home("GET", PAGE).body.decode()
    assert "<h1>Post &amp; you</h1>" in english
    assert "Choose." in english
    french = home("GET", PAGE, headers={"accept-language": "fr"}).body.decode()
    assert "Choose." not in french
    assert "Bye!" in home("POST", f"/u/{TOKEN}").body.decode()


@pytest.mark.parametrize(("offered", "taken"), [((1, 7), 7), ((), 0), ((1, 2), 0)])
def test_only_frequencies_that_the_team_offers_are_taken(home, offered, taken):
    home.tables.shelves["workspaces"]["workspace"] = replace(
        home.tables.shelves["workspaces"]["workspace"], frequencies=offered
    )
    assert ('name="most"' in home("GET", PAGE).body.decode()) == bool(offered)
    post(home, PAGE, [("do", "save"), ("category", OFFERS), ("most", "7")])
    assert stored(home).preferences.most_per_week == taken


def test_saving_what_is_there_changes_nothing(home):
    change(home, fields={"preferred_locale": "en-GB"})
    before = state(home)
    assert "Your choices are saved." in post(home, PAGE, ALL).body.decode()
    assert state(home) == before


def test_every_choice_is_kept_and_the_history_tells(home):
    chosen = [("do", "save"), ("list", WEEKLY), ("most", "2"), ("pause", "2025-12-24"), ("language", "fr")]
    answer = post(home, PAGE, chosen)
    assert '<html lang="fr">' in answer.body.decode()
    contact = stored(home)
    assert contact.preferences.left == {OFFERS}
    assert contact.preferences.most_per_week == 2
    # midnight in Paris
    assert contact.preferences.paused_until == 1_766_530_800_000
    assert contact.fields["preferred_locale"] == "fr"
    assert contact.tracking is False
    assert contact.lists == {WEEKLY}
    assert home.tables.members[WEEKLY] == {CONTACT.id}
    assert sorted(kinds(home)) == ["category_left", "tracking_withdrawn"]
    assert 'value="2025-12-24"' in answer.body.decode()
    post(home, PAGE, ALL)
    contact = stored(home)
    assert (contact.preferences.left, contact.preferences.paused_until, contact.lists) == (set(), 0, set())
    assert sorted(kinds(home)) == ["category_joined", "category_left", "tracking_given", "tracking_withdrawn"]


def test_only_what_is_offered_can_be_chosen(home):
    change(home, lists=frozenset({PRIVATE_LIST}))
    home.tables.members[PRIVATE_LIST] = {CONTACT.id}
    post(home, PAGE, [("do", "save"), ("list", numbered_id(9)), ("category", "x"), ("most", "999"), ("language", "xx")])
    contact = stored(home)
    assert contact.lists == {PRIVATE_LIST}
    assert contact.preferences.most_per_week == 0
    assert "preferred_locale" not in contact.fields


@pytest.mark.parametrize("day", ["2025-11-25", "2020-01-01", "2027-01-01", "tomorrow", "2025-13-45", "9" * 400])
def test_a_pause_is_a_day_to_come_within_a_year(home, day):
    before = state(home)
    answer = post(home, PAGE, [*ALL, ("pause", day)])
    assert "This date cannot be taken" in answer.body.decode()
    assert state(home) == before


def test_a_locale_of_the_same_language_stays(home):
    change(home, fields={"preferred_locale": "fr-CH"})
    post(home, PAGE, [*ALL[:-1], ("language", "fr")])
    assert stored(home).fields["preferred_locale"] == "fr-CH"


def test_leaving_everything_and_coming_back(home):
    assert "You are unsubscribed from all" in post(home, PAGE, {"do": "leave"}).body.decode()
    assert home.tables.suppressions[home.hashed].reason == "unsubscribed"
    assert "You are subscribed again" in post(home, PAGE, {"do": "come_back"}).body.decode()
    assert home.tables.suppressions == {}
    assert kinds(home) == ["withdrawn", "given"]


class TestAddress:
    def confirmation(self, side) -> str:
        """The path of the link in the letter that went out last."""
        copy = side.world.transports.first.accepted[-1]
        assert copy.envelope.address == "new@example.com"
        (path,) = {each for value in copy.envelope.values for each in re.findall(r"/a/[\w-]+", value)}
        return path

    def test_a_letter_goes_to_the_new_address_and_its_link_changes_it(self, home):
        answer = post(home, PAGE, {"do": "address", "address": " New@Example.com "})
        assert "We have sent a letter to New@Example.com" in answer.body.decode()
        path = self.confirmation(home)
        before = state(home)
        assert is_page(home("GET", path), "Use this address?")
        assert state(home) == before
        assert stored(home).address == CONTACT.address
        for _ in range(2):
            assert is_page(post(home, path), "Your address is changed")
        contact = stored(home)
        assert (contact.address, contact.preferences.wanted_address) == ("new@example.com", "")
        assert kinds(home) == ["address_changed"]

    def test_whoever_left_stays_out_under_the_new_address(self, home):
        post(home, PAGE, {"do": "leave"})
        post(home, PAGE, {"do": "address", "address": "new@example.com"})
        post(home, self.confirmation(home))
        hashed = home.world.signer.hashed("address", "new@example.com")
        assert home.tables.suppressions[hashed].reason == "unsubscribed"

    def test_an_address_of_somebody_else_gets_no_letter_and_the_same_answer(self, home):
        hashed = home.world.signer.hashed("address", "bob@example.com")
        home.tables.addresses[hashed] = numbered_id(2, "contact")
        answer = post(home, PAGE, {"do": "address", "address": "bob@example.com"})
        assert "We have sent a letter" in answer.body.decode()
        assert home.world.transports.first.accepted == []

    def test_somebody_else_took_the_address_meanwhile(self, home):
        post(home, PAGE, {"do": "address", "address": "new@example.com"})
        path, other = self.confirmation(home), Contact(numbered_id(2, "contact"), "new@example.com")
        home.world.contacts.create(other, home.world.signer.hashed("address", other.address))
        assert is_page(post(home, path), "This address cannot be used")
        assert stored(home).address == CONTACT.address

    def test_the_link_is_dead_after_a_week_or_another_wish(self, home, clock):
        post(home, PAGE, {"do": "address", "address": "new@example.com"})
        path = self.confirmation(home)
        post(home, PAGE, {"do": "address", "address": "other@example.com"})
        assert is_page(home("GET", path), "This link is too old")
        assert is_page(post(home, path), "This link is too old")
        assert stored(home).address == CONTACT.address

    @pytest.mark.parametrize("typed", ["", "nonsense", CONTACT.address, "a@b@c", "x" * 400 + "@example.com"])
    def test_what_is_no_new_address_is_told(self, home, typed):
        before = state(home)
        assert "Please give another address" in post(home, PAGE, {"do": "address", "address": typed}).body.decode()
        assert state(home) == before

    def test_one_address_gets_one_letter_an_hour_and_one_person_asks_for_three(self, home):
        for _ in range(2):
            post(home, PAGE, {"do": "address", "address": "new@example.com"})
        assert len(home.world.transports.first.accepted) == 1
        post(home, PAGE, {"do": "address", "address": "third@example.com"})
        answer = post(home, PAGE, {"do": "address", "address": "fourth@example.com"})
        assert answer.status == 429
        assert len(home.world.transports.first.accepted) == 2


def test_what_we_know_is_all_of_it(home):
    post(home, f"/u/{TOKEN}", {"reason": "too_many"})
    answer = post(home, PAGE, {"do": "know"})
    assert answer.headers["content-disposition"].startswith("attachment")
    known = answer.json
    assert known["contact"]["address"] == CONTACT.address
    assert known["do_not_contact"]["reason"] == "unsubscribed"
    assert [each["kind"] for each in known["consents"]] == ["withdrawn"]
    assert known["complete"] is True


def test_forgetting_asks_first_and_leaves_a_fingerprint_alone(home):
    before = state(home)
    assert is_page(post(home, PAGE, {"do": "forget"}), "Delete everything about you?")
    assert state(home) == before
    change(home, lists=frozenset({WEEKLY}))
    home.tables.members[WEEKLY] = {CONTACT.id}
    post(home, PAGE, ALL)
    for _ in range(2):
        assert is_page(post(home, PAGE, {"do": "forget_for_good"}), "You are forgotten")
    assert CONTACT.id not in home.tables.contacts
    assert home.tables.members[WEEKLY] == set()
    assert home.tables.consents == {}
    assert home.tables.suppressions[home.hashed].reason == "unsubscribed"
    assert CONTACT.address not in state(home)
    assert home("GET", PAGE).status == 404


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    token=bad_tokens.filter(lambda token: token not in (TOKEN, ".", "..")),
    method=st.sampled_from(["GET", "HEAD", "POST"]),
    path=st.sampled_from(["/p/{}", "/d/{}", "/r/{}", "/u/{}", "/a/{}", f"/f/{FORM}/confirm/{{}}", "/f/{}"]),
    body=st.sampled_from([b"", b"do=forget_for_good", b"do=save", b"undo=1", b"\xff", b"&" * 5_000]),
    kind=st.sampled_from(
        ["", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
    ),
)
def test_no_forged_token_ever_breaks_or_changes_anything(app, token, method, path, body, kind):
    with side_of(app) as side:
        before = state(furnished(side))
        answer = side(method, path.format(token), body=body, headers={"content-type": kind})
        assert answer.status in {400, 404, 405, 422}
        assert "location" not in answer.headers
        assert state(side) == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    fields=st.lists(
        st.tuples(
            st.sampled_from(["do", "scope", "undo", "reason", "said", "category", "list", "most", "pause", "language"])
            | st.text(max_size=5),
            st.sampled_from(["save", "address", "come_back", "category", "1", OFFERS, WEEKLY]) | st.text(max_size=20),
        ),
        max_size=8,
    ),
    path=st.sampled_from(["p", "u", "d", "r"]),
)
def test_no_form_ever_breaks_a_page(app, fields, path):
    with side_of(app) as side:
        furnished(side)
        clean = [(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in fields]
        assert post(side, f"/{path}/{TOKEN}", clean).status < 500


def test_a_lost_link_says_so_in_the_browsers_language(home):
    assert is_page(home("GET", "/p/nonsense"), LOST)
    assert b'<html lang="fr">' in home("GET", "/p/nonsense", headers={"accept-language": "fr-FR"}).body
