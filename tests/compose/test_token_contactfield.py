"""`{contactfield=...}`: what Mautic's table says of it, and where it is put right here."""

import pytest

from chalicelib.compose.stationery import Stationery
from chalicelib.model.addressee import Addressee
from chalicelib.model.company import Company
from chalicelib.model.contact import Contact
from chalicelib.model.definition import Choice, Definition
from chalicelib.model.errors import Invalid
from chalicelib.model.workspace import Workspace
from tests.compose.making import BASE, CONTACT, NOW, html_of, made, sent, text_of

DEFINITIONS = {
    "plan": Definition("plan", "Plan", "select", (Choice("pro", "Professional & more"), Choice("1", "One"))),
    "likes": Definition("likes", "Likes", "multiselect", (Choice("a", "Apples"), Choice("b", "Bread"))),
    "vip": Definition("vip", "VIP", "boolean"),
    "news": Definition("news", "News", "boolean", (Choice("1", "Wanted"), Choice("0", "Not wanted"))),
}
WORDS = Stationery(BASE, Workspace(zone="Europe/Paris"), DEFINITIONS)
FIELDS = {
    "born": "1985-07-09",
    "seen": "2026-11-24T23:30:00Z",
    "there": "2026-11-24T23:30:00-05:00",
    "stored": "2026-11-24 23:30:00",
    "lunch": "12:05",
    "night": "00:30:15",
    "never": "2026-02-30",
    "number": 20261124,
    "plan": "pro",
    "likes": ("a", "b", "c"),
    "vip": True,
    "news": False,
    "bool": True,
    "one": 1,
}
CONTACT_ = Contact(CONTACT, "ada@example.org", FIELDS)


@pytest.mark.parametrize(
    ("argument", "shown", "reason"),
    [
        ("born|date", "July 9, 1985", "Mautic's date_format_dateonly: F j, Y"),
        ("born|time", "12:00 am", "a day begins at midnight; Mautic's date_format_timeonly: g:i a"),
        ("born|datetime", "July 9, 1985 12:00 am", "both, with a blank"),
        ("seen|datetime", "November 25, 2026 12:30 am", "in the workspace's zone where the contact has none"),
        ("there|datetime", "November 25, 2026 5:30 am", "an offset is read"),
        ("stored|datetime", "November 25, 2026 12:30 am", "without a zone it is UTC, as stored"),
        ("lunch|time", "12:05 pm", "a time of day has no zone"),
        ("night|time", "12:30 am", "midnight is 12 in g"),
        ("lunch|date", "", "a time of day has no day"),
        ("lunch|datetime", "", "nor a day and time"),
        ("never|date", "", "a day that is not there"),
        ("number|date", "", "a number is no day (Mautic would read an epoch)"),
        ("nothing|date", "", "empty is empty"),
        ("plan|date", "", "text is no day"),
        ("likes|date", "", "several values are no day"),
        ("born|date|d.m.Y", "09.07.1985", "a format of its own behind it"),
        ("seen|date|D, H:i T", "Wed, 00:30 CET", "with PHP's letters"),
        ("plan|label", "Professional & more", "the label of a select"),
        ("likes|label", "Apples, Bread, c", "of each value of a multiselect; what has none is its own"),
        ("vip|label", "Yes", "a boolean without choices"),
        ("news|label", "Not wanted", "a boolean's own choices, 0 among them"),
        ("bool|label", "Yes", "a boolean that nobody defined"),
        ("one|label", "1", "a number that nobody defined is no boolean"),
        ("nothing|label", "", "empty is empty"),
        ("plan|Date", "pro", "a default is a default, in whatever capitals"),
        ("nothing|date of birth", "date of birth", "and so is one that begins like a modifier"),
        ("nothing|a|b", "a|b", "all behind the first bar is the default"),
        ("likes", "a, b, c", "several values"),
    ],
)
def test_in_html_and_text(argument, shown, reason):
    token = f"{{contactfield={argument}}}"
    assert text_of(token, CONTACT_, stationery=WORDS) == shown, reason
    assert html_of(token, CONTACT_, stationery=WORDS) == shown.replace("&", "&amp;"), reason
    assert text_of(token.replace("contactfield", "LeadField"), CONTACT_, stationery=WORDS) == shown, reason


