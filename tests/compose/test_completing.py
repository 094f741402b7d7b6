import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.completing import completed
from tests.compose.making import html_of

HEAD = (
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{subject}</title>'
)
CHARSET, VIEWPORT, TITLE = HEAD[:22], HEAD[22:-24], HEAD[-24:]
WHOLE = f'<!doctype html>\n<html lang="fr">\n<head>\n{CHARSET}\n{VIEWPORT}\n<title>T</title></head>\n<body>x\n</html>'
OLD_CHARSET = '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8">'


@pytest.mark.parametrize(
    ("html", "tag", "expected", "reason"),
    [
        (WHOLE, "fr", WHOLE, "nothing is missing"),
        (WHOLE, "en", WHOLE, "the author's language stays"),
        ("", "fr", "", "no HTML: a letter of text alone"),
        (" \n", "fr", " \n", "the same"),
        (
            "<html><head></head><body>x</body></html>",
            "fr",
            f'<html lang="fr"><head>{TITLE}</head><body>x</body></html>',
            "all",
        ),
        ("<HTML\n><Head >x", "fr", f'<HTML lang="fr"\n><Head >{TITLE}x', "whatever the case"),
        ("<html><head>x", "", f"<html><head>{TITLE}x", "no language is known"),
        ("<html><body>x", "", f"<html><head>{TITLE}</head><body>x", "no head"),
        (
            "<body>x</body>",
            "fr",
            f'<html lang="fr"><head>{TITLE}</head><body>x</body>',
            "no html: its end may be left out",
        ),
        ("<head></head>x", "fr", f'<html lang="fr"><head>{TITLE}</head>x', "no html, but a head"),
        ("<!doctype html><p>x", "fr", f'<!doctype html><html lang="fr"><head>{TITLE}</head><p>x', "behind the doctype"),
        (
            "\ufeff<p>x",
            "fr",
            f'\ufeff<!doctype html><html lang="fr"><head>{HEAD}</head><body><p>x</body></html>',
            "behind a byte order mark",
        ),
        ("<p>x", "", f"<!doctype html><html><head>{HEAD}</head><body><p>x</body></html>", "a fragment becomes a page"),
        ("x</body>", "", f"<!doctype html><html><head>{HEAD}</head><body>x</body>", "which its author closed already"),
        ("x<!--", "", f"<!doctype html><html><head>{HEAD}</head><body>x<!--", "nothing is put into an open comment"),
        ('x<a "', "", f'<!doctype html><html><head>{HEAD}</head><body>x<a "', "nor into an open tag"),
        ("<style>x", "", f"<!doctype html><html><head>{HEAD}</head><body><style>x", "nor into open raw text"),
        (
            "<html><head><title> </title>",
            "",
            "<html><head><title> </title>",
            "an empty title is the author's",
        ),
        ("<html><head><title></title>", "", "<html><head><title></title>", "the same"),
        ("<html><head><title>T", "", "<html><head><title>T", "a title that is never closed"),
        (
            "<html><head></head><svg><title>T</title></svg>",
            "",
            f"<html><head>{TITLE}</head><svg><title>T</title></svg>",
            "a drawing's title is not the page's",
        ),
        (
            f"<html><head>{OLD_CHARSET}<title>T</title>",
            "",
            f"<html><head>{OLD_CHARSET}<title>T</title>",
            "no charset is added: the mail says it",
        ),
        (
            "<html><head><meta name=Viewport>",
            "",
            f"<html><head>{TITLE}<meta name=Viewport>",
            "no viewport is added: the page was made for what it has",
        ),
        (
            "<!--[if mso]><html><title><![endif]-->x",
            "",
            f"<!doctype html><html><head>{HEAD}</head><body><!--[if mso]><html><title><![endif]-->x</body></html>",
            "what stands in a comment is not there",
        ),
        ("<html><head>x", "ar-EG", f'<html lang="ar-EG" dir="rtl"><head>{TITLE}x', "written from right to left"),
        ('<html dir="ltr"><head>x', "he", f'<html lang="he" dir="ltr"><head>{TITLE}x', "the author's direction stays"),
        ('<html lang="en"><head>x', "he", f'<html dir="rtl" lang="en"><head>{TITLE}x', "and the author's language"),
    ],
)
def test_what_is_missing_is_inserted(html, tag, expected, reason):
    assert completed(html, tag) == expected, reason


def test_the_title_is_the_subject_with_its_tokens():
    html = completed("<p>x", "en")
    arrived = html_of(html, subject='{contactfield=firstname|x} & "<b>"', text="x")
    assert "<title>Ada &amp; &quot;&lt;b&gt;&quot;</title>" in arrived.replace("&#34;", "&quot;")


PIECES = st.sampled_from(
    [
        *("<html>", "<html lang=x>", "<HTML/>", "</html>", "<head>", "</head>", "<body>", "</body>", "<!doctype html>"),
        *("<title>", "</title>", "<title> </title>", "<meta charset=x>", "<meta name='viewport'>", "<svg>", "</svg>"),
        *("<!--[if mso]>", "<![endif]-->", "<!--", "-->", "<style>", "</style>", "<p>", "x", "\n", " ", "é", "\ufeff"),
        *("<a '", "<", ">", '"', "'", "=", "<html", "<head x='", "<textarea>", "<!-->", "<html{", "{subject}"),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=20).map("".join), st.sampled_from(["", "fr", "ar"]))
def test_nothing_that_was_written_changes(html, tag):
    made = completed(html, tag)
    assert completed(made, tag) == made
    assert made.count("\n") == html.count("\n")
    rest = iter(made)
    assert all(each in rest for each in html), "insertions alone"
    assert made.endswith((html[-1:], "</body></html>"))
