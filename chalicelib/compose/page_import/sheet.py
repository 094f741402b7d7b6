"""A style sheet on its way into a <style> element."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chalicelib.compose.page_import.decoding import sheet_text
from chalicelib.compose.page_import.page import MAX_SOURCE
from chalicelib.model.errors import Invalid

_ENDS = re.compile(r"</style|-->", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    css: str


def read_sheet(body: bytes) -> Sheet | str:
    """Or the reason why it cannot be put inline."""
    if len(body) > MAX_SOURCE:
        return f"A style sheet has at most {MAX_SOURCE} bytes; this one has {len(body)}."
    try:
        css = sheet_text(body)
    except Invalid as fault:
        return f"It cannot be read as a style sheet. {fault.hint}"
    if _ENDS.search(css):
        return "It has </style or --> in it, which would end the element or the comment that it is put into."
    return Sheet(css)
