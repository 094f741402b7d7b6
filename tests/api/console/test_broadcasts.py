import re
from urllib.parse import parse_qsl

import pytest

from chalicelib.work import belonging, broadcasting, categories, emails, preflight, segments, workspaces
from tests.api.console.conftest import Browser
from tests.api.console.letters import letters
from tests.work.sending.test_deciding import held_house


@pytest.fixture
def made(world):
    return letters(world)


@pytest.fixture
def sender(browser):
    return browser.signed_in("sender")


def chosen(sender, made, **more):
    form = {"segments": made.segment, "when": "now"} | more
    return sender.post(f"/console/emails/{made.email}/broadcast", form)


def test_choosing_leads_to_the_check(sender, made):
    page = sender.get(f"/console/emails/{made.email}/broadcast")
    place = f"/console/emails/{made.email}/foreseen"
    assert f'hx-post="{place}" hx-trigger="load, ' in page.text, "counted behind the page"
    assert re.search(rf'value="{made.segment}" checked', page.text)
    seen = chosen(sender, made)
    assert re.fullmatch(rf"/console/emails/{made.email}/broadcast/[0-9a-v]{{16}}", seen.to)
    page = sender.get(seen.to)
    assert 'hx-trigger="every 1s"' in page.text, "until it is done"


def test_confirming_by_typing_the_number(sender, world, made):
    path = f"/console/emails/{made.email}/broadcast/{made.checked()}"
    assert "Type 2 to confirm" in sender.get(path).text
    for wrong in ("", "3", "two"):
        seen = sender.post(path, {"number": wrong})
        assert (seen.status, "Type 2, the number of people" in seen.text) == (422, True)
    assert world.broadcasts.open() == []
    seen = sender.post(path, {"number": " 2 "})
    [broadcast] = world.broadcasts.open()
    assert seen.to == f"/console/broadcasts/{broadcast}"
    assert "It is on its way." in sender.get(seen.to).text
    assert world.audit.page(1, None)[0][0].deed == "broadcasts.start"


def made_of(world):
    [broadcast] = world.broadcasts.open()
    return world.broadcasts.read(broadcast)


def confirmed(sender, made, **wishes):
    """Chosen, checked, and confirmed by the number with what the confirmation carries."""
    to = chosen(sender, made, **wishes).to
    path, _, query = to.partition("?")
    preflight.run(sender.world, path.rpartition("/")[2])
    page = sender.get(path, **dict(parse_qsl(query))).text
    hidden = dict(re.findall(r'type="hidden" name="(?!change)(\w+)" value="([^"]*)"', page))
    return page, sender.post(re.search(r'action="(/console/emails[^"]*)"', page)[1], hidden | {"number": "2"})


def test_at_a_time_on_the_workspaces_clock(sender, world, made):
    workspaces.update(world, {"zone": "Europe/Paris"})
    emails.publish(world, made.email)
    sender.cookies["envoi_zone"] = "America/New_York"
    page, seen = confirmed(sender, made, when="at", at="2025-11-26T08:30", rate="2,5")
    for shown in ("26 Nov 2025, 08:30", "Europe/Paris", "26 Nov 2025, 02:30", "America/New_York", "at 2.5 a second"):
        assert shown in page
    assert "It is scheduled." in sender.get(seen.to).text
    broadcast = made_of(world)
    assert (broadcast.state, broadcast.rate) == ("scheduled", 2.5)
    assert broadcast.at == world.now() + (19 * 60 + 30) * 60_000
    assert "26 Nov 2025, 02:30" in sender.get("/console").text, "in the reader's zone"


def test_at_each_ones_own_time(sender, world, made):
    wish = {"at": "2025-11-26T08:30", "until": "2025-11-30T12:00", "joiners": "yes"}
    page, seen = confirmed(sender, made, when="local", if_gone="next_day", **wish)
    assert "own clock" in page
    assert "<time" not in page.split("<dt>When</dt>")[1].split("</dd>")[0], "it is no one moment"
    assert "At that time of the next day" in page
    broadcast = made_of(world)
    assert (broadcast.schedule.timing, broadcast.schedule.if_gone, broadcast.joiners) == ("local", "next_day", True)
    assert broadcast.until == world.now() + (4 * 24 + 24) * 3_600_000
    assert "gets it too" in sender.get(seen.to).text


