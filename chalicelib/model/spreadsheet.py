"""Cells that a spreadsheet would run as formulas (OWASP, "CSV injection"), written so that it does not."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r")
MARK = "'"


def defused(text: str) -> str:
    """With a quote mark before what a spreadsheet would take for a formula. Numbers stay as they are."""
    return MARK + text if text.startswith(STARTS) and not _is_number(text) else text


def restored(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text.startswith(MARK) and defused(text[1:]) == text else text


def _is_number(text: str) -> bool:
    """A sign and digits, with a point or spaces between, as numbers and telephone numbers have."""
    rest = text[1:].replace(" ", "").replace(".", "", 1)
    return text[0] in "+-" and rest.isascii() and rest.isdecimal()
