"""Both languages say the same things, and each thing that a template says has words."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest

from chalicelib.console import words
from chalicelib.console.frame import FOLDER, NAVIGATION
from chalicelib.console.words import chosen, known, languages, said
from chalicelib.model.agents import CLIENTS
from chalicelib.model.role import ROLES

SAID = re.compile(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""")


def placeholders(text: words.Text) -> set[str]:
    parts = [text] if isinstance(text, str) else list(text.values())
    return {name for part in parts for _, name, _, _ in Formatter().parse(part) if name}


def test_there_are_two():
    assert languages() == ("en", "fr")


def test_both_have_the_same_names_and_placeholders():
    english, french = (words.words(language) for language in languages())
    assert english.keys() == french.keys()
    assert {name: placeholders(text) for name, text in english.items()} == {
        name: placeholders(text) for name, text in french.items()
    }
    assert all(text if isinstance(text, str) else text["one"] and text["other"] for text in english.values())


@pytest.mark.parametrize(
    "path", sorted(words.FOLDER.rglob("*.json")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_no_name_stands_twice_in_a_file(path: Path):
    pairs = json.loads(path.read_text("utf-8"), object_pairs_hook=list)
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.html")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_whatever_a_template_says_has_words(path: Path):
    assert {name for name in SAID.findall(path.read_text()) if name not in words.words("en")} == set()


def test_names_that_are_put_together_have_words():
    for name, _, _ in NAVIGATION:
        assert said("en", f"navigation.{name}")
    for role in ROLES:
        assert said("fr", f"role.{role}")
    for client, _ in CLIENTS:
        assert said("en", f"client.{client}")


def test_numbers_are_shown_as_the_language_shows_them():
    assert said("en", "overview.settled", n=1, planned=12345) == "1 of 12,345 settled"
    assert said("fr", "overview.settled", n=0, planned=12345) == "0 traité sur 12\u202f345"
    assert said("fr", "overview.settled", n=2, planned=3) == "2 traités sur 3"


def test_what_nobody_has_named_stands_as_it_is():
    assert known("fr", "state.paused", "paused") == "Suspendu"
    assert known("fr", "state.confused", "confused") == "confused"


@pytest.mark.parametrize(
    ("tags", "language"), [(["fr_CA"], "fr"), (["de", "fr"], "fr"), (["xx", ""], "en"), ([], "en")]
)
def test_the_first_language_that_is_known(tags, language):
    assert chosen(tags) == language