def test_at_each_ones_best_hour(sender, world, made):
    page, _ = confirmed(sender, made, when="best_hour", at="2025-11-26T08:00")
    assert "best hour" in page
    assert made_of(world).schedule.timing == "best_hour"


@pytest.mark.parametrize(("until", "late"), [("12:00:15Z", True), ("12:00:25Z", False)])
def test_it_says_where_the_time_does_not_do(sender, made, until, late):
    page, _ = confirmed(sender, made, until=f"2025-11-25T{until}", rate="0.1")
    assert ("not everybody will get it" in page) == late


@pytest.mark.parametrize("at", ["", "soon", "2020-01-01T00:00", "2029-01-01T00:00"])
@pytest.mark.parametrize("when", ["at", "local", "best_hour"])
def test_a_time_that_is_none(sender, made, at, when):
    seen = chosen(sender, made, when=when, at=at)
    assert (seen.status, 'id="at-wrong"' in seen.text) == (422, True)
    assert re.search(rf'value="{when}" checked', seen.text), "what was chosen stays"


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"rate": "fast"}, "rate"),
        ({"rate": "0"}, "rate"),
        ({"rate": "nan"}, "rate"),
        ({"rate": "1" * 300}, "rate"),
        ({"until": "2020-01-01T00:00"}, "until"),
        ({"until": "then"}, "until"),
        ({"joiners": "yes"}, "joiners"),
        ({"when": "recurring"}, "every"),
        ({"when": "recurring", "every": "daily", "time": "soon"}, "time"),
        ({"when": "recurring", "every": "weekly", "time": "09:00"}, "weekdays"),
        ({"when": "recurring", "every": "monthly", "time": "09:00", "monthday": "31"}, "monthday"),
        ({"when": "recurring", "every": "cron", "cron": "* * * * *"}, "cron"),
        ({"when": "recurring", "every": "daily", "time": "09:00", "ends_at": "2025-11-25T12:30"}, "ends_at"),
    ],
)
def test_each_fault_is_said_at_its_field(sender, world, made, wish, field):
    seen = chosen(sender, made, **wish)
    assert seen.status == 422
    assert seen.text.count("wrong-field") == 1
    assert f'<a href="#{field}">' in seen.text
    assert f'id="{field}"' in seen.text
    assert next(iter(world.preflights.open()), None) is None


def test_what_belongs_to_another_choice_is_left_out(sender, made):
    to = chosen(sender, made, when="now", at="soon", every="cron", cron="x").to
    assert "?" not in to


def test_a_viewer_is_not_shown_the_form(browser, made):
    viewer = browser.signed_in("viewer")
    assert viewer.get(f"/console/emails/{made.email}/broadcast").status == 403
    assert chosen(viewer, made).status == 403


def test_how_many_would_get_it_follows_what_is_chosen(browser, sender, world, made):
    place = f"/console/emails/{made.email}/foreseen"
    assert "2 people would get it now." in sender.post(place, {"segments": made.segment}).text
    without = segments.create(world, "One of them").id
    belonging.put_member(world, without, world.segments.members(made.segment, "", 1)[0])
    assert "1 person would get it now." in sender.post(place, {"segments": made.segment, "exclude": without}).text
    assert "would get" not in sender.post(place).text, "nothing is chosen"
    assert browser.signed_in("viewer").post(place, {"segments": made.segment}).status == 403


def test_what_may_hold_some_of_them_back_is_said(sender, world, made):
    place = f"/console/emails/{made.email}/foreseen"
    to = {"segments": made.segment}
    assert "at once" not in sender.post(place, to).text
    other = {"most": 9, "per": "month", "category": categories.create(world, {"name": "Offers"}).id}
    workspaces.update(
        world, {"caps": [{"most": 1, "per": "week"}, other], "quiet_hours": {"from": "21:00", "to": "08:00"}}
    )
    said = " ".join(sender.post(place, to).text.split())
    assert "get it at once: at most 1 letter a week, quiet hours from 21:00 to 08:00." in said


