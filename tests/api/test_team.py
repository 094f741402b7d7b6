"""The team's few things over HTTP: workspace, owners, companies, fields, and contacts that name them."""

import pytest

from tests.fakes.world import numbered_id

NOON_ISO = "2025-11-25T12:00:00.000Z"
OWNER = {
    "address": "Ann@Example.com",
    "first_name": "Ann",
    "last_name": "Bee",
    "position": "Boss",
    "signature": "Regards\nAnn",
}
COMPANY = {"name": "Firm", "fields": {"city": "Köln", "colours": ["a"]}}
FIELD = {
    "alias": "plan",
    "label": "Plan",
    "type": "select",
    "choices": [{"value": "pro", "label": "Professional"}, {"value": "free"}],
    "default": "free",
}
MADE = {"version": 1, "created_at": NOON_ISO, "updated_at": NOON_ISO}


def made(answer, status=201):
    assert answer.status == status, answer.body
    return answer.json


def refused(answer, status, field):
    assert (answer.status, answer.error["field"]) == (status, field), answer.body
    return answer.error


class TestWorkspace:
    def test_before_its_first_change(self, client):
        assert client("GET", "/v1/workspace").json == {
            "name": "",
            "address": "",
            "language": "en",
            "zone": "UTC",
            "colour": "#1f5f8b",
            "logo_url": "",
            "reply_to": "",
            "from_address": "",
            "soft_bounces": 5,
            "soft_bounce_days": 30,
            "mode": "immediate",
            "resend_without_evidence": False,
            "caps": [],
            "frequencies": [1, 2, 3, 5],
            "quiet_hours": None,
            "wordings": {},
            "version": 0,
            "updated_at": None,
        }

    def test_changed(self, client):
        changes = {
            "name": "Bakery",
            "address": "1 Road\n75000 Paris",
            "zone": "europe/paris",
            "wordings": {"fr": {"unsubscribe_text": "Partir : |URL|"}},
        }
        after = made(client("PATCH", "/v1/workspace", changes | {"version": 0}), 200)
        assert after == client("GET", "/v1/workspace").json
        assert (after["zone"], after["version"], after["updated_at"]) == ("Europe/Paris", 1, NOON_ISO)
        assert after["wordings"] == changes["wordings"]
        assert client("PATCH", "/v1/workspace", {"name": "Late", "version": 0}).status == 409

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"zone": "Mars/Olympus"}, "zone"),
            ({"wordings": {"fr": {"signature": 5}}}, "wordings.fr.signature"),
            ({"wordings": {"fr": {"title": "x"}}}, "wordings.fr.title"),
            ({"colour": None}, "colour"),
            ({"owner": "x"}, "owner"),
        ],
    )
    def test_refused(self, client, changes, field):
        assert refused(client("PATCH", "/v1/workspace", changes), 422, field)["hint"]

    def test_the_key_is_asked_for(self, client):
        assert client.raw("GET", "/v1/workspace").status == 401


class TestOwners:
    @pytest.fixture
    def owner(self, client):
        return made(client("POST", "/v1/owners", OWNER))

    def test_shape(self, client, owner):
        assert owner == {"id": owner["id"], **OWNER, "address": "ann@example.com", **MADE}
        assert client("GET", f"/v1/owners/{owner['id']}").json == owner
        assert client("GET", "/v1/owners").json == {"items": [owner], "next": None}

    def test_changed_and_deleted(self, client, owner):
        path = f"/v1/owners/{owner['id']}"
        assert made(client("PATCH", path, {"position": "", "version": 1}), 200)["position"] == ""
        assert client("PATCH", path, {"position": "x", "version": 1}).status == 409
        assert client("DELETE", path).status == 204
        assert client("GET", path).status == 404

    def test_refused(self, client, owner):
        refused(client("POST", "/v1/owners", {}), 422, "address")
        refused(client("POST", "/v1/owners", OWNER), 409, "address")
        refused(client("PATCH", f"/v1/owners/{owner['id']}", {"address": "x"}), 422, "address")
        refused(client("GET", "/v1/owners/nonsense"), 404, "id")

    def test_a_list_goes_on_from_its_cursor(self, client):
        ids = {made(client("POST", "/v1/owners", {"address": f"p{n}@example.com"}))["id"] for n in range(5)}
        first = client("GET", "/v1/owners", limit=3).json
        second = client("GET", "/v1/owners", limit=3, cursor=first["next"]).json
        assert {each["id"] for each in first["items"] + second["items"]} == ids
        assert (len(first["items"]), second["next"]) == (3, None)


