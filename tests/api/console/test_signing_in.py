import re
from urllib.parse import unquote

import pytest

from chalicelib.api.console.signing_in import letter as words
from chalicelib.compose.letter import letter
from chalicelib.work import members, sessions, signing_in, workspaces
from tests.api.client import KEY


@pytest.fixture
def ann(world):
    workspaces.update(world, {"from_address": "team@bakery.example", "name": "Bakery"})
    return members.create(world, {"address": "ann@example.com", "name": "Ann", "role": "editor"})


PAGES = ["/console", "/console/members", "/console/keys", "/console/audit", "/console/under-way"]


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_where_one_signs_in(browser, path):
    seen = browser.get(path)
    assert (seen.status, seen.to.partition("?")[0]) == (303, "/console/sign-in")


def test_htmx_is_told_so_by_its_own_header(browser):
    seen = browser.get("/console/under-way", {"hx-request": "true"})
    assert (seen.status, seen.headers["hx-redirect"]) == (200, "/console/sign-in")


def written(world):
    """What the queue's consumer sends of what was asked for."""
    for hint in world.hints.drain():
        member, language, ask, at, to = hint.args
        signing_in.write(world, member, ask, at, words(language), to)
    return world.transports.first.accepted


@pytest.mark.usefixtures("ann")
def test_a_mailed_link_leads_to_where_one_wanted_to_go(browser, world):
    wanted = "/console/emails?words=rye+bread"
    hidden = f'name="to" value="{wanted}"'
    asked = browser.get("/console/emails", words="rye bread").to
    assert asked == "/console/sign-in?to=/console/emails%3Fwords%3Drye%2Bbread"
    assert hidden in browser.get("/console/sign-in", to=wanted).text
    browser.post("/console/sign-in", {"address": "ann@example.com", "to": wanted})
    [sent] = written(world)
    mailed = re.search(r"/console/sign-in/[\w-]+\?to=[^\s\"]+", letter(sent.revision, sent.envelope).text)[0]
    path, _, to = mailed.partition("?to=")
    assert hidden in browser.get(path, to=unquote(to)).text
    assert browser.post(path, {"to": wanted}).to == wanted


@pytest.mark.usefixtures("ann")
def test_by_a_mailed_link(browser, world):
    assert "Look into your inbox" in browser.post("/console/sign-in", {"address": "Ann@example.com"}).text
    [sent] = written(world)
    path = re.search(r"/console/sign-in/[\w-]+", letter(sent.revision, sent.envelope).text)[0]
    assert "Sign in to the console" in browser.get(path).text
    assert "envoi_session" not in browser.cookies, "looking at it signs nobody in"
    seen = browser.post(path)
    assert (seen.status, seen.to) == (303, "/console")
    assert "Ann" in browser.get("/console").text
    assert browser.get(path).to == "/console", "whoever is in goes on"
    assert browser.get("/console/sign-in").to == "/console"
    other = type(browser)(browser.app, world)
    assert "This link no longer works" in other.post(path).text


def test_the_answer_is_the_same_for_whoever_is_no_member(browser, world, ann):
    texts = {
        browser.post("/console/sign-in", {"address": address}).text.replace(address, "...")
        for address in (ann.address, "bob@example.com")
    }
    assert len(texts) == 1
    assert len(written(world)) == 1


def test_without_a_sender_the_page_says_so(browser):
    assert "Links cannot be mailed yet" in browser.get("/console/sign-in").text


def test_by_a_key(browser, world):
    refused = browser.post("/console/sign-in", {"key": "wrong"})
    assert (refused.status, "This key is not known here" in refused.text) == (422, True)
    assert "could not be saved" not in refused.text
    assert re.findall(r"<input[^>]* autofocus", refused.text)[0].startswith('<input id="key"'), "where one was"
    assert browser.post("/console/sign-in", {"key": KEY, "to": "/console/members"}).to == "/console/members"
    assert "of the settings" in browser.get("/console").text
    [entry] = world.audit.page(9, None)[0]
    assert (entry.deed, entry.actor_kind) == ("signing_in.enter", "setting")


@pytest.mark.parametrize(
    "to", ["https://evil.example", "//evil.example", "/console\\evil", "/v1", "/consolex", "x" * 999]
)
def test_signing_in_leads_to_nobody_else(browser, to):
    assert browser.post("/console/sign-in", {"key": KEY, "to": to}).to == "/console"


def test_the_cookie_is_hidden_and_of_this_site_alone(browser):
    seen = browser.post("/console/sign-in", {"key": KEY}, {"x-forwarded-proto": "https"})
    [cookie] = seen.cookies
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Secure", "Path=/console", "Max-Age=604800"))


def test_signing_out_ends_the_session_for_good(browser, ann):
    inside = browser.signed_in("editor")
    stolen = dict(inside.cookies)
    assert inside.post("/console/sign-out").to == "/console/sign-in"
    assert inside.cookies == {}
    thief = type(browser)(browser.app, browser.world, stolen)
    assert thief.get("/console").status == 303
    assert ann


def test_a_session_that_ended(browser, clock):
    inside = browser.signed_in("editor")
    clock.at += sessions.SESSION_MS
    assert inside.get("/console").to == "/console/sign-in?to=/console"


def test_a_form_posted_without_a_session_leads_back_to_its_page(browser):
    posted = {"referer": "https://console.example.com/console/contacts/x?tab=1"}
    assert browser.post("/console/settings", {}, posted).to == "/console/sign-in?to=/console/contacts/x%3Ftab%3D1"
    assert browser.post("/console/settings").to == "/console/sign-in"


def test_a_page_asks_whether_one_is_signed_in_still(browser, admin):
    assert browser.get("/console/session", {"hx-request": "true"}).headers["hx-redirect"] == "/console/sign-in"
    change = admin.get("/console/session").json["change"]
    assert admin.post("/console/settings", {"change": change, "name": "Bakery"}).status != 403
