import re
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.work import contacts, definitions, filling, segments
from tests.api.console.letters import letters

PART = "/console/segments/builder"
FOUND = "/console/segments/found"
HTMX = {"hx-request": "true"}


@pytest.fixture
def people(world):
    choices = [{"value": "pro", "label": "Professional"}, {"value": "free"}]
    definitions.create(world, "plan", {"label": "Plan", "type": "select", "choices": choices})
    definitions.create(world, "age", {"label": "Age", "type": "number"})
    made = [("ann", "pro", 41), ("bob", "free", 17), ("eve", "pro", 12)]
    return {name: contacts.create(world, f"{name}@example.com", {"plan": plan, "age": age}) for name, plan, age in made}


def clicked(page):
    """What the builder on a page would post: its inputs by name, as a browser reads them."""
    form = {}
    body = page.split('id="builder"')[1].split("</section>")[0]
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', body):
        form.setdefault(name, []).append(value)
    for name, inner in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner) or re.search(r'value="([^"]*)"', inner)
        form[name] = [chosen[1]]
    for tag in re.findall(r"<input id=[^>]*>", body):
        form[re.search(r' name="([^"]+)"', tag)[1]] = (
            [re.search(r' value="([^"]*)"', tag)[1]] if " value=" in tag else [""]
        )
    return form


def by_clicks(admin):
    """Plan is pro, and in a group of its own: age at least 18."""
    form = clicked(admin.get("/console/segments/new").text) | {"n2.field": ["plan"]}
    form = clicked(admin.post(PART, form, HTMX).text) | {"n2.value": ["pro"], "act": ["group n1"]}
    page = admin.post(PART, form, HTMX).text
    form = clicked(page) | {"n4.field": ["age"]}
    form = clicked(admin.post(PART, form, HTMX).text) | {"n4.operator": ["gte"]}
    return clicked(admin.post(PART, form, HTMX).text) | {"n4.value": ["18"]}


@pytest.mark.usefixtures("people")
def test_a_filter_is_clicked_together_counted_and_saved(admin, world):
    form = by_clicks(admin)
    found = admin.post(FOUND, form, HTMX).text
    assert "<strong>1</strong> person" in found
    assert "ann@example.com" in found
    assert "Professional" in found, "the sentence says the label"
    answer = admin.post("/console/segments/new", form | {"name": "Grown-up pros"})
    [segment] = world.segments.page(10, None)[0]
    assert answer.to == f"/console/segments/{segment.id}"
    assert segment.filter == {
        "all": [
            {"field": "plan", "operator": "=", "value": "pro"},
            {"field": "age", "operator": "gte", "value": 18},
        ]
    }


@pytest.mark.usefixtures("people")
def test_text_and_clicks_lead_to_each_other(admin):
    form = by_clicks(admin)
    page = admin.post(PART, form | {"act": ["as text"]}, HTMX).text
    assert "plan is pro and age is at least 18" in page
    text = {"form": ["text"], "text": ["plan is free or age is less than 15"], "act": ["as clicks"]}
    back = clicked(admin.post(PART, text, HTMX).text)
    assert back["n1.join"] == ["any"]
    assert (back["n4.field"], back["n4.operator"], back["n4.value"]) == (["age"], ["lt"], ["15"])
    wrong = admin.post(PART, text | {"text": ["plan is is"]}, HTMX)
    assert "line 1, column" in wrong.text
    assert "plan is is" in wrong.text


@pytest.mark.usefixtures("people")
def test_what_is_not_finished_is_not_counted_and_not_saved(admin, world):
    form = clicked(admin.get("/console/segments/new").text)
    assert "Finish the conditions" in admin.post(FOUND, form, HTMX).text
    as_text = admin.post(PART, form | {"act": ["as text"]}, HTMX)
    assert (as_text.status, "Choose what to look at." in as_text.text) == (200, True), "htmx shows no refusal"
    form = clicked(admin.post(PART, form | {"n2.field": ["age"]}, HTMX).text) | {"n2.value": ["many"]}
    answer = admin.post("/console/segments/new", form | {"name": "X"})
    assert answer.status == 422
    assert 'id="n2-wrong"' in answer.text
    assert 'value="many"' in answer.text
    assert 'value="X"' in answer.text
    assert world.segments.page(10, None)[0] == []


@pytest.mark.usefixtures("people")
def test_parts_are_taken_out_and_forged_ones_do_nothing(admin):
    form = by_clicks(admin)
    left = clicked(admin.post(PART, form | {"act": ["remove n3"]}, HTMX).text)
    assert left["part"] == ["n2:n1:row"]
    forged = form | {"part": ["n2:n1:row", "n2:n9:row", "x:n1:row", "n1:n1:group", "n5"], "act": ["row n77"]}
    assert clicked(admin.post(PART, forged, HTMX).text)["part"] == ["n2:n1:row"]


def test_every_field_shows_its_operators_and_inputs(admin, world):
    letters(world)
    definitions.create(world, "born", {"label": "Born", "type": "date"})
    form = {"part": ["n2:n1:row"], "n1.join": ["all"]}
    for field, operator, seen in [
        ("born", "between", "n2.how2"),
        ("opened", "=", "n2.times"),
        ("clicked", "!=", "n2.link"),
        ("segment", "in", "Readers"),
        ("consent", "=", "n2.value"),
        ("tags", "contains", "n2.value"),
        ("created_at", "gte", "n2.how"),
        ("points", "between", "n2.value2"),
        ("do_not_contact_reason", "=", "complained before"),
        ("email", "in", "One value on each line"),
    ]:
        page = admin.post(PART, form | {"n2.field": [field], "n2.operator": [operator]}, HTMX).text
        assert seen in page, field
        assert re.search(rf'value="{re.escape(operator)}" selected', page), field


