"""The whole road of a new user, in Chromium on a whole local Envoi: from the first letter with a link to sign in to the
numbers, and to somebody who left and is passed by. Nothing in it is imitated.
"""

import pytest

from local.inbox import Inbox
from local.readers import READ_WITH
from tests.browser import inbox_steps
from tests.browser import road_steps as steps
from tests.browser.serving import DESKTOP, PHONE, opened

# Three of the shop in Lyon, who get the letter; the rest are of another.
LYON = ("zoe@road.example", "max@road.example", "lea@road.example")
SEGMENT = "The shop in Lyon"
OTHERS = 400


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "fair.csv"
    lines = [f"{each},{each.partition('@')[0].title()},Lyon" for each in LYON]
    lines += [f"c{n}@road.example,C{n},Paris" for n in range(OTHERS)]
    made.write_text("\n".join(["Email,First name,Shop", *lines]), "utf-8")
    return made


def test_the_whole_road(chromium, town, file):
    me = town.client.post("/members", {"address": "Rose@example.org", "name": "Rose", "role": "admin"})["address"]
    reading = opened(chromium, PHONE, scripts=True, agent=READ_WITH[0])
    with opened(chromium, DESKTOP, scripts=True) as desk, reading as phone:
        page, reader = desk.new_page(), phone.new_page()
        page.goto(f"{town.url}/console/segments")
        inbox_steps.signed_in_by_letter(page, town, me)
        page.get_by_role("heading", name="Segments").wait_for()
        steps.imported(page, town, file, len(LYON) + OTHERS)
        steps.segment_of(page, town, SEGMENT, "Lyon")
        for each in LYON:
            page.get_by_role("link", name=each, exact=True).wait_for(timeout=steps.LIVE_MS)
        steps.begun_with_a_theme(page, town, "Fair")
        steps.built(page, town.home.inbox_url)
        steps.tried_and_published(page, town, me, SEGMENT)
        fair = steps.Figures(page, page.url)
        steps.broadcast_to(page, SEGMENT, len(LYON))
        steps.clicked_in(reader, town, LYON[0])
        fair.come_to(sent="3", delivered="3", opened="1", clicked="1")
        assert sorted(copy.to for copy in Inbox(town.home.ses_url).copies() if copy.family == fair.email) == sorted(
            LYON
        )
        steps.unsubscribed_by(reader, town, LYON[1])
        fair.come_to(unsubscribed="1")
        steps.copied(page, "Fair, once more")
        steps.broadcast_to(page, SEGMENT, len(LYON) - 1, left_out="1 unsubscribed")
        page.get_by_role("link", name="Recipients").click()
        passed_by = page.get_by_role("row", name=LYON[1])
        assert [passed_by.get_by_text(each).is_visible() for each in ("Skipped", "unsubscribed")] == [True, True]