class TestCompanies:
    @pytest.fixture
    def company(self, client):
        return made(client("POST", "/v1/companies", COMPANY))

    def test_shape(self, client, company):
        assert company == {"id": company["id"], **COMPANY, **MADE}
        assert client("GET", f"/v1/companies/{company['id']}").json == company
        assert client("GET", "/v1/companies").json == {"items": [company], "next": None}

    def test_changed_and_deleted(self, client, company):
        path = f"/v1/companies/{company['id']}"
        assert made(client("PATCH", path, {"fields": {"city": None}, "version": 1}), 200)["fields"] == {
            "colours": ["a"]
        }
        assert client("PATCH", path, {"name": "x", "version": 1}).status == 409
        assert client("DELETE", path).status == 204
        assert client("GET", path).status == 404

    def test_refused(self, client):
        made(client("POST", "/v1/fields", FIELD))
        refused(client("POST", "/v1/companies", {"fields": {}}), 422, "name")
        refused(client("POST", "/v1/companies", {"name": "x", "fields": {"plan": "gold"}}), 422, "fields.plan")


class TestFields:
    @pytest.fixture
    def field(self, client):
        return made(client("POST", "/v1/fields", FIELD))

    def test_shape(self, client, field):
        choices = [{"value": "pro", "label": "Professional"}, {"value": "free", "label": "free"}]
        assert field == {**FIELD, "choices": choices, "retired": False, **MADE}
        assert client("GET", "/v1/fields/plan").json == field
        assert client("GET", "/v1/fields").json == {"items": [field], "next": None}

    def test_changed_and_deleted(self, client, field):
        changes = {"choices": [{"value": "gold"}], "default": "", "version": 1}
        after = made(client("PATCH", "/v1/fields/plan", changes), 200)
        assert (after["choices"], after["default"]) == ([{"value": "gold", "label": "gold"}], "")
        assert client("PATCH", "/v1/fields/plan", {"label": "x", "version": 1}).status == 409
        assert client("DELETE", "/v1/fields/plan").status == 204
        refused(client("GET", "/v1/fields/plan"), 404, "alias")

    def test_refused(self, client, field):
        assert "multiselect" in refused(client("POST", "/v1/fields", FIELD | {"type": "many"}), 422, "type")["hint"]
        refused(client("POST", "/v1/fields", FIELD | {"alias": "Plan"}), 422, "alias")
        refused(client("POST", "/v1/fields", FIELD), 409, "alias")
        refused(client("PATCH", "/v1/fields/plan", {"type": "number"}), 422, "type")
        refused(client("PATCH", "/v1/fields/plan", {"alias": "other"}), 422, "alias")
        refused(client("PATCH", "/v1/fields/plan", {"choices": []}), 422, "choices")

    def test_what_contacts_hold(self, client, field):
        assert made(client("POST", "/v1/contacts", {"address": "a@example.com"}))["fields"] == {"plan": "free"}
        given = {"address": "b@example.com", "fields": {"plan": "professional"}}
        assert made(client("POST", "/v1/contacts", given))["fields"] == {"plan": "pro"}
        fault = refused(client("PATCH", "/v1/contacts/b@example.com", {"fields": {"plan": "fre"}}), 422, "fields.plan")
        assert fault["message"].startswith("fields.plan: 'fre' cannot be taken.")
        assert "Perhaps 'free'?" in fault["hint"]


