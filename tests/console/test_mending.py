import json
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.console import mending, words
from chalicelib.model.errors import Conflict, Invalid
from tests.console.fault_templates import by_file, templates

FRENCH = json.loads((Path(mending.FOLDER) / "fr.json").read_text("utf-8"))
# Whose faults have no French yet: nobody meets them in a form of the console. Files, or folders of them.
LEFT = (
    *("api/assets.py", "api/bodies.py", "api/bulk.py", "api/email_versions.py", "api/fates.py", "api/imports.py"),
    *("api/members.py", "api/messages.py", "api/relabellings.py", "api/suppressions.py"),
    *("api/versions.py", "compose/archive.py", "compose/dynamic.py", "compose/inlining.py"),
    *(
        "compose/mjml.py",
        "compose/page_import/",
        "compose/themes/",
        "model/message.py",
        "store/",
        "transports/hooks.py",
    ),
    *("transports/imap_inbox.py", "work/bulk.py", "work/content_import.py", "work/dead_letters.py"),
    *("work/deciding_messages.py", "work/messaging.py", "work/moving.py", "work/pending.py", "work/preferences.py"),
    *("work/relabelling.py", "work/signing_up.py", "work/soft_bounces.py", "work/stats.py"),
    *("work/suppression_import.py", "work/theme_drafting.py", "work/theme_writing.py", "work/themes.py"),
    "work/timeline.py",
)
# Texts that others are put together of: what comes out has texts of its own, or is told as it is.
PIECES = {"|URL| {0}.", " Take it out.", " Use {{{0}}} there."}


def holes(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("file", [each for each in by_file() if not each.startswith(LEFT)])
def test_every_fault_that_a_form_can_meet_has_its_french(file):
    assert by_file()[file] - FRENCH.keys() - PIECES == set(), f"{file}: console/faults/fr.json lacks them"


def test_what_is_left_is_there_and_no_text_is_of_nothing():
    assert [each for each in LEFT if not any(file.startswith(each) for file in by_file())] == []
    assert FRENCH.keys() - templates() == set(), "no fault says this any more"
    assert list(FRENCH) == sorted(FRENCH)


@pytest.mark.parametrize("template", FRENCH)
def test_each_has_no_hole_but_those_of_the_english(template):
    assert holes(FRENCH[template]) <= holes(template)


@pytest.mark.parametrize("template", FRENCH)
def test_each_is_found_again_by_its_words(template):
    values = [f"value{number}" for number in range(len(holes(template)))]
    assert mending.told("fr", template.format(*values)) == FRENCH[template].format(
        *(mending.Value(each, "fr") for each in values)
    ) or is_within(template)


def is_within(template):
    """Whether another text says all that this one says, and more: that one may be taken for it, and says no less."""
    values = [mending.Value(each, "fr") for each in "abcdef"]
    others = {text.format(*values) for text in FRENCH.values() if text != FRENCH[template]}
    return mending.told("fr", template.format(*"abcdef")) in others


@given(st.text(max_size=50), st.sampled_from(["en", "fr", "xx"]))
def test_what_is_none_of_the_codes_stays(text, language):
    assert mending.told("en", text) == text
    assert isinstance(mending.told(language, text), str)


def test_a_fault_in_french():
    mend = "Give recipients a second, from 0.1 to 500, or none at all."
    fault = mending.fault_in("fr", Invalid("rate", "fast", mend))
    assert (fault.code, fault.field) == ("invalid", "rate")
    assert fault.hint == "Donnez un nombre de destinataires par seconde, de 0.1 à 500, ou rien."
    assert fault.message == f"rate : 'fast' ne peut pas être accepté. {fault.hint}"
    conflict = mending.fault_in("fr", Conflict("The broadcast is paused.", hint="Try again."))
    assert conflict.message == "La diffusion est dans l\N{RIGHT SINGLE QUOTATION MARK}état « Suspendu »."
    assert conflict.hint == "Réessayez."
    assert mending.told("fr", "Line 3, column 7: Give text.") == "Ligne 3, colonne 7 : Donnez un texte."
    assert mending.told("fr", "Give {braces}.") == "Donnez {braces}."


def test_values_with_words_of_their_own_have_them():
    kinds = {spec for text in FRENCH.values() for _, _, spec, _ in Formatter().parse(text) if spec}
    assert kinds == {"state", "role"}
    assert all(any(name.startswith(f"{kind}.") for name in words.words("fr")) for kind in kinds)
