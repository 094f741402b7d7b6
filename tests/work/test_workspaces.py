import pytest

from chalicelib.model.cap import Cap
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.quiet_hours import QuietHours
from chalicelib.model.workspace import Workspace
from chalicelib.work import workspaces
from tests.fakes.clock import NOON
from tests.fakes.faulty import intercepted
from tests.fakes.world import fake_world

TAKEN = [
    ({"name": " The Bakery "}, {"name": "The Bakery"}, "a name"),
    ({"address": "1 Road\r\n75000 Paris\n"}, {"address": "1 Road\n75000 Paris"}, "an address of several lines"),
    ({"language": "fr_ch"}, {"language": "fr-CH"}, "a language"),
    ({"zone": "europe/paris"}, {"zone": "Europe/Paris"}, "a zone"),
    ({"colour": "#AABBCC"}, {"colour": "#aabbcc"}, "a colour"),
    ({"logo_url": "https://example.com/logo.png"}, {"logo_url": "https://example.com/logo.png"}, "a logo"),
    ({"logo_url": ""}, {"logo_url": ""}, "no logo"),
    ({"reply_to": "Team@Bücher.example"}, {"reply_to": "team@xn--bcher-kva.example"}, "an address, normalised"),
    ({"reply_to": ""}, {"reply_to": ""}, "no address"),
    (
        {"wordings": {"fr_FR": {"unsubscribe_text": "Partir : |URL|", "webview_text": "", "signature": "Zoé\r\nA"}}},
        {"wordings": {"fr-FR": {"unsubscribe_text": "Partir : |URL|", "signature": "Zoé\nA"}}},
        "words, without the empty ones",
    ),
    ({"caps": [{"most": 3, "per": "week"}]}, {"caps": (Cap(3, "week"),)}, "caps"),
    ({"quiet_hours": {"from": "21:00", "to": "08:00"}}, {"quiet_hours": QuietHours(1260, 480)}, "quiet hours"),
    ({"quiet_hours": None}, {"quiet_hours": None}, "none"),
    ({"frequencies": [7, 1, 7]}, {"frequencies": (1, 7)}, "frequencies, each once and in their order"),
    ({"frequencies": []}, {"frequencies": ()}, "no frequencies"),
    ({"wordings": {"de": {"left_text": "Schade!"}}}, {"wordings": {"de": {"left_text": "Schade!"}}}, "words of a page"),
    ({"wordings": {"en": {"webview_text": "1 < 2 > 0"}}}, {"wordings": {"en": {"webview_text": "1 < 2 > 0"}}}, "signs"),
]
REFUSED = [
    ({"name": "a\nb"}, "name", "two lines of name"),
    ({"name": "x" * 101}, "name", "a long name"),
    ({"address": "x" * 501}, "address", "a long address"),
    ({"address": None}, "address", "null"),
    ({"language": "french!"}, "language", "no language"),
    ({"language": 5}, "language", "a number"),
    ({"zone": "Paris/Europe"}, "zone", "no zone"),
    ({"zone": ""}, "zone", "no zone at all"),
    ({"colour": "red"}, "colour", "a colour's name"),
    ({"colour": "#abc"}, "colour", "three digits"),
    ({"logo_url": "http://example.com/logo.png"}, "logo_url", "http"),
    ({"logo_url": "data:image/png;base64,x"}, "logo_url", "a picture itself"),
    ({"reply_to": "nobody"}, "reply_to", "no address"),
    ({"frequencies": "1"}, "frequencies", "text"),
    ({"frequencies": [0]}, "frequencies[0]", "as often as there is something"),
    ({"frequencies": [1, 51]}, "frequencies[1]", "more than there may be"),
    ({"frequencies": list(range(1, 12))}, "frequencies", "eleven frequencies"),
    ({"wordings": {"en": {"left_text": "|URL|"}}}, "wordings.en.left_text", "a link in a text of a page"),
    ({"wordings": {"en": {"preferences_title": "x" * 101}}}, "wordings.en.preferences_title", "a long title"),
    ({"wordings": []}, "wordings", "a list"),
    ({"wordings": {"french!": {}}}, "wordings", "words in no language"),
    ({"wordings": {"fr_FR": {}, "fr-fr": {}}}, "wordings", "a language twice"),
    ({"wordings": {f"a{chr(n)}": {} for n in range(97, 118)}}, "wordings", "21 languages"),
    ({"wordings": {"en": "Leave"}}, "wordings.en", "no object"),
    ({"wordings": {"en": {"title": "x"}}}, "wordings.en.title", "no such words"),
    ({"wordings": {"en": {"webview_text": 5}}}, "wordings.en.webview_text", "a number"),
    ({"wordings": {"en": {"webview_text": "x" * 501}}}, "wordings.en.webview_text", "a long text"),
    ({"wordings": {"en": {"webview_text": "|URL| |URL|"}}}, "wordings.en.webview_text", "two links"),
    ({"wordings": {"en": {"signature": "|URL|"}}}, "wordings.en.signature", "a link in a signature"),
    (
        {"wordings": {"en": {"unsubscribe_text": '<a href="|URL|">Leave</a>'}}},
        "wordings.en.unsubscribe_text",
        "markup, as in Mautic",
    ),
    ({"caps": [{"most": 1, "per": "year"}]}, "caps[0].per", "no period"),
    ({"caps": [{"most": 1, "per": "day", "category": "0" * 16}]}, "caps[0].category", "no such category"),
    ({"quiet_hours": {"from": "21:00"}}, "quiet_hours", "half of the hours"),
    ({"id": "other"}, "id", "what cannot be changed"),
]


@pytest.fixture
def world():
    return fake_world()


def test_there_is_one_before_anybody_made_it(world):
    assert workspaces.read(world) == Workspace()


@pytest.mark.parametrize(("changes", "expected", "why"), TAKEN, ids=[row[-1] for row in TAKEN])
def test_taken(world, changes, expected, why):
    after = workspaces.update(world, changes)
    assert {name: getattr(after, name) for name in expected} == expected, why
    assert workspaces.read(world) == after


@pytest.mark.parametrize(("changes", "field", "why"), REFUSED, ids=[row[-1] for row in REFUSED])
def test_refused(world, changes, field, why):
    with pytest.raises(Invalid) as caught:
        workspaces.update(world, changes)
    assert caught.value.field == field, why
    assert workspaces.read(world) == Workspace()


def test_versions(world):
    first = workspaces.update(world, {"name": "Bakery"}, expected_version=0)
    assert (first.version, first.updated_at) == (1, NOON)
    assert workspaces.update(world, {"name": "Bakery"}, expected_version=1) == first, "nothing changed"
    assert workspaces.update(world, {"name": "Café"}).version == 2
    with pytest.raises(Conflict):
        workspaces.update(world, {"name": "Late"}, expected_version=1)


@pytest.mark.parametrize("method", ["create", "update"])
def test_somebody_else_was_faster(world, method):
    if method == "update":
        workspaces.update(world, {"name": "Bakery"})
    left = [1]

    def meddle(call):
        if call.method == method and left.pop():
            workspaces.update(world, {"name": "Theirs"})

    with pytest.raises(Conflict):
        workspaces.update(intercepted(world, meddle), {"name": "Mine"})
    assert workspaces.read(world).name == "Theirs"


def test_a_zone_that_is_none_gets_the_nearest(world):
    with pytest.raises(Invalid, match="Perhaps 'America/New_York'"):
        workspaces.update(world, {"zone": "America/New York"})