class TestContactsOfOthers:
    @pytest.fixture
    def owner(self, client):
        return made(client("POST", "/v1/owners", OWNER))["id"]

    @pytest.fixture
    def company(self, client):
        return made(client("POST", "/v1/companies", COMPANY))["id"]

    def test_named_changed_and_taken_away(self, client, owner, company):
        given = {"address": "a@example.com", "owner_id": owner, "company_id": company}
        contact = made(client("POST", "/v1/contacts", given))
        assert (contact["owner_id"], contact["company_id"]) == (owner, company)
        path = f"/v1/contacts/{contact['id']}"
        after = made(client("PATCH", path, {"owner_id": None, "company_id": ""}), 200)
        assert (after["owner_id"], after["company_id"], after["version"]) == (None, None, 2)
        assert made(client("PATCH", path, {"owner_id": owner}), 200)["owner_id"] == owner

    @pytest.mark.parametrize("name", ["owner_id", "company_id"])
    @pytest.mark.parametrize("value", [numbered_id(99), "nonsense"])
    def test_one_that_is_not_there(self, client, name, value):
        refused(client("POST", "/v1/contacts", {"address": "a@example.com", name: value}), 422, name)
        made(client("POST", "/v1/contacts", {"address": "a@example.com"}))
        refused(client("PATCH", "/v1/contacts/a@example.com", {name: value}), 422, name)

    def test_a_deleted_owner_stands_in_nobodys_way(self, client, owner):
        made(client("POST", "/v1/contacts", {"address": "a@example.com", "owner_id": owner}))
        assert client("DELETE", f"/v1/owners/{owner}").status == 204
        assert made(client("PATCH", "/v1/contacts/a@example.com", {"fields": {"x": 1}}), 200)["fields"] == {"x": 1}


class TestTagsAndStages:
    def test_a_tag(self, client):
        tag = made(client("POST", "/v1/tags", {"name": "VIP & more", "description": "Spends"}))
        assert tag == {"name": "VIP & more", "description": "Spends", **MADE}
        path = "/v1/tags/VIP%20%26%20more"
        assert client("GET", path).json == tag
        assert client("PATCH", path, {"description": "", "version": 1}).json["version"] == 2
        refused(client("PATCH", path, {"description": "late", "version": 1}), 409, "version")
        refused(client("POST", "/v1/tags", {"name": "VIP & more"}), 409, "name")
        refused(client("POST", "/v1/tags", {"name": "a|b"}), 422, "name")
        assert client("DELETE", path).status == 204
        refused(client("GET", path), 404, "name")

    def test_stages_in_their_order(self, client):
        for name, weight in (("customer", 2), ("lead", 1)):
            made(client("POST", "/v1/stages", {"name": name, "weight": weight}))
        made(client("POST", "/v1/contacts", {"address": "a@example.com", "stage": "lost", "tags": ["new"]}))
        assert [each["name"] for each in client("GET", "/v1/stages").json["items"]] == ["lead", "customer", "lost"]
        assert [each["name"] for each in client("GET", "/v1/tags").json["items"]] == ["new"]
        assert client("GET", "/v1/stages/lead").json == {"name": "lead", "description": "", "weight": 1, **MADE}
        assert client("PATCH", "/v1/stages/lead", {"weight": 5}).json["weight"] == 5
        refused(client("PATCH", "/v1/stages/lead", {"weight": -1}), 422, "weight")
        assert client("DELETE", "/v1/stages/lead").status == 204
        refused(client("GET", "/v1/stages/lead"), 404, "name")

    def test_points_are_added(self, client):
        made(client("POST", "/v1/contacts", {"address": "a@example.com", "points": 5}))
        assert client("PATCH", "/v1/contacts/a@example.com", {"add_points": -7}).json["points"] == -2

    def test_contacts_are_searched(self, client):
        for address, name in (("ann@example.com", "Zoë"), ("zoe@example.com", "Ann")):
            made(client("POST", "/v1/contacts", {"address": address, "fields": {"firstname": name}}))
        found = client("GET", "/v1/contacts", search="ZOÉ").json
        assert [each["address"] for each in found["items"]] == ["zoe@example.com", "ann@example.com"]
        assert found["next"] is None
        for typed in ("", " ", "@example.com", "x" * 101):
            refused(client("GET", "/v1/contacts", search=typed), 422, "search")
