from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.model.definition import Choice, Definition, FieldType
from chalicelib.model.errors import Invalid
from chalicelib.model.typed import typed

CHOICES = (Choice("pro", "Professional"), Choice("free", "Free of charge"))
CHOOSING = {"select": CHOICES, "multiselect": CHOICES, "lookup": CHOICES, "boolean": (Choice("1", "Oui"),)}
LIST = ("a", "b")


def defined(kind: FieldType, **more) -> Definition:
    return Definition("plan", "Plan", kind, CHOOSING.get(kind, ()), **more)


TAKEN = [
    ("text", " as it is ", " as it is ", "text keeps its blanks"),
    ("textarea", "two\nlines", "two\nlines", "lines"),
    ("html", "<b>x</b>", "<b>x</b>", "markup"),
    ("lookup", "something else", "something else", "choices are offered, not demanded"),
    ("text", "", "", "an empty text is a text"),
    ("number", "", None, "an empty number is none"),
    ("number", 5, 5, "a number"),
    ("number", "42", 42, "a whole number as text"),
    ("number", " -1.50 ", -1.5, "a fraction as text"),
    ("boolean", True, True, "a boolean"),
    ("boolean", "Yes", True, "yes"),
    ("boolean", "FALSE", False, "false"),
    ("boolean", 0, False, "0, as Mautic has it"),
    ("boolean", "1", True, "1 as text"),
    ("boolean", "oui", True, "the label"),
    ("date", " 2026-11-24 ", "2026-11-24", "a day"),
    ("datetime", "2026-11-24T10:30:00+02:00", "2026-11-24T08:30:00Z", "a moment, in UTC"),
    ("datetime", "2026-11-24 10:30", "2026-11-24T10:30:00Z", "without a zone it is UTC"),
    ("datetime", "2026-11-24", "2026-11-24T00:00:00Z", "a day is its midnight"),
    ("time", "09:30", "09:30", "a time"),
    ("time", "23:59:59", "23:59:59", "with seconds"),
    ("timezone", "europe/paris", "Europe/Paris", "an IANA name"),
    ("url", " https://example.com/a?b=c#d ", "https://example.com/a?b=c#d", "a web address"),
    ("tel", "+33 (0)1 23.45-67/89", "+33 (0)1 23.45-67/89", "a telephone number, as it was written"),
    ("country", "fr", "France", "a code of ISO 3166-1"),
    ("country", "COTE D'IVOIRE", "Ivory Coast", "another name, without its accent"),
    ("region", "Île-de-France", "Île-de-France", "any region"),
    ("locale", "fr_CH", "fr-CH", "a locale as Mautic writes it"),
    ("select", "pro", "pro", "a choice"),
    ("select", "FREE of charge", "free", "its label, whatever the case"),
    ("multiselect", ("pro", "Free", "pro"), ("pro", "free"), "a list, each once"),
    ("multiselect", "free|pro", ("free", "pro"), "text as Mautic exports it"),
    *((kind, None, None, f"null for {kind}") for kind in get_args(FieldType)),
]
REFUSED = [
    ("text", 5, "a number for text"),
    ("text", True, "a boolean for text"),
    ("html", LIST, "a list for text"),
    ("number", "1,5", "a decimal comma"),
    ("number", "1e5", "an exponent"),
    ("number", True, "a boolean for a number"),
    ("number", "9" * 40, "more digits than the store holds"),
    ("number", LIST, "a list for a number"),
    ("boolean", "perhaps", "neither yes nor no"),
    ("boolean", 2, "2"),
    ("boolean", LIST, "a list for a boolean"),
    ("date", "24.11.2026", "not ISO 8601"),
    ("date", "2026-02-30", "no such day"),
    ("date", "2026-11-24T10:00", "a moment for a day"),
    ("datetime", "2026-11-24T25:00", "no such hour"),
    ("datetime", "0001-01-01T00:00:00+02:00", "before the calendar begins"),
    ("datetime", 1_764_072_000, "a Unix time"),
    ("time", "24:00", "no such time"),
    ("time", "9:30", "one digit"),
    ("timezone", "Europe/Pariss", "no such zone"),
    ("timezone", "localtime", "a machine's own"),
    ("url", "example.com", "no scheme"),
    ("url", "javascript:alert(1)", "another scheme"),
    ("url", "https://", "no host"),
    ("url", "https://exa mple.com", "a blank"),
    ("url", "https://example.com:http/", "a port that is none"),
    ("tel", "12", "too few digits"),
    ("tel", "+" + "1" * 16, "too many"),
    ("tel", "call me", "no number"),
    ("country", "Atlantis", "no such country"),
    ("region", "a\nb", "two lines"),
    ("region", "x" * 101, "too long"),
    ("locale", "french!", "no tag"),
    ("select", "gold", "no choice"),
    ("select", ("pro",), "a list for one"),
    ("multiselect", ("pro", "gold"), "one that is none"),
    ("multiselect", 5, "a number for a list"),
]


@pytest.mark.parametrize(("kind", "value", "kept", "why"), TAKEN, ids=[f"{row[0]}: {row[-1]}" for row in TAKEN])
def test_taken(kind, value, kept, why):
    found = typed(defined(kind), value, "fields.plan")
    assert (found, type(found)) == (kept, type(kept)), why


@pytest.mark.parametrize(("kind", "value", "why"), REFUSED, ids=[f"{row[0]}: {row[-1]}" for row in REFUSED])
def test_refused(kind, value, why):
    with pytest.raises(Invalid) as caught:
        typed(defined(kind), value, "fields.plan")
    assert caught.value.field == "fields.plan", why
    assert caught.value.hint


NEAREST = [
    ("select", "por", "'pro'"),
    ("select", "profesional", "'pro'"),
    ("multiselect", "fre", "'free'"),
    ("timezone", "Berlinn", "'Europe/Berlin'"),
    ("timezone", "Europe/Pariss", "'Europe/Paris'"),
    ("country", "Germny", "'Germany'"),
]


@pytest.mark.parametrize(("kind", "value", "near"), NEAREST)
def test_the_nearest_is_offered(kind, value, near):
    with pytest.raises(Invalid) as caught:
        typed(defined(kind), value, "x")
    assert f"Perhaps {near}?" in caught.value.hint


@pytest.mark.parametrize("kind", get_args(FieldType))
def test_a_retired_field_takes_null_alone(kind):
    retired = defined(kind, retired=True)
    assert typed(retired, None, "x") is None
    with pytest.raises(Invalid, match="retired"):
        typed(retired, "1", "x")


@given(st.sampled_from(get_args(FieldType)), st.text(max_size=30) | st.integers() | st.booleans() | st.floats())
def test_what_is_kept_is_taken_again_as_it_is(kind, value):
    try:
        kept = typed(defined(kind), value, "x")
    except Invalid:
        return
    assert typed(defined(kind), kept, "x") == kept
