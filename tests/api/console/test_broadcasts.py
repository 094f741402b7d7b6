import re

import pytest

from chalicelib.work import broadcasting
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
    assert "2 people would get it now." in page.text
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


def test_later_is_in_the_readers_zone(sender, world, made):
    sender.cookies["envoi_zone"] = "Europe/Paris"
    to = chosen(sender, made, when="later", at="2025-11-26T08:30").to
    at = int(to.partition("?at=")[2])
    assert at == world.now() + (19 * 60 + 30) * 60_000
    path = f"/console/emails/{made.email}/broadcast/{made.checked()}"
    assert "26 Nov 2025, 08:30" in sender.get(path, at=at).text
    sender.post(path, {"number": "2", "at": str(at)})
    [broadcast] = world.broadcasts.open()
    assert (world.broadcasts.read(broadcast).state, world.broadcasts.read(broadcast).at) == ("scheduled", at)
    assert "26 Nov 2025, 08:30" in sender.get("/console").text


@pytest.mark.parametrize("at", ["", "soon", "2020-01-01T00:00"])
def test_a_time_that_is_none(sender, made, at):
    seen = chosen(sender, made, when="later", at=at)
    assert (seen.status, 'id="at-wrong"' in seen.text) == (422, True)


def test_without_a_segment(sender, made):
    assert chosen(sender, made, segments="").status == 422


def test_pausing_resuming_cancelling(sender, world, made):
    sender.post(f"/console/emails/{made.email}/broadcast/{made.checked()}", {"number": "2"})
    [broadcast] = world.broadcasts.open()
    path = f"/console/broadcasts/{broadcast}"
    for deed, state in (("pause", "paused"), ("resume", "planning"), ("cancel", "cancelled")):
        assert f"{path}/{deed}" in sender.get(f"{path}/live").text
        assert sender.post(f"{path}/{deed}").to == path
        assert world.broadcasts.read(broadcast).state == state
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
