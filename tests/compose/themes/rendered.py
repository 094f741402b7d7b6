"""One template, rendered as a theme's e-mail is."""

from chalicelib.compose.themes.rendering import Order, Sheet, rendered

ENTRY = "html/email.html.twig"
NOW = "2026-05-04T09:30:00+00:00"


def sheet(source: str, files=None, assets=None, entry: str = ENTRY, **values) -> Sheet:
    texts = {path: text.encode() for path, text in (files or {}).items()}
    return rendered(Order("spring", entry, {entry: source.encode(), **texts}, values, assets or {}, NOW))


def text_of(source: str, files=None, **values) -> str:
    return sheet(source, files, **values).text
