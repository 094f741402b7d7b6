import re

import pytest

from chalicelib.work import consenting, contacts, definitions, erasing, merging, segments
from tests.api.console.letters import letters


@pytest.fixture
def fields(world):
    definitions.create(
        world, "plan", {"label": "Plan", "type": "select", "choices": [{"value": "pro", "label": "Pro"}]}
    )
    definitions.create(world, "born", {"label": "Born", "type": "date"})
    definitions.create(world, "seen", {"label": "Seen", "type": "datetime"})
    definitions.create(
        world, "likes", {"label": "Likes", "type": "multiselect", "choices": [{"value": "rye"}, {"value": "oat"}]}
    )
    definitions.create(world, "vip", {"label": "VIP", "type": "boolean"})


@pytest.fixture
def ann(world, fields):  # noqa: ARG001  # they are there before the contact is
    return contacts.create(world, "ann@example.com", {"firstname": "Ann", "plan": "pro", "age": 41}, tags=["bread"])


def shown(contact, **changes):
    """What the profile's form posts where nothing is touched, and what was."""
    form = {f"fields.{alias}": str(value) for alias, value in contact.fields.items()}
    form |= {f"fields.{alias}": "" for alias in ("born", "seen", "vip") if alias not in contact.fields}
    form |= {"address": contact.address, "consent": "1", "tracking": "1", "tags": sorted(contact.tags)}
    return form | {"version": contact.version, "points": contact.points, "stage": contact.stage} | changes


@pytest.mark.usefixtures("ann")
def test_the_table_and_its_search(admin, world):
    contacts.create(world, "bob@example.com", {"firstname": "<Bob>"})
    page = admin.get("/console/contacts").text
    assert "ann@example.com" in page
    assert "&lt;Bob&gt;" in page
    found = admin.get("/console/contacts", search="an").text
    assert "ann@example.com" in found
    assert "bob@example.com" not in found
    assert "Nobody matches that" in admin.get("/console/contacts", search="zoe").text
    wrong = admin.get("/console/contacts", search="@example.com")
    assert wrong.status == 422
    assert "Give the beginning of an address" in wrong.text


def test_pages_are_turned_by_a_cursor(admin, world):
    made = {contacts.create(world, f"c{n}@example.com").address for n in range(30)}
    first = admin.get("/console/contacts").text
    cursor = first.split("cursor=")[1].split('"')[0]
    second = admin.get("/console/contacts", cursor=cursor).text
    assert {each for each in made if each in first + second} == made
    assert "First page" in second


@pytest.mark.usefixtures("ann")
def test_a_cursor_that_is_none_is_no_empty_list(admin):
    wrong = admin.get("/console/contacts", cursor="%%%")
    assert (wrong.status, "No contacts yet" in wrong.text, "first page" in wrong.text) == (422, False, True)


def test_two_who_change_one_contact_see_what_the_other_did(admin, world, ann):
    mine = shown(ann, points="7")
    contacts.update(world, ann.id, {"fields": {"firstname": "Anna <b>", "age": 42}})
    late = admin.post(f"/console/contacts/{ann.id}", mine)
    assert late.status == 409
    told = re.search(r'<div class="told warn">.*?</div>', late.text, re.DOTALL)[0]
    assert re.findall(r"<dt>([^<]+)</dt><dd>([^<]+)</dd>", told) == [
        ("Points", "0"),
        ("age", "42"),
        ("firstname", "Anna &lt;b&gt;"),
    ]
    again = admin.post(f"/console/contacts/{ann.id}", mine | {"version": ann.version + 1})
    assert (again.status, contacts.read(world, ann.id).points) == (303, 7)


def test_nobody_yet_says_what_to_do(admin):
    assert "No contacts yet" in admin.get("/console/contacts").text


@pytest.mark.usefixtures("fields")
def test_a_contact_is_added_with_typed_fields_and_lists(admin, world):
    friends = segments.create(world, "Friends")
    form = {"address": "Zoe@Example.com", "fields.plan": "pro", "fields.born": "2000-02-29", "consent": "1"}
    form |= {
        "fields.likes": ["rye", "oat"],
        "fields.likes.shown": "1",
        "new_tags": "bread | new",
        "lists": [friends.id],
    }
    answer = admin.post("/console/contacts/new", form | {"fields.seen": "2026-01-02T03:04", "fields.vip": "1"})
    zoe = contacts.read(world, "zoe@example.com")
    assert answer.to == f"/console/contacts/{zoe.id}"
    assert zoe.fields == {
        "plan": "pro", "born": "2000-02-29", "likes": ("rye", "oat"), "seen": "2026-01-02T03:04:00Z", "vip": True,
    }  # fmt: skip
    assert (zoe.tags, zoe.lists, zoe.consent) == ({"bread", "new"}, {friends.id}, True)


@pytest.mark.usefixtures("fields")
def test_a_wrong_value_is_said_at_its_field_and_nothing_typed_is_lost(admin):
    answer = admin.post("/console/contacts/new", {"address": "zoe@example.com", "fields.born": "yesterday"})
    assert answer.status == 422
    assert 'href="#fields.born"' in answer.text
    assert 'value="yesterday"' in answer.text
    assert 'value="zoe@example.com"' in answer.text


