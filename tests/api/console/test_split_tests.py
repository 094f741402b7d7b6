"""A running A/B test in the console: how its variants stand, and the winner by hand."""

import re
from collections import Counter
from dataclasses import replace

import pytest

from chalicelib.work import broadcasting
from tests.api.console.conftest import Browser
from tests.api.console.letters import letters
from tests.work.sending.test_family import SECOND, opened, under_test


@pytest.fixture
def begun(client, parts):
    house, broadcast = under_test(automatic=False)
    parts.standing = house.world()
    return house, broadcast, Browser(client.app, parts.standing), f"/console/broadcasts/{broadcast.id}"


def test_how_it_stands(begun):
    house, _, browser, path = begun
    viewer = browser.signed_in("viewer")
    assert f'href="{path}/test"' in viewer.get(path).text
    page = viewer.get(f"{path}/test").text
    assert "Nothing to compare yet" in page
    assert "The rest wait until somebody chooses the winner." in page
    assert "Choose the winner" not in page, "that takes a sender"
    opened(house, Counter({SECOND: 8}))
    page = viewer.get(f"{path}/test/standing").text
    assert re.search(r"leads\.</strong> [^<]*\d% probability", page), page[:900]
    assert 'hx-trigger="every 10s"' in page
    assert viewer.post(f"{path}/winner", {"email": SECOND}).status == 403


def test_a_winner_by_hand(begun):
    house, broadcast, browser, path = begun
    sender = browser.signed_in("sender")
    assert "Send this one to the rest" in sender.get(f"{path}/test").text
    wrong = sender.post(f"{path}/winner", {"email": "0000000000000000"})
    assert (wrong.status, "It is one of the variants" in wrong.text) == (422, True)
    assert sender.post(f"{path}/winner", {"email": SECOND}).to == path
    house.settle()
    assert house.tables.broadcasts[broadcast.id].winner == SECOND
    page = sender.get(f"{path}/test").text
    assert "won: the rest get it." in page
    assert "Send this one to the rest" not in page
    assert sender.post(f"{path}/winner", {"email": SECOND}).status == 409


def test_the_form_for_the_winner_comes_and_goes_without_a_reload(begun):
    house, broadcast, browser, path = begun
    sender = browser.signed_in("sender")
    asked = re.search(r'hx-get="([^"]+)"', sender.get(f"{path}/test").text)[1]
    assert asked == f"{path}/test/standing?chooses=1"
    assert 'id="choosing"' not in sender.get(f"{path}/test/standing", chooses="1").text, "somebody may be at it"
    house.tables.broadcasts[broadcast.id] = replace(broadcast, state="sending")
    waiting = sender.get(f"{path}/test").text
    assert ('hx-get="' + f'{path}/test/standing"' in waiting, "Send this one to the rest" in waiting) == (True, False)
    gone = sender.get(f"{path}/test/standing", chooses="1").text
    assert '<div id="choosing" hx-swap-oob="true">' in gone
    assert "Send this one to the rest" not in gone
    house.tables.broadcasts[broadcast.id] = replace(broadcast, state="testing")
    come = sender.get(f"{path}/test/standing").text
    assert '<div id="choosing" hx-swap-oob="true">' in come
    assert "Send this one to the rest" in come
    assert "Send this one to the rest" not in browser.signed_in("viewer").get(f"{path}/test/standing").text


def test_the_family_leads_to_its_test_and_takes_nobody_more(begun):
    _, broadcast, browser, path = begun
    page = browser.signed_in("editor").get(f"/console/emails/{broadcast.email}/family").text
    assert f'href="{path}/test"' in page
    assert "nothing joins this family any more" in page
    assert "/translations" not in page


def test_without_variants_there_is_no_test(browser, world):
    made = letters(world)
    broadcast = broadcasting.create(world, made.email, [made.segment], [], None, skip_preflight=True)
    viewer = browser.signed_in("viewer")
    assert viewer.get(f"/console/broadcasts/{broadcast.id}/test").status == 409
    assert "A/B test" not in viewer.get(f"/console/broadcasts/{broadcast.id}").text
