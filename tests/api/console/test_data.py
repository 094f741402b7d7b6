"""Fields, tags, stages, owners and companies."""

from chalicelib.work import companies, contacts, definitions, owners, renaming, stages, tags


def test_a_field_is_made_changed_retired_and_deleted(admin, world):
    form = {
        "alias": "plan",
        "label": "Plan",
        "type": "select",
        "choices": "pro = Professional\nfree",
        "default": "free",
    }
    assert admin.post("/console/fields", form).to == "/console/fields"
    plan = definitions.read(world, "plan")
    assert [(each.value, each.label) for each in plan.choices] == [("pro", "Professional"), ("free", "free")]
    page = admin.get("/console/fields/plan").text
    assert "pro = Professional\nfree" in page
    assert "Number" not in page, "nothing becomes a number"
    admin.post("/console/fields/plan", form | {"label": "Tariff", "retired": "1", "version": "1"})
    after = definitions.read(world, "plan")
    assert (after.label, after.retired) == ("Tariff", True)
    assert admin.post("/console/fields/plan", form | {"version": "1"}).status == 409
    assert admin.post("/console/fields/plan/delete").to == "/console/fields"
    assert "No fields yet" in admin.get("/console/fields").text


def test_a_wrong_field_is_said_and_kept(admin):
    answer = admin.post("/console/fields", {"alias": "Plan!", "label": "Plan", "type": "text"})
    assert answer.status == 422
    assert 'id="alias-wrong"' in answer.text
    assert 'value="Plan!"' in answer.text
    needs = admin.post("/console/fields", {"alias": "plan", "label": "Plan", "type": "select"})
    assert 'id="choices-wrong"' in needs.text


def test_tags(admin, world):
    contacts.create(world, "ann@example.com", tags=["it's <new>"])
    page = admin.get("/console/tags").text
    assert "it&#39;s &lt;new&gt;" in page
    assert "/console/segments/new?text=" in page
    admin.post("/console/tags/change", {"tag": "it's <new>", "about": "Just come"})
    assert tags.read(world, "it's <new>").description == "Just come"
    admin.post("/console/tags", {"name": "bread"})
    assert admin.post("/console/tags", {"name": "bread"}).status == 409
    admin.post("/console/tags/delete", {"tag": "bread"})
    assert [each.name for each in tags.page(world, 5, None)[0]] == ["it's <new>"]


def test_stages_in_their_order(admin, world):
    admin.post("/console/stages", {"name": "Customer"})
    admin.post("/console/stages", {"name": "Prospect", "weight": "0"})
    assert [each.name for each in stages.every(world)] == ["Prospect", "Customer"]
    admin.post("/console/stages/change", {"stage": "Prospect", "place": "90", "about": "Later"})
    assert [each.name for each in stages.every(world)] == ["Customer", "Prospect"]
    assert admin.post("/console/stages/change", {"stage": "Prospect", "place": "last"}).status == 422
    admin.post("/console/stages/delete", {"stage": "Prospect"})
    assert [each.name for each in stages.every(world)] == ["Customer"]


def test_a_tag_and_a_stage_are_renamed_and_their_contacts_follow(admin, world):
    ann = contacts.create(world, "ann@example.com", tags=["it's <new>"], stage="Prospect")
    place = admin.post("/console/tags/rename", {"tag": "it's <new>", "new_name": "fresh"}).to
    waiting = admin.get(place).text
    assert f'hx-get="{place}/progress"' in waiting
    assert "it&#39;s &lt;new&gt; is called fresh from now on." in waiting
    renaming.run(world, place.rpartition("/")[2])
    assert "hx-get" not in admin.get(f"{place}/progress").text
    second = admin.post("/console/stages/rename", {"stage": "Prospect", "new_name": "Lead"}).to
    renaming.run(world, second.rpartition("/")[2])
    after = contacts.read(world, ann.id)
    assert (after.tags, after.stage) == ({"fresh"}, "Lead")
    assert "fresh" in admin.get("/console/tags").text


def test_a_name_that_is_taken_asks_whether_both_are_meant(admin, world):
    contacts.create(world, "ann@example.com", tags=["new", "fresh"])
    refused = admin.post("/console/tags/rename", {"tag": "new", "new_name": "fresh"})
    assert refused.status == 409
    assert "both are to become one" in refused.text
    assert admin.post("/console/tags/rename", {"tag": "new", "new_name": "fresh", "merge": "1"}).status == 303
    assert [each.name for each in tags.page(world, 5, None)[0]] == ["fresh"]


def test_owners(admin, world):
    form = {"address": "Bea@Example.com", "first_name": "Bea", "signature": "Bea\nThe Bakery"}
    admin.post("/console/owners", form)
    [owner] = owners.page(world, 5, None)[0]
    assert "Bea" in admin.get("/console/owners").text
    admin.post(f"/console/owners/{owner.id}", form | {"last_name": "Bär", "version": "1"})
    assert owners.read(world, owner.id).name == "Bea Bär"
    assert admin.post("/console/owners", form).status == 409
    assert admin.post(f"/console/owners/{owner.id}/delete").to == "/console/owners"


def test_companies_have_typed_fields_too(admin, world):
    definitions.create(world, "size", {"label": "Size", "type": "number"})
    place = admin.post("/console/companies", {"name": "Bakery"}).to
    form = {"name": "The Bakery", "fields.size": "12", "new_alias": "city", "new_value": "Lyon", "version": "1"}
    assert admin.post(place, form).to == place
    [company] = companies.page(world, 5, None)[0]
    assert (company.name, company.fields) == ("The Bakery", {"size": 12, "city": "Lyon"})
    assert admin.post(place, form | {"fields.size": "many", "version": "2"}).status == 422
    assert admin.post(f"{place}/delete").to == "/console/companies"


def test_a_viewer_sees_them_all_and_changes_none(browser, world):
    owners.create(world, {"address": "bea@example.com"})
    viewer = browser.signed_in("viewer")
    for place in ("fields", "tags", "stages", "owners", "companies"):
        page = viewer.get(f"/console/{place}")
        assert page.status == 200
        assert "<form" not in page.text.split('id="main"')[1], place
    assert viewer.post("/console/tags", {"name": "bread"}).status == 403
    tags.create(world, "bread")
    assert viewer.post("/console/tags/rename", {"tag": "bread", "new_name": "rolls"}).status == 403
    assert [each.name for each in tags.page(world, 5, None)[0]] == ["bread"]
