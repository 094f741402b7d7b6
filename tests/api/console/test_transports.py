import re
from datetime import date

import pytest

from chalicelib.api.console import transport_form
from chalicelib.model.transport_setup import MAX_SETUPS, PROVIDERS, WarmUp
from chalicelib.transports.providers import SETTINGS
from chalicelib.work import transports, workspaces

NAMES = re.compile(r'name="settings\.(\w+)"')


@pytest.fixture
def grid(admin):
    assert admin.post("/console/transports", {"name": "grid", "provider": "ses"}).status == 303
    return "/console/transports/grid"


FORM = {
    "version": "1",
    "active": "1",
    "uses": "broadcast",
    "position": "2",
    "share": "40",
    "limits.batch": "20",
    "limits.per_second": "1,5",
    "limits.per_minute": "",
    "limits.per_hour": "100",
    "limits.per_day": "",
    "limits.domains": "gmail.com 600\n\n orange.fr  60 ",
    "warm_up.starts": "2031-05-04",
    "warm_up.volumes": "50, 100 500",
}
SERVER = {
    "settings.host": "smtp.example.com",
    "settings.port": "465",
    "settings.security": "tls",
    "settings.user": "12345",
    "settings.return_domain": "",
    "settings.per_second": "2,5",
    "settings.per_day": "",
    "settings.largest": "",
}


def test_without_any_ses_sends_alone(admin):
    assert "SES alone sends" in admin.get("/console/transports").text


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_form_has_what_its_provider_needs_to_know(admin, provider):
    assert set(transport_form.SETTINGS[provider]) == SETTINGS[provider].keys()
    seen = admin.get("/console/transports", add=provider)
    assert NAMES.findall(seen.text) == list(transport_form.SETTINGS[provider])
    assert f'name="provider" value="{provider}"' in seen.text


def test_a_server_is_set_up_by_a_form(admin, world):
    made = admin.post("/console/transports", {"name": "relay", "provider": "smtp"} | SERVER).to
    kept = transports.read(world, "relay")
    assert (made, kept.provider) == ("/console/transports/relay", "smtp")
    settings = {"host": "smtp.example.com", "port": 465, "security": "tls", "user": "12345", "per_second": 2.5}
    assert kept.settings == settings
    assert [each.id for each in world.transports.setups() if each.active] == ["ses"]
    seen = admin.get(made).text
    assert "nothing goes out by it yet" in seen
    assert 'value="465"' in seen
    assert '<option value="tls" selected>' in seen
    assert f"put-parameter --type SecureString --overwrite --name {world.transports.secret(kept)}" in seen
    assert admin.post(made, FORM | SERVER | {"settings.port": ""}).to == made
    assert transports.read(world, "relay").settings == {name: settings[name] for name in settings if name != "port"}


@pytest.mark.parametrize(
    ("setting", "typed"),
    [("host", ""), ("port", "many"), ("port", "99999"), ("per_second", "fast"), ("return_domain", "a b")],
)
def test_a_wrong_setting_is_told_at_its_field(admin, world, setting, typed):
    changes = {"name": "relay", "provider": "smtp", f"settings.{setting}": typed}
    seen = admin.post("/console/transports", SERVER | changes)
    assert (seen.status, f'id="settings.{setting}-wrong"' in seen.text, 'value="12345"' in seen.text) == (
        422,
        True,
        True,
    )
    assert "relay" not in {each.id for each in world.transports.setups()}


def test_an_account_is_where_it_is_chosen_to_be(admin, world):
    home = transports.create(world, "grid", "sendgrid", {"settings": {"base_url": "http://127.0.0.1:9"}})
    assert '<option value="http://127.0.0.1:9" selected>' in admin.get("/console/transports/grid").text
    chosen = FORM | {"settings.base_url": "https://api.eu.sendgrid.com", "version": str(home.version)}
    assert admin.post("/console/transports/grid", chosen).status == 303
    assert transports.read(world, "grid").settings == {"base_url": "https://api.eu.sendgrid.com"}