def test_the_rate_of_what_runs(browser, sender, world, made):
    broadcast = broadcasting.create(world, made.email, [made.segment], [], None, skip_preflight=True)
    path = f"/console/broadcasts/{broadcast.id}"
    assert "Change the rate" in sender.get(path).text
    assert sender.post(f"{path}/rate", {"rate": "0,5"}).to == path
    assert made_of(world).rate == 0.5
    assert "at most 0.5 a second" in sender.get(path).text
    refused = sender.post(f"{path}/rate", {"rate": "0"})
    assert (refused.status, 'id="rate-wrong"' in refused.text) == (422, True)
    sender.post(f"{path}/rate", {"rate": ""})
    assert made_of(world).rate is None
    editor = browser.signed_in("editor")
    assert "Change the rate" not in editor.get(path).text
    assert editor.post(f"{path}/rate", {"rate": "1"}).status == 403
    broadcasting.cancel(world, broadcast.id)
    assert "Change the rate" not in sender.get(path).text


def test_without_a_segment(sender, made):
    assert chosen(sender, made, segments="").status == 422


def test_pausing_resuming_cancelling(sender, world, made):
    sender.post(f"/console/emails/{made.email}/broadcast/{made.checked()}", {"number": "2"})
    [broadcast] = world.broadcasts.open()
    path = f"/console/broadcasts/{broadcast}"
    for deed, state in (("pause", "paused"), ("resume", "planning"), ("cancel", "cancelled")):
        live = sender.get(f"{path}/live").text
        assert f"{path}/{deed}" in live
        assert ("looks=" in live) == (deed != "resume"), "what is paused has no pace"
        assert sender.post(f"{path}/{deed}").to == path
        assert world.broadcasts.read(broadcast).state == state
    assert "took" in sender.get(path).text
    assert "hx-get" not in sender.get(f"{path}/live").text, "what is over is not asked for again"
    assert sender.post(f"{path}/pause").status == 409


def test_an_editor_may_check_and_not_send(browser, world, made):
    editor = browser.signed_in("editor")
    path = f"/console/emails/{made.email}/broadcast/{made.checked()}"
    assert "Your role may not send" in editor.get(path).text
    assert editor.post(path, {"number": "2"}).status == 403
    assert world.broadcasts.open() == []


def test_a_check_of_another_e_mail_is_none_of_this_one(sender, world, made):
    job = made.checked()
    assert sender.get(f"/console/emails/0000000000000000/broadcast/{job}").status == 404
    assert world.broadcasts.open() == []


def test_who_got_it(sender, world, made):
    broadcast = broadcasting.create(world, made.email, [made.segment], [], None, skip_preflight=True)
    assert "Nobody here" in sender.get(f"/console/broadcasts/{broadcast.id}/recipients").text
    assert sender.get(f"/console/broadcasts/{broadcast.id}/recipients", fate="lost").status == 422


def test_an_operator_decides_about_those_held(client, parts):
    house, broadcast = held_house(5)
    parts.standing = house.world()
    sender = Browser(client.app, parts.standing).signed_in("sender")
    path = f"/console/broadcasts/{broadcast}"
    assert "Nobody knows whether 5 people got it" in sender.get(path).text
    refused = sender.post(f"{path}/decide", {"decision": "resend"})
    assert (refused.status, "they would have it twice" in refused.text) == (409, True)
    assert sender.post(f"{path}/decide", {"decision": "given_up", "note": "old news"}).to == path
    house.settle(evidence=False, rounds=5)
    assert (house.tally(broadcast).held, house.tally(broadcast).failed) == (0, 5)
    assert sender.get(f"{path}/recipients", fate="missed").text.count("@example.com") == 5
    lines = sender.get(f"{path}/recipients.csv", fate="missed").text.splitlines()
    assert (len(lines), lines[0].startswith("contact_id,address,fate")) == (6, True)
    assert "Nobody knows" not in sender.get(path).text
