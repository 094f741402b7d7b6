import json

import pytest

from chalicelib.console import catalogue, mending, words
from chalicelib.console.typesetting import NARROW, RULES, WIDE, typeset


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Pourquoi ?", f"Pourquoi{NARROW}?"),
        (
            "Fini ; « voilà » : 5 000 e-mails, 3 %",
            f"Fini{NARROW}; «{WIDE}voilà{WIDE}»{WIDE}: 5{NARROW}000 e-mails, 3{NARROW}%",
        ),
        ("Annuler …", "Annuler…"),
        ("1,4 Mo au plus", f"1,4{NARROW}Mo au plus"),
        ("Écrivez fr: Amis, host = a, … en un an.", "Écrivez fr: Amis, host = a, … en un an."),
    ],
)
def test_french(typed, printed):
    assert typeset(typed, "fr") == printed
    assert typeset(printed, "fr") == printed
    assert typeset(typed, "en") == typed


def test_all_that_is_said_in_french_is_set_so():
    said = [
        each for text in words.words("fr").values() for each in ([text] if isinstance(text, str) else text.values())
    ]
    for text in (*said, *catalogue.catalogue("fr").values()):
        assert not any(found.search(text) for found, _ in RULES["fr"])


# One word for one thing: what a word must not be called, and what it is called.
OTHERWISE = {
    "jeton": "variable",
    "diffusion": "envoi",
    "vivant": "dynamique",
    "désabonn": "désinscr",
    "composeur": "générateur",
    "pré-en-tête": "texte d\N{RIGHT SINGLE QUOTATION MARK}aperçu",
}


@pytest.mark.parametrize("word", OTHERWISE)
def test_one_word_for_one_thing(word):
    faults = json.loads((mending.FOLDER / "fr.json").read_text("utf-8"))
    texts = {**words.words("fr"), **catalogue.catalogue("fr"), **faults}
    assert [name for name, text in texts.items() if word in str(text).lower()] == []
