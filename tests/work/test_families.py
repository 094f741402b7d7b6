import pytest

from chalicelib.model.email import SplitTest
from chalicelib.model.errors import Conflict, Invalid
from chalicelib.model.family import MAX_MEMBERS, Member
from chalicelib.model.schedule import When
from chalicelib.work import broadcasting, emails, families, segments
from tests.fakes.world import fake_world

LETTER = {"kind": "segment", "name": "News", "subject": "Hello", "from_address": "a@example.com", "text": "Hello."}


@pytest.fixture
def world():
    return fake_world()


@pytest.fixture
def root(world):
    return emails.create(world, LETTER)


def test_a_translation_and_a_variant_join_the_family(world, root):
    french = emails.create(world, LETTER | {"translation_of": root.id, "language": "fr"})
    second = emails.create(world, LETTER | {"variant_of": root.id, "weight": 30})
    second_french = emails.create(world, LETTER | {"translation_of": second.id, "language": "fr"})
    assert {french.family, second.family, second_french.family} == {root.id}
    for each in (root, french, second, second_french):
        emails.publish(world, each.id)
    assert set(families.members(world, emails.read(world, root.id))) == {
        Member(root.id, 1, root.id),
        Member(french.id, 1, root.id, "fr"),
        Member(second.id, 1, second.id, "", 30),
        Member(second_french.id, 1, second.id, "fr"),
    }


@pytest.mark.parametrize(
    ("draft", "field", "mend"),
    [
        ({"translation_of": "0" * 16, "language": "fr"}, "translation_of", "no such e-mail"),
        ({"translation_of": "nonsense", "language": "fr"}, "translation_of", "id of an e-mail"),
        ({"translation_of": "ROOT"}, "language", "needs its language"),
        ({"translation_of": "ROOT", "variant_of": "ROOT", "language": "fr"}, "translation_of", "not both"),
        ({"variant_of": "ROOT", "weight": 101}, "weight", "0 to 100"),
        ({"variant_of": "ROOT", "weight": 71}, "weight", "at most 100"),
        ({"kind": "template", "variant_of": "ROOT"}, "kind", "segment e-mails"),
        ({"variant_of": "VARIANT"}, "variant_of", "name"),
        ({"translation_of": "FRENCH", "language": "de"}, "translation_of", "name"),
        ({"weight": 5}, "weight", "Only a variant"),
    ],
)
def test_what_cannot_join_is_told_why(world, root, draft, field, mend):
    names = {
        "ROOT": root.id,
        "VARIANT": emails.create(world, LETTER | {"variant_of": root.id, "weight": 30}).id,
        "FRENCH": emails.create(world, LETTER | {"translation_of": root.id, "language": "fr"}).id,
    }
    with pytest.raises(Invalid, match=mend) as refused:
        emails.create(world, LETTER | {key: names.get(value, value) for key, value in draft.items()})
    assert refused.value.field == field


def test_a_weight_is_checked_with_the_others_when_it_changes(world, root):
    second = emails.create(world, LETTER | {"variant_of": root.id, "weight": 30})
    emails.create(world, LETTER | {"variant_of": root.id, "weight": 60})
    assert emails.update(world, second.id, {"weight": 40}).weight == 40
    with pytest.raises(Invalid, match="at most 100"):
        emails.update(world, second.id, {"weight": 41})


def test_membership_is_fixed_at_creation(world, root):
    lonely = emails.create(world, LETTER)
    with pytest.raises(Invalid, match="fixed at creation"):
        emails.update(world, lonely.id, {"variant_of": root.id})
    variant = emails.create(world, LETTER | {"variant_of": root.id})
    with pytest.raises(Conflict, match="is a translation or variant of it"):
        emails.delete(world, root.id)
    emails.delete(world, variant.id)
    emails.delete(world, root.id)


def test_nothing_joins_after_the_first_broadcast(world, root):
    people = segments.create(world, "People", None)
    emails.publish(world, root.id)
    broadcasting.create(world, root.id, [people.id], [], None, skip_preflight=True)
    with pytest.raises(Conflict, match="has been broadcast"):
        emails.create(world, LETTER | {"variant_of": root.id})


