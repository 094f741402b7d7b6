import pytest

from chalicelib.model.message import Message, MessageKey
from chalicelib.work import emails, relatives
from tests.api.console.letters import letters
from tests.api.console.test_broadcasts import confirmed

WEEKLY = {"when": "recurring", "every": "weekly", "time": "09:30", "weekdays": ["THU", "MON"]}


@pytest.fixture
def made(world):
    return letters(world)


@pytest.fixture
def sender(browser):
    return browser.signed_in("sender")


def begun(sender, made, **wish):
    page, seen = confirmed(sender, made, **(WEEKLY | wish))
    assert seen.to == "/console/recurrences"
    [recurrence] = sender.world.recurrences.page(10, None)[0]
    return page, recurrence


def test_beginning_one(sender, world, made):
    page, recurrence = begun(sender, made)
    assert "Every week on Monday, Thursday at 09:30" in page
    for day in ("27 Nov 2025, 09:30", "1 Dec 2025, 09:30", "4 Dec 2025, 09:30"):
        assert day in page
    assert (recurrence.cron, recurrence.zone, recurrence.segments) == ("30 9 * * MON,THU", "UTC", (made.segment,))
    assert world.audit.page(1, None)[0][0].deed == "recurrences.create"
    page = sender.get("/console/recurrences").text
    for shown in ("Every week on Monday, Thursday at 09:30", "4 Dec 2025, 09:30", "Readers"):
        assert shown in page


def test_who_had_it_already_gets_the_next_edition(sender, world, made):
    """The check counts whom an occurrence goes to, and not who has not had the e-mail yet."""
    [ann, _] = world.contacts.page(10, None)[0]
    had = Message(MessageKey(ann.id, made.email), made.email, 1, "sent", "a" * 16, 1)
    world.messages.put_many([had])
    page, _ = begun(sender, made)
    assert "Type 2 to confirm" in page


def test_the_number_is_typed(sender, world, made):
    path = f"/console/emails/{made.email}/broadcast/{made.checked()}/recurrence"
    seen = sender.post(path, {"when": "recurring", "every": "daily", "time": "09:00", "number": "3"})
    assert (seen.status, "Type 2" in seen.text) == (422, True)
    assert world.recurrences.page(10, None)[0] == []


def test_pausing_resuming_stopping(browser, sender, world, made):
    _, recurrence = begun(sender, made)
    path = f"/console/recurrences/{recurrence.id}"
    for deed, state in (("pause", "paused"), ("resume", "active")):
        assert f"{path}/{deed}" in sender.get("/console/recurrences").text
        assert sender.post(f"{path}/{deed}").to == "/console/recurrences"
        assert world.recurrences.read(recurrence.id).state == state
    editor = browser.signed_in("editor")
    assert "/stop" not in editor.get("/console/recurrences").text
    assert editor.post(f"{path}/stop").status == 403
    assert "again and again" in editor.get("/console").text, "it is what is next"
    assert sender.post(f"{path}/stop").to == "/console/recurrences"
    assert "again and again" not in editor.get("/console").text
    assert world.recurrences.page(10, None)[0] == []
    page = sender.get("/console/recurrences").text
    assert "No e-mail recurs" in page
    assert '<a href="/console/broadcasts" aria-current="page">Broadcasts</a>' in page


def test_what_is_coming_is_said_while_choosing(sender):
    sender.cookies["envoi_zone"] = "Europe/Paris"
    page = sender.post("/console/recurrences/coming", WEEKLY).text
    assert page.count("<li>") == 3
    assert "27 Nov 2025, 10:30" in page
    page = sender.post("/console/recurrences/coming", WEEKLY | {"weekdays": []}).text
    assert "Choose at least one day of the week." in page


def test_a_family_of_several_recurs_once_all_of_it_is_published(sender, world, made):
    french = relatives.translate(world, made.email, "fr").id
    assert sender.get(f"/console/emails/{made.email}/broadcast").status == 409
    emails.publish(world, french)
    assert 'value="recurring"' in sender.get(f"/console/emails/{made.email}/broadcast").text
    _, recurrence = begun(sender, made)
    assert recurrence.email == made.email
