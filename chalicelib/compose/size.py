"""Sizes of what people write, in bytes of UTF-8, as all limits count them."""

from __future__ import annotations

from chalicelib.compose.source import Source
from chalicelib.model.errors import Invalid, TooLarge


def size(source: Source) -> int:
    """Raises Invalid where the text is no Unicode."""
    try:
        return len(source.text.encode())
    except UnicodeEncodeError as error:
        mend = f"Half a character (a lone surrogate) at {source.place(error.start)}: take it out."
        raise Invalid(source.part, source.text, mend) from None


def check_size(source: Source, limit: int, what: str = "") -> None:
    """Raises TooLarge. `what` names the text for people, where it is not the part as it was written."""
    found = size(source)
    if found > limit:
        name = what or source.part
        raise TooLarge(f"{name} has {found} bytes; {limit} are possible.", field=source.part, hint="Make it shorter.")
