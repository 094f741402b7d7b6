import pytest

from chalicelib.work import transports, workspaces


@pytest.fixture
def grid(admin):
    assert admin.post("/console/transports", {"name": "grid", "provider": "ses", "settings": ""}).status == 303
    return "/console/transports/grid"


FORM = {
    "version": "1",
    "active": "1",
    "uses": "broadcast",
    "position": "2",
    "share": "40",
    "settings": "",
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
        ({"settings": "x"}, "settings"),
    ],
)
def test_what_cannot_be_taken(admin, grid, changes, said):
    seen = admin.post(grid, FORM | changes)
    assert (seen.status, said in seen.text) == (422, True)


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