def test_relative_dates_are_kept_by_how_they_are_said(admin, world):
    form = {"part": ["n2:n1:row"], "n2.field": ["created_at"], "n2.operator": ["gte"]}
    form |= {"n2.how": ["ago"], "n2.count": ["30"], "n2.unit": ["day"], "name": ["New"]}
    assert "30 days ago" in admin.post(FOUND, form, HTMX).text
    admin.post("/console/segments/new", form)
    [segment] = world.segments.page(10, None)[0]
    assert segment.filter["value"] == "30 days ago"
    page = admin.get(f"/console/segments/{segment.id}/edit").text
    assert re.search(r'value="ago" selected', page)
    assert 'value="30"' in page


@pytest.fixture
def live(world, people):  # noqa: ARG001  # they are there before the segment is
    segment = segments.create(world, "Pros", "plan is pro")
    return segment.id


def fill(world):
    for job in world.fillings.open():
        filling.run(world, job)


def test_a_live_segment_is_looked_up_and_then_shows_its_members(admin, world, live, people):
    page = admin.get(f"/console/segments/{live}").text
    assert "is being looked up" in page
    assert "looking" in admin.get("/console/segments").text
    assert "is being looked up" in admin.get(f"/console/segments/{live}/size", HTMX).text
    fill(world)
    assert admin.get(f"/console/segments/{live}/size", HTMX).headers["hx-redirect"] == f"/console/segments/{live}"
    page = admin.get(f"/console/segments/{live}").text
    assert people["ann"].address in page
    assert people["bob"].address not in page
    assert "Professional" in page


def test_sizes_are_drawn_once_there_are_two_days(admin, world, live):
    assert "Size over time" not in admin.get(f"/console/segments/{live}").text
    today = datetime.fromtimestamp(world.now() / 1_000, UTC).date()
    for ago, size in ((1, 5), (0, 8)):
        world.segment_sizes.put(live, today - timedelta(days=ago), size)
    page = admin.get(f"/console/segments/{live}").text
    assert "Size over time: from 5 to 8." in page
    assert "[[5, 8]]" in page


def test_somebody_is_put_in_kept_out_and_left_to_the_filter(admin, world, live, people):
    fill(world)
    bob, ann = people["bob"], people["ann"]
    admin.post(f"/console/segments/{live}/put", {"contact": bob.address})
    assert bob.address in admin.get(f"/console/segments/{live}").text
    admin.post(f"/console/segments/{live}/take-out", {"contact": ann.id})
    page = admin.get(f"/console/segments/{live}/why", contact=ann.address).text
    assert "is not in it" in page
    assert "out by hand" in page
    assert "<strong>Plan</strong> is Professional" in page
    admin.cookies["envoi_language"] = "fr"
    page = admin.get(f"/console/segments/{live}/why", contact=ann.address).text
    assert "<strong>Plan</strong> est Professional" in page
    del admin.cookies["envoi_language"]
    answer = admin.post(f"/console/segments/{live}/unhand", {"contact": ann.id, "to": "why"})
    assert answer.to == f"/console/segments/{live}/why?contact={ann.id}"
    assert "is in it" in admin.get(f"/console/segments/{live}/why", contact=ann.address).text


def test_an_unknown_contact_is_said_at_its_field(admin, live):
    answer = admin.post(f"/console/segments/{live}/put", {"contact": "nobody@example.com"})
    assert answer.status == 404
    assert 'id="contact-wrong"' in answer.text
    assert admin.get(f"/console/segments/{live}/why", contact="nobody@example.com").status == 404


def test_a_filter_is_changed_and_another_change_is_not_overwritten(admin, world, live):
    form = clicked(admin.get(f"/console/segments/{live}/edit").text)
    assert form["n2.value"] == ["pro"]
    form |= {"name": "Frees", "version": "1", "n2.value": ["free"]}
    answer = admin.post(f"/console/segments/{live}/edit", form)
    assert answer.to == f"/console/segments/{live}"
    assert segments.read(world, live).filter["value"] == "free"
    assert admin.post(f"/console/segments/{live}/edit", form).status == 409


def test_a_list_with_names_for_people(admin, world):
    form = {"name": "Friends", "public": "1", "names": "fr: Amis\nde: Freunde"}
    answer = admin.post("/console/segments/new-list", form)
    [segment] = world.segments.page(10, None)[0]
    assert answer.to == f"/console/segments/{segment.id}"
    assert (segment.public, segment.names) == (True, {"fr": "Amis", "de": "Freunde"})
    assert "fr: Amis" in admin.get(f"/console/segments/{segment.id}/edit").text
    wrong = admin.post(f"/console/segments/{segment.id}/edit", form | {"names": "Amis", "version": "1"})
    assert wrong.status == 422
    assert admin.post(f"/console/segments/{segment.id}/delete").to == "/console/segments"


def test_a_filter_in_the_address_is_where_it_begins(admin):
    page = admin.get("/console/segments/new", text="tags is bread").text
    assert clicked(page)["n2.value"] == ["bread"]


def test_a_viewer_looks_and_does_not_touch(browser, live, people):
    viewer = browser.signed_in("viewer")
    page = viewer.get(f"/console/segments/{live}").text
    assert "Pros" in page
    assert "/edit" not in page
    assert viewer.get("/console/segments/new").status == 403
    assert viewer.post(f"/console/segments/{live}/put", {"contact": people["bob"].id}).status == 403


def test_in_french(admin, live):
    admin.cookies["envoi_language"] = "fr"
    assert "est" in admin.get(f"/console/segments/{live}/edit").text
    assert "La recherche est en cours" in admin.get(f"/console/segments/{live}").text