def test_a_family_has_a_limit(world, root):
    for n in range(MAX_MEMBERS - 1):
        emails.create(world, LETTER | {"translation_of": root.id, "language": f"a{chr(97 + n % 26)}{'x' * (n // 26)}"})
    with pytest.raises(Conflict, match="at most"):
        emails.create(world, LETTER | {"translation_of": root.id, "language": "zz"})


def test_only_the_root_is_broadcast_and_only_when_all_are_published(world, root):
    people = segments.create(world, "People", None)
    french = emails.create(world, LETTER | {"translation_of": root.id, "language": "fr"})
    emails.publish(world, root.id)
    with pytest.raises(Conflict, match="not published"):
        broadcasting.create(world, root.id, [people.id], [], None, skip_preflight=True)
    emails.publish(world, french.id)
    with pytest.raises(Conflict, match="translation or variant of another"):
        broadcasting.create(world, french.id, [people.id], [], None, skip_preflight=True)
    assert [
        each.language
        for each in broadcasting.create(world, root.id, [people.id], [], None, skip_preflight=True).members
    ] == ["", "fr"]


@pytest.mark.parametrize(
    ("test", "field"),
    [
        ({"share": 0}, "test.share"),
        ({"share": 101}, "test.share"),
        ({"goal": "sold"}, "test.goal"),
        ({"wait_hours": 0}, "test.wait_hours"),
        ({"automatic": "yes"}, "test.automatic"),
        ({"sher": 3}, "test"),
        ("half", "test"),
    ],
)
def test_a_test_that_makes_no_sense_is_refused(world, root, test, field):
    with pytest.raises(Invalid) as refused:
        emails.update(world, root.id, {"test": test})
    assert refused.value.field == field


def test_a_test_belongs_to_the_root(world, root):
    assert emails.update(world, root.id, {"test": {"share": 20}}).test == SplitTest(20)
    assert emails.update(world, root.id, {"test": None}).test is None
    variant = emails.create(world, LETTER | {"variant_of": root.id})
    with pytest.raises(Invalid, match="belongs to the segment e-mail that has the variants"):
        emails.update(world, variant.id, {"test": {}})


@pytest.mark.parametrize(
    ("language", "mend"), [("FR", "already"), ("fr-ch", "already"), ("en", "already"), ("", "needs its language")]
)
def test_a_language_that_nobody_would_get_is_refused(world, language, mend):
    """Two translations into one language, one into the original's own, one into none: at creation and later."""
    root = emails.create(world, LETTER | {"language": "en"})
    emails.create(world, LETTER | {"translation_of": root.id, "language": "fr"})
    swiss = emails.create(world, LETTER | {"translation_of": root.id, "language": "fr-CH"})
    german = emails.create(world, LETTER | {"translation_of": root.id, "language": "de"})
    with pytest.raises(Invalid, match=mend) as refused:
        emails.create(world, LETTER | {"translation_of": root.id, "language": language})
    assert refused.value.field == "language"
    with pytest.raises(Invalid, match=mend):
        emails.update(world, german.id, {"language": language})
    with pytest.raises(Invalid, match="already"):
        emails.update(world, root.id, {"language": "de"})
    assert emails.update(world, swiss.id, {"language": "fr-BE"}).language == "fr-BE"
    variant = emails.create(world, LETTER | {"variant_of": root.id, "weight": 50, "language": "en"})
    assert emails.create(world, LETTER | {"translation_of": variant.id, "language": "fr"}).family == root.id


def test_no_member_is_deleted_while_the_family_is_under_way(world, root):
    people = segments.create(world, "People", None)
    variant = emails.create(world, LETTER | {"variant_of": root.id, "weight": 50})
    for each in (root, variant):
        emails.publish(world, each.id)
    later = world.now() + 3_600_000
    broadcast = broadcasting.create(world, root.id, [people.id], [], When(later), skip_preflight=True)
    with pytest.raises(Conflict, match="not over") as refused:
        emails.delete(world, variant.id)
    assert broadcast.id in refused.value.hint


def test_where_there_is_no_variant_nobody_waits_for_a_winner(world, root):
    people = segments.create(world, "People", None)
    french = emails.create(world, LETTER | {"translation_of": root.id, "language": "fr"})
    emails.update(world, root.id, {"test": {"share": 20}})
    for each in (root, french):
        emails.publish(world, each.id)
    broadcast = broadcasting.create(world, root.id, [people.id], [], None, skip_preflight=True)
    assert (broadcast.test, broadcast.tests) == (None, False)