@pytest.mark.usefixtures("grid")
def test_ses_is_offered_once_and_no_more_than_there_may_be(admin, world):
    assert "?add=ses" not in admin.get("/console/transports").text
    for number in range(MAX_SETUPS - 1):
        transports.create(world, f"relay-{number}", "mandrill", {})
    assert "?add=" not in admin.get("/console/transports").text


def test_one_is_set_up_limited_and_removed(admin, world, grid):
    assert "Saved." in admin.get(grid).text
    assert admin.post(grid, FORM).to == grid
    kept = transports.read(world, "grid")
    assert (kept.uses, kept.share, kept.limits.per_second, kept.limits.per_hour) == (("broadcast",), 40, 1.5, 100)
    assert (kept.limits.per_minute, kept.limits.batch) == (None, 20)
    assert kept.limits.domains == {"gmail.com": 600, "orange.fr": 60}
    assert kept.warm_up == WarmUp(date(2031, 5, 4), (50, 100, 500))
    seen = admin.get(grid).text
    assert "gmail.com 600\norange.fr 60</textarea>" in seen
    assert ('value="2031-05-04"' in seen, 'value="50, 100, 500"' in seen) == (True, True)
    cold = {"warm_up.starts": "", "warm_up.volumes": "", "limits.domains": "", "version": "2"}
    assert admin.post(grid, FORM | cold).to == grid
    assert (transports.read(world, "grid").warm_up, transports.read(world, "grid").limits.domains) == (None, {})
    assert admin.post(f"{grid}/remove").to == "/console/transports"
    assert admin.get(grid).status == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": "101"}, 'id="share-wrong"'),
        ({"limits.per_second": "fast"}, 'id="limits.per_second-wrong"'),
        ({"limits.per_second": "1e999"}, 'id="limits.per_second-wrong"'),
        ({"limits.batch": "51"}, 'id="limits.batch-wrong"'),
        ({"limits.domains": "gmail.com"}, 'id="limits.domains-wrong"'),
        ({"limits.domains": "gmail.com x"}, 'id="limits.domains-wrong"'),
        ({"warm_up.starts": ""}, 'id="warm_up.starts-wrong"'),
        ({"warm_up.volumes": ""}, 'id="warm_up.volumes-wrong"'),
        ({"warm_up.volumes": f"5, {'9' * 5_000}"}, 'id="warm_up.volumes-wrong"'),
    ],
)
def test_what_cannot_be_taken(admin, grid, changes, said):
    seen = admin.post(grid, FORM | changes)
    assert (seen.status, said in seen.text) == (422, True)


def test_it_is_tried_by_one_letter(admin, world, grid):
    seen = admin.post(f"{grid}/test", {"to": "ann@example.com", "from_address": "team@bakery.example"})
    assert (seen.status, "The provider took it" in seen.text) == (200, True)
    assert '<input type="checkbox" name="uses" value="broadcast" checked>' in seen.text, "another form, as it was"
    assert world.transports.accepted[-1].envelope.address == "ann@example.com"
    assert admin.post(f"{grid}/test", {"to": "nobody", "from_address": "a@example.com"}).status == 422


def test_its_letter_speaks_the_language_of_whoever_tries_it(admin, world, grid):
    admin.cookies["envoi_language"] = "fr"
    admin.post(f"{grid}/test", {"to": "ann@example.com", "from_address": "team@bakery.example"})
    assert world.transports.accepted[-1].revision.program.subject == ("Le transport grid fonctionne",)


def test_it_asks_for_the_records_of_the_senders_domain(admin, world, grid):
    workspaces.update(world, {"from_address": "team@bakery.example"})
    assert "/console/domains/records?domain=bakery.example&amp;provider=ses" in admin.get(grid).text


def test_it_is_the_admins(browser, grid):
    sender = browser.signed_in("sender")
    assert sender.get("/console/transports").status == 403
    assert sender.post(grid, FORM).status == 403
