"""What a contact carries beside its fields: tags, points and a stage, as Mautic's contacts do."""

from __future__ import annotations

from chalicelib.model.errors import Invalid
from chalicelib.model.line import line

SEPARATOR = "|"
MAX_TAGS = 100
MAX_TAG = 50
MAX_STAGE = 100
MAX_POINTS = 1_000_000_000


def checked_tags(value: object, place: str = "tags") -> frozenset[str]:
    """Short texts, each once, spelt as given. Raises Invalid."""
    if not isinstance(value, list | tuple | frozenset) or len(value) > MAX_TAGS:
        raise Invalid(place, value, f"Give a list of at most {MAX_TAGS} tags.")
    return frozenset(_tag(each, place) for each in value)


def with_tags(before: frozenset[str], added: frozenset[str], removed: frozenset[str]) -> frozenset[str]:
    """A tag that is both added and removed goes. Raises Invalid where there would be too many."""
    after = (before | added) - removed
    if len(after) > MAX_TAGS:
        raise Invalid("tags", f"{len(after)} tags", f"A contact has at most {MAX_TAGS}.")
    return after


def tags_of(text: str, place: str) -> frozenset[str]:
    """The tags of one cell of a file, separated by `|`."""
    return checked_tags([each for each in text.split(SEPARATOR) if each.strip()], place)


def checked_points(value: object, place: str = "points") -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_POINTS:
        raise Invalid(place, value, f"Give a whole number from -{MAX_POINTS} to {MAX_POINTS}.")
    return value


def points_of(text: str, place: str) -> int:
    """The points of one cell of a file."""
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MAX_POINTS))):
        raise Invalid(place, text, "Give a whole number such as 42 or -5.")
    return checked_points(int(text), place)


def checked_stage(value: object, place: str = "stage") -> str:
    """The stage's name; "" (or null) for none. Raises Invalid."""
    return line("" if value is None else value, place, MAX_STAGE)


def _tag(value: object, place: str) -> str:
    tag = line(value, place, MAX_TAG, needed=True)
    if SEPARATOR in tag:
        raise Invalid(place, tag, f"Take out the {SEPARATOR}: it separates the tags in files.")
    return tag
