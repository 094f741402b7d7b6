import pytest
from markupsafe import escape

from chalicelib.model.quiet_hours import QuietHours
from chalicelib.work import workspaces

FORM = {
    "version": "0",
    "name": "Bakery",
    "from_address": "team@bakery.example",
    "reply_to": "",
    "address": "1 Road\r\nParis",
    "language": "fr",
    "zone": "Europe/Paris",
    "soft_bounces": "3",
    "soft_bounce_days": "14",
    "cap_day": "",
    "cap_week": "2",
    "cap_month": "",
    "quiet_from": "21:00",
    "quiet_to": "08:00",
}


def test_what_is_saved_is_shown(admin, world):
    assert admin.post("/console/settings", FORM).to == "/console/settings"
    kept = workspaces.read(world)
    assert (kept.name, kept.address, kept.zone) == ("Bakery", "1 Road\nParis", "Europe/Paris")
    assert [(each.most, each.per) for each in kept.caps] == [(2, "week")]
    assert kept.quiet_hours == QuietHours(21 * 60, 8 * 60)
    page = admin.get("/console/settings").text
    for shown in ('value="Bakery"', 'id="cap_week" name="cap_week" value="2"', 'value="21:00"'):
        assert shown in page


@pytest.mark.parametrize(
    ("name", "value"),
    [("zone", "Moon"), ("from_address", "nobody"), ("soft_bounces", "many"), ("language", "!")],
)
def test_what_cannot_be_taken_is_said_at_its_field(admin, world, name, value):
    seen = admin.post("/console/settings", FORM | {name: value})
    assert (seen.status, f'id="{name}-wrong"' in seen.text, f'value="{value}"' in seen.text) == (422, True, True)
    assert workspaces.read(world).version == 0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("zone", "Moon", "Donnez le nom IANA d\N{RIGHT SINGLE QUOTATION MARK}un fuseau horaire, comme Europe/Paris."),
        ("from_address", "nobody", "Donnez une seule adresse, comme ann@example.com."),
        ("soft_bounces", "many", "Donnez un nombre entier."),
        ("language", "!", "Donnez une étiquette de langue comme fr, fr-CH ou zh-Hant (BCP 47)."),
    ],
)
def test_and_in_french_in_the_french_console(admin, name, value, told):
    admin.cookies["envoi_language"] = "fr"
    page = admin.post("/console/settings", FORM | {name: value}).text
    assert f'id="{name}-wrong">{escape(told)}' in page
    assert "ne peut pas être accepté" in page


def test_two_at_once(admin):
    assert admin.post("/console/settings", FORM).status == 303
    seen = admin.post("/console/settings", FORM | {"name": "Other"})
    assert (seen.status, 'value="Other"' in seen.text) == (409, True), "nothing typed is lost"


def test_caps_of_a_single_category_stay(admin, client, world):
    category = client("POST", "/v1/categories", {"name": "Offers"}).json["id"]
    workspaces.update(world, {"caps": [{"most": 1, "per": "day", "category": category}]})
    admin.post("/console/settings", FORM | {"version": "1"})
    assert [(each.per, each.category) for each in workspaces.read(world).caps] == [("week", ""), ("day", category)]


def test_it_is_the_admins(browser):
    assert browser.signed_in("sender").post("/console/settings", FORM).status == 403
