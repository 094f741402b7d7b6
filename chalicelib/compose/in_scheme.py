"""A letter as it looks in a light or a dark mail program, whatever the browser that shows it prefers."""

from __future__ import annotations

import re
from typing import Literal

Scheme = Literal["light", "dark"]

_ASKED = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.IGNORECASE)
_AWARE = re.compile(r"(?:supported-)?color-schemes?\b", re.IGNORECASE)
_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
ALWAYS, NEVER = "(min-width: 0px)", "(max-width: 0px)"


def in_scheme(html: str, scheme: Scheme) -> str:
    """With the questions for the reader's scheme answered. The ground of a letter that says nothing of schemes stays
    white, as in a mail program that leaves such letters alone.
    """
    dark = scheme == "dark" and _AWARE.search(_ASKED.sub("", html)) is not None
    answered = _ASKED.sub(lambda found: ALWAYS if found[1].lower() == scheme else NEVER, html)
    style = f"<style>:root {{ color-scheme: only {'dark' if dark else 'light'} !important }}</style>"
    end = _HEAD_END.search(answered)
    return answered if end is None else answered[: end.start()] + style + answered[end.start() :]
