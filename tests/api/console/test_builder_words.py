"""What GrapesJS's panels say is said in both languages, whatever the names are that it has for parts of a property."""

import pytest

from chalicelib.api.console.builder_words import OPTIONS, PARTS, PROPERTIES, builder_words


@pytest.mark.parametrize(
    ("language", "top", "centre", "bold", "text"),
    [("en", "Top", "Centre", "Bold", "Text"), ("fr", "Haut", "Centre", "Gras", "Texte")],
)
def test_in_the_readers_language(language, top, centre, bold, text):
    said = builder_words(language)
    styles = said["messages"]["styleManager"]
    assert styles["properties"]["margin-top-sub"] == styles["properties"]["padding-top-sub"] == top
    assert styles["options"]["align"]["center"] == centre
    assert said["tools"]["bold"] == bold
    assert said["messages"]["domComponents"]["names"]["mj-text"] == text


def test_each_property_and_each_of_its_options_has_its_word():
    styles = builder_words("fr")["messages"]["styleManager"]
    assert styles["properties"].keys() == {*PROPERTIES, *PARTS}
    assert {name: tuple(words) for name, words in styles["options"].items()} == OPTIONS
