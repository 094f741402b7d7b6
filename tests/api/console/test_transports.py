import pytest

from chalicelib.api.console.transport_form import SETTINGS
from chalicelib.transports import providers
from chalicelib.work import transports, workspaces


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
    "batch": "20",
    "per_second": "1,5",
    "per_minute": "",
    "per_hour": "100",
    "per_day": "",
}


def test_without_any_ses_sends_alone(admin):
    assert "SES alone sends" in admin.get("/console/transports").text


def test_one_is_set_up_limited_and_removed(admin, world, grid):
    assert "Try it before anything goes out by it." in admin.get(grid).text
    assert admin.post(grid, FORM).to == grid
    kept = transports.read(world, "grid")
    assert (kept.uses, kept.share, kept.limits.per_second, kept.limits.per_hour) == (("broadcast",), 40, 1.5, 100)
    assert (kept.limits.per_minute, kept.limits.batch) == (None, 20)
    assert admin.post(f"{grid}/remove").to == "/console/transports"
    assert admin.get(grid).status == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": "101"}, 'id="share-wrong"'),
        ({"per_second": "fast"}, "limits.per_second"),
    ],
)
def test_what_cannot_be_taken(admin, grid, changes, said):
    seen = admin.post(grid, FORM | changes)
    assert (seen.status, said in seen.text) == (422, True)


SERVER = {
    "name": "post",
    "provider": "smtp",
    "settings.host": "smtp.example.com",
    "settings.port": "465",
    "settings.security": "tls",
    "settings.user": "12345",
    "settings.per_second": "2,5",
    "settings.per_day": "",
    "settings.base_url": "of another provider",
}


def test_a_server_is_set_up_field_by_field(admin, world):
    """A user of digits stays text; what is empty is as usual; other providers' fields count for nothing."""
    assert admin.post("/console/transports", SERVER).to == "/console/transports/post"
    kept = {"host": "smtp.example.com", "port": 465, "security": "tls", "user": "12345", "per_second": 2.5}
    assert transports.read(world, "post").settings == kept
    page = admin.get("/console/transports/post").text
    assert 'value="2.5"' in page
    assert '<option value="tls" selected>' in page
    changed = FORM | {name: value for name, value in SERVER.items() if name.startswith("settings.")}
    assert admin.post("/console/transports/post", changed | {"settings.port": "2525"}).status == 303
    assert transports.read(world, "post").settings == kept | {"port": 2525}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"settings.host": ""}, "settings.host"),
        ({"settings.port": "many"}, "settings.port"),
        ({"settings.port": "99999"}, "settings.port"),
        ({"settings.per_second": "fast"}, "settings.per_second"),
        ({"settings.return_domain": "a b"}, "settings.return_domain"),
    ],
)
def test_a_wrong_setting_is_told_at_its_field(admin, world, changes, field):
    seen = admin.post("/console/transports", SERVER | changes)
    assert (seen.status, f'id="{field}-wrong"' in seen.text, 'value="12345"' in seen.text) == (422, True, True)
    assert transports.page(world, 9, None) == ([], None)


def test_the_form_follows_the_provider(admin):
    assert 'name="settings.host"' in admin.get("/console/transports").text
    part = admin.get("/console/transports/settings", provider="mailjet").text
    assert ('name="settings.base_url"' in part, 'name="settings.host"' in part) == (True, False)
    for none in ("ses", "nonsense"):
        assert "Nothing to set" in admin.get("/console/transports/settings", provider=none).text


def test_each_setting_of_each_provider_has_its_field():
    """But for what nobody needs, and in the kind that its provider takes."""
    kinds = {str: "text", int: "whole", float: "number"}
    taken = {each: {name: kinds[kind] for name, kind in known.items()} for each, known in providers.SETTINGS.items()}
    assert {each: {one.name: one.kind for one in fields} for each, fields in SETTINGS.items()} == taken


def test_it_is_tried_by_one_letter(admin, world, grid):
    seen = admin.post(f"{grid}/test", {"to": "ann@example.com", "from_address": "team@bakery.example"})
    assert (seen.status, "The provider took it" in seen.text) == (200, True)
    assert world.transports.accepted[-1].envelope.address == "ann@example.com"
    assert admin.post(f"{grid}/test", {"to": "nobody", "from_address": "a@example.com"}).status == 422


def test_it_asks_for_the_records_of_the_senders_domain(admin, world, grid):
    workspaces.update(world, {"from_address": "team@bakery.example"})
    assert "/console/domains/records?domain=bakery.example&amp;provider=ses" in admin.get(grid).text


def test_it_is_the_admins(browser, grid):
    sender = browser.signed_in("sender")
    assert sender.get("/console/transports").status == 403
    assert sender.post(grid, FORM).status == 403
