"""What holds on every page: whose change it is, what is asked of whom, how it is said when it does not work."""

import pytest

from chalicelib.work import members

BOB = {"address": "bob@example.com", "name": "Bob", "role": "viewer"}


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://console.example.com.evil.example"},
        {"origin": ""},
    ],
)
def test_a_change_comes_from_our_own_page(admin, headers):
    assert admin.post("/console/members", BOB, headers).status == 403


@pytest.mark.parametrize("change", ["", "x", "BQFnU3ccWyQRaC7ha2PndGUC9Qd98W1y"])
def test_a_change_proves_its_session(admin, change):
    seen = admin.post("/console/members", BOB | {"change": change})
    assert (seen.status, "belongs to another session" in seen.text) == (403, True)


def test_a_change_of_another_session_is_none(browser, admin):
    other = browser.signed_in("editor")
    assert admin.post("/console/members", BOB | {"change": other.change()}).status == 403
    assert members.by_address(browser.world, "bob@example.com") is None


def test_htmx_proves_it_by_a_header(admin):
    seen = admin.post("/console/members", BOB | {"change": ""}, {"x-change": admin.change(), "hx-request": "true"})
    assert seen.headers["hx-redirect"] == "/console/members"


def test_what_was_done_is_said_once_and_is_in_the_log(admin, world):
    assert admin.post("/console/members", BOB).to == "/console/members"
    assert "Bob may sign in now." in admin.get("/console/members").text
    assert "Bob may sign in now." not in admin.get("/console/members").text
    assert world.audit.page(1, None)[0][0].deed == "members.create"


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(admin):
    seen = admin.post("/console/members", {"address": "nobody at all", "name": "Bob & Co", "role": "sender"})
    assert seen.status == 422
    assert 'aria-invalid="true"' in seen.text
    assert 'value="nobody at all"' in seen.text
    assert 'value="Bob &amp; Co"' in seen.text
    assert '<option value="sender" selected>' in seen.text


@pytest.mark.parametrize("role", ["viewer", "editor", "sender"])
def test_what_is_an_admins_is_refused_to_all_others(browser, role):
    inside = browser.signed_in(role)
    for path in ("/console/members", "/console/keys", "/console/audit"):
        assert inside.get(path).status == 403
        assert path not in inside.get("/console").text, "it is not offered"
    assert inside.post("/console/members", BOB).status == 403


def test_what_is_not_there(admin):
    assert admin.post("/console/members/nonsense/remove").status == 404
    assert admin.post("/console/members/0000000000000000/remove").status == 404


def test_our_own_failure_is_a_page_with_a_number(admin, world, monkeypatch):
    monkeypatch.setattr(type(world.broadcasts), "open", lambda _self: 1 / 0)
    seen = admin.get("/console")
    assert seen.status == 500
    assert "Something broke on our side" in seen.text
    assert "division" not in seen.text


def test_the_policy_lets_in_what_is_ours(admin):
    policy = admin.get("/console").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src https://files.example.com/public/console/;" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_language_is_the_browsers_or_the_one_that_was_chosen(admin):
    assert '<html lang="fr"' in admin.get("/console", {"accept-language": "fr-CA,en;q=0.5"}).text
    assert admin.post("/console/look", {"language": "fr", "to": "/console/keys"}).to == "/console/keys"
    assert '<html lang="fr"' in admin.get("/console").text
    admin.post("/console/look", {"theme": "dark"})
    assert 'data-theme="dark"' in admin.get("/console").text
    admin.post("/console/look", {"theme": "system"})
    assert "data-theme" not in admin.get("/console").text


def test_times_are_in_the_zone_that_the_browser_told(admin):
    admin.post("/console/members", BOB)
    admin.cookies["envoi_zone"] = "Asia/Tokyo"
    assert "25 Nov 2025, 21:00" in admin.get("/console/audit").text
    admin.cookies["envoi_zone"] = "Moon/Crater"
    assert "25 Nov 2025, 12:00" in admin.get("/console/audit").text


@pytest.mark.parametrize("flash", ["x", "WyJ4Iiwge31d", "WyJrZXlzLnJlbW92ZWQiLCB7fV0", "!" * 10])
def test_nobody_puts_words_into_our_mouth(admin, flash):
    admin.cookies["envoi_flash"] = flash
    assert admin.get("/console").status == 200


def test_pages_are_compressed_and_kept_by_nobody(admin):
    seen = admin.get("/console")
    assert (seen.headers["content-encoding"], seen.headers["cache-control"]) == ("gzip", "no-store, private")
    assert "content-encoding" not in admin.get("/console", {"accept-encoding": ""}).headers
