"""A team's colour, whatever it is, gives a letter that can be read; a choice that cannot be is named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.proof.colour import WHITE, colour_of, contrast, hex_of
from chalicelib.compose.themes.brand import COMPANIONS, DARK, LIGHT, cautions, check_colours, companions
from chalicelib.model.errors import Invalid
from tests.compose.themes.test_built_in import HTML, letter


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_what_goes_with_a_brand_can_be_read(brand):
    found = companions({"brand": hex_of(brand)})
    made = {name: colour_of(value) for name, value in found.items()}
    assert made.keys() == COMPANIONS.keys()
    assert contrast(made["brand_text"], brand) >= 4.5
    assert contrast(made["brand_dark"], DARK) >= 4.5
    assert min(contrast(made["brand_link"], LIGHT), contrast(made["brand_link"], WHITE)) >= 4.5


def test_what_was_chosen_stays_and_without_a_brand_nothing_is_made():
    assert companions({"brand": "#ffee00", "brand_text": "#ffffff"}).keys() == {"brand_link", "brand_dark"}
    assert companions({}) == companions({"brand": "{contactfield=x}"}) == {}


@settings(max_examples=4, deadline=None)
@given(st.sampled_from(["#ffee00", "#ffffff", "#000000", "#808080", "#ff7700", "#1f5f8b", "#7fffd4"]))
@pytest.mark.parametrize("name", HTML)
def test_every_theme_can_be_read_in_every_colour(name, brand):
    values = {"brand": brand, **companions({"brand": brand})}
    assert list(cautions(letter(name, **values).text, values)) == []


def test_a_choice_that_cannot_be_read_is_named_with_the_nearest_that_can():
    values = {"brand": "#ffee00", "brand_text": "#ffffff", "brand_dark": "#333333", "brand_link": "#ffee00"}
    found = {each.where: each for each in cautions(letter("newsletter", **values).text, values)}
    assert found.keys() == {"values.brand_link", "values.brand_text", "values.brand_dark"}
    dark = found["values.brand_dark"]
    assert " can hardly be read in the dark: #333333 on #1b1e23 has 1.3:1, 4.5:1 is needed." in dark.message
    assert dark.mend == "Write #858585 in place of #333333 on #1b1e23, for example."
    assert "in the light: #ffffff on #ffee00 has 1.2:1, 4.5:1 is needed." in found["values.brand_text"].message


@pytest.mark.parametrize(
    "value", ["red;} body{display:none", "", "#12", 7, None, ["#112233"], "url(x)", "rgba(0,0,0,.1)"]
)
def test_what_is_no_colour_is_refused_where_the_theme_wants_one(value):
    with pytest.raises(Invalid) as caught:
        check_colours({"title": value, "brand": value}, {"title": "#1", "brand": "#8a3b2a", "n": None})
    assert (caught.value.field, caught.value.hint) == ("values.brand", "Give a colour such as #8a3b2a.")
    check_colours({"title": value}, {"title": "Hello"})
    check_colours({"brand": "teal"}, {"brand": "#8a3b2a"})
