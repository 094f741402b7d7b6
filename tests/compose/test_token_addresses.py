"""The recipient's own addresses: leaving, coming back, the web version; and the words around them."""

import pytest

from chalicelib.compose.stationery import Stationery
from chalicelib.model.errors import Invalid
from chalicelib.model.workspace import Workspace
from tests.compose.making import BASE, TOKEN, html_of, made, revised, sent, text_of

ENDPOINTS = {"unsubscribe_url": "u", "webview_url": "w", "dnc_url": "d", "resubscribe_url": "r"}
TEXTS = {"unsubscribe_text": "u", "webview_text": "w"}


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS.items())
def test_url(name, endpoint):
    address = f"{BASE}/{endpoint}/{TOKEN}"
    for token in (f"{{{name}}}", f"{{{name.upper()}}}", f"%7B{name}%7D"):
        assert text_of(token) == html_of(token) == address
        assert html_of(f'<a href="{token}">x</a>', text="x") == f'<a href="{address}">x</a>'
        assert html_of(f'<a href="http://{token}">x</a>', text="x") == f'<a href="{address}">x</a>', "editors add it"
        assert html_of(f'<i title="{token}">x</i>', text="x") == f'<i title="{address}">x</i>'
    assert revised(text=f"{{{name}}}").links == (), "it is no tracked link"


@pytest.mark.parametrize(("name", "endpoint"), ENDPOINTS.items())
def test_url_within_another_url_is_its_value(name, endpoint):
    address = f"https%3A%2F%2Ft.example%2F{endpoint}%2F{TOKEN}"
    html = f'<a href="https://a.org/?to={{{name}}}&amp;x">'
    assert html_of(html, text="x") == html.replace(f"{{{name}}}", address)


@pytest.mark.parametrize(
    ("words", "html", "text", "reason"),
    [
        ("Go", '<a href="URL">Go</a>', "Go: URL", "a text without |URL| is itself the link"),
        ("Go to |URL| now", 'Go to <a href="URL">URL</a> now', "Go to URL now", "|URL| is where the address goes"),
        ("|URL||URL|", '<a href="URL">URL</a><a href="URL">URL</a>', "URLURL", "as often as it stands"),
        ("<b>Go</b> & co", '<a href="URL">&lt;b&gt;Go&lt;/b&gt; &amp; co</a>', "<b>Go</b> & co: URL", "plain text"),
        ("<a href='|URL|'>", '&lt;a href=&#x27;<a href="URL">URL</a>&#x27;&gt;', "<a href='URL'>", "escaped"),
    ],
)
@pytest.mark.parametrize(("name", "endpoint"), TEXTS.items())
def test_words(name, endpoint, words, html, text, reason):
    words = Stationery(BASE, Workspace(wordings={"en": {name: words}}))
    address = f"{BASE}/{endpoint}/{TOKEN}"
    assert html_of(f"{{{name}}}", stationery=words) == html.replace("URL", address), reason
    assert text_of(f"{{{name}}}", stationery=words) == text.replace("URL", address), reason


@pytest.mark.parametrize(
    ("language", "workspace", "words"),
    [
        ("", "en", "Unsubscribe from these e-mails"),
        ("fr", "en", "Se désinscrire de ces e-mails"),
        ("de-AT", "en", "Diese E-Mails abbestellen"),
        ("", "es", "Darse de baja de estos correos"),
        ("ja", "fr", "Se désinscrire de ces e-mails"),
    ],
)
def test_words_in_the_letters_language(language, workspace, words):
    stationery = Stationery(BASE, Workspace(language=workspace))
    assert text_of("{unsubscribe_text}", language=language, stationery=stationery).startswith(f"{words}: ")


@pytest.mark.parametrize(
    ("fields", "field", "mend"),
    [
        *[({"html": f'<i title="{{{name}}}">'}, "html", "_url} there") for name in TEXTS],
        *[({"html": f'<a href="https://a.org/{{{name}}}">'}, "html", "_url} there") for name in TEXTS],
        *[({"text": "x", "subject": f"{{{name}}}"}, "subject", "Take it out") for name in ENDPOINTS],
        ({"html": "<p>", "preheader": "{unsubscribe_url}"}, "preheader", "Take it out"),
    ],
)
def test_where_they_cannot_stand(fields, field, mend):
    with pytest.raises(Invalid, match=mend) as fault:
        made(**fields)
    assert fault.value.field == field


@pytest.mark.parametrize(
    ("text", "told"),
    [("{unsubscribe_text}", False), ("{dnc_url}", False), ("{resubscribe_url}", True), ("{webview_url}", True)],
)
def test_what_counts_as_a_way_out(text, told):
    assert bool(made(text=text).warnings) is told
    assert bool(made(html=text).warnings) is told
    assert bool(made(text=text, tracked=False).warnings) is told


def test_a_url_of_a_text_ends_before_a_token_that_is_none_of_its():
    arrived = sent(text="(https://a.org/x){unsubscribe_text}").text
    assert arrived == f"({BASE}/c/{TOKEN}/0)Unsubscribe from these e-mails: {BASE}/u/{TOKEN}"
