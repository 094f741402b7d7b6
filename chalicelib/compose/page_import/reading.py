"""A page in any of the forms that it may come in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from chalicelib.compose.page_import.decoding import check_source, page_text
from chalicelib.compose.page_import.page import MAX_SOURCE, Page
from chalicelib.compose.page_import.saved_mail import page_of_mail
from chalicelib.compose.page_import.zipped import page_of_zip
from chalicelib.model.errors import Invalid

Form = Literal["html", "zip", "mail"]

# By the file's ending.
FORMS: Mapping[str, Form] = MappingProxyType(
    {"html": "html", "htm": "html", "mjml": "html", "zip": "zip", "mht": "mail", "mhtml": "mail", "eml": "mail"}
)
_ZIP = b"PK\x03\x04"
_FIELD = re.compile(rb"\s{0,9}[A-Za-z][A-Za-z0-9-]{0,60}:[ \t]")


def read(body: bytes, form: Form, limit: int, charset: str = "") -> Page:
    """At most `limit` bytes of a zip. Raises Invalid, TooLarge."""
    return _READ[form](body, limit, charset)


def form_of(name: str | None, body: bytes) -> Form:
    """By the file's name, or by how the file begins where it has none. Raises Invalid."""
    if name is None:
        return "zip" if body.startswith(_ZIP) else "mail" if _FIELD.match(body) else "html"
    ending = name.rpartition(".")[2].lower()
    if ending not in FORMS:
        raise Invalid("name", name, f"Pages come in files that end in {', '.join(FORMS)}.")
    return FORMS[ending]


def _html(body: bytes, _limit: int, charset: str) -> Page:
    check_source(len(body), MAX_SOURCE)
    return Page("", page_text(body, charset))


_READ: Mapping[Form, Callable[[bytes, int, str], Page]] = MappingProxyType(
    {
        "html": _html,
        "zip": lambda body, limit, _charset: page_of_zip(body, limit),
        "mail": lambda body, _limit, _charset: page_of_mail(body),
    }
)
