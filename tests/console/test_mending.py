import json
import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.console import answers, mending, words
from chalicelib.console.typesetting import typeset
from chalicelib.model.errors import Conflict, Invalid
from tests.console.fault_templates import by_file, templates

ENGLISH = json.loads((Path(mending.FOLDER) / "en.json").read_text("utf-8"))
FRENCH = json.loads((Path(mending.FOLDER) / "fr.json").read_text("utf-8"))
# Whose texts stand on no page of the console: the API's own, those of pages that recipients see (which have catalogues
# of their own), of webhooks and returned mail (which go to a log), and what reads as a sentence and is none.
LEFT = (
    *("api/answers.py", "api/assets.py", "api/bodies.py", "api/bulk.py", "api/email_versions.py", "api/fates.py"),
    *("api/http_api.py", "api/imports.py", "api/keys.py", "api/messages.py", "api/relabellings.py", "api/routes.py"),
    *("api/signup.py", "api/suppressions.py", "api/versions.py", "api/webhooks.py", "compose/encoding.py"),
    *("compose/themes/refusal.py", "compose/words.py", "model/errors.py", "model/message.py", "model/relative_date.py"),
    *("model/winner.py", "store/patience.py", "store/revisions.py", "transports/hooks.py", "transports/imap_inbox.py"),
    *("transports/mailjet_events.py", "transports/mandrill_events.py", "transports/s3_inbox.py"),
    *("transports/sendgrid_events.py", "transports/ses_events.py", "transports/ses_records.py"),
    *("transports/sns_certificates.py", "transports/sns_hook.py", "transports/webhooks.py", "work/bulk.py"),
    *("work/messaging.py", "work/moving.py", "work/relabelling.py", "work/signing_up.py", "work/soft_bounces.py"),
    *("work/sweeping.py", "work/transport_trial.py"),
)


