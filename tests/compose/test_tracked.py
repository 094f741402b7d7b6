from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.compose.tracked import html_links
from tests.compose.making import revised

# html, and how many links of it are tracked
PIECES = st.sampled_from(
    [
        ('<a href="https://a.org">a</a>', 1),
        ('<a href="https://a.org/?e={contactfield=email}">b</a>', 1),
        ('<a href="{contactfield=website|https://x.org}">c</a>', 1),
        ('<a href="#x">d</a>', 0),
        ('<a href="{unsubscribe_url}">e</a>', 0),
        ("{webview_text}{tracking_pixel}", 0),
        ("<p>{contactfield=firstname} https://t.example/c/</p>", 0),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=6), st.sampled_from(["", "https://b.org {contactfield=a} https://c.org"]))
def test_the_first_links_are_those_of_the_html(pieces, text):
    revision = revised(html="<p>x</p>" + "".join(html for html, _ in pieces), text=text, preheader="Soon")
    unseen = 1
    assert html_links(revision) == sum(number for _, number in pieces) + unseen


def test_a_text_alone_has_none_of_them():
    assert html_links(revised(text="https://b.org https://c.org")) == 0