def test_a_known_address_leads_to_its_contact(admin, ann):
    answer = admin.post("/console/contacts/new", {"address": "ann@example.com"})
    assert answer.status == 409
    assert f"/console/contacts/{ann.id}" in answer.text


def test_a_profile_is_changed_field_by_field(admin, world, ann):
    form = shown(ann, **{"fields.plan": "", "fields.age": "42", "tags": [], "new_tags": "tea", "points": "-5"})
    answer = admin.post(f"/console/contacts/{ann.id}", form | {"tracking": [], "new_alias": "shoe", "new_value": "44"})
    assert answer.to == f"/console/contacts/{ann.id}"
    after = contacts.read(world, ann.id)
    assert after.fields == {"firstname": "Ann", "age": 42, "shoe": "44"}
    assert (after.tags, after.points, after.tracking, after.consent) == ({"tea"}, -5, False, True)


def test_moments_are_on_the_readers_clock(admin, world, ann):
    admin.cookies["envoi_zone"] = "Europe/Paris"
    admin.post(f"/console/contacts/{ann.id}", shown(ann, **{"fields.seen": "2026-07-01T10:00"}))
    assert contacts.read(world, ann.id).fields["seen"] == "2026-07-01T08:00:00Z"
    assert 'value="2026-07-01T10:00"' in admin.get(f"/console/contacts/{ann.id}").text


def test_two_people_do_not_overwrite_each_other(admin, world, ann):
    contacts.update(world, ann.id, {"points": 7})
    answer = admin.post(f"/console/contacts/{ann.id}", shown(ann, points="1"))
    assert answer.status == 409
    assert "was changed meanwhile" in answer.text
    assert contacts.read(world, ann.id).points == 7


def test_the_timeline_tells_and_is_narrowed(admin, world, ann):
    contacts.update(world, ann.id, {"consent": False, "fields": {"city": "Lyon"}}, by="Bea")
    page = admin.get(f"/console/contacts/{ann.id}").text
    assert "Consent withdrawn" in page
    assert "by Bea" in page
    assert "Lyon" in page
    part = admin.get(f"/console/contacts/{ann.id}/timeline", kind="consent").text
    assert "Consent withdrawn" in part
    assert "by Bea" not in part
    assert "<html" not in part
    assert consenting.told(world, contacts.read(world, ann.id))[0].kind == "withdrawn"


def test_messages_name_their_letters(admin, world):
    made = letters(world)
    from tests.api.console.test_emails import clicked  # noqa: PLC0415  # beside its only use

    clicked(world, made)
    contact = world.segments.members(made.segment, "", 1)[0]
    page = admin.get(f"/console/contacts/{contact}").text
    assert "clicked" in page
    assert "Spring &lt;letter&gt;" in page
    assert "Readers" in page


def test_lists_are_joined_and_left(admin, world, ann):
    friends = segments.create(world, "Friends")
    assert admin.post(f"/console/contacts/{ann.id}/join", {"segment_id": friends.id}).status == 303
    assert contacts.read(world, ann.id).lists == {friends.id}
    assert admin.post(f"/console/contacts/{ann.id}/leave", {"segment_id": friends.id}).status == 303
    assert contacts.read(world, ann.id).lists == frozenset()


def test_one_is_merged_into_another(admin, world, ann):
    other = contacts.create(world, "ann@work.example")
    wrong = admin.post(f"/console/contacts/{ann.id}/merge", {"into": "nobody@example.com"})
    assert wrong.status == 404
    assert 'id="into-wrong"' in wrong.text
    answer = admin.post(f"/console/contacts/{ann.id}/merge", {"into": "ann@work.example"})
    assert answer.to == f"/console/contacts/{other.id}"
    merging.run(world, ann.id)
    assert "merged into another" in admin.get(f"/console/contacts/{ann.id}").text


def test_all_that_is_stored_is_a_file(admin, ann):
    answer = admin.get(f"/console/contacts/{ann.id}/access")
    assert answer.json["contact"]["address"] == "ann@example.com"
    assert "attachment" in answer.headers["content-disposition"]


def test_erasing_is_confirmed_by_the_address(admin, world, ann):
    answer = admin.post(f"/console/contacts/{ann.id}/erase", {"confirm": "yes"})
    assert answer.status == 422
    assert 'id="confirm-wrong"' in answer.text
    receipt = admin.post(f"/console/contacts/{ann.id}/erase", {"confirm": "Ann@example.com"}).to
    [job] = erasing.page(world, 5, None)[0]
    assert receipt == f"/console/erasures/{job.id}"
    erasing.run(world, job.id)
    assert world.contacts.read(ann.id) is None


def test_one_is_deleted(admin, world, ann):
    assert admin.post(f"/console/contacts/{ann.id}/delete").to == "/console/contacts"
    assert world.contacts.read(ann.id) is None


def test_a_viewer_sees_and_changes_nothing(browser, ann):
    viewer = browser.signed_in("viewer")
    page = viewer.get(f"/console/contacts/{ann.id}").text
    assert "ann@example.com" in page
    assert "<button" not in page.split('id="main"')[1].split("</main>")[0]
    assert viewer.post(f"/console/contacts/{ann.id}", shown(ann, points="9")).status == 403
    assert viewer.get("/console/contacts/new").status == 403


def test_in_french(admin, ann):
    admin.cookies["envoi_language"] = "fr"
    assert "Étiquettes" in admin.get(f"/console/contacts/{ann.id}").text
