import pytest

from chalicelib.model.dead_letter import DeadLetter
from tests.fakes.world import numbered_id

HERE = "/console/dead-letters"


@pytest.fixture
def letters(world):
    for number in range(3):
        asks = {"do": "tend", "broadcast": numbered_id(number)}
        world.dead_letters.letters.append(DeadLetter(f"id-{number}", "planning", "{}", asks, 10, world.now()))
    return world.dead_letters


def test_they_are_counted_and_explained(admin, letters):
    assert "planning" in admin.get(HERE).text
    page = admin.get(f"{HERE}/planning").text
    assert page.count('name="ids"') == len(letters.letters) == 3
    assert "No dead letters here" in admin.get(f"{HERE}/events").text
    assert admin.get(f"{HERE}/nonsense").status == 404


def test_those_that_are_chosen_go_back_or_go(browser, letters):
    sender = browser.signed_in("sender")
    assert sender.post(f"{HERE}/planning", {"what": "replay", "ids": "id-1"}).to == f"{HERE}/planning"
    assert "1 letter is back on its queue." in sender.get(f"{HERE}/planning").text
    sender.post(f"{HERE}/planning", {"what": "drop", "ids": "id-0"})
    sender.post(f"{HERE}/planning", {"what": "all"})
    assert [each.id for each in letters.replayed] == ["id-1", "id-2"]
    assert letters.letters == []


@pytest.mark.parametrize("form", [{"what": "replay"}, {"what": "burn"}, {}])
def test_nothing_chosen(browser, letters, form):
    assert browser.signed_in("sender").post(f"{HERE}/planning", form).status == 422
    assert len(letters.letters) == 3


def test_it_takes_the_role(browser, letters):
    editor = browser.signed_in("editor")
    assert '<button name="what"' not in editor.get(f"{HERE}/planning").text
    assert editor.post(f"{HERE}/planning", {"what": "all"}).status == 403
    assert len(letters.letters) == 3