@pytest.mark.parametrize(
    ("zone", "shown", "reason"),
    [
        ("America/New_York", "November 24, 2026 6:30 pm", "the contact's own"),
        ("america/new_york", "November 24, 2026 6:30 pm", "in any capitals"),
        ("Asia/Kolkata", "November 25, 2026 5:00 am", "half hours too"),
        ("Mars/Base", "November 25, 2026 12:30 am", "one that is not there: the workspace's"),
        ("../../etc/passwd", "November 25, 2026 12:30 am", "nor is this a zone"),
        ("America", "November 25, 2026 12:30 am", "nor a folder of zones"),
        ("", "November 25, 2026 12:30 am", "empty"),
        (5, "November 25, 2026 12:30 am", "no text"),
    ],
)
def test_zone(zone, shown, reason):
    contact = Contact(CONTACT, "a@b.org", {"seen": FIELDS["seen"], "timezone": zone})
    assert text_of("{contactfield=seen|datetime}", contact, stationery=WORDS) == shown, reason


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "July 9, 1985 Tuesday Tue Jul"),
        ("fr", "9 juillet 1985 mardi mar. juil."),
        ("fr-CH", "9 juillet 1985 mardi mar. juil."),
        ("de", "9. Juli 1985 Dienstag Di. Juli"),
        ("es", "9 de julio de 1985 martes mar jul"),
        ("ja", "July 9, 1985 Tuesday Tue Jul"),
    ],
)
def test_names_and_order_in_the_languages(language, shown):
    text = "{contactfield=born|date} {contactfield=born|date|l D M}"
    assert text_of(text, CONTACT_, language=language) == shown
    inherited = Stationery(BASE, Workspace(language=language))
    assert text_of(text, CONTACT_, stationery=inherited) == shown, "the workspace's where the e-mail has none"


@pytest.mark.parametrize(("language", "yes"), [("en", "Yes"), ("fr", "Oui"), ("de", "Ja"), ("es", "Sí")])
def test_yes(language, yes):
    assert text_of("{contactfield=vip|label}", CONTACT_, stationery=WORDS, language=language) == yes


def test_company_stands_in():
    company = Company("o", "Acme", {"plan": "pro", "vip": True, "city": "Lyon", "timezone": "Asia/Tokyo"})
    to = Addressee(Contact(CONTACT, "a@b.org", {"plan": "", "vip": False}), company=company, now=NOW)
    text = "{contactfield=city|-} {contactfield=plan|label} {contactfield=vip} {today|T}"
    assert text_of(text, to, stationery=WORDS) == "Lyon Professional & more 0 JST", "0 and no are values"


@pytest.mark.parametrize(
    ("fields", "part", "shown", "reason"),
    [
        ({"html": '<i title="{contactfield=born|date}">'}, "html", 'title="July 9, 1985"', "an attribute"),
        ({"html": '<img src="https://a.org/{contactfield=born|date}">'}, "html", "/July%209%2C%201985", "a URL"),
        ({"html": '<a href="{contactfield=born|date}">'}, "html", '<a href="#"', "no link is made of a date"),
        (
            {"html": '<a href="{contactfield=plan|label}">'},
            "html",
            '<a href="https://t.example/c/',
            "a field begins it",
        ),
        ({"text": "x", "subject": "{contactfield=born|date}"}, "subject", "July 9, 1985", "the subject"),
        ({"text": "x", "from_name": "{contactfield=plan|label}"}, "from_", "Professional & more <", "the sender"),
        ({"html": "<p>", "preheader": "{contactfield=plan|label}"}, "html", "Professional &amp; more", "the preheader"),
        ({"html": "%7Bcontactfield=born%7Cdate%7CY-m-d%7D"}, "html", "1985-07-09", "encoded braces and bars"),
    ],
)
def test_in_every_place(fields, part, shown, reason):
    assert shown in getattr(sent(CONTACT_, stationery=WORDS, **fields), part), reason


@pytest.mark.parametrize(
    ("argument", "mend"),
    [
        ("a|label|b", "Nothing stands behind"),
        ("a|true|b", "Nothing stands behind"),
        ("a|date|" + "Y" * 65, "64 characters"),
    ],
)
def test_refused_with_its_place(argument, mend):
    for part in ("html", "text"):
        with pytest.raises(Invalid, match=f"Line 2, column 3: .*{mend}"):
            made(**{part: f"\n  {{contactfield={argument}}}"})
    with pytest.raises(Invalid, match=f"Line 2, column 10: .*{mend}"):
        made(html=f'\n<a href="{{contactfield={argument}}}">x</a>')
