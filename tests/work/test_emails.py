import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.asset import Asset
from chalicelib.model.broadcast import Broadcast
from chalicelib.model.errors import Conflict, Invalid, NotFound, TooLarge
from chalicelib.model.message_size import LARGEST
from chalicelib.model.schedule import When
from chalicelib.model.segment import Segment
from chalicelib.model.transport_setup import TransportSetup
from chalicelib.work import broadcasting, drafting, emails, segments
from tests.fakes.clock import Clock
from tests.fakes.tables import Tables
from tests.fakes.world import fake_world, numbered_id

LIST, OTHER = numbered_id(1, "segment"), numbered_id(2, "segment")
HTML = (
    "<!doctype html><html><body><p>Hello {contactfield=firstname|you}</p>"
    '<a href="{unsubscribe_url}">x</a></body></html>'
)
DRAFT = {
    "kind": "segment",
    "name": "Spring",
    "subject": "Hello",
    "from_address": "Team@Exämple.com",
    "html": HTML,
    "segments": [LIST, LIST],
}


@pytest.fixture
def tables():
    made = Tables()
    for each in (LIST, OTHER):
        made.segments[each] = Segment(each, each)
    return made


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def world(tables, clock):
    return fake_world(tables=tables, clock=clock)


def test_an_email_is_its_own_family_and_its_address_is_normalised(world, clock):
    email = emails.create(world, DRAFT)
    assert email.family == email.id
    assert email.from_address == "team@xn--exmple-cua.com"
    assert email.segments == (LIST,)
    assert (email.version, email.revision, email.created_at, email.updated_at) == (1, 0, clock.at, clock.at)
    assert emails.read(world, email.id) == email


BAD = [
    ({"kind": "letter"}, "kind", "segment, template"),
    ({"name": " "}, "name", "not empty"),
    ({"name": "x" * 191}, "name", "at most 190"),
    ({"subject": ""}, "subject", "not empty"),
    ({"subject": "x" * 191}, "subject", "at most 190"),
    ({"subject": "Hello\r\nBcc: all@example.com"}, "subject", "line breaks"),
    ({"subject": "Hello\u2028you"}, "subject", "line breaks"),
    ({"subject": 5}, "subject", "a text"),
    ({"preheader": "x" * 131}, "preheader", "at most 130"),
    ({"preheader": "a\nb"}, "preheader", "line breaks"),
    ({"from_name": "Team\n"}, "from_name", "line breaks"),
    ({"from_address": ""}, "from_address", "not empty"),
    ({"from_address": "team"}, "from_address", "such as"),
    ({"from_address": "a@b.com, c@d.com"}, "from_address", "such as"),
    ({"from_address": "é@example.com"}, "from_address", "such as"),
    ({"reply_to": "nobody"}, "reply_to", "such as"),
    ({"html": "a\x00b"}, "html", "position 1"),
    ({"segments": LIST}, "segments", "a list"),
    ({"segments": ["Nobody"]}, "segments", "no such segment"),
    ({"segments": [numbered_id(9)]}, "segments", "no such segment"),
    ({"exclude": [numbered_id(9)]}, "exclude", "no such segment"),
    ({"segments": [numbered_id(n) for n in range(51)]}, "segments", "At most 50"),
    ({"kind": "template"}, "segments", "one contact at a time"),
    ({"revision": 3}, "revision", "no such field"),
    ({"family": LIST}, "family", "no such field"),
]


@pytest.mark.parametrize(("change", "field", "mend"), BAD)
def test_what_cannot_be_taken_is_named(world, tables, change, field, mend):
    with pytest.raises(Invalid) as fault:
        emails.create(world, DRAFT | change)
    assert fault.value.field == field
    assert mend in fault.value.hint
    assert not tables.emails


@pytest.mark.parametrize(("change", "field", "mend"), BAD)
def test_an_update_is_as_strict(world, change, field, mend):
    email = emails.create(world, DRAFT)
    if change == {"kind": "template"}:
        field, mend = "kind", "fixed at creation"
    with pytest.raises(Invalid) as fault:
        emails.update(world, email.id, change)
    assert (fault.value.field, mend in fault.value.hint or "fixed" in fault.value.hint) == (field, True)
    assert emails.read(world, email.id) == email


