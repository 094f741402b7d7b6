import csv
import io
import json
import re
from dataclasses import replace
from html import unescape

import pytest

from chalicelib.model.cohort import Cohort
from chalicelib.model.fact import Event
from chalicelib.model.message import Message, MessageKey
from chalicelib.work import broadcasting, emails
from chalicelib.work.recording import record
from tests.api.console.letters import letters

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"


@pytest.fixture
def made(world):
    return letters(world)


def test_the_list_and_its_search(admin, made):
    assert "Spring &lt;letter&gt;" in admin.get("/console/emails").text
    assert made.email in admin.get("/console/emails", words="spring", kind="segment", standing="published").text
    assert "No e-mail is like that" in admin.get("/console/emails", words="autumn").text


def test_without_any_e_mail(admin):
    assert "No e-mails yet" in admin.get("/console/emails").text


def test_one_that_was_not_sent_yet_says_what_to_do(admin, world):
    draft = letters(world, published=False)
    page = admin.get(f"/console/emails/{draft.email}")
    assert "Publish it first" in page.text
    assert admin.post(f"/console/emails/{draft.email}/publish").to == f"/console/emails/{draft.email}"
    page = admin.get(f"/console/emails/{draft.email}")
    assert "Spring &lt;letter&gt; is published." in page.text
    assert f"/console/emails/{draft.email}/broadcast" in page.text


def clicked(world, made, link=0):
    contact = world.segments.members(made.segment, "", 1)[0]
    key = MessageKey(contact, made.email)
    told = [
        Event("d", "delivered", key, made.email, world.now()),
        Event("c", "clicked", key, made.email, world.now() + 60_000, link=link, detail={"agent": IPHONE}),
    ]
    record(world, told)


def test_the_letter_wears_its_clicks(admin, world, made):
    clicked(world, made)
    plain = admin.get(f"/console/emails/{made.email}/shown")
    assert "data-heat" not in plain.text
    assert "sandbox" in plain.headers["content-security-policy"]
    heated = admin.get(f"/console/emails/{made.email}/shown", heat=1).text
    assert 'rye<span class="envoi-heat">1</span>' in heated
    assert "example.org" not in heated, "no way out"


def test_its_figures_as_csv(admin, world, made):
    clicked(world, made)
    seen = admin.get(f"/console/emails/{made.email}/figures.csv")
    rows = {tuple(row[:2]): row[2] for row in csv.reader(io.StringIO(seen.text))}
    assert rows["link in html clicked by people", "https://example.org/rye"] == "1"
    assert rows["delivered", ""] == "1"
    assert "attachment" in seen.headers["content-disposition"]


def test_its_page_says_what_came_of_it_day_by_day_and_who_was_missed(admin, world, made):
    broadcast = broadcasting.create(world, made.email, [made.segment], [], None, skip_preflight=True)
    assert "Day by day" not in admin.get(f"/console/emails/{made.email}").text
    clicked(world, made)
    page = admin.get(f"/console/emails/{made.email}").text
    days = re.search(r"Day by day.*?<tbody>(.*?)</tbody>", page, re.DOTALL)[1]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", days) == ["25 Nov 2025", "0", "1", "0", "0", "1", "0", "0", "0", "0"]
    chart = json.loads(unescape(re.findall(r'data-chart="([^"]*)"', page)[1]))
    assert (chart["step"], [row[1] for row in chart["rows"]]) == ("day", [0, 0, 1, 0])
    assert f'href="/console/broadcasts/{broadcast.id}/recipients?fate=missed"' in page
    assert page.index('class="preview"') < page.index("https://example.org/rye"), "under the letter"
    rows = list(csv.reader(io.StringIO(admin.get(f"/console/emails/{made.email}/figures.csv").text)))
    assert ["delivered by day", "2025-11-25", "1"] in rows


def test_its_figures_by_segment_and_domain(admin, world, made):
    contact = world.segments.members(made.segment, "", 1)[0]
    row = Message(MessageKey(contact, made.email), made.email, 1, "sent", "a" * 16, world.now())
    world.messages.put_many([replace(row, cohort=Cohort(made.segment, "other"))])
    assert "By segment" not in admin.get(f"/console/emails/{made.email}").text
    clicked(world, made)
    page = admin.get(f"/console/emails/{made.email}").text
    assert re.search(
        rf'By segment.*<a href="/console/segments/{made.segment}">Readers</a>.*By recipients', page, re.DOTALL
    )
    assert "All others" in page
    seen = admin.get(f"/console/emails/{made.email}/figures.csv")
    rows = {tuple(row[:2]): row[2] for row in csv.reader(io.StringIO(seen.text))}
    assert rows["delivered by segment", "Readers"] == "1"
    assert rows["clicked by human, by domain", "other"] == "1"
    assert rows["clicked by machine, by domain", "other"] == "0"


def test_a_draft_that_cannot_be_shown_says_why(admin, world):
    draft = letters(world, published=False)
    emails.update(world, draft.email, {"html": "<p>{assetlink=0000000000000000}</p>"})
    seen = admin.get(f"/console/emails/{draft.email}/shown")
    assert (seen.status, "This draft cannot be shown yet" in seen.text) == (200, True)


@pytest.mark.parametrize("path", ["", "/shown", "/figures.csv", "/broadcast"])
def test_one_that_is_not_there(admin, path):
    assert admin.get(f"/console/emails/0000000000000000{path}").status == 404
