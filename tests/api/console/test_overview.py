import re

from chalicelib.model.fact import Event
from chalicelib.model.message import MessageKey
from chalicelib.work import broadcasting, recording, workspaces
from tests.api.console.letters import letters
from tests.fakes.world import numbered_id


def test_an_empty_workspace_says_what_to_do(admin):
    page = admin.get("/console").text
    assert "Your first mail in three steps" in page
    assert "Nothing is being sent." in page
    assert "Nothing has been broadcast yet." in admin.get("/console/results").text
    assert "No broadcasts yet" in admin.get("/console/broadcasts").text


def test_what_runs_can_be_paused_there(admin, world):
    made = letters(world)
    broadcast = broadcasting.create(world, made.email, [made.segment], [], None, skip_preflight=True)
    part = admin.get("/console/under-way").text
    assert "Spring &lt;letter&gt;" in part
    assert f"/console/broadcasts/{broadcast.id}/pause" in part
    [looks] = re.findall(r'hx-get="/console/under-way\?looks=([^"]+)"', part)
    assert looks.startswith(f"{broadcast.id}:"), "to measure the pace from"
    for each in (looks, ",x:,:1-2"):
        assert admin.get("/console/under-way", looks=each).status == 200
    assert "/pause" not in admin.signed_in("editor").get("/console/under-way").text
    assert "Spring &lt;letter&gt;" in admin.get("/console/results").text
    assert broadcast.id in admin.get("/console/broadcasts").text


def test_complaints_that_are_too_many_are_told_however_few_letters_there_are(admin, world):
    made = letters(world)
    broadcasting.create(world, made.email, [made.segment], [], None, skip_preflight=True)
    for number in range(3):
        key = MessageKey(numbered_id(number), made.email)
        told = Event(f"c{number}", "complained", key, made.email, world.now(), address=f"p{number}@example.com")
        recording.record(world, [told])
    card = re.search(r"<dt>Complaints</dt><dd>.*?</dd>", admin.get("/console/results").text, re.DOTALL)[0]
    assert '<span class="badge bad">too high</span>' in card
    assert "keep it below 0.1%, never 0.3% (Gmail)" in card


def test_the_three_steps_lead_to_a_check(admin, world):
    workspaces.update(world, {"from_address": "team@bakery.example", "name": "Bakery"})
    assert 'value="admin@example.com"' in admin.get("/console/first").text, "one's own address"
    assert admin.post("/console/first", {"address": "nobody"}).status == 422
    second = admin.post("/console/first", {"address": "admin@example.com"}).to
    assert admin.post(second, {"subject": "", "text": "Hi"}).status == 422
    third = admin.post(second, {"subject": "Hello", "text": "Dear you,\r\n\r\nhere I am."}).to
    assert re.fullmatch(r"/console/emails/[0-9a-v]{16}/broadcast/[0-9a-v]{16}", third)
    assert admin.get(third).status == 200


def test_the_three_steps_are_for_whoever_may_send(browser):
    for role in ("viewer", "editor"):
        assert browser.signed_in(role).get("/console/first").status == 403


def test_the_steps_are_hidden_for_good(admin):
    admin.post("/console/steps")
    assert "three steps" not in admin.get("/console").text


def test_a_page_that_is_not_there(admin):
    seen = admin.get("/console/nowhere")
    assert (seen.status, "There is nothing here" in seen.text) == (404, True)
