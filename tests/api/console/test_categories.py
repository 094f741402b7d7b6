"""Categories in the console, and the caps of one."""

from chalicelib.work import categories, workspaces

FORM = {"name": "Offers", "tags": ["en", "fr"], "names.fr": "Offres", "public": "1"}


def made(admin, world, **more):
    admin.post("/console/categories", FORM | more)
    return next(each for each in categories.page(world, 5, None)[0] if each.name == (FORM | more)["name"])


def test_a_category_is_made_renamed_and_deleted(admin, world):
    assert "No category yet" in admin.get("/console/categories").text
    offers = made(admin, world)
    assert (offers.names, offers.public) == ({"fr": "Offres"}, True)
    place = f"/console/categories/{offers.id}"
    assert 'value="Offres"' in admin.get(place).text
    renamed = {"name": "Deals", "tags": ["en", "fr"], "names.fr": "", "version": "1"}
    assert admin.post(place, renamed).to == "/console/categories"
    after = categories.read(world, offers.id)
    assert (after.name, after.names, after.public) == ("Deals", {}, False)
    assert admin.post(place, renamed).status == 409
    assert admin.post(f"{place}/delete").to == "/console/categories"
    assert categories.page(world, 5, None) == ([], None)


def test_a_nameless_one_is_refused_at_its_field(admin):
    answer = admin.post("/console/categories", FORM | {"name": ""})
    assert answer.status == 422
    assert 'id="name-wrong"' in answer.text


def test_its_caps_leave_those_of_others_alone(admin, world):
    offers, news = made(admin, world), made(admin, world, name="News")
    kept = [{"most": 9, "per": "week"}, {"most": 1, "per": "day", "category": news.id}]
    workspaces.update(world, {"caps": kept})
    place = f"/console/categories/{offers.id}"
    form = {"cap_day": "", "cap_week": "2", "cap_month": "4", "workspace_version": "1"}
    assert admin.post(f"{place}/caps", form).to == place
    caps = workspaces.read(world).caps
    assert [(each.most, each.per, each.category) for each in caps] == [
        (9, "week", ""),
        (1, "day", news.id),
        (2, "week", offers.id),
        (4, "month", offers.id),
    ]
    assert admin.post(f"{place}/caps", form).status == 409, "somebody else changed the settings"
    assert admin.post(f"{place}/delete").status == 409, "a cap is for it"
    admin.post(f"{place}/caps", dict.fromkeys(form, "") | {"workspace_version": "2"})
    assert admin.post(f"{place}/delete").to == "/console/categories"


def test_an_editor_makes_them_and_sets_no_caps(browser, admin, world):
    offers, editor = made(admin, world), browser.signed_in("editor")
    place = f"/console/categories/{offers.id}"
    assert "cap_week" not in editor.get(place).text
    assert editor.post(f"{place}/caps", {"cap_week": "2"}).status == 403
    assert editor.post("/console/categories", FORM | {"name": "Events"}).to == "/console/categories"


def test_a_viewer_sees_them_and_changes_none(browser, admin, world):
    offers, viewer = made(admin, world), browser.signed_in("viewer")
    page = viewer.get("/console/categories").text
    assert "Offres" in page
    assert "<form" not in page.split('id="main"')[1]
    assert viewer.post(f"/console/categories/{offers.id}/delete").status == 403
