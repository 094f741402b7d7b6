import pytest

from chalicelib.model.countries import NAMES, country_name


def test_all_of_iso_3166_1():
    assert len(NAMES) == len(set(NAMES.values())) == 249
    assert all(len(code) == 2 and code.isupper() and name[0].isupper() for code, name in NAMES.items())


@pytest.mark.parametrize("code", sorted(NAMES))
def test_each_by_code_and_by_name(code):
    assert country_name(code, "x") == country_name(NAMES[code].upper(), "x") == NAMES[code]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("USA", "United States"),
        ("uk", "United Kingdom"),
        ("Türkiye", "Turkey"),
        ("Trinidad & Tobago", "Trinidad and Tobago"),
    ],
)
def test_other_names(text, name):
    assert country_name(text, "x") == name
