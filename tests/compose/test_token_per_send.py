"""`{anything}` that comes with the sending of a template e-mail."""

import pytest

from tests.compose.making import html_of, made, sent, text_of

EVIL = "<b>\"x\" & 'y'\r\nBcc: z"


@pytest.mark.parametrize(
    ("fields", "part", "shown", "reason"),
    [
        ({"text": "{Code}"}, "text", "<b>\"x\" & 'y'\nBcc: z", "text is never escaped"),
        ({"html": "{code}"}, "html", "&lt;b&gt;&quot;x&quot; &amp; &#x27;y&#x27;\nBcc: z", "HTML"),
        ({"html": '<i title="{code}">'}, "html", "&lt;b&gt;&quot;x&quot;", "an attribute"),
        ({"html": '<img src="https://a.org/{code}">'}, "html", "https://a.org/%3Cb%3E%22x%22%20%26", "a URL"),
        ({"html": '<a href="https://a.org/?c={code}">'}, "html", "a.org%2F%3Fc%3D%253Cb%253E", "a tracked target"),
        ({"html": '<a href="mailto:{code}">'}, "html", "mailto:%3Cb%3E", "mailto"),
        ({"html": '<a href="{code}">'}, "html", 'href="#"', "no link is made of it"),
        ({"text": "x", "subject": "{code}"}, "subject", "<b>\"x\" & 'y' Bcc: z", "one line"),
        ({"text": "x", "from_name": "{code}"}, "from_", 'Bcc: z" <team@example.org>', "one line, quoted"),
        ({"html": "<p>", "preheader": "{code}"}, "html", "&lt;b&gt;", "the preheader"),
        ({"text": "x", "headers": {"X-Code": "{code}"}}, "headers", "<b>\"x\" & 'y' Bcc: z", "a header"),
    ],
)
def test_escaped_for_its_place(fields, part, shown, reason):
    found = getattr(sent(tokens={"code": EVIL}, kind="template", **fields), part)
    assert shown in (found.values() if isinstance(found, dict) else found), reason


@pytest.mark.parametrize(
    ("text", "shown", "reason"),
    [
        ("{other}", "{other}", "what is not given stays"),
        ("{subject}", "Hello", "known tokens keep their meaning"),
        ("{code=1}", "{code=1}", "with a value it is no name"),
        ("{{code}}", "{{code}}", "another system's"),
        ("{code|x}", "{code|x}", "nor is this a name"),
    ],
)
def test_what_is_none(text, shown, reason):
    assert text_of(text, tokens={"code": "1", "subject": "2"}, kind="template") == shown, reason
    assert html_of(text, tokens={"code": "1", "subject": "2"}, kind="template") == shown, reason


@pytest.mark.parametrize(
    ("token", "mend"),
    [
        ("{contactfeild=a}", "Did you mean {contactfield}?"),
        ("{unsubscribe}", "Did you mean {unsubscribe_url}?"),
        ("{ownerfeild=email}", "Did you mean {ownerfield}?"),
        ("{signatur}", "Did you mean {signature}?"),
        ("{dynamic_content=x}", "Did you mean {dynamiccontent}?"),
        ("{zzz}", "Remove it, if it is not meant to be read as it stands."),
    ],
)
def test_unknown_tokens_stay_and_are_told(token, mend):
    for part in ("html", "text"):
        made_ = made(**{part: f"{{unsubscribe_url}}\n {token}"})
        assert [(each.where, each.mend) for each in made_.warnings][:1] == [(f"{part}, line 2, column 2", mend)]
    assert text_of(token) == html_of(token) == token


def test_unknown_tokens_in_targets_are_told_too():
    [warning] = made(html='<a href="https://a.org/{zzz}">', kind="segment", text="{unsubscribe_url}").warnings
    assert (warning.where, warning.message) == ("html, line 1, column 10", "{zzz} is no token and stays as it is.")
