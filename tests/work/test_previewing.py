from email import message_from_string, policy

import pytest

from chalicelib.compose.letter import headers
from chalicelib.compose.own_headers import MAX_HEADERS
from chalicelib.model.errors import Invalid, NotFound
from chalicelib.model.outcome import Accepted, CallNotSent, InDoubt, Refused
from chalicelib.work import contacts, emails, previewing
from chalicelib.work.previewing import Somebody
from tests.fakes.world import fake_world

LETTER = {
    "kind": "segment",
    "name": "News",
    "subject": "Hello {contactfield=firstname|friend}",
    "from_address": "team@example.com",
    "from_name": "Zoë",
    "html": '<p>Hi {contactfield=firstname|friend}, <a href="https://example.com/a?b=1&amp;c=2">read</a> '
    '<a href="mailto:a@example.com">write</a> {unsubscribe_text}</p>',
}


@pytest.fixture
def world():
    return fake_world()


@pytest.fixture
def letter(world):
    return emails.create(world, LETTER)


def test_a_draft_as_a_contact_would_get_it(world, letter):
    ann = contacts.create(world, "ann@example.com", {"firstname": "Ann & Co"})
    seen = previewing.preview(world, letter.id, Somebody(contact_id=ann.id))
    assert seen.letter.subject == "Hello Ann & Co"
    assert seen.letter.from_ == "Zoë <team@example.com>"
    assert "Hi Ann &amp; Co," in seen.letter.html
    assert "Hi Ann & Co," in seen.letter.text
    assert "https://example.com/a?b=1&amp;c=2" in seen.letter.html, "links lead where they lead"
    assert "/o/" not in seen.letter.html, "no pixel"
    parsed = message_from_string(seen.raw, policy=policy.default)
    assert (parsed["to"], parsed["subject"]) == ("ann@example.com", "Hello Ann & Co")
    assert parsed.get_body(("html",)).get_content().replace("\n", "") == seen.letter.html.replace("\n", "")


def test_the_links_are_listed_as_a_reader_could_follow_them(world, letter):
    links = [(each.part, each.url, each.tracked) for each in previewing.preview(world, letter.id, Somebody()).links]
    assert ("html", "https://example.com/a?b=1&c=2", True) in links
    assert ("html", "mailto:a@example.com", False) in links
    assert ("text", "https://example.com/a?b=1&c=2", True) in links
    away = f"{world.base_url}/u/preview"
    assert [each for each in links if each[1] == away] == [("html", away, False), ("text", away, False)], "not tracked"


def test_for_a_made_up_contact_and_for_nobody(world, letter):
    made_up = {"firstname": "Bob", "email": "bob@example.com"}
    seen = previewing.preview(world, letter.id, Somebody(contact=made_up)).letter
    assert (seen.subject, seen.to) == ("Hello Bob", "bob@example.com")
    assert previewing.preview(world, letter.id, Somebody()).letter.subject == "Hello friend"


@pytest.mark.parametrize(
    ("whom", "field"),
    [
        (Somebody(contact_id="x", contact={}), "contact"),
        (Somebody(contact={"first name": "x"}), "contact"),
        (Somebody(contact={"email": "nonsense"}), "contact.email"),
        (Somebody(contact={"email": 7}), "contact.email"),
        (Somebody(tokens={str(n): "x" for n in range(51)}), "tokens"),
    ],
)
def test_what_makes_no_sense_is_refused(world, letter, whom, field):
    with pytest.raises(Invalid) as refused:
        previewing.preview(world, letter.id, whom)
    assert refused.value.field == field


def test_nothing_is_there_is_told(world, letter):
    with pytest.raises(NotFound):
        previewing.preview(world, "0" * 16, Somebody())
    with pytest.raises(NotFound) as fault:
        previewing.preview(world, letter.id, Somebody(contact_id="0" * 16))
    assert (fault.value.field, bool(fault.value.hint)) == ("contact_id", True)


def test_a_test_letter_is_marked_and_leaves_no_trace(world, letter):
    sent = previewing.send_tests(world, letter.id, ["a@example.com", "b@example.com"], Somebody())
    assert [(each.address, type(each.outcome)) for each in sent] == [
        ("a@example.com", Accepted),
        ("b@example.com", Accepted),
    ]
    copies = world.transports.first.accepted
    assert [copy.envelope.address for copy in copies] == ["a@example.com", "b@example.com"]
    assert {str(copy.envelope.message) for copy in copies} == {"test"}
    subject = copies[0].revision.program.subject
    assert subject[0].startswith("[Test] ")
    assert ("X-Envoi-Test", ("yes",)) in copies[0].revision.program.headers
    assert not copies[0].revision.tracked
    assert world.facts.counters(letter.id) == {}
    assert emails.read(world, letter.id).revision == 0


def test_a_test_letter_has_no_more_headers_than_ses_takes(world, letter):
    emails.update(world, letter.id, {"headers": {f"X-{number}": "x" for number in range(MAX_HEADERS)}})
    previewing.send_tests(world, letter.id, ["a@example.com"], Somebody())
    [copy] = world.transports.first.accepted
    assert len(headers(copy.revision, copy.envelope)) == 15


def test_each_test_letter_has_its_own_outcome(world, letter):
    world.transports.first.outcomes["bad@example.com"] = Refused("No such mailbox.")
    world.transports.first.outcomes["lost@example.com"] = InDoubt("The answer was lost.")
    to = ["bad@example.com", "lost@example.com"]
    assert [each.outcome for each in previewing.send_tests(world, letter.id, to, Somebody())] == [
        Refused("No such mailbox."),
        InDoubt("The answer was lost."),
    ]
    world.transports.first.script.append(CallNotSent("Throttled."))
    [trial] = previewing.send_tests(world, letter.id, ["a@example.com"], Somebody())
    assert trial.outcome == Refused("Throttled.")


@pytest.mark.parametrize("to", [[], [f"a{n}@example.com" for n in range(11)], ["nonsense"]])
def test_who_is_to_get_tests_is_checked(world, letter, to):
    with pytest.raises(Invalid) as refused:
        previewing.send_tests(world, letter.id, to, Somebody())
    assert refused.value.field == "to"


def test_the_public_preview_can_be_switched_on_and_off(world, letter):
    assert previewing.public_url(world, letter) is None
    shared = emails.update(world, letter.id, {"public_preview": True})
    url = previewing.public_url(world, shared)
    email_id, seal = url.removeprefix(f"{world.base_url}/v/").split("/")
    assert "Hi friend," in previewing.public_preview(world, email_id, seal)
    assert previewing.public_preview(world, email_id, seal[:-1] + "x") is None
    emails.update(world, letter.id, {"public_preview": False})
    assert previewing.public_preview(world, email_id, seal) is None
    emails.update(world, letter.id, {"public_preview": True, "subject": "x", "html": "", "text": ""})
    assert previewing.public_preview(world, email_id, seal) is None, "a draft that cannot be shown"
