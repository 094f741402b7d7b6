from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.contact import Contact
from chalicelib.model.family import Member, choice, is_tested, variants
from tests.fakes.world import numbered_id

ROOT, B, C = "root", "b", "c"
PLAIN = Member(ROOT, 1, ROOT, "en")
FRENCH = Member("fr", 1, ROOT, "fr")
SWISS = Member("fr-ch", 1, ROOT, "fr-CH")
SECOND = Member(B, 1, B, "en", 25)
THIRD = Member(C, 1, C, "en", 25)
SECOND_FRENCH = Member("b-fr", 1, B, "fr")


def somebody(number: int = 1, locale: object = None) -> Contact:
    fields = {} if locale is None else {"preferred_locale": locale}
    return Contact(numbered_id(number, "contact"), "a@example.com", fields)


@pytest.mark.parametrize(
    ("locale", "expected", "reason"),
    [
        ("fr-CH", SWISS, "exactly the preferred locale"),
        ("fr_ch", SWISS, "Mautic writes fr_CH; case and separator do not matter"),
        ("fr", FRENCH, "exactly"),
        ("fr-BE", FRENCH, "the first of the same language"),
        ("en-GB", PLAIN, "the parent's own language counts too"),
        ("de", PLAIN, "no such language: the parent"),
        ("", PLAIN, "no preference: the parent"),
        (None, PLAIN, "no such field: the parent"),
        (7, PLAIN, "nonsense: the parent"),
    ],
)
def test_the_translation_follows_the_preferred_locale(locale, expected, reason):
    members = (PLAIN, FRENCH, SWISS)
    assert members[choice(members, ROOT, somebody(1, locale))] == expected, reason


def test_a_variants_own_translation_is_taken_and_else_the_variant_itself():
    members = (PLAIN, FRENCH, SECOND, SECOND_FRENCH, THIRD)
    assert members[choice(members, ROOT, somebody(1, "fr"), winner=B)] == SECOND_FRENCH
    assert members[choice(members, ROOT, somebody(1, "fr"), winner=C)] == THIRD
    assert members[choice(members, ROOT, somebody(1, "fr"), winner=ROOT)] == FRENCH


def test_weights_hold_over_many_and_the_root_takes_the_rest():
    members = (PLAIN, SECOND, THIRD)
    assert variants(members) == {ROOT: 50, B: 25, C: 25}
    drawn = Counter(choice(members, ROOT, somebody(n)) for n in range(12_000))
    # three standard deviations of 12,000 draws at 25 and 50 percent are below 170
    assert abs(drawn[0] - 6_000) < 170
    assert abs(drawn[1] - 3_000) < 150
    assert abs(drawn[2] - 3_000) < 150


@given(st.integers(0, 10**6), st.integers(0, 100))
def test_who_tests_depends_on_nothing_but_contact_and_family_and_grows_with_the_share(number, share):
    contact = numbered_id(number)
    assert is_tested(ROOT, contact, share) == is_tested(ROOT, contact, share)
    assert not is_tested(ROOT, contact, 0)
    assert is_tested(ROOT, contact, 100)
    assert not is_tested(ROOT, contact, share) or is_tested(ROOT, contact, min(100, share + 1))


def test_testing_and_variant_are_drawn_apart():
    """Were they one draw, the part that tests would get one variant alone."""
    members = (PLAIN, Member(B, 1, B, "en", 50))
    tested = [n for n in range(4_000) if is_tested(ROOT, somebody(n).id, 20)]
    drawn = Counter(choice(members, ROOT, somebody(n)) for n in tested)
    assert 650 < len(tested) < 950
    assert min(drawn.values()) > len(tested) * 0.42