def holes(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("file", [each for each in by_file() if each not in LEFT])
def test_every_fault_that_a_form_can_meet_has_its_french(file):
    assert by_file()[file] - FRENCH.keys() == set(), f"{file}: console/faults/fr.json lacks them"


def test_what_is_left_is_there_and_no_text_is_of_nothing():
    assert [file for file in LEFT if by_file()[file] - FRENCH.keys() == set()] == [], "all of it has its French"
    assert FRENCH.keys() - templates() == set(), "no fault says this any more"


def test_what_a_console_says_otherwise_in_english_has_its_french():
    assert ENGLISH.keys() - FRENCH.keys() == set()
    assert with_other_holes(ENGLISH) == []


def with_other_holes(texts):
    """Templates whose text has a hole that they have not."""
    return [template for template, text in texts.items() if not holes(text) <= holes(template)]


CALLS = re.compile(r"/v1/|\b(POST|GET|PUT|PATCH|DELETE)\b|\"force\"|skip_preflight")


@pytest.mark.parametrize("file", [each for each in by_file() if each not in LEFT])
def test_a_reader_of_the_console_is_sent_to_no_call_of_the_api(file):
    for template in by_file()[file]:
        for language in words.languages():
            assert CALLS.search(mending.told(language, template.format(*"abcdef"))) is None


def test_the_lists_are_in_order():
    assert [list(each) for each in (ENGLISH, FRENCH)] == [sorted(each) for each in (ENGLISH, FRENCH)]


def test_each_has_no_hole_but_those_of_the_english():
    assert with_other_holes(FRENCH) == []


def test_each_is_found_again_by_its_words():
    assert [each for each in FRENCH if not is_found_again(each) and not is_within(each)] == []


def is_found_again(template):
    values = [f"value{number}" for number in range(len(holes(template)))]
    french = typeset(FRENCH[template], "fr").format(*(mending.Value(each, "fr") for each in values))
    return mending.told("fr", template.format(*values)) == french


def is_within(template):
    """Whether another text says all that this one says, and more: that one may be taken for it, and says no less."""
    values = [mending.Value(each, "fr") for each in "abcdef"]
    others = {typeset(text, "fr").format(*values) for text in FRENCH.values() if text != FRENCH[template]}
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
    assert fault.message == typeset(f"Débit : « fast » ne peut pas être accepté. {fault.hint}", "fr")
    conflict = mending.fault_in("fr", Conflict("The broadcast is paused.", hint="Try again."))
    assert conflict.message == typeset(
        "L\N{RIGHT SINGLE QUOTATION MARK}envoi est dans l\N{RIGHT SINGLE QUOTATION MARK}état « Suspendu ».", "fr"
    )
    assert conflict.hint == "Réessayez."
    assert mending.told("fr", "Line 3, column 7: Give text.") == typeset("Ligne 3, colonne 7 : Donnez un texte.", "fr")
    assert mending.told("fr", "Give {braces}.") == "Donnez {braces}."


def test_values_with_words_of_their_own_have_them():
    texts = [*FRENCH.values(), *ENGLISH.values()]
    kinds = {spec for text in texts for _, _, spec, _ in Formatter().parse(text) if spec} - mending.OF_KIND.keys()
    assert kinds >= {"state", "role"}
    assert all(any(name.startswith(f"{kind}.") for name in words.words("fr")) for kind in kinds)


def test_what_was_left_out_is_not_shown_and_values_are_quoted():
    missing = Invalid("subject", "", "A letter needs a subject.")
    assert mending.fault_in("en", missing).message == "Subject: A letter needs a subject."
    assert mending.told("fr", "There is no contact 'ann'.") == typeset(
        "Il n\N{RIGHT SINGLE QUOTATION MARK}y a pas de contact « ann ».", "fr"
    )
    assert mending.told("en", "There is no contact 'ann'.") == "There is no contact 'ann'."


def test_a_place_in_a_letter_is_told_and_kept_for_the_editor():
    fault = mending.fault_in("fr", Invalid("html", "{x}", "Line 3, column 7: Give text."))
    assert fault.place == "html, line 3, column 7"
    assert mending.placed("fr", fault.place) == "HTML, ligne 3, colonne 7"
    assert mending.placed("en", "Autumn: bread: blocks[0].html") == "Autumn: bread: HTML"
    assert mending.placed("fr", "audience") == "public"


def test_several_texts_are_told_one_by_one():
    text = "This token cannot stand in a URL. Take it out."
    assert mending.told("fr", text) == "Cette variable ne peut pas être dans une adresse. Retirez-le."
    assert mending.told("en", f"{text} Publish it.") == f"{text} “Publish it.”"
    halt = "SES's quota of the day is used up. Resume tomorrow, or ask AWS for a higher quota."
    quota = "Le quota du jour de SES est épuisé. Reprenez demain, ou demandez à AWS un quota plus grand."
    assert mending.told("fr", f"{halt} Daily message quota exceeded") == typeset(
        f"{quota} « Daily message quota exceeded »", "fr"
    )


@pytest.mark.parametrize(
    ("answer", "english", "french"),
    [
        (
            "550 5.1.1 No such user",
            "There is no such mailbox. “550 5.1.1 No such user”",
            "Cette boîte n\N{RIGHT SINGLE QUOTATION MARK}existe pas. « 550 5.1.1 No such user »",
        ),
        ("rejected: hard-bounce", "It bounced before. “rejected: hard-bounce”", None),
        ("MESSAGE_REJECTED: no", "SES refused the message. “MESSAGE_REJECTED: no”", None),
        ("250 2.1.5 queued", "“250 2.1.5 queued”", "« 250 2.1.5 queued »"),
        (
            "The contact was deleted.",
            "The contact was deleted.",
            "Le contact a été supprimé.",
        ),
        (
            "The SMTP server broke off: 421 4.4.2 bye",
            "The SMTP server broke off: The connection was lost. “421 4.4.2 bye”",
            None,
        ),
        ("", "", ""),
    ],
)
def test_what_a_provider_answers_stands_behind_what_it_means(answer, english, french):
    assert mending.answered("en", answer) == english
    assert french is None or mending.answered("fr", answer) == typeset(french, "fr")


def test_the_words_of_others_are_quoted():
    assert answers.quoted("en", "no such user") == "“no such user”"
    assert answers.quoted("fr", "") == ""