@pytest.mark.parametrize("missing", ["name", "subject", "from_address", "kind"])
def test_what_is_needed_is_named(world, missing):
    with pytest.raises(Invalid) as fault:
        emails.create(world, {name: value for name, value in DRAFT.items() if name != missing})
    assert fault.value.field == missing


@pytest.mark.parametrize(("field", "most"), [("html", 262_144), ("text", 65_536)])
def test_bodies_are_measured_in_bytes(world, field, most):
    emails.create(world, DRAFT | {field: "é" * (most // 2)})
    with pytest.raises(TooLarge) as fault:
        emails.create(world, DRAFT | {field: "é" * (most // 2) + "x"})
    assert fault.value.field == field


def test_an_update_changes_what_it_names_alone(world, clock):
    before = emails.create(world, DRAFT)
    clock.at += 5
    after = emails.update(world, before.id, {"subject": "Bye", "exclude": [OTHER], "kind": "segment"})
    assert after == replace(before, subject="Bye", exclude=(OTHER,), version=2, updated_at=clock.at)
    assert emails.read(world, before.id) == after


def test_a_change_of_an_old_version_is_refused(world):
    email = emails.create(world, DRAFT)
    emails.update(world, email.id, {"name": "b"}, expected_version=1)
    with pytest.raises(Conflict) as fault:
        emails.update(world, email.id, {"name": "c"}, expected_version=1)
    assert fault.value.field == "version"
    assert emails.read(world, email.id).name == "b"


class Hurried:
    """Somebody else writes between our reading and our writing."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def read(self, email_id):
        found = self._inner.read(email_id)
        self._inner.update(replace(found, name="theirs", version=found.version + 1), found.version)
        return found


def test_nobody_overwrites_what_he_has_not_read(world):
    email = emails.create(world, DRAFT)
    hurried = replace(world, emails=Hurried(world.emails))
    for attempt in (
        lambda: emails.update(hurried, email.id, {"name": "mine"}),
        lambda: emails.delete(hurried, email.id),
        lambda: emails.publish(hurried, email.id),
    ):
        with pytest.raises(Conflict):
            attempt()
    left = emails.read(world, email.id)
    assert (left.name, left.revision) == ("theirs", 0)


@pytest.mark.parametrize("email_id", ["", "nobody", numbered_id(7), "x" * 5_000, "../../etc"])
def test_an_unknown_id_is_not_found(world, email_id):
    for verb in (emails.read, emails.delete, emails.publish, lambda w, i: emails.update(w, i, {})):
        with pytest.raises(NotFound):
            verb(world, email_id)


def broadcast_of(email, number, **changes):
    return Broadcast(numbered_id(number, "broadcast"), email.id, email.family, 1, (LIST,), (), at=0, **changes)


def test_an_email_with_an_open_broadcast_stays(world, tables):
    email = emails.create(world, DRAFT)
    for number in range(120):  # more than a page of old ones
        tables.broadcasts[numbered_id(number, "broadcast")] = broadcast_of(email, number, closed=True, state="finished")
    tables.broadcasts[numbered_id(200, "broadcast")] = broadcast_of(email, 200, state="cancelled")  # still calling
    with pytest.raises(Conflict) as fault:
        emails.delete(world, email.id)
    assert numbered_id(200, "broadcast") in fault.value.message
    tables.broadcasts[numbered_id(200, "broadcast")] = broadcast_of(email, 200, state="cancelled", closed=True)
    emails.delete(world, email.id)
    assert not tables.emails


def test_publishing_makes_an_immutable_revision(world, clock):
    email = emails.create(world, DRAFT)
    clock.at += 5
    published = emails.publish(world, email.id).email
    assert (published.revision, published.published_at, published.version) == (1, clock.at, 2)
    revision = world.revisions.read(email.id, 1)
    assert (revision.number, revision.family, revision.base_url) == (1, email.family, world.base_url)
    assert emails.read(world, email.id) == published


def test_an_unchanged_draft_keeps_its_revision(world, clock):
    email = emails.create(world, DRAFT)
    first = emails.publish(world, email.id)
    clock.at += 1_000
    emails.update(world, email.id, {"name": "Another name", "segments": [OTHER]})
    again = emails.publish(world, email.id)
    assert again.email.revision == first.email.revision == 1
    assert again.email.published_at == first.email.published_at
    assert world.revisions.read(email.id, 2) is None


def test_a_changed_draft_gets_the_next(world, tables):
    email = emails.create(world, DRAFT)
    emails.publish(world, email.id)
    tables.broadcasts[numbered_id(1, "broadcast")] = broadcast_of(email, 1, state="sending")
    emails.update(world, email.id, {"subject": "Hello again"})
    assert emails.publish(world, email.id).email.revision == 2
    assert world.revisions.read(email.id, 1).program.subject != world.revisions.read(email.id, 2).program.subject
    assert tables.broadcasts[numbered_id(1, "broadcast")].revision == 1


def test_a_publisher_that_died_leaves_no_obstacle(world, clock):
    email = emails.create(world, DRAFT)
    compiled_before = emails.publish(world, emails.create(world, DRAFT).id)
    orphan = world.revisions.read(compiled_before.email.id, 1)
    for number in (1, 2):  # two put their revision and never wrote the row
        world.revisions.put(replace(orphan, email=email.id, family=email.family, number=number, published_at=1))
    clock.at += 1
    published = emails.publish(world, email.id).email
    assert published.revision == 3
    assert world.revisions.read(email.id, 3).published_at == clock.at


def test_however_many_publishers_lost_the_next_one_does_not(world):
    """Whoever publishes at once with others, and loses, leaves an object behind under a number of its own."""
    email = emails.create(world, DRAFT)
    blocked = emails.compiled_draft(world, email).revision
    for _ in range(60):
        number = emails._put(world, replace(blocked, reply_to=f"{world.new_id()}@example.com"))
        assert number < 600, "few are wasted"
    first = emails.publish(world, email.id).email.revision
    emails.update(world, email.id, {"subject": "Another"})
    assert emails.publish(world, email.id).email.revision > first


def test_a_broken_letter_is_not_published(world):
    email = emails.create(world, DRAFT | {"html": " "})
    with pytest.raises(Invalid) as fault:
        emails.publish(world, email.id)
    assert fault.value.field == "html"
    assert emails.read(world, email.id).revision == 0


def test_warnings_come_with_an_unchanged_revision_too(world):
    email = emails.create(world, DRAFT | {"html": "<p>No way out</p>"})
    first, again = emails.publish(world, email.id), emails.publish(world, email.id)
    assert first.warnings
    assert again.warnings == first.warnings


@given(
    st.dictionaries(
        st.sampled_from(sorted(drafting.EDITABLE)), st.text(max_size=200) | st.lists(st.text(max_size=20)) | st.none()
    )
)
def test_whatever_is_taken_keeps_the_rules(changes):
    tables = Tables()
    world = fake_world(tables=tables)
    before = emails.create(world, DRAFT | {"segments": []})
    try:
        after = emails.update(world, before.id, changes)
    except Invalid as fault:
        after = tables.emails[before.id]
        assert re.split(r"[.\[]", fault.field or "")[0] in changes  # noqa: PT017  # either is right, by the drawn value
        assert after == before
    for text in (after.name, after.subject, after.from_name, after.preheader, after.from_address, after.reply_to):
        assert not set(text) & set("\r\n\x00\x85\u2028")
    assert len(after.subject) <= 190
    assert len(after.preheader) <= 130
    assert "@" in after.from_address


@pytest.mark.parametrize(
    ("transport", "fits"), [("ses", 3), ("sendgrid", 2), ("mandrill", 2), ("mailjet", 1), ("smtp", 0)]
)
def test_attachments_beyond_what_the_transport_takes_are_refused_at_publish(transport, fits):
    world = fake_world()
    world.transport_setups.create(TransportSetup("a", transport, uses=("broadcast",)))
    world.transport_setups.create(TransportSetup("b", transport, uses=("transactional",), settings={"largest": 64_000}))
    kept = [Asset(numbered_id(n, "asset"), f"{n}.pdf", "application/pdf", 8 * 1024 * 1024, "0") for n in range(4)]
    for each in kept:
        world.assets.create(each)
    ids = [each.id for each in kept]
    draft = emails.create(world, DRAFT | {"segments": [], "attachments": ids[:fits]})
    emails.publish(world, draft.id)
    heavy = emails.update(world, draft.id, {"attachments": ids[: fits + 1]})
    with pytest.raises(TooLarge, match=f"{transport} takes {LARGEST[transport]}") as caught:
        emails.publish(world, heavy.id)
    assert caught.value.field == "attachments"


def test_a_broadcast_too_heavy_for_the_transport_of_today_does_not_start():
    """It was published while another one carried it; nobody looked since."""
    world = fake_world()
    people = segments.create(world, "All", None)
    asset = Asset(numbered_id(1, "asset"), "plan.pdf", "application/pdf", 12 * 1024 * 1024, "0")
    world.assets.create(asset)
    email = emails.create(world, DRAFT | {"segments": [people.id], "attachments": [asset.id]})
    emails.publish(world, email.id)
    at = world.now() + 3_600_000
    later = broadcasting.create(world, email.id, None, None, When(at=at), skip_preflight=True)
    world.transport_setups.create(TransportSetup("a", "mailjet", uses=("broadcast",)))
    with pytest.raises(TooLarge, match=f"mailjet takes {LARGEST['mailjet']}") as caught:
        broadcasting.create(world, email.id, None, None, None, skip_preflight=True)
    assert caught.value.field == "attachments"
    assert "plan.pdf" in (caught.value.hint or "")
    ended = broadcasting.start(world, later)
    assert ended.state == "cancelled"
    assert "mailjet takes" in (ended.reason or "")
    assert "plan.pdf" in (ended.reason or "")


def test_an_email_is_written_in_html_or_in_mjml():
    world = fake_world()
    with pytest.raises(Invalid) as refused:
        emails.create(world, DRAFT | {"segments": [], "mjml": MJML})
    assert (refused.value.field, refused.value.value) == ("mjml", MJML)
    assert 'the other one as ""' in (refused.value.hint or "")
    email = emails.create(world, DRAFT | {"segments": []})
    with pytest.raises(Invalid, match="only one of them"):
        emails.update(world, email.id, {"mjml": MJML})
    assert emails.update(world, email.id, {"mjml": MJML, "html": ""}).mjml == MJML


def test_one_that_was_kept_written_both_ways_can_be_edited_and_says_which_goes_out():
    tables = Tables()
    world = fake_world(tables=tables)
    email = emails.create(world, DRAFT | {"segments": []})
    tables.emails[email.id] = replace(email, mjml=MJML)
    emails.update(world, email.id, {"subject": "Other"})
    warnings = emails.publish(world, email.id).warnings
    assert [each.where for each in warnings if "not sent" in each.message] == ["html, line 1, column 1"]


MJML = """<mjml>
<mj-body><mj-section><mj-column>
<mj-text>Hello {contactfield=firstname}, {contactfeild=a}</mj-text>
  <mj-button href="https://a.org/{zzz=1}">y {zzz=1}</mj-button>
</mj-column></mj-section></mj-body>
</mjml>"""


@pytest.mark.parametrize(
    ("fields", "places", "reason"),
    [
        ({"mjml": MJML}, ["mjml, line 3, column 42", "mjml, line 4, column 20"], "in the MJML, not what is made of it"),
        ({"html": "{zzz=1}"}, ["html, line 1, column 1"], "a fragment that becomes a page"),
        (
            {"html": "{a}\n {zzz=1} {a}", "inline_css": True},
            ["html, line 1, column 1", "html, line 2, column 2"],
            "more",
        ),
        (
            {"html": "<style>p{color:red}</style>\n<p>a<p>{zzz=1}", "inline_css": True},
            ["html, line 2, column 8"],
            "with CSS inlined before it",
        ),
    ],
)
def test_places_are_those_of_what_was_written(world, fields, places, reason):
    draft = {"kind": "segment", "name": "x", "subject": "x", "from_address": "a@example.org"} | fields
    warnings = emails.publish(world, emails.create(world, draft).id).warnings
    told = [each.where for each in warnings if "is no token" in each.message]
    assert told == places, reason


def test_a_fault_in_mjml_names_it(world):
    mjml = MJML.replace("{contactfeild=a}", "{contactfield=a b}")
    draft = {"kind": "segment", "name": "x", "subject": "x", "from_address": "a@example.org", "mjml": mjml}
    with pytest.raises(Invalid, match="Line 3, column 42") as fault:
        emails.publish(world, emails.create(world, draft).id)
    assert fault.value.field == "mjml"
