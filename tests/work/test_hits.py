import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.compose.revision import Program, Revision
from chalicelib.model.labelling import HIDDEN_LINK
from chalicelib.model.message import MessageKey
from chalicelib.model.token import Signer, Tracked
from chalicelib.work.hits import MAX_AGENT, START, Hit, agent_of, events_of, line
from tests.fakes.tables import Tables
from tests.fakes.world import SIGNER, fake_world, numbered_id

TRACKED = Tracked(MessageKey(numbered_id(1), numbered_id(2)), numbered_id(3), 2)
HIT = Hit(numbered_id(4), "clicked", SIGNER.token(TRACKED), 1_795_521_600_000, 3, 'Mail/1.0 "quoted"', "HEAD")


def test_a_line_becomes_its_event():
    (event,) = events_of(fake_world(), [line(HIT)])
    assert (event.id, event.kind, event.link, event.at) == (HIT.id, "clicked", 3, HIT.at)
    assert (event.message, event.email) == (TRACKED.message, TRACKED.email)
    assert event.detail == {"method": "HEAD", "revision": "2", "agent": 'Mail/1.0 "quoted"'}


def test_a_line_starts_with_what_the_log_is_filtered_by_and_has_no_address():
    assert line(HIT).startswith(START)
    assert set(json.loads(line(HIT))) == {"envoi", "id", "kind", "token", "at", "link", "agent", "method"}


def test_prefixes_ends_of_lines_and_several_in_one_message():
    other = replace_(HIT, id=numbered_id(5), kind="opened", link=None)
    text = f"2026-11-24T12:00:00Z\tINFO\t{line(HIT)}\r\n{line(other)}\n"
    assert [event.kind for event in events_of(fake_world(), [text])] == ["clicked", "opened"]


def test_what_is_no_hit_is_passed_over():
    lines = [
        "START RequestId: 1 Version: $LATEST\n",
        "END RequestId: 1\n",
        "REPORT RequestId: 1\tDuration: 2.31 ms\n",
        '{"level":"ERROR","message":"request failed"}',
        START,
        START + ',"id":"x"}',
        line(HIT)[:-1],
        line(HIT).replace('"kind":"clicked"', '"kind":"bounced"'),
        line(HIT).replace(str(HIT.at), "99999999999999999999"),
        line(HIT).replace(str(HIT.at), "-1"),
        line(HIT).replace(HIT.id, "an/id"),
        line(replace_(HIT, link=None)),
        line(replace_(HIT, kind="opened")),
        "",
    ]
    assert events_of(fake_world(), lines) == []


def test_a_forged_line_is_no_hit():
    foreign = Signer("another", SIGNER.keys, SIGNER.hash_key)
    forged = [
        replace_(HIT, token=foreign.token(TRACKED)),
        replace_(HIT, token=HIT.token[:-1] + "A"),
        replace_(HIT, token=""),
    ]
    assert events_of(fake_world(), [line(hit) for hit in forged if hit.token != HIT.token]) == []


@given(st.lists(st.text() | st.text().map(lambda text: START + text)))
def test_nothing_in_a_log_makes_it_fail(lines):
    assert events_of(fake_world(), lines) == []


@given(st.text())
def test_any_user_agent_travels_on_one_line(header):
    hit = replace_(HIT, agent=agent_of(header))
    assert len(hit.agent) <= MAX_AGENT
    assert len(line(hit).splitlines()) == 1
    (event,) = events_of(fake_world(), [line(hit)])
    assert event.detail.get("agent", "") == agent_of(header)


def replace_(hit: Hit, **changes) -> Hit:
    return Hit(**{name: getattr(hit, name) for name in hit.__struct_fields__} | changes)


def test_tracked_is_whole():
    sending = replace(TRACKED, message=replace(TRACKED.message, sending=numbered_id(9)))
    (event,) = events_of(fake_world(), [line(replace_(HIT, token=SIGNER.token(sending)))])
    assert event.message.sending == numbered_id(9)


def test_the_link_that_nobody_sees_is_called_by_one_name_whatever_its_number():
    revision = Revision(
        email=TRACKED.email,
        number=TRACKED.revision,
        family=TRACKED.message.family,
        kind="segment",
        from_address="team@example.com",
        reply_to="",
        program=Program((), (), (), (), ()),
        links=("https://example.com/a",) * 5,
        base_url="https://mail.example.com",
        decoy=3,
    )
    world = fake_world(tables=Tables(revisions={(TRACKED.email, TRACKED.revision): revision}))
    lines = [line(HIT), line(replace_(HIT, id=numbered_id(5), link=2))]
    assert [event.link for event in events_of(world, lines)] == [HIDDEN_LINK, 2]
