"""What an e-mail's author wrote becomes the HTML that is compiled: MJML turned into HTML, what is missing in the page
added, CSS inlined. Where nothing is asked for and nothing is missing, it is the same HTML.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.compose.completing import TITLE, completed
from chalicelib.compose.language import language_tag
from chalicelib.compose.size import check_size
from chalicelib.compose.source import Caution, Cautions, Source
from chalicelib.model.email import MAX_HTML

NOT_SENT = "The e-mail is written in MJML too: this HTML is not sent."


@dataclass(frozen=True, slots=True)
class Prepared:
    """`cautions` are about what goes out as it is and may not be meant so."""

    html: str
    cautions: tuple[Caution, ...]


def prepared(*, html: str = "", mjml: str = "", language: str = "", inline_css: bool = False) -> Prepared:
    """`mjml` stands in for `html` where there is some; `language` is a language tag such as "pt-BR", or "".

    Each line of the HTML is the line that its author wrote. Raises Invalid (field, value, place and mend) and TooLarge:
    neither the source nor what it becomes may have more than MAX_HTML bytes.
    """
    tag, cautions, written = language_tag(language), Cautions(), html.strip()
    check_size(Source("html", html), MAX_HTML)
    inline = inline_css
    if mjml.strip():
        # heavy, and needed by few e-mails
        from chalicelib.compose.mjml import converted  # noqa: PLC0415

        made = converted(Source("mjml", mjml), tag)
        html, inline = made.html.replace("<title></title>", f"<title>{TITLE}</title>", 1), inline or made.inline_css
        cautions = made.cautions
        if written:
            cautions.add(Source("html", written), 0, NOT_SENT, 'Give "html": "", or "mjml": "" to send it.')
    html = completed(html, tag)
    if inline:
        from chalicelib.compose.inlining import inlined  # noqa: PLC0415

        html = inlined(Source("html", html), cautions)
        check_size(Source("html", html), MAX_HTML, "The HTML with its CSS inlined")
    return Prepared(html, tuple(cautions.found.values()))
