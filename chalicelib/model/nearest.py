"""The nearest known word to one that is not known: what an error offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

LONGEST = 64
ALIKE = 0.6


def nearest(text: str, known: Iterable[str]) -> str:
    """One of the known words, or "" where none is near."""
    close = get_close_matches(text[:LONGEST], list(known), n=1, cutoff=ALIKE)
    return close[0] if close else ""


def offered(text: str, known: Mapping[str, str]) -> str:
    """` Perhaps 'Europe/Paris'?`, or "" where nothing is near. `known` gives each word by what it may be typed as,
    in small letters.
    """
    near = nearest(text.strip().lower(), known)
    return f" Perhaps {known[near]!r}?" if near else ""
